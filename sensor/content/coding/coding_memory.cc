// SPDX-License-Identifier: Apache-2.0
#include "content/coding/coding_memory.h"

#include <algorithm>

#include "content/decoder_pool.h"

namespace gander::content {

void CodingMemory::Enter(Body& body) noexcept {
  Leave();
  body_ = &body;
  memory_ = &body.pool->memory;
  body.coding_memory += in_use_;
}

void CodingMemory::Leave() noexcept {
  if (body_ != nullptr) body_->coding_memory -= in_use_;
  body_ = nullptr;
}

std::size_t CodingMemory::FairShare() const noexcept {
  if (body_ == nullptr || body_->coding_memory > kMaxOfBody) return 0;
  return std::min((kMaxOfBody - body_->coding_memory + in_use_) / 2,
                  (memory_->budget() - memory_->in_use() + in_use_) / 4);
}

void* CodingMemory::Allocate(std::size_t bytes) noexcept {
  if (body_ == nullptr || bytes > kMaxOfBody || body_->coding_memory + bytes > kMaxOfBody) return nullptr;
  void* const block = memory_->Allocate(bytes);
  if (block == nullptr) return nullptr;
  const std::size_t all = Memory::BytesOf(block);
  in_use_ += all;
  body_->coding_memory += all;
  return block;
}

void CodingMemory::Free(void* block) noexcept {
  if (block == nullptr) return;
  const std::size_t all = Memory::BytesOf(block);
  in_use_ -= all;
  if (body_ != nullptr) body_->coding_memory -= all;
  memory_->Free(block);
}

}  // namespace gander::content
