// SPDX-License-Identifier: Apache-2.0
// Frames of each direction, and the message that is under way.
#include <algorithm>
#include <array>
#include <memory>

#include "base/byte_reader.h"
#include "base/renew.h"
#include "protocol/amqp/amqp.h"
#include "protocol/amqp/method.h"
#include "protocol/content_coding.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/framing/printable.h"
#include "protocol/mime/header_value.h"

namespace gander::protocol {
namespace {

using framing::FrameReader;

enum : std::uint8_t { kMethod = 1, kHeader = 2, kBody = 3, kHeartbeat = 8 };
constexpr std::size_t kHead = 7;  // type, channel, size
constexpr std::uint8_t kFrameEnd = 0xce;
constexpr std::size_t kMaxProbed = 2048;  // a frame whose end is waited for; less than what a flow may hold
constexpr std::string_view kProtocol("AMQP\0\0\x09\x01", 8);

std::uint64_t Measure(Bytes front) noexcept {
  const std::string_view text = AsText(front);
  if (text[0] == 'A') {
    const std::size_t n = std::min(front.size(), kProtocol.size());
    if (text.substr(0, n) != kProtocol.substr(0, n)) return FrameReader::kBad;
    return n < kProtocol.size() ? FrameReader::kUnknown : kProtocol.size();
  }
  const auto type = static_cast<std::uint8_t>(text[0]);
  if ((type < kMethod || type > kBody) && type != kHeartbeat) return FrameReader::kBad;
  if (front.size() < kHead) return FrameReader::kUnknown;
  ByteReader in(front);
  in.Skip(3);
  const std::uint32_t size = in.U32();
  return size > amqp::kMaxLength || (type == kHeartbeat && size != 0) ? FrameReader::kBad
                                                                      : std::uint64_t{size} + kHead + 1;
}

// Only codings that content/ takes off; some clients name a charset here.
std::string_view Coding(std::string_view name) noexcept {
  for (const std::string_view known : kContentCodings) {
    if (mime::EqualsIgnoreCase(name, known)) return name;
  }
  return {};
}

class AmqpParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    Bytes in = chunk.bytes;
    if (chunk.gap_before > 0) {
      side.lost = !side.frames.Gap(chunk.gap_before);
      Close(side, chunk.direction, BodyEnd::kGap, sink);
    }
    if (side.lost && !in.empty()) {
      const std::uint64_t length = Measure(in);
      const bool whole = length != FrameReader::kBad && length != FrameReader::kUnknown && length <= in.size();
      if (!whole || Octets(in)[length - 1] != kFrameEnd) {
        sink.OnFate(ByteFate::kOpaqueBinary, in.size());
        return ParseStatus::kContinue;
      }
      side.lost = false;
    }
    for (;;) {
      switch (side.frames.Next(in, Measure)) {
        case FrameReader::Step::kNeedMore: return ParseStatus::kContinue;
        case FrameReader::Step::kFrame: OnFrame(side, chunk.direction, sink); break;
        case FrameReader::Step::kPart: OnPart(side, chunk.direction, sink); break;
        case FrameReader::Step::kBad:
          sink.OnAnomaly("malformed_data");
          if (frames_ == 0) return ParseStatus::kNotThis;
          sink.OnFate(ByteFate::kOpaqueBinary, in.size());
          Close(side, chunk.direction, BodyEnd::kTruncated, sink);
          side.frames.Reset();
          side.lost = true;
          return ParseStatus::kContinue;
      }
    }
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    Close(sides_[Index(direction)], direction, BodyEnd::kTruncated, sink);
    sides_[Index(direction)].frames.Reset();
  }

  void Reset() noexcept override { Renew(*this, {}, &AmqpParser::sides_); }

 private:
  struct Side {
    FrameReader frames{amqp::kMaxFrame};
    bool lost = false;
    bool pending = false;         // a method waits for its content's header
    bool open = false;            // a body
    std::uint16_t channel = 0;    // of either
    std::uint64_t left = 0;       // of the body
    std::uint64_t part_left = 0;  // of the long body frame at hand, without its end
    Record record;                // of the method that waits

    void Reset() noexcept { Renew(*this, {}, &Side::frames); }
  };

  void Close(Side& side, Direction direction, BodyEnd end, MessageSink& sink) noexcept {
    if (side.pending) Write(side, direction, sink);
    if (side.open) sink.OnBodyEnd(direction, end);
    side.open = false;
    side.part_left = 0;
  }

  void OnFrame(Side& side, Direction direction, MessageSink& sink) noexcept {
    ++frames_;
    Bytes frame = side.frames.frame();
    const bool whole = side.frames.frame_is_whole();
    side.part_left = 0;
    if (AsText(frame)[0] == 'A') return;
    const std::uint8_t type = Octets(frame)[0];
    const std::uint16_t channel = static_cast<std::uint16_t>(Octets(frame)[1] << 8 | Octets(frame)[2]);
    if (whole && Octets(frame)[frame.size() - 1] != kFrameEnd) sink.OnAnomaly("missing_frame_end");
    const Bytes payload = frame.subspan(kHead, frame.size() - kHead - (whole ? 1 : 0));
    switch (type) {
      case kMethod: return OnMethod(side, channel, payload, direction, sink);
      case kHeader: return OnHeader(side, channel, payload, direction, sink);
      case kBody:
        if (!side.open || channel != side.channel) return sink.OnFate(ByteFate::kOpaqueBinary, payload.size());
        if (!whole) side.part_left = side.frames.frame_length() - frame.size() - 1;
        return OnBody(side, payload, direction, sink);
      default: return;
    }
  }

