// SPDX-License-Identifier: Apache-2.0
// A zeroed array of fixed size in pages that the kernel is asked to make huge: random access to a large table then
// rarely misses the TLB.
#ifndef GANDER_BASE_HUGE_ARRAY_H_
#define GANDER_BASE_HUGE_ARRAY_H_

#include <sys/mman.h>

#include <cstdint>
#include <new>
#include <type_traits>

namespace gander {

inline constexpr std::size_t kHugePage = 2 << 20, kSmallPage = 4 << 10;

// Zeroed memory that begins at the edge of a huge page and that the kernel is asked to make of such; to be given back
// with the same size. Throws std::bad_alloc.
inline void* MapHuge(std::size_t bytes) {
  // One huge page more than is needed, so that it can begin at the edge of one; what lies around goes back.
  void* const mapped = mmap(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  const auto begin = reinterpret_cast<std::uintptr_t>(mapped);
  const std::uintptr_t at = (begin + kHugePage - 1) & ~(kHugePage - 1);
  const std::uintptr_t end = (at + bytes + kSmallPage - 1) & ~(kSmallPage - 1);
  if (at > begin) (void)munmap(mapped, at - begin);
  if (begin + bytes + kHugePage > end) (void)munmap(reinterpret_cast<void*>(end), begin + bytes + kHugePage - end);
  (void)madvise(reinterpret_cast<void*>(at), bytes, MADV_HUGEPAGE);
  return reinterpret_cast<void*>(at);
}
inline void UnmapHuge(void* memory, std::size_t bytes) noexcept { (void)munmap(memory, bytes); }

template <class T>
class HugeArray {
 public:
  static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);  // and all zeros is a value

  explicit HugeArray(std::size_t size) : size_(size), items_(static_cast<T*>(MapHuge(size * sizeof(T)))) {}
  ~HugeArray() { UnmapHuge(items_, size_ * sizeof(T)); }
  HugeArray(const HugeArray&) = delete;
  HugeArray& operator=(const HugeArray&) = delete;

  T& operator[](std::size_t i) noexcept { return items_[i]; }
  const T& operator[](std::size_t i) const noexcept { return items_[i]; }
  std::size_t size() const noexcept { return size_; }
  T* begin() noexcept { return items_; }
  T* end() noexcept { return items_ + size_; }

 private:
  std::size_t size_;
  T* items_;
};

}  // namespace gander

#endif  // GANDER_BASE_HUGE_ARRAY_H_
