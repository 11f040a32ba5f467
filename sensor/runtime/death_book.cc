// SPDX-License-Identifier: Apache-2.0
#include "runtime/death_book.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gander::runtime {

void DeathBook::Take(std::vector<report::PoisonFlow>& flows) {
  std::move(flows.begin(), flows.end(), std::back_inserter(flows_));
  flows.clear();
}

report::RestartGap DeathBook::Gap(Timestamp end) const {
  const supervise::Death& last = past_.last;
  report::RestartGap gap{NameOf(last.cause), supervise::NameOfSignal(last.signal), past_.all_deaths(),
                         supervise::ShownFlow(past_.flow_seed, last.flow), {}, {}};
  gap.begin = {last.read_until_ns != 0 ? last.read_until_ns : last.time_ns};
  gap.end = std::max(gap.begin, end);
  return gap;
}

std::vector<report::BlindSpot> DeathBook::TakeNews(Timestamp first, Timestamp last, Timestamp now, bool final) {
  std::vector<report::BlindSpot> news;
  const bool reads = last != kDistantPast;
  if (!gap_told_ && (reads || final)) {
    gap_told_ = true;
    news.emplace_back().restart = Gap(reads ? first : now);
  }
  for (report::PoisonFlow& flow : std::exchange(flows_, {})) news.emplace_back().flow = std::move(flow);
  return news;
}

report::Supervision DeathBook::Describe() const {
  report::Supervision out;
  out.on = past_.flow_seed != 0;
  if (!out.on) return out;
  for (std::size_t i = 0; i < supervise::kCauses; ++i) {
    out.restarts[NameOf(static_cast<supervise::Cause>(i))] = past_.deaths[i];
  }
  out.last_death = {past_.last.time_ns};
  out.poison_flows = past_.poison_flows().size();
  return out;
}

}  // namespace gander::runtime
