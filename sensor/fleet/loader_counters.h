// SPDX-License-Identifier: Apache-2.0
// What the loader did, as a file of Prometheus' exposition format.
#ifndef GANDER_FLEET_LOADER_COUNTERS_H_
#define GANDER_FLEET_LOADER_COUNTERS_H_

#include <array>
#include <cstdint>
#include <string>

#include "fleet/database.h"

namespace gander::fleet {

struct LoaderCounters {
  Taken taken;
  std::uint64_t batches = 0, ignored = 0, waits = 0, uncommitted = 0;
  std::uint64_t judgements = 0, judged = 0;  // `judged`: collectors
  std::array<std::uint64_t, static_cast<std::size_t>(kLastRefusal) + 1> refused{};  // here; `taken.refused` has all
  std::int64_t lag = 0;
  bool broker = true, database = true;
};

std::string RenderCounters(const LoaderCounters& counters);

}  // namespace gander::fleet

#endif  // GANDER_FLEET_LOADER_COUNTERS_H_
