// SPDX-License-Identifier: Apache-2.0
// Objects of one kind that go from one holder to the next: in steady state none is made, whoever is idle holds none,
// and memory follows how many are needed at a time.
#ifndef GANDER_BASE_POOL_H_
#define GANDER_BASE_POOL_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/renew.h"

namespace gander {

template <class T>
class Pool {
 public:
  using Make = std::function<std::unique_ptr<T>()>;

  // At most `keep` idle objects stay; what comes back beyond that is freed.
  explicit Pool(std::size_t keep, Make make = [] { return std::make_unique<T>(); }) : keep_(keep), make_(std::move(make)) {
    idle_.reserve(keep);
  }

  // As its last holder left it, or freshly made.
  std::unique_ptr<T> Take() {
    if (idle_.empty()) return make_();
    std::unique_ptr<T> taken = std::move(idle_.back());
    idle_.pop_back();
    return taken;
  }
  // Null is nothing.
  void Give(std::unique_ptr<T> one) noexcept {
    if (one != nullptr && idle_.size() < keep_) idle_.push_back(std::move(one));
  }
  // Frees those nobody holds.
  void DropIdle() noexcept { idle_.clear(); }

 private:
  std::size_t keep_;
  Make make_;
  std::vector<std::unique_ptr<T>> idle_;
};

// One of the thread's pool while it is needed, for what has no owner it could ask.
template <class T, std::size_t kKeep = 256>
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
    if (one_ == nullptr) one_ = pool().Take();
    return *one_;
  }
  void GiveBack() noexcept {
    if (one_ == nullptr) return;
    Empty(*one_);
    pool().Give(std::move(one_));
  }

 private:
  static Pool<T>& pool() {
    static thread_local Pool<T> of_thread(kKeep);
    return of_thread;
  }

  std::unique_ptr<T> one_;
};

}  // namespace gander

#endif  // GANDER_BASE_POOL_H_
