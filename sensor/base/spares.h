// SPDX-License-Identifier: Apache-2.0
// Memory that many objects need one after the other, few at a time: it goes from one to the next. Whoever is idle holds
// none, and it has grown to its size once a few have used it, not once each of them has.
#ifndef GANDER_BASE_SPARES_H_
#define GANDER_BASE_SPARES_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/renew.h"

namespace gander {

// At most `kMost` are kept; what comes back beyond that is freed.
template <class T, std::size_t kMost = 256>
class Spares {
 public:
  Spares() { spare_.reserve(kMost); }

  // As its last holder left it, or freshly made.
  std::unique_ptr<T> Take() {
    if (spare_.empty()) return std::make_unique<T>();
    std::unique_ptr<T> taken = std::move(spare_.back());
    spare_.pop_back();
    return taken;
  }
  void Give(std::unique_ptr<T> one) noexcept {
    if (one != nullptr && spare_.size() < kMost) spare_.push_back(std::move(one));
  }

 private:
  std::vector<std::unique_ptr<T>> spare_;
};

// One of the thread's spares while it is needed, for what has no owner it could ask.
template <class T, std::size_t kMost = 256>
class Borrowed {
 public:
  Borrowed() = default;
  Borrowed(Borrowed&&) noexcept = default;
  Borrowed& operator=(Borrowed&& other) noexcept {
    std::swap(one_, other.one_);
    return *this;
  }
  ~Borrowed() { GiveBack(); }

  explicit operator bool() const noexcept { return one_ != nullptr; }
  // Of an object that was taken.
  T* operator->() const noexcept { return one_.get(); }
  T& operator*() const noexcept { return *one_; }

  // Empty (see Empty() in renew.h), unless it was taken before.
  T& Take() {
    if (one_ == nullptr) one_ = spares().Take();
    return *one_;
  }
  void GiveBack() noexcept {
    if (one_ == nullptr) return;
    Empty(*one_);
    spares().Give(std::move(one_));
  }

 private:
  static Spares<T, kMost>& spares() {
    static thread_local Spares<T, kMost> of_thread;
    return of_thread;
  }

  std::unique_ptr<T> one_;
};

}  // namespace gander

#endif  // GANDER_BASE_SPARES_H_
