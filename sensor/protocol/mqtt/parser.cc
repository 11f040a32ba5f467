// SPDX-License-Identifier: Apache-2.0
// Where each direction of a session stands.
#include <algorithm>
#include <array>
#include <memory>

#include "base/renew.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/mqtt/exchanges.h"
#include "protocol/mqtt/mqtt.h"
#include "protocol/mqtt/packet.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::protocol {
namespace {

using framing::FrameReader;
using mqtt::Head;
using mqtt::HeadStatus;
using mqtt::Packet;
using mqtt::Type;

constexpr std::uint16_t kPort = 1883;

std::uint64_t Measure(Bytes front) noexcept {
  Head head;
  switch (mqtt::ReadHead(front, head)) {
    case HeadStatus::kNeedMore: return FrameReader::kUnknown;
    case HeadStatus::kBad: return FrameReader::kBad;
    case HeadStatus::kGood: break;
  }
  return std::uint64_t{head.size} + head.length;
}

// Working memory of a thread: packets are read one at a time.
thread_local Record scratch;

class MqttParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    if (chunk.gap_before > 0) OnGap(side, chunk, sink);
    Bytes in = chunk.bytes;
    if (side.lost) {
      if (!mqtt::LooksLikePacket(in)) {
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
          sink.OnAnomaly("malformed_traffic");
          if (packets_ == 0) return ParseStatus::kNotThis;
          sink.OnFate(ByteFate::kOpaqueBinary, in.size());
          side.frames.Reset();
          side.lost = true;
          return ParseStatus::kContinue;
      }
    }
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(direction)];
    if (side.body_open) sink.OnBodyEnd(direction, BodyEnd::kTruncated);
    side.body_open = false;
    side.frames.Reset();
    side.ended = true;
    if (sides_[0].ended && sides_[1].ended) exchanges_.Close(client_, sink);
  }

  void Reset() noexcept override { Renew(*this, {}, &MqttParser::sides_); }

 private:
  struct Side {
    FrameReader frames{mqtt::kMaxPacket};
    bool lost = false;       // a gap hid where packets begin
    bool body_open = false;  // the payload of a long PUBLISH
    bool ended = false;

    void Reset() noexcept { Renew(*this, {}, &Side::frames); }
  };

  void OnGap(Side& side, const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
    const bool known = side.frames.Gap(chunk.gap_before);
    side.lost = !known;
    if (!side.body_open) return;
    sink.OnBodyEnd(chunk.direction, BodyEnd::kGap);
    side.body_open = false;
    if (known && !side.frames.between_messages()) BeginBody({}, -1, side, chunk.direction, sink);
  }

  void OnFrame(Side& side, Direction direction, MessageSink& sink) noexcept {
    const Bytes frame = side.frames.frame();
    Packet packet;
    mqtt::ReadHead(frame, packet.head);
    packet.direction = direction;
    packet.version = version_;
    LearnSides(packet.head.type, direction);
    const bool wanted = sink.WantsEvent("mqtt");
    scratch.Clear();
    const bool publish = packet.head.type == Type::kPublish;
    if (publish && packet.head.qos() == 3) sink.OnAnomaly("invalid_qos_level");
    if (!mqtt::ReadPacket(frame.subspan(packet.head.size), packet, wanted ? &scratch : nullptr, sink)) {
      sink.OnAnomaly("malformed_traffic");
    } else if (publish) {
      OnPayload(packet, side, direction, sink);
    }
    ++packets_;
    version_ = packet.version;
    if (packet.head.type == Type::kConnect && std::exchange(connect_seen_, true)) sink.OnAnomaly("double_connect");
    if (wanted && !exchanges_.Add(packet, scratch, client_, sink) && connect_seen_) TellMissing(packet.head.type, sink);
  }

  void LearnSides(Type type, Direction direction) noexcept {
    switch (type) {
      case Type::kConnect:
      case Type::kSubscribe:
      case Type::kUnsubscribe:
      case Type::kPingreq: client_ = direction; break;
      case Type::kConnack:
      case Type::kSuback:
      case Type::kUnsuback:
      case Type::kPingresp: client_ = Opposite(direction); break;
      default: break;
    }
  }

  static void TellMissing(Type type, MessageSink& sink) noexcept {
    sink.OnAnomaly(type == Type::kConnack    ? "missing_connect"
                   : type == Type::kSuback   ? "missing_subscribe"
                   : type == Type::kUnsuback ? "missing_unsubscribe"
                                             : "missing_publish");
  }

  void OnPayload(const Packet& packet, Side& side, Direction direction, MessageSink& sink) noexcept {
    const Bytes payload = packet.payload;
    const bool whole = side.frames.frame_is_whole();
    if (whole && payload.empty()) return;
    const std::string_view text = AsText(payload);
    if (whole && payload.size() <= mqtt::kMaxValue && text[0] != '{' && text[0] != '[' && ReadsAsText(payload)) {
      // "patient/7/ssn" says what its value is.
      const std::size_t slash = packet.topic.rfind('/');
      const std::string_view level = slash == std::string_view::npos ? packet.topic : packet.topic.substr(slash + 1);
      sink.OnField("mqtt.publish.message", level, direction, payload);
      return;
    }
    const std::uint64_t head = static_cast<std::uint64_t>(payload.data() - side.frames.frame().data());
    BeginBody(packet.content_type, static_cast<std::int64_t>(side.frames.frame_length() - head), side, direction, sink);
    sink.OnBodyPart(direction, payload);
    if (!whole) return;
    sink.OnBodyEnd(direction, BodyEnd::kComplete);
    side.body_open = false;
  }

  void BeginBody(std::string_view content_type, std::int64_t length, Side& side, Direction direction,
                 MessageSink& sink) noexcept {
    BodyMeta meta;
    meta.where = "mqtt.publish.message";
    meta.direction = direction;
    meta.content_type = content_type;
    meta.declared_length = length;
    meta.tx_id = exchanges_.next_tx();
    meta.is_file = false;
    sink.OnBodyBegin(meta);
    side.body_open = true;
  }

  void OnPart(Side& side, Direction direction, MessageSink& sink) noexcept {
    if (!side.body_open) {
      sink.OnFate(side.frames.broken() ? ByteFate::kOpaqueBinary : ByteFate::kLostParserCap, side.frames.part().size());
      return;
    }
    sink.OnBodyPart(direction, side.frames.part());
    if (!side.frames.part_ends()) return;
    sink.OnBodyEnd(direction, BodyEnd::kComplete);
    side.body_open = false;
  }

  std::array<Side, 2> sides_;
  mqtt::Exchanges exchanges_;
  Direction client_ = Direction::kToServer;
  bool connect_seen_ = false;
  std::uint8_t version_ = 0;
  std::uint64_t packets_ = 0;
};

