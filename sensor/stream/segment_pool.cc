// SPDX-License-Identifier: Apache-2.0
#include "stream/segment_pool.h"

#include <algorithm>

#include "stream/tcp_stream.h"

namespace gander::stream {
namespace {

std::uint32_t BlocksFor(std::size_t memory) noexcept {
  const std::size_t blocks = memory / SegmentPool::kBlockBytes;
  return static_cast<std::uint32_t>(std::clamp<std::size_t>(blocks, 1, SegmentPool::kNone - 1));
}

}  // namespace

// Not make_unique: that would write to every block, and most are never used.
SegmentPool::SegmentPool(std::size_t memory) : capacity_(BlocksFor(memory)), blocks_(new Block[capacity_]) {}

SegmentPool::SegmentPool(const Options& options) : SegmentPool(std::size_t{options.memory}) {}

std::uint32_t SegmentPool::Allocate() noexcept {
  std::uint32_t index = free_;
  if (index != kNone) {
    free_ = blocks_[index].next;
  } else if (touched_ < capacity_) {
    index = touched_++;
  } else {
    return kNone;
  }
  ++in_use_;
  blocks_[index].next = kNone;
  blocks_[index].length = 0;
  return index;
}

void SegmentPool::Free(std::uint32_t index) noexcept {
  blocks_[index].next = free_;
  free_ = index;
  --in_use_;
}

}  // namespace gander::stream