  void OnMethod(Side& side, std::uint16_t channel, Bytes payload, Direction direction, MessageSink& sink) noexcept {
    // A method of another channel may stand within a message.
    if ((side.open || side.pending) && channel == side.channel) Close(side, direction, BodyEnd::kTruncated, sink);
    Record record;
    Record& out = side.pending ? record : side.record;
    out.Clear();
    out.BeginObject("amqp");
    amqp::Method method;
    if (!amqp::ReadMethod(payload, direction, method, out, sink)) sink.OnAnomaly("malformed_data");
    if (method.name == nullptr) return;
    out.Integer("channel", channel);
    if (!method.carries_content) {
      out.EndObject();
      sink.OnEvent("amqp", tx_id_++, direction, out);
      return;
    }
    if (side.pending) {  // content of two channels at once: the first is given up
      Write(side, direction, sink);
      side.record = std::move(record);
    }
    side.pending = true;
    if (!side.open) side.channel = channel;
    waiting_channel_[Index(direction)] = channel;
  }

  void OnHeader(Side& side, std::uint16_t channel, Bytes payload, Direction direction, MessageSink& sink) noexcept {
    if (side.open) sink.OnBodyEnd(direction, BodyEnd::kTruncated);
    side.open = false;
    amqp::Content content;
    if (!amqp::ReadHeader(payload, direction, content, sink)) sink.OnAnomaly("malformed_data");
    const std::uint32_t tx_id = tx_id_;
    if (side.pending && waiting_channel_[Index(direction)] == channel) {
      std::string scratch;
      if (!content.content_type.empty()) {
        side.record.String("content_type", framing::Printable(content.content_type, scratch), Privacy::kIdentifier);
      }
      side.record.Integer("body_size", static_cast<std::int64_t>(std::min<std::uint64_t>(content.size, INT64_MAX)));
      Write(side, direction, sink);
    }
    side.channel = channel;
    side.left = content.size;
    if (side.left == 0) return;
    BodyMeta meta;
    meta.where = "amqp.body";
    meta.direction = direction;
    meta.content_type = content.content_type;
    meta.content_encoding = Coding(content.content_encoding);
    meta.declared_length = static_cast<std::int64_t>(std::min<std::uint64_t>(content.size, INT64_MAX));
    meta.tx_id = tx_id;
    meta.is_file = false;
    sink.OnBodyBegin(meta);
    side.open = true;
  }

  void OnBody(Side& side, Bytes part, Direction direction, MessageSink& sink) noexcept {
    part = part.first(static_cast<std::size_t>(std::min<std::uint64_t>(part.size(), side.left)));
    side.left -= part.size();
    sink.OnBodyPart(direction, part);
    if (side.left > 0) return;
    sink.OnBodyEnd(direction, BodyEnd::kComplete);
    side.open = false;
  }

  void OnPart(Side& side, Direction direction, MessageSink& sink) noexcept {
    const Bytes part = side.frames.part();
    const Bytes body = part.first(static_cast<std::size_t>(std::min<std::uint64_t>(part.size(), side.part_left)));
    side.part_left -= body.size();
    if (!body.empty() && side.open) return OnBody(side, body, direction, sink);
    if (body.empty() && side.frames.part_ends() && !side.frames.broken()) return;  // the frame's end
    sink.OnFate(side.frames.broken() ? ByteFate::kOpaqueBinary : ByteFate::kLostParserCap, part.size());
  }

  void Write(Side& side, Direction direction, MessageSink& sink) noexcept {
    side.pending = false;
    side.record.EndObject();
    sink.OnEvent("amqp", tx_id_++, direction, side.record);
  }

  std::array<Side, 2> sides_;
  std::array<std::uint16_t, 2> waiting_channel_{};
  std::uint64_t frames_ = 0;
  std::uint32_t tx_id_ = 0;
};

// The client's protocol header; without it, methods of known classes in frames that end as they say.
Probe ProbeAmqp(const ProbeInput& input) noexcept {
  // connection.start of version 0-9, which may be long.
  static constexpr std::string_view kStart("\0\x0a\0\x0a\0\x09", 6);
  const Bytes bytes = input.bytes;
  if (bytes.empty()) return Probe::kNo;
  const std::uint64_t length = Measure(bytes);
  if (length == FrameReader::kBad) return Probe::kNo;
  if (length == FrameReader::kUnknown) return Probe::kNeedMore;
  const std::uint8_t* const p = Octets(bytes);
  if (p[0] == 'A') return Probe::kYes;
  if (p[0] == kMethod && length < kHead + 4 + 1) return Probe::kNo;
  const std::string_view seen = AsText(bytes.subspan(kHead)).substr(0, kStart.size());
  if (p[0] == kMethod && seen == kStart) return Probe::kYes;
  if (length > kMaxProbed) return p[0] == kMethod && kStart.starts_with(seen) ? Probe::kNeedMore : Probe::kNo;
  if (length > bytes.size()) return Probe::kNeedMore;
  return p[length - 1] == kFrameEnd ? Probe::kYes : Probe::kNo;
}

}  // namespace

const ProtocolInfo kAmqp = {"amqp",
                            true,
                            false,
                            ProbeAmqp,
                            []() -> std::unique_ptr<Parser> { return std::make_unique<AmqpParser>(); },
                            FirstOctets::AnyOf("A\x01\x02\x03\x08")};

}  // namespace gander::protocol
