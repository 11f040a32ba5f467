// SPDX-License-Identifier: Apache-2.0
// "Raw best": the run finder and one Hyperscan pass of 68 literals over payload in blocks of 16 KB, and
// nothing else.
#ifndef GANDER_BENCH_CEILING_RAW_BEST_H_
#define GANDER_BENCH_CEILING_RAW_BEST_H_

#include <string_view>

#include "ceiling/expressions.h"
#include "ceiling/run_finder.h"

namespace gander::bench {

inline std::uint64_t RawBest(const Database& literals, std::string_view text) {
  RunCounts counts;
  std::uint64_t matches = 0;
  for (std::size_t at = 0; at < text.size(); at += kScanBlock) {
    const std::string_view block = text.substr(at, kScanBlock);
    matches += literals.Count(block);
    FindRuns(block, counts);
  }
  return matches + counts.Sum();
}

}  // namespace gander::bench

#endif  // GANDER_BENCH_CEILING_RAW_BEST_H_
