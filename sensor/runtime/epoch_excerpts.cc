// SPDX-License-Identifier: Apache-2.0
#include "runtime/epoch_excerpts.h"

namespace gander::runtime {

std::map<AddressPair, report::Excerpt>::iterator EpochExcerpts::Largest() {
  return std::max_element(kept_.begin(), kept_.end(),
                          [](const auto& a, const auto& b) { return a.second.key < b.second.key; });
}

bool EpochExcerpts::Wants(const FiveTuple& tuple, const report::ExcerptKey& key) {
  if (const auto at = kept_.find(PairOf(tuple)); at != kept_.end()) return key < at->second.key;
  if (kept_.size() < kMaxPairs || key < Largest()->second.key) return true;
  ++refused_;
  return false;
}

void EpochExcerpts::Add(report::Excerpt excerpt) {
  if (!Wants(excerpt.tuple, excerpt.key)) return;
  const AddressPair pair = PairOf(excerpt.tuple);
  report::Excerpt& place = kept_[pair];
  place.Wipe();
  place = std::move(excerpt);
  if (kept_.size() <= kMaxPairs) return;
  const auto largest = Largest();
  largest->second.Wipe();
  kept_.erase(largest);
  ++refused_;
}

void EpochExcerpts::Merge(EpochExcerpts& other) {
  refused_ += other.refused_;
  for (auto& [pair, excerpt] : other.kept_) Add(std::move(excerpt));
  other.Clear();
}

void EpochExcerpts::Clear() {
  for (auto& [pair, excerpt] : kept_) excerpt.Wipe();
  kept_.clear();
  refused_ = 0;
}

}  // namespace gander::runtime
