// SPDX-License-Identifier: Apache-2.0
#include "content/archive/archive_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace gander::content {

// Stands before each block and keeps its alignment.
struct alignas(std::max_align_t) ArchiveMemory::Head {
  Head* next;
  Head* before;
  std::size_t bytes;  // of head and block
  ArchiveMemory* owner;
};

namespace {

// From here on a block is a mapping of its own: a window is zero without being touched, however often a member makes
// one anew, and goes back to the system at once.
constexpr std::size_t kMappedFrom = 256 * 1024;

}  // namespace

void ArchiveMemory::Begin(Memory& memory) noexcept {
  ReleaseAll();
  memory_ = &memory;
  peak_ = 0;
  refused_ = false;
}

// A block that is zero if it is a mapping.
void* ArchiveMemory::Take(std::size_t bytes) noexcept {
  const std::size_t all = bytes + sizeof(Head);
  if (bytes > kMaxBytes || all > kMaxBytes - in_use_ || !memory_->Charge(all)) {
    refused_ = true;
    return nullptr;
  }
  void* made = nullptr;
  if (all >= kMappedFrom) {
    made = mmap(nullptr, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED) made = nullptr;
  } else {
    made = std::malloc(all);
  }
  if (made == nullptr) {
    memory_->Refund(all);
    refused_ = true;
    return nullptr;
  }
  auto* const head = static_cast<Head*>(made);
  head->next = blocks_;
  head->before = nullptr;
  head->bytes = all;
  head->owner = this;
  if (blocks_ != nullptr) blocks_->before = head;
  blocks_ = head;
  in_use_ += all;
  peak_ = std::max(peak_, in_use_);
  return head + 1;
}

void* ArchiveMemory::Allocate(std::size_t bytes) noexcept { return Take(bytes); }

void* ArchiveMemory::AllocateZeroed(std::size_t count, std::size_t size) noexcept {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
  void* const block = Take(bytes);
  if (block != nullptr && bytes + sizeof(Head) < kMappedFrom) std::memset(block, 0, bytes);
  return block;
}

void* ArchiveMemory::Resize(void* block, std::size_t bytes) noexcept {
  if (block == nullptr) return Take(bytes);
  const std::size_t old = (static_cast<Head*>(block) - 1)->bytes - sizeof(Head);
  void* const other = Take(bytes);
  if (other == nullptr) return nullptr;
  std::memcpy(other, block, std::min(bytes, old));
  Free(block);
  return other;
}

void ArchiveMemory::Free(void* block) noexcept {
  if (block == nullptr) return;
  Head* const head = static_cast<Head*>(block) - 1;
  ArchiveMemory& owner = *head->owner;
  if (head->before != nullptr) {
    head->before->next = head->next;
  } else {
    owner.blocks_ = head->next;
  }
  if (head->next != nullptr) head->next->before = head->before;
  owner.in_use_ -= head->bytes;
  owner.memory_->Refund(head->bytes);
  if (head->bytes >= kMappedFrom) {
    munmap(head, head->bytes);
  } else {
    std::free(head);
  }
}

void ArchiveMemory::ReleaseAll() noexcept {
  while (blocks_ != nullptr) Free(blocks_ + 1);
}

}  // namespace gander::content
