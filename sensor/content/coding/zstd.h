// SPDX-License-Identifier: Apache-2.0
// Zstandard (RFC 8878): any number of frames, skippable ones among them.
#ifndef GANDER_CONTENT_ZSTD_H_
#define GANDER_CONTENT_ZSTD_H_

#include "content/coding/coding.h"
#include "content/stream_start.h"

struct ZSTD_DCtx_s;

namespace gander::content {

class ZstdLayer final : public CodingLayer {
 public:
  // A frame with a larger window is refused: 2^23 bytes is what every decoder has to support (RFC 8878 §3.1.1.1.2), and
  // what an encoder may use for HTTP (RFC 9659).
  static constexpr int kMaxWindowLog = 23;

  ZstdLayer() = default;
  ~ZstdLayer() override { Drop(); }
  void GiveBack() noexcept override;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override { return between_ && begun_; }
  Bytes Unread() const noexcept override { return next_.bytes(); }
  void CountBody(Counters& counters) const noexcept override { ++counters.zstd; }
  void Close() noexcept override;

 private:
  // A decoder that holds more, for its window, is not kept for the next body.
  static constexpr std::size_t kKeepBytes = 3u << 20;

  bool Start() noexcept;
  void Drop() noexcept;
  Step Read(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept;

  ZSTD_DCtx_s* decoder_ = nullptr;
  StreamStart next_;
  std::size_t wanted_ = 0;  // bytes that the decoder asks for: a block and the head of the next
  bool begun_ = false;    // a frame has begun
  bool between_ = false;  // the next one has not
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_ZSTD_H_
