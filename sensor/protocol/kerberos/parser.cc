// SPDX-License-Identifier: Apache-2.0
// Messages out of a stream, each behind its length (RFC 4120 §7.2.2), or out of datagrams.
#include <array>
#include <memory>
#include <string>

#include "base/byte_reader.h"
#include "base/renew.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/framing/printable.h"
#include "protocol/kerberos/kerberos.h"
#include "protocol/kerberos/message.h"

namespace gander::protocol {
namespace {

using framing::FrameReader;
using kerberos::Message;
using kerberos::Type;

constexpr std::size_t kLength = 4;
constexpr std::uint64_t kLongest = 1u << 24;  // a length beyond is none

thread_local Record event;

std::uint64_t Measure(Bytes front) noexcept {
  if (front.size() < kLength) return FrameReader::kUnknown;
  const std::uint64_t length = ByteReader(front).U32();
  bool more = false;
  const bool begins = kerberos::BeginsMessage(front.subspan(kLength), &more);
  if (length == 0 || length > kLongest || !begins) return FrameReader::kBad;
  return more && front.size() < kLength + length ? FrameReader::kUnknown : kLength + length;
}

class KerberosParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    if (!chunk.datagram) return OnStream(chunk, sink);
    datagrams_ = true;
    return OnMessage(chunk.bytes, chunk.direction, sink) || messages_ > 0 ? ParseStatus::kContinue
                                                                          : ParseStatus::kNotThis;
  }

  void OnEnd(Direction direction, MessageSink&) noexcept override { sides_[Index(direction)].frames.Reset(); }

  void Reset() noexcept override {
    Renew(*this, {}, &KerberosParser::sides_, &KerberosParser::text_, &KerberosParser::printable_);
  }
  bool at_rest() const noexcept override { return datagrams_ && asked_ == Type::kNone; }
  void Resume(std::uint32_t datagrams) noexcept override {
    messages_ = datagrams;
    datagrams_ = true;
  }

 private:
  struct Side {
    FrameReader frames{kerberos::kMaxMessage};
    bool lost = false;  // a gap hid where messages begin

    void Reset() noexcept { Renew(*this, {}, &Side::frames); }
  };

  ParseStatus OnStream(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
    Side& side = sides_[Index(chunk.direction)];
    Bytes in = chunk.bytes;
    if (chunk.gap_before > 0) side.lost = !side.frames.Gap(chunk.gap_before);
    if (side.lost && !in.empty()) {
      const std::uint64_t length = Measure(in);
      if (length == FrameReader::kBad || length == FrameReader::kUnknown) {
        sink.OnFate(ByteFate::kOpaqueBinary, in.size());
        return ParseStatus::kContinue;
      }
      side.lost = false;
    }
    for (;;) {
      switch (side.frames.Next(in, Measure)) {
        case FrameReader::Step::kNeedMore: return ParseStatus::kContinue;
        case FrameReader::Step::kFrame: OnMessage(side.frames.frame().subspan(kLength), chunk.direction, sink); break;
        case FrameReader::Step::kPart: sink.OnFate(ByteFate::kLostParserCap, side.frames.part().size()); break;
        case FrameReader::Step::kBad:
          if (messages_ == 0) return ParseStatus::kNotThis;
          sink.OnAnomaly("malformed_data");
          sink.OnFate(ByteFate::kOpaqueBinary, in.size());
          side.frames.Reset();
          side.lost = true;
          return ParseStatus::kContinue;
      }
    }
  }

  bool OnMessage(Bytes bytes, Direction direction, MessageSink& sink) noexcept {
    Message message;
    if (!kerberos::ReadMessage(bytes, message)) {
      if (messages_ == 0 && datagrams_) return false;
      sink.OnAnomaly("malformed_data");
      sink.OnFate(ByteFate::kOpaqueBinary, bytes.size());
      return false;
    }
    ScanNames(message, direction, sink);
    if (message.has_encryption && kerberos::IsWeak(message.encryption) && message.type != Type::kApReq)
      sink.OnAnomaly("weak_encryption");
    const bool asks = message.type == Type::kAsReq || message.type == Type::kTgsReq || message.type == Type::kApReq;
    const bool told = message.type <= Type::kTgsRep || message.type == Type::kError;
    if (told && sink.WantsEvent("krb5")) Write(message, direction, sink);
    ++messages_;
    asked_ = asks ? message.type : Type::kNone;
    return true;
  }

