// SPDX-License-Identifier: Apache-2.0
// A worker's excerpts of an epoch: one for each pair of addresses, of kMaxPairs pairs. Which are kept depends on the
// excerpts alone, so that those of several workers put together are those that one would have kept.
#ifndef GANDER_RUNTIME_EPOCH_EXCERPTS_H_
#define GANDER_RUNTIME_EPOCH_EXCERPTS_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "report/quarantine/excerpt.h"

namespace gander::runtime {

// In either direction the same.
using AddressPair = std::pair<IpAddress, IpAddress>;
inline AddressPair PairOf(const FiveTuple& tuple) { return std::minmax(tuple.source, tuple.destination); }

class EpochExcerpts {
 public:
  static constexpr std::size_t kMaxPairs = 256;

  // Whether Add() would keep it. One that finds no room is counted.
  bool Wants(const FiveTuple& tuple, const report::ExcerptKey& key);
  void Add(report::Excerpt excerpt);
  void Merge(EpochExcerpts& other);  // takes them
  void Clear();

  const std::map<AddressPair, report::Excerpt>& kept() const noexcept { return kept_; }
  std::map<AddressPair, report::Excerpt>& kept() noexcept { return kept_; }
  std::uint64_t refused() const noexcept { return refused_; }

 private:
  std::map<AddressPair, report::Excerpt>::iterator Largest();

  std::map<AddressPair, report::Excerpt> kept_;
  std::uint64_t refused_ = 0;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_EPOCH_EXCERPTS_H_
