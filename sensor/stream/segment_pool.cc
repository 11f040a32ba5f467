// SPDX-License-Identifier: Apache-2.0
#include "stream/segment_pool.h"

#include <algorithm>
#include <bit>

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
  blocks_[index].begins.fill(0);
  return index;
}

std::uint32_t SegmentPool::Block::BeginAround(std::uint32_t at) const noexcept {
  std::size_t word = at / 64;
  std::uint64_t bits = begins[word] & ~std::uint64_t{0} >> (63 - at % 64);
  while (bits == 0 && word > 0) bits = begins[--word];
  return bits == 0 ? 0 : static_cast<std::uint32_t>(word * 64 + 63 - static_cast<std::size_t>(std::countl_zero(bits)));
}

std::uint32_t SegmentPool::Block::EndAround(std::uint32_t at) const noexcept {
  std::size_t word = at / 64;
  std::uint64_t bits = begins[word] & ~std::uint64_t{1} << at % 64;
  while (bits == 0 && ++word < begins.size()) bits = begins[word];
  if (bits == 0) return length;
  return static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
}

void SegmentPool::Free(std::uint32_t index) noexcept {
  blocks_[index].next = free_;
  free_ = index;
  --in_use_;
}

}  // namespace gander::stream