  void ScanNames(const Message& message, Direction direction, MessageSink& sink) noexcept {
    const auto scan = [&](const char* where, std::string_view name, std::string_view value) {
      if (!value.empty()) sink.OnField(where, name, direction, AsBytes(value.substr(0, kerberos::kMaxName)));
    };
    if (message.has_client) scan("krb5.cname", "user", Joined(message.client));
    if (message.has_service) scan("krb5.sname", "service", Joined(message.service));
    scan("krb5.realm", "realm", message.realm);
    scan("krb5.error", {}, message.error_text);
  }

  std::string_view Joined(const auth_token::Principal& principal) {
    text_.clear();
    principal.AppendTo(text_);
    if (text_.size() > kerberos::kMaxName) text_.resize(kerberos::kMaxName);
    return framing::Printable(text_, printable_);
  }

  void Write(const Message& message, Direction direction, MessageSink& sink) noexcept {
    event.Clear();
    event.BeginObject("krb5").String("msg_type", kerberos::TypeName(message.type));
    if (message.type == Type::kError) {
      event.String("failed_request", asked_ != Type::kNone ? kerberos::TypeName(asked_) : "UNKNOWN");
      const char* name = kerberos::ErrorName(message.error);
      event.String("error_code", name != nullptr ? std::string_view(name) : std::to_string(message.error));
    }
    constexpr const char* kEmpty = "<empty>";
    if (message.has_client) {
      event.String("cname", Joined(message.client), Privacy::kPersonal);
    } else {
      event.String("cname", kEmpty);
    }
    if (!message.realm.empty()) {
      const std::string_view realm = message.realm.substr(0, kerberos::kMaxName);
      event.String("realm", framing::Printable(realm, printable_), Privacy::kIdentifier);
    } else {
      event.String("realm", kEmpty);
    }
    if (message.has_service) {
      event.String("sname", Joined(message.service), Privacy::kIdentifier);
    } else {
      event.String("sname", kEmpty);
    }
    if (message.has_encryption) {
      Encryption("encryption", message.encryption);
    } else {
      event.String("encryption", "<none>");
    }
    event.Boolean("weak_encryption", message.has_encryption && kerberos::IsWeak(message.encryption));
    if (message.has_ticket) {
      Encryption("ticket_encryption", message.ticket_encryption);
      event.Boolean("ticket_weak_encryption", kerberos::IsWeak(message.ticket_encryption));
    }
    event.EndObject();
    sink.OnEvent("krb5", messages_, direction, event);
  }

  static void Encryption(const char* key, std::int64_t type) {
    const char* name = kerberos::EncryptionName(type);
    event.String(key, name != nullptr ? std::string_view(name) : std::to_string(type));
  }

  std::array<Side, 2> sides_;
  Type asked_ = Type::kNone;  // by the last message
  std::uint32_t messages_ = 0;
  bool datagrams_ = false;
  std::string text_, printable_;
};

Probe ProbeKerberos(const ProbeInput& input) noexcept {
  Bytes message = input.bytes;
  const bool stream = input.transport == ip_proto::kTcp;
  if (stream) {
    if (message.size() <= kLength) return message.empty() || Octets(message)[0] == 0 ? Probe::kNeedMore : Probe::kNo;
    const std::uint64_t length = ByteReader(message).U32();
    if (length == 0 || length > kLongest) return Probe::kNo;
    message = message.subspan(kLength);
  }
  bool more = false;
  if (!kerberos::BeginsMessage(message, &more)) return Probe::kNo;
  if (more) return stream ? Probe::kNeedMore : Probe::kNo;
  return stream || ber::SizeOf(message) == message.size() ? Probe::kYes : Probe::kNo;
}

}  // namespace

const ProtocolInfo kKerberos = {"krb5",
                                true,
                                true,
                                ProbeKerberos,
                                []() -> std::unique_ptr<Parser> { return std::make_unique<KerberosParser>(); },
                                FirstOctets::AnyOf(std::string_view("\0", 1)).Range(0x6a, 0x7e)};

}  // namespace gander::protocol
