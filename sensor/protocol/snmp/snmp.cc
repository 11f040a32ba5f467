// SPDX-License-Identifier: Apache-2.0
#include "protocol/snmp/snmp.h"

#include <array>

#include "protocol/ber/ber.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::protocol {
namespace {

// PDUs by their context tag (RFC 3416 §3, RFC 1157 §4.1); Suricata's names.
constexpr std::array<const char*, 9> kPdus = {"get_request", "get_next_request",   "response",       "set_request", "trap_v1",
                                              "get_bulk_request", "inform_request", "trap_v2", "report"};
constexpr std::uint8_t kFirstPdu = 0xa0, kTrapV1 = 0xa4, kGetBulk = 0xa5;
// error-status (RFC 3416 §3).
constexpr std::array<const char*, 19> kErrors = {
    "no_error", "too_big", "no_such_name", "bad_value", "read_only", "gen_err", "no_access", "wrong_type", "wrong_length",
    "wrong_encoding", "wrong_value", "no_creation", "inconsistent_value", "resource_unavailable", "commit_failed",
    "undo_failed", "authorization_error", "not_writable", "inconsistent_name"};
constexpr std::array<const char*, 7> kTraps = {"cold_start",             "warm_start",         "link_down",          "link_up",
                                               "authentication_failure", "egp_neighbor_loss", "enterprise_specific"};
constexpr std::uint8_t kEncryptedFlag = 2;  // msgFlags (RFC 3412 §6.4)

bool IsPdu(std::uint8_t tag) noexcept { return tag >= kFirstPdu && tag < kFirstPdu + kPdus.size(); }

// What stands in front of the PDU.
struct Envelope {
  int version = 0;  // 1, 2, 3
  Bytes community;  // v1, v2c
  Bytes user;       // v3
  bool encrypted = false;
  ber::Element pdu;
};

// SNMPv3: header, security parameters, and the PDU where it is not encrypted.
bool ReadV3(ber::Reader& message, Envelope& out) noexcept {
  ber::Reader header(message.Take(ber::kSequence));
  header.TakeInteger();  // msgID
  header.TakeInteger();  // msgMaxSize
  const Bytes flags = header.Take(ber::kOctetString);
  header.TakeInteger();  // msgSecurityModel
  if (header.failed() || flags.size() != 1) return false;
  out.encrypted = (Octets(flags)[0] & kEncryptedFlag) != 0;
  ber::Reader parameters(message.Take(ber::kOctetString));
  ber::Reader usm(parameters.Take(ber::kSequence));
  usm.Take(ber::kOctetString);  // engine id
  usm.TakeInteger();            // boots
  usm.TakeInteger();            // time
  out.user = usm.Take(ber::kOctetString);
  if (message.failed()) return false;
  if (out.encrypted) return message.PeekTag() == ber::kOctetString;
  ber::Reader scoped(message.Take(ber::kSequence));
  scoped.Take(ber::kOctetString);  // context engine id
  scoped.Take(ber::kOctetString);  // context name
  return scoped.Next(out.pdu) && IsPdu(out.pdu.tag);
}

bool ReadEnvelope(Bytes datagram, Envelope& out) noexcept {
  ber::Reader outer(datagram);
  ber::Reader message(outer.Take(ber::kSequence));
  const std::int64_t version = message.TakeInteger();
  if (message.failed()) return false;
  if (version == 3) {
    out.version = 3;
    return ReadV3(message, out);
  }
  if (version != 0 && version != 1) return false;
  out.version = static_cast<int>(version) + 1;
  out.community = message.Take(ber::kOctetString);
  return !message.failed() && message.Next(out.pdu) && IsPdu(out.pdu.tag);
}

class SnmpParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    if (chunk.bytes.empty()) return ParseStatus::kContinue;
    Envelope envelope;
    if (!ReadEnvelope(chunk.bytes, envelope)) {
      if (messages_ == 0) return ParseStatus::kNotThis;
      sink.OnAnomaly("malformed_data");
      sink.OnFate(ByteFate::kOpaqueBinary, chunk.bytes.size());
      return ParseStatus::kContinue;
    }
    if (envelope.encrypted) sink.OnFate(ByteFate::kEncrypted, chunk.bytes.size());
    Write(envelope, chunk.direction, sink);
    ++messages_;
    return ParseStatus::kContinue;
  }
  void OnEnd(Direction, MessageSink&) noexcept override {}
  void Reset() noexcept override { messages_ = 0; }
  bool at_rest() const noexcept override { return true; }
  void Resume(std::uint32_t datagrams) noexcept override { messages_ = datagrams; }

 private:
  void Write(const Envelope& envelope, Direction direction, MessageSink& sink) noexcept {
    record_.Clear();
    record_.BeginObject("snmp").Integer("version", envelope.version);
    if (envelope.version == 3) {
      record_.String("usm", AsText(envelope.user), Privacy::kPersonal);
    } else {
      record_.String("community", AsText(envelope.community), Privacy::kPersonal);
      if (!envelope.community.empty()) sink.OnCredential({"snmp.community", {}, envelope.community});
    }
    if (envelope.encrypted) {
      record_.String("pdu_type", "encrypted");
    } else {
      record_.String("pdu_type", kPdus[envelope.pdu.tag - kFirstPdu]);
      if (envelope.pdu.tag == kTrapV1) {
        ReadTrap(envelope.pdu.content, direction, sink);
      } else {
        ReadPdu(envelope.pdu, direction, sink);
      }
    }
    record_.EndObject();
    sink.OnEvent("snmp", messages_, direction, record_);
  }

  void ReadPdu(const ber::Element& pdu, Direction direction, MessageSink& sink) noexcept {
    ber::Reader r(pdu.content);
    r.TakeInteger();  // request-id
    const std::int64_t error = r.TakeInteger();
    r.TakeInteger();  // error-index, or max-repetitions
    const bool is_error = pdu.tag != kGetBulk && error > 0;
    if (is_error) record_.String("error", error < static_cast<std::int64_t>(kErrors.size()) ? kErrors[static_cast<std::size_t>(error)] : "unknown");
    ReadVariables(r.Take(ber::kSequence), direction, sink);
    if (r.failed()) sink.OnAnomaly("malformed_data");
  }

  void ReadTrap(Bytes content, Direction direction, MessageSink& sink) noexcept {
    ber::Reader r(content);
    text_.clear();
    ber::AppendOid(r.Take(ber::kOid), text_);
    record_.String("trap_oid", text_);
    constexpr std::uint8_t kIpAddress = 0x40, kTimeTicks = 0x43;
    const Bytes address = r.Take(kIpAddress);
    if (address.size() == 4) {
      const std::uint8_t* a = Octets(address);
      record_.String("trap_address", std::to_string(a[0]) + '.' + std::to_string(a[1]) + '.' + std::to_string(a[2]) + '.' + std::to_string(a[3]));
    }
    const std::int64_t generic = r.TakeInteger();
    if (generic >= 0 && generic < static_cast<std::int64_t>(kTraps.size())) record_.String("trap_type", kTraps[static_cast<std::size_t>(generic)]);
    r.TakeInteger();  // specific-trap
    r.Take(kTimeTicks);
    ReadVariables(r.Take(ber::kSequence), direction, sink);
    if (r.failed()) sink.OnAnomaly("malformed_data");
  }

  // Names go to the event; values that read as text are scanned.
  void ReadVariables(Bytes list, Direction direction, MessageSink& sink) noexcept {
    ber::Reader variables(list);
    ber::Element pair;
    record_.BeginArray("vars");
    for (std::size_t i = 0; i < snmp::kMaxVariables && variables.Next(pair); ++i) {
      ber::Reader r(pair.content);
      text_.clear();
      ber::AppendOid(r.Take(ber::kOid), text_);
      record_.String(nullptr, text_);
      ber::Element value;
      if (r.Next(value) && value.tag == ber::kOctetString && ReadsAsText(value.content)) {
        sink.OnField("snmp.value", {}, direction, value.content);
      }
    }
    record_.EndArray();
    if (variables.failed()) sink.OnAnomaly("malformed_data");
  }

  std::uint32_t messages_ = 0;
  Record record_;
  std::string text_;
};

Probe ProbeSnmp(const ProbeInput& input) noexcept {
  Envelope envelope;
  return ReadEnvelope(input.bytes, envelope) ? Probe::kYes : Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<SnmpParser>(); }

}  // namespace

const ProtocolInfo kSnmp = {"snmp", false, true, ProbeSnmp, Create, FirstOctets{}.Range(ber::kSequence, ber::kSequence)};

}  // namespace gander::protocol
