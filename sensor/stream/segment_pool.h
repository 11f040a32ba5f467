// SPDX-License-Identifier: Apache-2.0
// Where a worker keeps out-of-order payload: blocks of one size, reserved at start, touched as they are used.
#ifndef GANDER_STREAM_SEGMENT_POOL_H_
#define GANDER_STREAM_SEGMENT_POOL_H_

#include <array>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace gander::stream {

struct Options;  // tcp_stream.h

class SegmentPool {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr std::size_t kBlockData = 1800;

  // A run of stream bytes. Blocks of one direction form a list in sequence order.
  struct Block {
    std::uint32_t next;
    std::uint32_t sequence;  // of data[0]
    std::uint32_t length;    // bytes used
    std::uint32_t needs;     // number that the other side must have reached before these bytes are handed on
    std::array<std::uint64_t, (kBlockData + 63) / 64> begins;  // bit i: a segment begins with data[i]
    std::array<std::byte, kBlockData> data;

    void MarkBegin(std::uint32_t at) noexcept { begins[at / 64] |= std::uint64_t{1} << at % 64; }
    // The segment that brought data[at], as far as it lies in this block.
    std::uint32_t BeginAround(std::uint32_t at) const noexcept;
    std::uint32_t EndAround(std::uint32_t at) const noexcept;
    bool begins_segment() const noexcept { return (begins[0] & 1) != 0; }

    std::uint32_t end() const noexcept { return sequence + length; }
    std::size_t room() const noexcept { return kBlockData - length; }
    Bytes bytes() const noexcept { return Bytes(data).first(length); }
  };
  static constexpr std::size_t kBlockBytes = sizeof(Block);
  static_assert(kBlockBytes == 2048);

  // `memory` in bytes; at least one block.
  explicit SegmentPool(std::size_t memory);
  explicit SegmentPool(const Options& options);

  // An empty block, or kNone when all are in use.
  std::uint32_t Allocate() noexcept;
  void Free(std::uint32_t index) noexcept;
  Block& operator[](std::uint32_t index) noexcept { return blocks_[index]; }
  const Block& operator[](std::uint32_t index) const noexcept { return blocks_[index]; }

  std::uint32_t capacity() const noexcept { return capacity_; }
  std::uint32_t in_use() const noexcept { return in_use_; }
  // More than half is in use.
  bool scarce() const noexcept { return in_use_ > capacity_ / 2; }

 private:
  std::uint32_t capacity_;
  std::uint32_t in_use_ = 0;
  std::uint32_t touched_ = 0;  // blocks that were ever used; the rest is untouched memory
  std::uint32_t free_ = kNone;
  std::unique_ptr<Block[]> blocks_;
};

}  // namespace gander::stream

#endif  // GANDER_STREAM_SEGMENT_POOL_H_
