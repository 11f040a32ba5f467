// SPDX-License-Identifier: Apache-2.0
// Objects of one type that a worker lends to its flows, in chunks of 2 MiB offered to the kernel as huge pages: a
// million of them are then found through a few hundred TLB entries, and none has an allocator's header. Memory follows
// the most that were out at once, which the flow table bounds.
#ifndef GANDER_RUNTIME_LENDING_POOL_H_
#define GANDER_RUNTIME_LENDING_POOL_H_

#include <memory>
#include <new>
#include <vector>

#include "base/slab.h"

namespace gander::runtime {

template <class T>
class LendingPool {
 public:
  // The pool owns what it lends and outlives whoever holds one.
  struct Leave {
    void operator()(T*) const noexcept {}
  };
  using Lent = std::unique_ptr<T, Leave>;

  LendingPool() = default;
  ~LendingPool() {
    for (T* chunk : chunks_) {
      std::destroy_n(chunk, kPerChunk);
      std::free(chunk);
    }
  }
  LendingPool(const LendingPool&) = delete;
  LendingPool& operator=(const LendingPool&) = delete;

  // As its last holder left it, or freshly made.
  Lent Take() {
    if (free_.empty()) Grow();
    T* const object = free_.back();
    free_.pop_back();
    return Lent(object);
  }
  void Give(Lent object) noexcept {
    if (object != nullptr) free_.push_back(object.release());
  }

 private:
  static constexpr std::size_t kPerChunk = kHugeChunkBytes / sizeof(T);

  void Grow() {
    T* const chunk = static_cast<T*>(AllocateHugeChunk());
    if (chunk == nullptr) throw std::bad_alloc();
    for (std::size_t i = 0; i < kPerChunk; ++i) new (&chunk[i]) T();
    chunks_.push_back(chunk);
    free_.reserve(chunks_.size() * kPerChunk);  // Give() never allocates
    for (std::size_t i = kPerChunk; i > 0; --i) free_.push_back(&chunk[i - 1]);
  }

  std::vector<T*> chunks_;
  std::vector<T*> free_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_LENDING_POOL_H_
