// SPDX-License-Identifier: Apache-2.0
// LZ4 frames (LZ4 frame format 1.6), any number of them, skippable ones among them.
#ifndef GANDER_CONTENT_LZ4_H_
#define GANDER_CONTENT_LZ4_H_

#include "content/coding/coding.h"
#include "content/stream_start.h"

struct LZ4F_dctx_s;

namespace gander::content {

// Blocks are 4 MiB at most: two of them is what a decoder holds.
class Lz4Layer final : public CodingLayer {
 public:
  Lz4Layer() = default;
  ~Lz4Layer() override { Drop(); }
  void GiveBack() noexcept override;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override { return between_ && begun_; }
  Bytes Unread() const noexcept override { return next_.bytes(); }
  void CountBody(Counters& counters) const noexcept override { ++counters.lz4; }
  void Close() noexcept override;

 private:
  // A decoder that holds more, for large blocks, is not kept for the next body.
  static constexpr std::size_t kKeepBytes = 1u << 20;

  bool Start() noexcept;
  void Drop() noexcept;
  Step Read(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept;

  LZ4F_dctx_s* decoder_ = nullptr;
  StreamStart next_;
  std::size_t wanted_ = 0;  // bytes that the decoder asks for: a block and the head of the next
  bool begun_ = false;    // a frame has begun
  bool between_ = false;  // the next one has not
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_LZ4_H_
