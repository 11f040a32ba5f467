// SPDX-License-Identifier: Apache-2.0
#include "protocol/rtp/rtp.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/renew.h"
#include "protocol/rtp/packet.h"

namespace gander::protocol {
namespace {

using rtp::Packet;

struct Stream {
  std::uint32_t ssrc = 0, timestamp = 0;  // of the latest digit
  std::uint8_t payload_type = 0;
  bool begun = false;
  std::uint32_t first = 0, highest = 0;  // sequence numbers, counted on beyond 65,535
  std::uint64_t packets = 0, bytes = 0, digits = 0;
  std::string held;  // digits not scanned yet
};

class RtpParser final : public Parser {
 public:
  void SetExpectation(const ExpectedFlow& flow) noexcept override {
    announced_ = true;
    secure_ = flow.command.find("SAVP") != flow.command.npos;
  }

  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Packet packet;
    if (rtp::IsCompound(chunk.bytes)) {
      announced_ = true;  // nothing else looks so
      OnControl(chunk, sink);
    } else if (!rtp::ReadPacket(chunk.bytes, packet)) {
      if (!announced_ && !proven_) return ParseStatus::kNotThis;
      sink.OnFate(ByteFate::kOpaqueBinary, chunk.bytes.size());  // STUN, DTLS and keep-alives share the ports
    } else {
      return OnMedia(packet, chunk, sink);
    }
    return ParseStatus::kContinue;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    for (Stream& stream : sides_[Index(direction)].streams) {
      if (!stream.begun || !(announced_ || proven_)) continue;
      ScanDigits(stream, direction, sink);
      Tell(stream, direction, sink);
      stream.begun = false;
    }
  }

  void Reset() noexcept override { Renew(*this); }

 private:
  struct Side {
    std::array<Stream, rtp::kMaxStreams> streams;
    std::uint64_t described = 0;  // digest of the latest source description
  };

  // The last place is for all streams that find none of their own.
  Stream& StreamOf(Side& side, const Packet& packet) noexcept {
    for (Stream& s : side.streams) {
      if (s.begun && s.ssrc == packet.ssrc) return s;
      if (s.begun) continue;
      s = {};
      s.begun = true;
      s.ssrc = packet.ssrc;
      s.payload_type = packet.payload_type;
      s.first = s.highest = packet.sequence;
      return s;
    }
    return side.streams.back();
  }

  ParseStatus OnMedia(const Packet& packet, const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
    Side& side = sides_[Index(chunk.direction)];
    Stream& stream = StreamOf(side, packet);
    // Until it is proven, one packet out of line shows that it is something else.
    constexpr std::int16_t kNear = 100;
    const auto ahead = static_cast<std::int16_t>(packet.sequence - static_cast<std::uint16_t>(stream.highest));
    const bool in_line = stream.ssrc == packet.ssrc && ahead >= -kNear && ahead <= kNear;
    const bool trusted = announced_ || proven_;
    const bool second = stream.packets == 0 && side.streams[0].packets > 0;
    if (!trusted && (second || !in_line || (stream.packets > 0 && ahead == 0))) return ParseStatus::kNotThis;
    if (in_line && ahead > 0) stream.highest += static_cast<std::uint32_t>(ahead);
    ++stream.packets;
    stream.bytes += packet.payload.size();
    proven_ = proven_ || stream.packets >= rtp::kProof;
    if (!secure_) OnDigit(stream, packet, chunk.direction, sink);
    sink.OnFate(secure_ ? ByteFate::kEncrypted : ByteFate::kOpaqueBinary, packet.payload.size());
    return ParseStatus::kContinue;
  }

  // An event is repeated while the key is held, under one timestamp.
  void OnDigit(Stream& stream, const Packet& packet, Direction direction, MessageSink& sink) noexcept {
    constexpr std::uint8_t kFirstDynamic = 96;
    const char digit = packet.payload_type >= kFirstDynamic ? rtp::DigitOf(packet.payload) : '\0';
    if (digit == '\0' || (stream.digits > 0 && stream.timestamp == packet.timestamp)) return;
    stream.timestamp = packet.timestamp;
    ++stream.digits;
    stream.held += digit;
    if (stream.held.size() == rtp::kMaxDigits) ScanDigits(stream, direction, sink);
  }

