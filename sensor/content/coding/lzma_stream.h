// SPDX-License-Identifier: Apache-2.0
// What the layers of the LZMA family share: a stream of liblzma whose memory is the body's, and how large a dictionary
// may be.
#ifndef GANDER_CONTENT_LZMA_STREAM_H_
#define GANDER_CONTENT_LZMA_STREAM_H_

#include <lzma.h>

#include <span>

#include "content/coding/coding_memory.h"

namespace gander::content {

// xz -6 declares the most that is given, and few streams reach back that far. A stream that declares more is read with
// this much, or with less where memory is short.
inline constexpr std::uint32_t kMaxLzmaDictionary = 8u << 20, kMinLzmaDictionary = 64u << 10;

std::uint32_t LzmaDictionary(std::uint64_t declared, const CodingMemory& memory) noexcept;

class LzmaStream {
 public:
  LzmaStream() = default;
  ~LzmaStream() { Drop(); }
  LzmaStream(const LzmaStream&) = delete;
  LzmaStream& operator=(const LzmaStream&) = delete;

  // For the next of liblzma's initialisers.
  lzma_stream* Use(CodingMemory& memory) noexcept;
  const lzma_allocator& allocator() const noexcept { return allocator_; }

  // Decodes from the front of `in`, removing what was read.
  lzma_ret Code(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept;
  void Drop() noexcept;

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  lzma_allocator allocator_{};
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_LZMA_STREAM_H_
