// SPDX-License-Identifier: Apache-2.0
// Keeps what flows have given back, so that steady state allocates nothing.
#ifndef GANDER_RUNTIME_POOL_H_
#define GANDER_RUNTIME_POOL_H_

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace gander::runtime {

template <class T>
class Pool {
 public:
  // At most `keep` idle objects stay; what comes back beyond that is freed.
  Pool(std::size_t keep, std::function<std::unique_ptr<T>()> make) : keep_(keep), make_(std::move(make)) {
    idle_.reserve(keep);
  }

  std::unique_ptr<T> Take() {
    if (idle_.empty()) return make_();
    std::unique_ptr<T> out = std::move(idle_.back());
    idle_.pop_back();
    return out;
  }

  void Give(std::unique_ptr<T> object) noexcept {
    if (object != nullptr && idle_.size() < keep_) idle_.push_back(std::move(object));
  }

 private:
  std::size_t keep_;
  std::function<std::unique_ptr<T>()> make_;
  std::vector<std::unique_ptr<T>> idle_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_POOL_H_