  static void ScanDigits(Stream& stream, Direction direction, MessageSink& sink) noexcept {
    if (!stream.held.empty()) sink.OnField("rtp.dtmf", "dtmf", direction, AsBytes(stream.held));
    std::string().swap(stream.held);
  }

  // Digits are what people type: numbers of cards, and secrets. Only how many there were leaves.
  void Tell(const Stream& stream, Direction direction, MessageSink& sink) noexcept {
    const std::uint64_t expected = std::uint64_t{stream.highest} - stream.first + 1;
    Record record;
    record.BeginObject("rtp").Integer("ssrc", stream.ssrc).Integer("payload_type", stream.payload_type);
    if (const char* codec = rtp::CodecOf(stream.payload_type)) record.String("codec", codec);
    record.Integer("packets", static_cast<std::int64_t>(stream.packets))
        .Integer("bytes", static_cast<std::int64_t>(stream.bytes))
        .Integer("lost", expected > stream.packets ? static_cast<std::int64_t>(expected - stream.packets) : 0);
    if (stream.digits > 0) record.Integer("dtmf_digits", static_cast<std::int64_t>(stream.digits));
    record.Boolean("encrypted", secure_).EndObject();
    sink.OnEvent("rtp", events_++, direction, record);
  }

  // Reports come every few seconds with the same description: it is told when it changes.
  void OnControl(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
    Bytes rest = chunk.bytes;
    rtp::ControlPacket packet;
    while (rtp::NextControl(rest, packet)) {
      if (packet.type != rtp::kSourceDescription) continue;
      constexpr HashKey kKey{0x727463702d736465ULL, 0x736372697074696fULL};
      const std::uint64_t digest = SipHash24(kKey, packet.content) | 1;
      std::uint64_t& described = sides_[Index(chunk.direction)].described;
      if (std::exchange(described, digest) != digest) OnDescription(packet, chunk.direction, sink);
    }
  }

  void OnDescription(const rtp::ControlPacket& packet, Direction direction, MessageSink& sink) noexcept {
    // Items 1 to 8 (RFC 3550 §6.5); the last is a name and value of the sender's own.
    static constexpr const char* kItems[] = {"cname", "name", "email", "phone", "loc", "tool", "note", "priv"};
    ByteReader r(packet.content);
    for (std::size_t source = 0; source < packet.count && r.remaining() > 4; ++source) {
      Record record;
      record.BeginObject("rtcp").Integer("ssrc", r.U32());
      while (r.remaining() > 0) {
        const std::uint8_t item = r.U8();
        if (item == 0) break;
        const std::string_view value = AsText(r.Take(r.U8()));
        if (r.failed() || item > std::size(kItems)) continue;
        const char* name = kItems[item - 1];
        sink.OnField("rtcp.sdes", name, direction, AsBytes(value));
        record.String(name, value, name == std::string_view("tool") ? Privacy::kPublic : Privacy::kPersonal);
      }
      r.Skip((4 - r.position() % 4) % 4);
      if (r.failed()) {
        sink.OnAnomaly("malformed_data");
        return;
      }
      record.EndObject();
      sink.OnEvent("rtcp", events_++, direction, record);
    }
  }

  std::array<Side, 2> sides_;
  bool announced_ = false;  // or shown by what it says itself
  bool proven_ = false;
  bool secure_ = false;
  std::uint32_t events_ = 0;
};

// A bare header between two high ports, and a payload of the size that its codec has. What follows has to fit.
Probe ProbeRtp(const ProbeInput& input) noexcept {
  constexpr std::uint16_t kLowest = 1024;
  constexpr std::uint8_t kFirstDynamic = 96;
  if (rtp::IsCompound(input.bytes)) return Probe::kYes;
  Packet packet;
  if (input.server_port < kLowest || input.client_port < kLowest || !rtp::ReadPacket(input.bytes, packet))
    return Probe::kNo;
  if (!packet.plain || packet.ssrc == 0 || packet.timestamp == packet.ssrc || packet.payload.empty()) return Probe::kNo;
  const bool fits = packet.payload_type >= kFirstDynamic || rtp::SizeFits(packet.payload_type, packet.payload.size());
  return fits ? Probe::kYes : Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<RtpParser>(); }

}  // namespace

const ProtocolInfo kRtp = {"rtp", false, true, ProbeRtp, Create, FirstOctets{}.Range(0x80, 0x9f)};

}  // namespace gander::protocol
