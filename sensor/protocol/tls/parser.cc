// SPDX-License-Identifier: Apache-2.0
// The record layer over TCP.
#include <array>

#include "base/renew.h"
#include "protocol/tls/handshake.h"
#include "protocol/tls/message_buffer.h"
#include "protocol/tls/tls.h"

namespace gander::protocol {
namespace {

using tls::Handshake;
using tls::MessageBuffer;

constexpr std::size_t kRecordHeader = CipherFollower::kRecordHeader;
constexpr std::uint8_t kChangeCipherSpec = 20, kAlert = 21, kHandshakeType = 22, kApplicationData = 23;
constexpr std::uint8_t kMaxHandshakeType = 24;

// An SSL 2 record with a ClientHello for version 2, 3 or TLS (RFC 5246 appendix E.2): two bytes of length
// with the top bit set, then type 1 and the version.
bool IsOldHello(const std::uint8_t* h) noexcept {
  const bool version = (h[3] == 3 && h[4] <= 4) || (h[3] == 0 && h[4] == 2);
  return (h[0] & 0xc0) == 0x80 && h[2] == 1 && version;
}

class TlsParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    Bytes rest = chunk.bytes;
    if (chunk.gap_before > 0) OnGap(side, chunk.gap_before);
    while (!rest.empty()) {
      if (side.lost) {
        sink.OnFate(ByteFate::kEncrypted, rest.size());
        break;
      }
      if (side.left > 0) {
        OnContent(side, TakeFront(rest, side.left), chunk.direction, sink);
        continue;
      }
      if (!ReadHeader(side, rest, chunk.direction, sink)) return ParseStatus::kNotThis;
    }
    const bool silent = (sides_[0].encrypted || sides_[0].lost) && (sides_[1].encrypted || sides_[1].lost);
    if (!silent) return ParseStatus::kContinue;
    handshake_.Finish(sink);
    return ParseStatus::kEncrypted;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    sides_[Index(direction)].ended = true;
    if (sides_[0].ended && sides_[1].ended) handshake_.Finish(sink);
  }

  CipherFollower Follower(Direction direction) const noexcept override {
    const Side& side = sides_[Index(direction)];
    if (side.lost) return {};
    return {side.left, std::as_bytes(std::span(side.header).first(side.have))};
  }

  void SetPrevious(const char* protocol) noexcept override { handshake_.SetPrevious(protocol); }

  void Reset() noexcept override { Renew(*this, {}, &TlsParser::handshake_); }

 private:
  struct Side {
    std::array<std::uint8_t, kRecordHeader> header{};
    std::uint8_t have = 0;  // bytes of the header so far
    std::uint8_t type = 0;
    std::uint32_t left = 0;  // of the record's content
    bool encrypted = false;  // what follows on this side is ciphertext
    bool lost = false;       // a gap hid where records begin
    bool ended = false;
    MessageBuffer messages;
  };

  static void OnGap(Side& side, std::uint32_t gap) noexcept {
    side.messages.Reset();
    if (side.left >= gap && side.have == 0 && (side.type != kHandshakeType || side.encrypted)) {
      side.left -= gap;
    } else {
      side.lost = true;  // everything behind the hellos is ciphertext, and most likely this is too
    }
  }

  // False when this is not TLS at all.
  bool ReadHeader(Side& side, Bytes& rest, Direction direction, MessageSink& sink) noexcept {
    while (!rest.empty() && side.have < kRecordHeader) {
      side.header[side.have++] = Octets(rest)[0];
      rest = rest.subspan(1);
      // So that a byte's fate does not depend on whether the worker or this parser still sees it.
      if (side.encrypted) sink.OnFate(ByteFate::kEncrypted, 1);
    }
    if (side.have < kRecordHeader) return true;
    side.have = 0;
    const std::uint8_t* h = side.header.data();
    if (IsTlsRecordHeader(h)) {
      recognised_ = true;
      side.type = h[0];
      side.left = static_cast<std::uint32_t>(h[3] << 8 | h[4]);
      return true;
    }
    if (!recognised_ && IsOldHello(h)) {
      recognised_ = true;
      side.type = kAlert;  // content that is passed over
      side.left = static_cast<std::uint32_t>((h[0] & 0x3f) << 8 | h[1]) - 3;
      handshake_.OnOldClientHello(direction);
      return true;
    }
    if (!recognised_) return false;
    sink.OnAnomaly("invalid_record_type");
    side.lost = true;
    return true;
  }

  void OnContent(Side& side, Bytes content, Direction direction, MessageSink& sink) noexcept {
    side.left -= static_cast<std::uint32_t>(content.size());
    if (side.type == kApplicationData && !side.encrypted) {
      handshake_.OnCipherChange(direction, sink);
      side.encrypted = true;
    }
    if (side.encrypted) return sink.OnFate(ByteFate::kEncrypted, content.size());
    if (side.type == kChangeCipherSpec) {
      side.encrypted = handshake_.OnCipherChange(direction, sink);
    } else if (side.type == kHandshakeType) {
      const std::uint64_t lost = side.messages.Feed(content, [&](std::uint8_t type, Bytes body) {
        handshake_.OnMessage(type, body, direction, false, sink);
      });
      if (lost > 0) sink.OnFate(ByteFate::kLostParserCap, lost);
    }
  }

  std::array<Side, 2> sides_;
  Handshake handshake_;
  bool recognised_ = false;
};

Probe ProbeTls(const ProbeInput& input) noexcept {
  const std::uint8_t* p = Octets(input.bytes);
  const std::size_t n = input.bytes.size();
  const auto prefix = [&](std::uint8_t first) {
    return n < kRecordHeader && p[0] == first && (n < 2 || p[1] == 3);
  };
  if (n == 0) return Probe::kNeedMore;
  if (n < kRecordHeader) {
    if (prefix(kHandshakeType) || prefix(kApplicationData) || prefix(kAlert)) return Probe::kNeedMore;
    return (p[0] & 0xc0) == 0x80 && (n < 3 || p[2] == 1) ? Probe::kNeedMore : Probe::kNo;
  }
  const std::size_t length = static_cast<std::size_t>(p[3] << 8 | p[4]);
  if (IsTlsRecordHeader(p) && length > 0) {
    // A handshake starts with a hello; a connection picked up later with application data or an alert.
    if (p[0] == kHandshakeType && n == kRecordHeader) return Probe::kNeedMore;
    if (p[0] == kHandshakeType) return p[kRecordHeader] <= kMaxHandshakeType ? Probe::kYes : Probe::kNo;
    if (p[0] == kAlert) return length == 2 ? Probe::kYes : Probe::kNo;
    return p[0] == kApplicationData && p[2] > 0 ? Probe::kYes : Probe::kNo;
  }
  const std::size_t old_length = static_cast<std::size_t>((p[0] & 0x3f) << 8 | p[1]);
  return IsOldHello(p) && old_length >= 9 + 3 && old_length < 1024 ? Probe::kYes : Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<TlsParser>(); }

}  // namespace

// Content types of RFC 8446 §5.1; the upper bit is an SSL 2 length.
const ProtocolInfo kTls = {"tls", true, false, ProbeTls, Create, FirstOctets{}.Range(20, 24).Range(0x80, 0xff)};

}  // namespace gander::protocol
