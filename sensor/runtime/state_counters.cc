// SPDX-License-Identifier: Apache-2.0
#include "runtime/state_counters.h"

namespace gander::runtime {
namespace {

template <class Struct>
void Append(std::vector<report::NamedCounter>& out, const char* group, const Struct& counters) {
  for (const auto& n : Struct::kNames) out.push_back({group, n.name, n.help, counters.*(n.cell)});
}

}  // namespace

std::vector<report::NamedCounter> NamedCounters(const WorkerTotals& totals, const report::Quarantine* quarantine,
                                                const ExcerptCounters* excerpts) {
  std::vector<report::NamedCounter> out;
  Append(out, "decoder", totals.decode);
  Append(out, "flow", totals.worker);
  Append(out, "tcp", totals.stream);
  Append(out, "sctp", totals.sctp);
  Append(out, "content", totals.content);
  Append(out, "identify", totals.identify);
  if (quarantine != nullptr) Append(out, "quarantine", quarantine->counters());
  if (excerpts != nullptr) Append(out, "excerpt", *excerpts);
  return out;
}

}  // namespace gander::runtime
