// SPDX-License-Identifier: Apache-2.0
// How `detect.memory` is divided among the tables of the aggregator (DETECTION.md §4, "Ceiling"). The epoch tables of
// workers have caps of their own (detect.epoch_*) and are taken beside it.
#ifndef GANDER_DETECT_STATE_MEMORY_SHARE_H_
#define GANDER_DETECT_STATE_MEMORY_SHARE_H_

#include <cstddef>
#include <cstdint>

#include "detect/options.h"

namespace gander::detect {

enum class Table : std::uint8_t {
  kCollectors,  // D03
  kSlowPairs,   // D05
  kScraping,    // D06
  kDns,         // D09
  kBeacons,     // D11
  kBaselines,   // D12
  kRollUps,     // counters of a year
  kLegalMeters, // D21
  kSessions,    // open sessions of the book
  kRun,         // the book's account of the run
  kMovements,   // D04, D07, D08, D20, D21: KeysWithin in moved_sums.h
  kOther,
};

// In thousandths; they sum to 1,000.
inline constexpr std::uint32_t kShareOf[] = {280, 190, 25, 90, 85, 15, 45, 15, 90, 90, 60, 15};

constexpr std::size_t CeilingOf(const Options& options, Table table) noexcept {
  return static_cast<std::size_t>(options.memory / 1000 * kShareOf[static_cast<std::size_t>(table)]);
}

// So many keys of about `bytes` each, with what a container adds, fit into the share of `table`; never more than
// max_keys.
constexpr std::size_t KeysIn(const Options& options, Table table, std::size_t bytes) noexcept {
  const std::size_t fit = CeilingOf(options, table) / bytes;
  return fit < options.max_keys ? fit : options.max_keys;
}

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_MEMORY_SHARE_H_
