// SPDX-License-Identifier: Apache-2.0
#include "content/memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "base/sanitized.h"

namespace gander::content {
namespace {

// Stands before each block, so that freeing knows how much. Keeps the block's alignment.
struct alignas(std::max_align_t) BlockHead {
  std::size_t bytes;  // of head and block
};

constexpr std::size_t kFirstHeld = 512;

BlockHead* HeadOf(void* block) noexcept { return static_cast<BlockHead*>(block) - 1; }

}  // namespace

Memory::~Memory() {
  for (KeptBlocks& blocks : kept_) {
    while (blocks.first != nullptr) std::free(std::exchange(blocks.first, blocks.first->next));
  }
}

void* Memory::TakeKept(std::size_t bytes) noexcept {
  const std::size_t size = SizeOf(bytes);
  if (size >= kSizes || kept_[size].first == nullptr) return nullptr;
  --kept_[size].count;
  return std::exchange(kept_[size].first, kept_[size].first->next);
}

// Not under a sanitizer, which is to see who goes on using a block.
bool Memory::Keep(void* block, std::size_t bytes) noexcept {
  const std::size_t size = SizeOf(bytes);
  if (kSanitized || size >= kSizes || kept_[size].count == kKeptBlocks) return false;
  kept_[size].first = ::new (block) KeptBlock{kept_[size].first};
  ++kept_[size].count;
  return true;
}

bool Memory::Charge(std::size_t bytes) noexcept {
  if (bytes > budget_) return false;
  if (bytes > budget_ - in_use_ && give_up_idle_) give_up_idle_();
  if (bytes > budget_ - in_use_) return false;
  in_use_ += bytes;
  peak_ = std::max(peak_, in_use_);
  return true;
}

void* Memory::Allocate(std::size_t bytes) noexcept {
  if (bytes > budget_) return nullptr;
  const std::size_t all = bytes + sizeof(BlockHead);
  if (!Charge(all)) return nullptr;
  void* block = TakeKept(all);
  if (block == nullptr) block = std::malloc(SizeOf(all) < kSizes ? SizeOf(all) * kStep : all);
  auto* const head = static_cast<BlockHead*>(block);
  if (head == nullptr) {
    Refund(all);
    return nullptr;
  }
  head->bytes = all;
  return head + 1;
}

void* Memory::AllocateZeroed(std::size_t count, std::size_t size) noexcept {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
  void* const block = Allocate(bytes);
  if (block != nullptr) std::memset(block, 0, bytes);
  return block;
}

void* Memory::Resize(void* block, std::size_t bytes) noexcept {
  if (block == nullptr) return Allocate(bytes);
  void* const larger = Allocate(bytes);
  if (larger == nullptr) return nullptr;
  std::memcpy(larger, block, std::min(bytes, HeadOf(block)->bytes - sizeof(BlockHead)));
  Free(block);
  return larger;
}

void Memory::Free(void* block) noexcept {
  if (block == nullptr) return;
  BlockHead* const head = HeadOf(block);
  const std::size_t bytes = head->bytes;
  Refund(bytes);
  if (!Keep(head, bytes)) std::free(head);
}

std::size_t Memory::BytesOf(const void* block) noexcept { return (static_cast<const BlockHead*>(block) - 1)->bytes; }

void HeldBytes::Begin(Memory& memory, std::size_t cap) noexcept {
  Release();
  memory_ = &memory;
  cap_ = cap;
}

bool HeldBytes::Append(Bytes more) noexcept {
  if (more.size() > cap_ - size_) return false;
  if (size_ + more.size() > capacity_) {
    const std::size_t wanted = std::min(cap_, std::max({size_ + more.size(), capacity_ * 2, kFirstHeld}));
    void* const larger = memory_->Resize(data_, wanted);
    if (larger == nullptr) return false;
    data_ = static_cast<std::byte*>(larger);
    capacity_ = wanted;
  }
  if (!more.empty()) std::memcpy(data_ + size_, more.data(), more.size());
  size_ += more.size();
  return true;
}

void HeldBytes::DropFront(std::size_t n) noexcept {
  n = std::min(n, size_);
  if (n < size_ && n > 0) std::memmove(data_, data_ + n, size_ - n);
  size_ -= n;
}

void HeldBytes::Release() noexcept {
  if (data_ != nullptr) memory_->Free(data_);
  data_ = nullptr;
  size_ = capacity_ = 0;
}

}  // namespace gander::content
