// SPDX-License-Identifier: Apache-2.0
// A run of chunks that read as text is one body; binary chunks end it.
#include "protocol/plain_text/plain_text.h"

namespace gander::protocol {
namespace {

class PlainTextParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    if (chunk.gap_before > 0) Close(chunk.direction, BodyEnd::kGap, sink);
    if (chunk.bytes.empty()) return ParseStatus::kContinue;
    if (!ReadsAsText(chunk.bytes, side.binary)) {
      Close(chunk.direction, BodyEnd::kComplete, sink);
      side.binary.OnBinary();
      sink.OnFate(ByteFate::kOpaqueBinary, chunk.bytes.size());
      return ParseStatus::kContinue;
    }
    side.binary.OnText();
    if (!side.open) {
      side.open = true;
      BodyMeta meta;
      meta.where = "payload";
      meta.direction = chunk.direction;
      sink.OnBodyBegin(meta);
    }
    sink.OnBodyPart(chunk.direction, chunk.bytes);
    return ParseStatus::kContinue;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    Close(direction, BodyEnd::kComplete, sink);
  }

  void Reset() noexcept override { sides_[0] = sides_[1] = Side{}; }

 private:
  struct Side {
    bool open = false;
    BinaryRun binary;
  };

  void Close(Direction direction, BodyEnd end, MessageSink& sink) noexcept {
    Side& side = sides_[Index(direction)];
    if (side.open) sink.OnBodyEnd(direction, end);
    side.open = false;
  }

  Side sides_[2];
};

std::unique_ptr<Parser> Create() { return std::make_unique<PlainTextParser>(); }

}  // namespace

// Nameless: an unknown protocol is absent from EVE.
const ProtocolInfo kPlainText = {"", true, true, nullptr, Create};

}  // namespace gander::protocol
