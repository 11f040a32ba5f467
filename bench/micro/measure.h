// SPDX-License-Identifier: Apache-2.0
// What every micro-benchmark reports, and the texts they share.
#ifndef GANDER_BENCH_MICRO_MEASURE_H_
#define GANDER_BENCH_MICRO_MEASURE_H_

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "identify/scanner.h"

namespace gander::bench {

// After the loop: items and bytes of one iteration become items/s, bytes/s and the time of one item. The
// clock is processor time.
inline void Report(benchmark::State& state, std::uint64_t items, std::uint64_t bytes = 0) {
  const auto rounds = static_cast<std::int64_t>(state.iterations());
  state.SetItemsProcessed(rounds * static_cast<std::int64_t>(items));
  if (bytes > 0) state.SetBytesProcessed(rounds * static_cast<std::int64_t>(bytes));
  state.counters["per_item"] =
      benchmark::Counter(static_cast<double>(items),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

enum class Density { kClean, kSparse, kDense };
inline const char* NameOf(Density d) {
  return d == Density::kClean ? "clean" : d == Density::kSparse ? "sparse" : "dense";
}

// As the corpora of the end-to-end runs: pages, JSON, logs and scripts with nobody in them; the same with a
// person in about every 100 KB; a table of people.
const std::string& WebText(Density density);

// Views of `text`, `size` bytes each but for the last.
std::vector<std::string_view> Pieces(std::string_view text, std::size_t size);

// Scans one text that comes in `pieces`.
void ScanPieces(identify::Scanner& scanner, identify::TextState& text, const std::vector<std::string_view>& pieces,
                identify::FindingSink& sink);

}  // namespace gander::bench

#endif  // GANDER_BENCH_MICRO_MEASURE_H_