Probe ProbeMqtt(const ProbeInput& input) noexcept {
  const Bytes bytes = input.bytes;
  constexpr std::size_t kConnectHead = 12;  // of the longest head and "MQIsdp" behind its length
  Head head;
  const HeadStatus status = mqtt::ReadHead(bytes, head);
  if (status == HeadStatus::kBad || (status == HeadStatus::kGood && head.type == Type::kConnect && head.flags != 0))
    return Probe::kNo;
  if (status == HeadStatus::kGood && mqtt::LooksLikePacket(bytes)) {
    // A session under way has no mark of its own: its port must speak for it.
    const bool here = input.server_port == kPort || input.client_port == kPort;
    return head.type == Type::kConnect || here ? Probe::kYes : Probe::kNo;
  }
  const bool connect = head.type == Type::kConnect && head.flags == 0;
  if (!connect || bytes.size() >= kConnectHead) return Probe::kNo;
  // As far as it goes it must be the name's length and the name.
  for (const std::string_view name : {std::string_view("\0\4MQTT", 6), std::string_view("\0\6MQIsdp", 8)}) {
    const Bytes rest = status == HeadStatus::kGood ? bytes.subspan(head.size) : Bytes{};
    if (name.substr(0, rest.size()) == AsText(rest).substr(0, name.size()) && rest.size() < name.size())
      return Probe::kNeedMore;
  }
  return Probe::kNo;
}

}  // namespace

// CONNECT, and on its port the packets of a session that is under way, with the flags they must have.
const ProtocolInfo kMqtt = {
    "mqtt",
    true,
    false,
    ProbeMqtt,
    []() -> std::unique_ptr<Parser> { return std::make_unique<MqttParser>(); },
    FirstOctets::AnyOf("\x10\x20\x40\x50\x62\x70\x82\x90\xa2\xb0\xc0\xd0\xe0\xf0").Range(0x30, 0x3f)};

}  // namespace gander::protocol
