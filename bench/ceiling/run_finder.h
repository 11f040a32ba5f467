// SPDX-License-Identifier: Apache-2.0
// The least a scanner for personal data must do: one AVX2 pass for digit runs and '@', and scalar validators
// that walk back from where a run ends. Finds cards, IBANs, US and Chinese national numbers, phones, dates
// and mail addresses; no context, no tails between pieces, no findings but counts.
#ifndef GANDER_BENCH_CEILING_RUN_FINDER_H_
#define GANDER_BENCH_CEILING_RUN_FINDER_H_

#include <cstdint>
#include <string_view>

namespace gander::bench {

struct RunCounts {
  std::uint64_t candidates = 0, card = 0, iban = 0, ssn = 0, resident_id = 0, phone = 0, date = 0, mail = 0;
  std::uint64_t Sum() const noexcept { return card + iban + ssn + resident_id + phone + date + mail; }
};

void FindRuns(std::string_view text, RunCounts& counts) noexcept;

}  // namespace gander::bench

#endif  // GANDER_BENCH_CEILING_RUN_FINDER_H_
