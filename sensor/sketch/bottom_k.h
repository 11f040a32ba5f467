// SPDX-License-Identifier: Apache-2.0
// The k smallest tags of a set: how much two sets share, read from 4 KiB each (K. Beyer et al., "On synopses for
// distinct-value estimation under multiset operations", 2007). Tags must be uniform, and keyed alike in sets that are
// compared. The state depends on the set of tags alone.
#ifndef GANDER_SKETCH_BOTTOM_K_H_
#define GANDER_SKETCH_BOTTOM_K_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/snapshot_io.h"

namespace gander::sketch {

class BottomK {
 public:
  static constexpr std::size_t kTags = 512;

  void Insert(std::uint64_t tag);
  void Merge(const BottomK& other);

  // Distinct tags; exact below kTags, else with a relative standard error of 1 / sqrt(kTags - 2), 4.4 %.
  double Estimate() const noexcept;
  // Share of the tags of either set that are in both (Jaccard), 0..1; 0 when one is empty. Of large sets the standard
  // error is sqrt(J (1 - J) / kTags): 0.020 at 0.30.
  static double Overlap(const BottomK& a, const BottomK& b) noexcept;

  bool empty() const noexcept { return tags_.empty(); }
  std::size_t bytes() const noexcept { return tags_.capacity() * sizeof(std::uint64_t); }
  bool operator==(const BottomK&) const = default;

  void Save(SnapshotWriter& out) const;
  void Load(SnapshotReader& in);

 private:
  std::vector<std::uint64_t> tags_;  // sorted, at most kTags
};

}  // namespace gander::sketch

#endif  // GANDER_SKETCH_BOTTOM_K_H_
