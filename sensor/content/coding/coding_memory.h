// SPDX-License-Identifier: Apache-2.0
// The memory of one decoder: from the worker's budget, and within what the codings of one body may hold together.
#ifndef GANDER_CONTENT_CODING_MEMORY_H_
#define GANDER_CONTENT_CODING_MEMORY_H_

#include <cstddef>

#include "content/layer.h"

namespace gander::content {

class Memory;

// A decoder that is kept for the next body keeps what it holds; it counts for the body that uses it.
class CodingMemory {
 public:
  // Windows, dictionaries and tables of all codings that are open for one body, in bytes.
  static constexpr std::size_t kMaxOfBody = 16u << 20;

  CodingMemory() = default;
  ~CodingMemory() { Leave(); }
  CodingMemory(const CodingMemory&) = delete;
  CodingMemory& operator=(const CodingMemory&) = delete;

  void Enter(Body& body) noexcept;
  void Leave() noexcept;

  // Null when the worker's budget or the body's share is used up, or no body uses the decoder.
  void* Allocate(std::size_t bytes) noexcept;
  void Free(void* block) noexcept;

  // What a decoder may take that can do with less: half of what the body has left, a quarter of what the worker has.
  // What it holds already counts as left.
  std::size_t FairShare() const noexcept;
  std::size_t in_use() const noexcept { return in_use_; }

  // For the libraries: `self` is a CodingMemory.
  static void* AllocateFor(void* self, std::size_t bytes) noexcept {
    return static_cast<CodingMemory*>(self)->Allocate(bytes);
  }
  static void FreeFor(void* self, void* block) noexcept { static_cast<CodingMemory*>(self)->Free(block); }

 private:
  Memory* memory_ = nullptr;
  Body* body_ = nullptr;
  std::size_t in_use_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_CODING_MEMORY_H_
