// SPDX-License-Identifier: Apache-2.0
// Findings of a window on their way into order. Finders run a few values ahead of each other, so most arrive near their
// place and are moved there at once; those that waited for evidence or for a neighbour arrive late, in an order of
// their own, and are merged when all are there.
#ifndef GANDER_IDENTIFY_FINDING_LIST_H_
#define GANDER_IDENTIFY_FINDING_LIST_H_

#include <algorithm>
#include <cstddef>
#include <vector>

#include "identify/finding.h"

namespace gander::identify {

// `kBefore(a, b)`: whether `a` comes first; a strict weak order.
template <bool (*kBefore)(const Finding&, const Finding&) noexcept>
class FindingList {
 public:
  void Reserve(std::size_t n) {
    list_.reserve(n);
    late_.reserve(n);
  }
  bool empty() const noexcept { return list_.empty() && late_.empty(); }
  void Clear() noexcept {
    list_.clear();
    late_.clear();
    in_order_ = true;
  }
  template <class Iterator>
  void Assign(Iterator begin, Iterator end) {
    Clear();
    list_.assign(begin, end);
  }

  // A finding is written where it will lie, since a copy of what was just written in small parts would wait for each of
  // them; then it is put into its place, or taken back.
  Finding& Append() { return list_.emplace_back(); }
  void TakeBack() noexcept { list_.pop_back(); }
  void Place() noexcept {
    const Finding* const at = &list_.back();
    if (at != list_.data() && kBefore(*at, at[-1])) MoveBack();
  }
  void Add(const Finding& finding) {
    list_.push_back(finding);
    Place();
  }
  // One that belongs far before the last.
  void AddLate(const Finding& finding) { late_.push_back(finding); }

  // All of them, in order; may be changed as long as it stays so.
  std::vector<Finding>& InOrder() {
    if (!in_order_) std::sort(list_.begin(), list_.end(), kBefore);
    in_order_ = true;
    if (!late_.empty()) MergeLate();
    return list_;
  }

 private:
  // Where the place is not near (a column of names read behind a whole window of numbers), one sort is cheaper than
  // many moves.
  static constexpr std::ptrdiff_t kNear = 16;

  void MoveBack() noexcept {
    Finding* at = &list_.back();
    const Finding* const stop = at - std::min<std::ptrdiff_t>(kNear, at - list_.data());
    const Finding finding = *at;
    do {
      *at = at[-1];
      --at;
    } while (at != stop && kBefore(finding, at[-1]));
    *at = finding;
    in_order_ = in_order_ && (at == list_.data() || !kBefore(finding, at[-1]));
  }

  // From the end on, in place.
  void MergeLate() {
    if (!std::is_sorted(late_.begin(), late_.end(), kBefore)) std::sort(late_.begin(), late_.end(), kBefore);
    std::size_t early = list_.size();
    list_.resize(list_.size() + late_.size());
    for (auto to = list_.end(); !late_.empty();) {
      if (early > 0 && kBefore(late_.back(), list_[early - 1])) {
        *--to = list_[--early];
      } else {
        *--to = late_.back();
        late_.pop_back();
      }
    }
  }

  std::vector<Finding> list_, late_;
  bool in_order_ = true;  // list_ is
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_FINDING_LIST_H_
