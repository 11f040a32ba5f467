// SPDX-License-Identifier: Apache-2.0
// Where each direction stands.
#include <algorithm>
#include <array>
#include <memory>

#include "base/renew.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/mongodb/message.h"
#include "protocol/mongodb/mongodb.h"

namespace gander::protocol {
namespace {

using framing::FrameReader;
using mongodb::kHead;
using mongodb::OpcodeName;
using mongodb::ReadLe32;

constexpr std::uint16_t kPort = 27017;

std::uint64_t Measure(Bytes front) noexcept {
  if (front.size() < kHead) return FrameReader::kUnknown;
  const std::uint8_t* const p = Octets(front);
  const std::uint32_t length = ReadLe32(p);
  return length < kHead || length > mongodb::kMaxMessage || OpcodeName(ReadLe32(p + 12)) == nullptr ? FrameReader::kBad
                                                                                                    : length;
}

class MongodbParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    Bytes in = chunk.bytes;
    if (chunk.gap_before > 0) {
      side.message.Abandon(BodyEnd::kGap, sink);
      side.lost = !side.frames.Gap(chunk.gap_before);
      side.open = false;
    }
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
        case FrameReader::Step::kFrame:
          ++messages_;
          side.message.Begin(side.frames.frame(), chunk.direction, messages_ - 1, sink);
          side.open = true;
          if (side.frames.frame_is_whole()) Finish(side, sink);
          break;
        case FrameReader::Step::kPart:
          if (!side.open) {
            sink.OnFate(ByteFate::kOpaqueBinary, side.frames.part().size());
            break;
          }
          if (!side.message.Feed(side.frames.part(), sink)) sink.OnAnomaly("malformed_data");
          if (side.frames.part_ends()) Finish(side, sink);
          break;
        case FrameReader::Step::kBad:
          sink.OnAnomaly("malformed_data");
          if (messages_ == 0) return ParseStatus::kNotThis;
          sink.OnFate(ByteFate::kOpaqueBinary, in.size());
          side.frames.Reset();
          side.lost = true;
          return ParseStatus::kContinue;
      }
    }
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(direction)];
    side.message.Abandon(BodyEnd::kTruncated, sink);
    side.frames.Reset();
    side.open = false;
  }

  void Reset() noexcept override { Renew(*this, {}, &MongodbParser::sides_); }

 private:
  struct Side {
    FrameReader frames{kHead};
    bool lost = false;  // a gap hid where messages begin
    bool open = false;  // a message is under way
    mongodb::Message message;

    void Reset() noexcept { Renew(*this, {}, &Side::frames, &Side::message); }
  };

  static void Finish(Side& side, MessageSink& sink) noexcept {
    side.message.End(sink);
    side.open = false;
  }

  std::array<Side, 2> sides_;
  std::uint32_t messages_ = 0;
};

Probe ProbeMongodb(const ProbeInput& input) noexcept {
  const Bytes bytes = input.bytes;
  const bool here = input.server_port == kPort || input.client_port == kPort;
  if (bytes.size() < kHead) return here && !bytes.empty() ? Probe::kNeedMore : Probe::kNo;
  if (Measure(bytes) == FrameReader::kBad) return Probe::kNo;
  const std::uint8_t* const p = Octets(bytes);
  const std::uint32_t length = ReadLe32(p), opcode = ReadLe32(p + 12), response_to = ReadLe32(p + 8);
  if (opcode == mongodb::kReply && response_to == 0 && !here) return Probe::kNo;
  // What follows the head has to fit: flags that are few, a section's kind.
  if (opcode == mongodb::kMsg && bytes.size() > kHead + 4)
    return ReadLe32(p + kHead) < 0x20000 && p[kHead + 4] <= 1 && length > kHead + 10 ? Probe::kYes : Probe::kNo;
  if (opcode == mongodb::kQuery && bytes.size() > kHead + 5) {
    const std::uint8_t first = p[kHead + 4];
    return ReadLe32(p + kHead) < 0x100 && first > ' ' && first < 0x7f ? Probe::kYes : Probe::kNo;
  }
  return here ? Probe::kYes : Probe::kNo;
}

}  // namespace

const ProtocolInfo kMongodb = {"mongodb", true, false, ProbeMongodb,
                               []() -> std::unique_ptr<Parser> { return std::make_unique<MongodbParser>(); }};

}  // namespace gander::protocol
