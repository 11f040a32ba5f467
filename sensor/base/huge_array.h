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

template <class T>
class HugeArray {
 public:
  static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);  // and all zeros is a value

  explicit HugeArray(std::size_t size) : size_(size) {
    // One huge page more than is needed, so that the array can begin at the edge of one.
    mapped_ = mmap(nullptr, MappedBytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped_ == MAP_FAILED) throw std::bad_alloc();
    const auto at = (reinterpret_cast<std::uintptr_t>(mapped_) + kHugePage - 1) & ~(kHugePage - 1);
    items_ = reinterpret_cast<T*>(at);
    (void)madvise(items_, size_ * sizeof(T), MADV_HUGEPAGE);
  }
  ~HugeArray() { munmap(mapped_, MappedBytes()); }
  HugeArray(const HugeArray&) = delete;
  HugeArray& operator=(const HugeArray&) = delete;

  T& operator[](std::size_t i) noexcept { return items_[i]; }
  const T& operator[](std::size_t i) const noexcept { return items_[i]; }
  std::size_t size() const noexcept { return size_; }
  T* begin() noexcept { return items_; }
  T* end() noexcept { return items_ + size_; }

 private:
  static constexpr std::uintptr_t kHugePage = 2 << 20;
  std::size_t MappedBytes() const noexcept { return size_ * sizeof(T) + kHugePage; }

  std::size_t size_;
  void* mapped_;
  T* items_;
};

}  // namespace gander

#endif  // GANDER_BASE_HUGE_ARRAY_H_
