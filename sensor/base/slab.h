// SPDX-License-Identifier: Apache-2.0
// Objects of one type in chunks of 2 MiB that never move: an index names one, and a free list gives indices back.
// Chunks are aligned to huge pages and offered to the kernel as such: a table of a million flows then needs five
// hundred TLB entries, not a quarter of a million.
#ifndef GANDER_BASE_SLAB_H_
#define GANDER_BASE_SLAB_H_

#include <sys/mman.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

namespace gander {

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
  static constexpr std::size_t kChunkBytes = 2 << 20;
  static constexpr auto kPerChunk =
      static_cast<std::uint32_t>(std::bit_floor(kChunkBytes / sizeof(T)));  // indices are split by shifts
  static_assert(sizeof(T) <= kChunkBytes / 16);

  void Grow() noexcept {
    void* memory = std::aligned_alloc(kChunkBytes, kChunkBytes);
    if (memory == nullptr) return;
    // Where the kernel has none to spare, small pages do.
    (void)madvise(memory, kChunkBytes, MADV_HUGEPAGE);
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
