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
  static constexpr std::size_t kBlockData = 2032;

  // A run of stream bytes. Blocks of one direction form a list in sequence order.
  struct Block {
    std::uint32_t next;
    std::uint32_t sequence;  // of data[0]
    std::uint32_t length;    // bytes used
    std::uint32_t reserved;
    std::array<std::byte, kBlockData> data;

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

 private:
  std::uint32_t capacity_;
  std::uint32_t in_use_ = 0;
  std::uint32_t touched_ = 0;  // blocks that were ever used; the rest is untouched memory
  std::uint32_t free_ = kNone;
  std::unique_ptr<Block[]> blocks_;
};

}  // namespace gander::stream

#endif  // GANDER_STREAM_SEGMENT_POOL_H_
