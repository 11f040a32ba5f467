// SPDX-License-Identifier: Apache-2.0
// Objects of one type in chunks of 2 MiB that never move: an index names one, and a free list gives indices back.
// Chunks are aligned to huge pages and offered to the kernel as such: a table of a million flows then needs five
// hundred TLB entries, not a quarter of a million.
#ifndef GANDER_BASE_SLAB_H_
#define GANDER_BASE_SLAB_H_

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

namespace gander {

inline constexpr std::size_t kHugeChunkBytes = 2 << 20;

// A chunk of that size in one huge page where the kernel has one to spare; to be freed by std::free. Null when there
// is no memory.
inline void* AllocateHugeChunk() noexcept {
  void* memory = std::aligned_alloc(kHugeChunkBytes, kHugeChunkBytes);
  if (memory != nullptr) (void)madvise(memory, kHugeChunkBytes, MADV_HUGEPAGE);
  return memory;
}

template <class T>
class Slab {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // At most `capacity` objects. Memory is taken a chunk at a time, the first time it is needed.
  explicit Slab(std::uint32_t capacity) : capacity_(capacity) {
    chunks_.reserve(capacity / kPerChunk + 1);
    free_.reserve(kPerChunk);
  }
  ~Slab() {
    for (T* chunk : chunks_) {
      for (std::uint32_t i = 0; i < kPerChunk; ++i) chunk[i].~T();
      std::free(chunk);
    }
  }
  Slab(Slab&& other) noexcept = default;
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;

  // An index whose object is as the last owner left it, or freshly made; kNone when all are taken.
  std::uint32_t Take() noexcept {
    if (free_.empty() && made_ < capacity_) Grow();
    if (free_.empty()) return kNone;
    const std::uint32_t index = free_.back();
    free_.pop_back();
    return index;
  }
  void Give(std::uint32_t index) noexcept { free_.push_back(index); }

  T& operator[](std::uint32_t index) noexcept { return chunks_[index / kPerChunk][index % kPerChunk]; }
  const T& operator[](std::uint32_t index) const noexcept {
    return chunks_[index / kPerChunk][index % kPerChunk];
  }

  std::uint32_t made() const noexcept { return made_; }  // every index below it exists
  std::uint32_t taken() const noexcept { return made_ - static_cast<std::uint32_t>(free_.size()); }

 private:
  static constexpr auto kPerChunk = static_cast<std::uint32_t>(kHugeChunkBytes / sizeof(T));
  static_assert(sizeof(T) <= kHugeChunkBytes / 16);

  void Grow() noexcept {
    void* memory = AllocateHugeChunk();
    if (memory == nullptr) return;
    T* chunk = static_cast<T*>(memory);
    for (std::uint32_t i = 0; i < kPerChunk; ++i) new (&chunk[i]) T();
    chunks_.push_back(chunk);
    const std::uint32_t count = capacity_ - made_ < kPerChunk ? capacity_ - made_ : kPerChunk;
    free_.reserve(made_ + count);
    for (std::uint32_t i = count; i > 0; --i) free_.push_back(made_ + i - 1);
    made_ += count;
  }

  std::uint32_t capacity_, made_ = 0;
  std::vector<T*> chunks_;
  std::vector<std::uint32_t> free_;
};

}  // namespace gander

#endif  // GANDER_BASE_SLAB_H_
