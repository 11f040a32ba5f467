// SPDX-License-Identifier: Apache-2.0
// The memory that unwrapping may take in one worker. Windows and dictionaries are as large as the sender says, so every
// decoder takes its memory here and is refused what is beyond the budget.
#ifndef GANDER_CONTENT_MEMORY_H_
#define GANDER_CONTENT_MEMORY_H_

#include <array>
#include <cstddef>
#include <functional>

#include "base/bytes.h"

namespace gander::content {

class Memory {
 public:
  explicit Memory(std::size_t budget) noexcept : budget_(budget) {}
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  // Aligned for any type. Null when the budget has not so much left, even after what is idle was given up.
  void* Allocate(std::size_t bytes) noexcept;
  void* AllocateZeroed(std::size_t count, std::size_t size) noexcept;
  // As realloc(3): null leaves the old block as it is.
  void* Resize(void* block, std::size_t bytes) noexcept;
  void Free(void* block) noexcept;
  // What a block takes of the budget.
  static std::size_t BytesOf(const void* block) noexcept;

  // Only the account: of memory that someone takes elsewhere. False when the budget has not so much left.
  bool Charge(std::size_t bytes) noexcept;
  void Refund(std::size_t bytes) noexcept { in_use_ -= bytes; }

  // Asked to free what is only kept for reuse, before anything is refused.
  void OnShortage(std::function<void()> give_up_idle) { give_up_idle_ = std::move(give_up_idle); }

  std::size_t budget() const noexcept { return budget_; }
  std::size_t in_use() const noexcept { return in_use_; }  // bytes, heads of blocks included
  std::size_t peak() const noexcept { return peak_; }

 private:
  // Small blocks that were given back wait for the next who asks, beside the budget: each text holds a few bytes for as
  // long as its kind is in doubt, and steady traffic is to allocate nothing. At most kKeptBlocks of each size, a size
  // for each kStep bytes: 4.3 MiB.
  static constexpr std::size_t kStep = 256, kSizes = 16, kKeptBlocks = 128;
  struct KeptBlock {
    KeptBlock* next;
  };
  struct KeptBlocks {
    KeptBlock* first = nullptr;
    std::size_t count = 0;
  };
  static std::size_t SizeOf(std::size_t bytes) noexcept { return (bytes + kStep - 1) / kStep; }  // kSizes on: not kept
  void* TakeKept(std::size_t bytes) noexcept;
  bool Keep(void* block, std::size_t bytes) noexcept;

  std::size_t budget_;
  std::size_t in_use_ = 0;
  std::size_t peak_ = 0;
  std::array<KeptBlocks, kSizes> kept_;
  std::function<void()> give_up_idle_;
};

// Bytes gathered until a format can be read: grows within the budget, up to a cap of its own.
class HeldBytes {
 public:
  HeldBytes() noexcept = default;
  ~HeldBytes() { Release(); }
  HeldBytes(const HeldBytes&) = delete;
  HeldBytes& operator=(const HeldBytes&) = delete;

  // `memory` outlives the bytes.
  void Begin(Memory& memory, std::size_t cap) noexcept;
  // False when the cap or the budget forbids it; nothing of `more` is kept then.
  bool Append(Bytes more) noexcept;
  Bytes bytes() const noexcept { return {data_, size_}; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  // Drops the first `n` bytes.
  void DropFront(std::size_t n) noexcept;
  // Keeps the first `n` bytes.
  void Truncate(std::size_t n) noexcept { size_ = n < size_ ? n : size_; }
  // To change what is held.
  std::byte* data() noexcept { return data_; }
  void Clear() noexcept { size_ = 0; }  // keeps the memory
  void Release() noexcept;              // gives it back

 private:
  Memory* memory_ = nullptr;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::size_t cap_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_MEMORY_H_
