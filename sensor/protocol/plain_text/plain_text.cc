// SPDX-License-Identifier: Apache-2.0
// A run of chunks that read as text is one body; binary chunks end it.
#include "protocol/plain_text/plain_text.h"

#include <algorithm>
#include <array>

namespace gander::protocol {
namespace {

class PlainTextParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    const Direction direction = chunk.direction;
    Side& side = sides_[Index(direction)];
    if (chunk.gap_before > 0) Close(direction, BodyEnd::kGap, sink);
    Bytes rest = chunk.bytes;
    while (!rest.empty()) {
      if (datagrams_ || (side.doubtful == 0 && rest.size() >= kEnoughToJudge)) {
        OnJudged(ReadsAsText(rest, side.binary), direction, rest, sink);
        break;
      }
      Gather(side, direction, TakeFront(rest, kEnoughToJudge - side.doubtful), sink);
    }
    return ParseStatus::kContinue;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    Close(direction, BodyEnd::kComplete, sink);
  }

  void Resume(std::uint32_t) noexcept override { datagrams_ = true; }

  void Reset() noexcept override {
    for (Side& side : sides_) side.Clear();
    datagrams_ = false;
  }

 private:
  struct Side {
    bool open = false;
    std::uint8_t doubtful = 0;  // bytes in `held`
    BinaryRun binary;
    std::array<std::byte, kEnoughToJudge> held;

    void Clear() noexcept {
      open = false;
      doubtful = 0;
      binary = {};
    }
  };

  // Of a stream cut small, what is no text by itself waits for what follows it: a letter of two octets, binary framing
  // around strings. Until that is known it counts as binary.
  void Gather(Side& side, Direction direction, Bytes few, MessageSink& sink) noexcept {
    std::copy(few.begin(), few.end(), side.held.begin() + side.doubtful);
    const Bytes held(side.held.data(), side.doubtful + few.size());
    side.doubtful = static_cast<std::uint8_t>(held.size());
    const bool text = ReadsAsText(held);
    if (!text) sink.OnFate(ByteFate::kOpaqueBinary, few.size());
    if (!text && held.size() < kEnoughToJudge) return;
    side.doubtful = 0;
    OnJudged(text, direction, text ? held : Bytes{}, sink);
  }

  // `bytes`: of text all, of what is binary those without a fate.
  void OnJudged(bool text, Direction direction, Bytes bytes, MessageSink& sink) noexcept {
    Side& side = sides_[Index(direction)];
    if (!text) {
      Close(direction, BodyEnd::kComplete, sink);
      side.binary.OnBinary();
      sink.OnFate(ByteFate::kOpaqueBinary, bytes.size());
      return;
    }
    side.binary.OnText();
    if (!side.open) {
      side.open = true;
      BodyMeta meta;
      meta.where = "payload";
      meta.direction = direction;
      sink.OnBodyBegin(meta);
    }
    sink.OnBodyPart(direction, bytes);
  }

  void Close(Direction direction, BodyEnd end, MessageSink& sink) noexcept {
    Side& side = sides_[Index(direction)];
    if (side.open) sink.OnBodyEnd(direction, end);
    side.open = false;
    side.doubtful = 0;
  }

  Side sides_[2];
  bool datagrams_ = false;  // each judged by itself
};

std::unique_ptr<Parser> Create() { return std::make_unique<PlainTextParser>(); }

}  // namespace

// Nameless: an unknown protocol is absent from EVE.
const ProtocolInfo kPlainText = {"", true, true, nullptr, Create};

}  // namespace gander::protocol
