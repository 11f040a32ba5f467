// SPDX-License-Identifier: Apache-2.0
// A list that grows within the worker's unwrapping budget, up to a cap of its own.
#ifndef GANDER_CONTENT_HELD_LIST_H_
#define GANDER_CONTENT_HELD_LIST_H_

#include <span>
#include <type_traits>

#include "content/memory.h"

namespace gander::content {

template <class T>
class HeldList {
  static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= alignof(std::max_align_t));

 public:
  // `memory` outlives the list. `cap`: items.
  void Begin(Memory& memory, std::size_t cap) noexcept { bytes_.Begin(memory, cap * sizeof(T)); }
  // False when the cap or the budget forbids it.
  bool Add(const T& item) noexcept {
    return bytes_.Append({reinterpret_cast<const std::byte*>(&item), sizeof(T)});
  }

  std::size_t size() const noexcept { return bytes_.size() / sizeof(T); }
  bool empty() const noexcept { return bytes_.empty(); }
  // HeldBytes never hands out other memory than that of items that Add() put there. Writable: the list is
  // ours.
  std::span<T> items() noexcept {
    return {reinterpret_cast<T*>(const_cast<std::byte*>(bytes_.bytes().data())), size()};
  }
  std::span<const T> items() const noexcept {
    return {reinterpret_cast<const T*>(bytes_.bytes().data()), size()};
  }
  T& operator[](std::size_t i) noexcept { return items()[i]; }
  const T& operator[](std::size_t i) const noexcept { return items()[i]; }
  T& back() noexcept { return items().back(); }

  // Keeps the first `n` items.
  void Truncate(std::size_t n) noexcept { bytes_.Truncate(n * sizeof(T)); }
  void Clear() noexcept { bytes_.Clear(); }
  void Release() noexcept { bytes_.Release(); }

 private:
  HeldBytes bytes_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_HELD_LIST_H_
