// SPDX-License-Identifier: Apache-2.0
#include "content/decoder_pool.h"

#include <atomic>

namespace gander::content {

DecoderPool::DecoderPool(const PoolLimits& limits) : memory(limits.memory), kept(limits.kept) {
  memory.OnShortage([this] {
    for (const std::unique_ptr<AnyFreeList>& list : lists_) {
      if (list != nullptr) list->DropIdle();
    }
  });
}

DecoderPool::~DecoderPool() = default;

std::span<std::byte> DecoderPool::Buffer(std::size_t depth) {
  while (buffers_.size() <= depth) {
    buffers_.push_back(std::make_unique<std::array<std::byte, kBufferBytes>>());
  }
  return *buffers_[depth];
}

std::size_t DecoderPool::open() const noexcept {
  std::size_t all = 0;
  for (const std::unique_ptr<AnyFreeList>& list : lists_) {
    if (list != nullptr) all += list->open();
  }
  return all;
}

std::size_t DecoderPool::NextKind() noexcept {
  static std::atomic<std::size_t> kinds{0};
  return kinds++;
}

}  // namespace gander::content
