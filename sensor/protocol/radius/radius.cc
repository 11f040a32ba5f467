// SPDX-License-Identifier: Apache-2.0
#include "protocol/radius/radius.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/byte_reader.h"
#include "base/net.h"

namespace gander::protocol {
namespace {

struct CodeName {
  std::uint8_t code;
  const char* name;
};
// IANA "RADIUS Packet Type Codes".
constexpr CodeName kCodes[] = {
    {1, "access_request"},      {2, "access_accept"},        {3, "access_reject"},  {4, "accounting_request"},
    {5, "accounting_response"}, {11, "access_challenge"},    {12, "status_server"}, {13, "status_client"},
    {40, "disconnect_request"}, {41, "disconnect_ack"},      {42, "disconnect_nak"}, {43, "coa_request"},
    {44, "coa_ack"},            {45, "coa_nak"},
};
const char* NameOfCode(std::uint8_t code) noexcept {
  const auto found =
      std::find_if(std::begin(kCodes), std::end(kCodes), [code](const CodeName& c) { return c.code == code; });
  return found != std::end(kCodes) ? found->name : nullptr;
}

enum class Kind : std::uint8_t { kText, kAddress, kNumber };
// Attributes that name people, devices and places (IANA "RADIUS Attribute Types").
struct Attribute {
  std::uint8_t type;
  Kind kind;
  const char* key;
  const char* context;  // for identify/: what the value is called
  Privacy privacy;
};
constexpr Attribute kAttributes[] = {
    {1, Kind::kText, "user_name", "username", Privacy::kPersonal},
    {4, Kind::kAddress, "nas_ip_address", "", Privacy::kPublic},
    {8, Kind::kAddress, "framed_ip_address", "ip", Privacy::kPersonal},
    {11, Kind::kText, "filter_id", "", Privacy::kPublic},
    {18, Kind::kText, "reply_message", "", Privacy::kIdentifier},
    {19, Kind::kText, "callback_number", "phone", Privacy::kPersonal},
    {30, Kind::kText, "called_station_id", "called", Privacy::kIdentifier},
    {31, Kind::kText, "calling_station_id", "phone", Privacy::kPersonal},
    {32, Kind::kText, "nas_identifier", "", Privacy::kPublic},
    {40, Kind::kNumber, "acct_status_type", "", Privacy::kPublic},
    {44, Kind::kText, "acct_session_id", "", Privacy::kPublic},
};
const Attribute* Find(std::uint8_t type) noexcept {
  const auto found = std::find_if(std::begin(kAttributes), std::end(kAttributes),
                                  [type](const Attribute& a) { return a.type == type; });
  return found != std::end(kAttributes) ? found : nullptr;
}

// 3GPP TS 29.061 §16.4.7: vendor 10415, of which 1 is the IMSI and 20 the IMEISV.
constexpr std::uint8_t kVendorSpecific = 26;
constexpr std::uint32_t kThreeGpp = 10415;

// The packet without what is behind its length; empty when it is none.
Bytes PacketOf(Bytes datagram) noexcept {
  ByteReader r(datagram);
  const std::uint8_t code = r.U8();
  r.U8();
  const std::size_t length = r.U16();
  if (r.failed() || NameOfCode(code) == nullptr || length < radius::kHeader || length > radius::kMaxPacket ||
      length > datagram.size()) {
    return {};
  }
  ByteReader attributes(datagram.subspan(radius::kHeader, length - radius::kHeader));
  while (attributes.remaining() > 0) {
    attributes.U8();
    const std::size_t size = attributes.U8();
    if (size < 2) return {};
    attributes.Skip(size - 2);
    if (attributes.failed()) return {};
  }
  return datagram.first(length);
}

class RadiusParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    if (chunk.bytes.empty()) return ParseStatus::kContinue;
    const Bytes packet = PacketOf(chunk.bytes);
    if (packet.empty()) {
      if (messages_ == 0) return ParseStatus::kNotThis;
      sink.OnAnomaly("malformed_data");
      sink.OnFate(ByteFate::kOpaqueBinary, chunk.bytes.size());
      return ParseStatus::kContinue;
    }
    record_.Clear();
    record_.BeginObject("radius").String("code", NameOfCode(Octets(packet)[0])).Integer("id", Octets(packet)[1]);
    ByteReader r(packet.subspan(radius::kHeader));
    while (r.remaining() > 0) {
      const std::uint8_t type = r.U8();
      const Bytes value = r.Take(r.U8() - 2u);
      if (type == kVendorSpecific) {
        OnVendor(value, chunk.direction, sink);
      } else if (const Attribute* attribute = Find(type)) {
        OnAttribute(*attribute, value, chunk.direction, sink);
      }
    }
    record_.EndObject();
    sink.OnEvent("radius", messages_++, chunk.direction, record_);
    return ParseStatus::kContinue;
  }
  void OnEnd(Direction, MessageSink&) noexcept override {}
  void Reset() noexcept override { messages_ = 0; }
  bool at_rest() const noexcept override { return true; }
  void Resume(std::uint32_t datagrams) noexcept override { messages_ = datagrams; }

 private:
  void OnAttribute(const Attribute& a, Bytes value, Direction direction, MessageSink& sink) noexcept {
    switch (a.kind) {
      case Kind::kText:
        record_.String(a.key, AsText(value), a.privacy);
        if (!value.empty()) sink.OnField("radius.attribute", a.context, direction, value);
        break;
      case Kind::kAddress:
        if (value.size() == 4) record_.String(a.key, IpAddress::FromV4Octets(Octets(value)).ToString(), a.privacy);
        break;
      case Kind::kNumber:
        if (value.size() == 4) record_.Integer(a.key, ByteReader(value).U32());
        break;
    }
  }

  void OnVendor(Bytes value, Direction direction, MessageSink& sink) noexcept {
    constexpr std::uint8_t kImsi = 1, kImei = 20;
    ByteReader r(value);
    if (r.U32() != kThreeGpp) return;
    while (r.remaining() > 2) {
      const std::uint8_t type = r.U8(), size = r.U8();
      if (size < 2) return;
      const Bytes content = r.Take(size - 2u);
      if (r.failed() || (type != kImsi && type != kImei)) continue;
      record_.String(type == kImsi ? "imsi" : "imei", AsText(content), Privacy::kPersonal);
      sink.OnField("radius.attribute", type == kImsi ? "imsi" : "imei", direction, content);
    }
  }

  std::uint32_t messages_ = 0;
  Record record_;
};

Probe ProbeRadius(const ProbeInput& input) noexcept {
  // The header is loose: attributes that fill the packet exactly, and at least one of them, make it strict.
  const Bytes packet = PacketOf(input.bytes);
  return packet.size() > radius::kHeader && packet.size() == input.bytes.size() ? Probe::kYes : Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<RadiusParser>(); }

}  // namespace

const ProtocolInfo kRadius = {"radius",    false,  true,
                              ProbeRadius, Create, FirstOctets{}.Range(1, 5).Range(11, 13).Range(40, 45)};

}  // namespace gander::protocol
