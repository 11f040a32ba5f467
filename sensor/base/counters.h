// SPDX-License-Identifier: Apache-2.0
// Counters are plain cells with one writer. A room declares a struct of cells and, beside it, a table
// that names them; report/ walks the tables, so a new counter shows up in stats and /metrics by itself.
#ifndef GANDER_BASE_COUNTERS_H_
#define GANDER_BASE_COUNTERS_H_

#include <cstdint>

namespace gander {

template <class Struct>
struct CounterName {
  const char* name;  // snake_case as in Suricata's stats where the meaning is the same
  const char* help;  // one sentence
  std::uint64_t Struct::*cell;
};

// Adds every named cell of `from` to `to`. `Struct::kNames` is an array of CounterName<Struct>.
template <class Struct>
void AddCounters(Struct& to, const Struct& from) noexcept {
  for (const auto& n : Struct::kNames) to.*(n.cell) += from.*(n.cell);
}

}  // namespace gander

#endif  // GANDER_BASE_COUNTERS_H_
