// SPDX-License-Identifier: Apache-2.0
// LZMA as 7z has it: without a header, the parameters being known from elsewhere. liblzma, in the worker's memory.
#ifndef GANDER_CONTENT_RAW_LZMA_H_
#define GANDER_CONTENT_RAW_LZMA_H_

#include <lzma.h>

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "content/memory.h"

namespace gander::content {

class RawLzma {
 public:
  enum class Step : std::uint8_t { kMore, kEnd, kCorrupt, kNoMemory };

  RawLzma() = default;
  ~RawLzma() { Release(); }
  RawLzma(const RawLzma&) = delete;
  RawLzma& operator=(const RawLzma&) = delete;

  // LZMA2, which says itself where it ends. With `filter` (LZMA_FILTER_X86 and its like, 0 = none) undone behind it;
  // `distance` is the delta filter's.
  Step StartLzma2(Memory& memory, std::uint32_t dictionary, std::uint64_t filter = 0,
                  std::uint32_t distance = 1) noexcept;
  // LZMA1 of a known size. `properties`: five bytes. The dictionary is no larger than `size`.
  Step StartLzma1(Memory& memory, Bytes properties, std::uint64_t size) noexcept;
  // Takes from the front of `in`. Produces less than out.size() only when it is starved or at its end.
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept;
  void Release() noexcept;
  bool open() const noexcept { return open_; }

 private:
  Step Start(Memory& memory, const lzma_filter* filters) noexcept;

  lzma_stream stream_ = LZMA_STREAM_INIT;
  lzma_allocator allocator_{};
  bool open_ = false;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_RAW_LZMA_H_
