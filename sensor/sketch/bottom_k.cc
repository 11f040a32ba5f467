// SPDX-License-Identifier: Apache-2.0
#include "sketch/bottom_k.h"

#include <algorithm>

namespace gander::sketch {

void BottomK::Insert(std::uint64_t tag) {
  if (tags_.size() == kTags && tag >= tags_.back()) return;
  const auto at = std::lower_bound(tags_.begin(), tags_.end(), tag);
  if (at != tags_.end() && *at == tag) return;
  const auto place = at - tags_.begin();
  if (tags_.size() == kTags) tags_.pop_back();
  if (tags_.size() == tags_.capacity()) tags_.reserve(std::min(kTags, std::max<std::size_t>(16, 2 * tags_.size())));
  tags_.insert(tags_.begin() + place, tag);
}

void BottomK::Merge(const BottomK& other) {
  for (std::uint64_t tag : other.tags_) {
    if (tags_.size() == kTags && tag >= tags_.back()) break;
    Insert(tag);
  }
}

double BottomK::Estimate() const noexcept {
  if (tags_.size() < kTags) return static_cast<double>(tags_.size());
  constexpr double kAll = 18446744073709551616.0;  // 2^64
  return static_cast<double>(kTags - 1) * kAll / static_cast<double>(tags_.back());
}

// Among the kTags smallest of the union, which both sets show wholly, the share of those that are in both.
double BottomK::Overlap(const BottomK& a, const BottomK& b) noexcept {
  std::size_t i = 0, k = 0, seen = 0, common = 0;
  while (seen < kTags && (i < a.tags_.size() || k < b.tags_.size())) {
    const bool has_a = i < a.tags_.size(), has_b = k < b.tags_.size();
    ++seen;
    if (has_a && has_b && a.tags_[i] == b.tags_[k]) {
      ++common;
      ++i;
      ++k;
    } else if (!has_b || (has_a && a.tags_[i] < b.tags_[k])) {
      ++i;
    } else {
      ++k;
    }
  }
  return seen == 0 ? 0.0 : static_cast<double>(common) / static_cast<double>(seen);
}

void BottomK::Save(SnapshotWriter& out) const {
  out.U32(static_cast<std::uint32_t>(tags_.size()));
  for (std::uint64_t tag : tags_) out.U64(tag);
}

void BottomK::Load(SnapshotReader& in) {
  tags_.clear();
  const std::size_t n = in.Count(sizeof(std::uint64_t));
  if (n > kTags) return in.Fail();
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t tag = in.U64();
    if (!tags_.empty() && tag <= tags_.back()) return in.Fail();
    tags_.push_back(tag);
  }
}

}  // namespace gander::sketch
