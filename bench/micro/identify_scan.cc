// SPDX-License-Identifier: Apache-2.0
// identify/: the whole scan with the packs that ship, findings delivered.
#include <algorithm>

#include "config/rule_packs.h"
#include "identify/scanner.h"
#include "micro/measure.h"

namespace gander::bench {
namespace {

struct CountFindings final : identify::FindingSink {
  std::uint64_t findings = 0;
  void OnFinding(const identify::Finding&) noexcept override { ++findings; }
};

std::shared_ptr<const identify::RuleSet> ShippedRules() {
  static const std::shared_ptr<const identify::RuleSet> kRules = [] {
    auto sources = config::LoadRulePacks({GANDER_SOURCE_DIR "/rules"});
    auto rules = sources ? identify::RuleSet::Compile(std::move(*sources)) : Failure(sources.error());
    return rules ? *rules : nullptr;
  }();
  return kRules;
}

// A text in pieces of `range(0)` bytes. An item is a finding where there are any, else a piece.
void Scan(benchmark::State& state, Density density) {
  const auto rules = ShippedRules();
  if (rules == nullptr) return state.SkipWithError("the packs do not compile");
  const std::vector<std::string_view> pieces =
      Pieces(WebText(density), static_cast<std::size_t>(state.range(0)));
  identify::Scanner scanner(rules, {}, HashKey{1, 2});
  identify::TextState text_state;
  CountFindings sink;
  for (auto _ : state) ScanPieces(scanner, text_state, pieces, sink);
  const std::uint64_t found =
      sink.findings / std::max<std::uint64_t>(1, static_cast<std::uint64_t>(state.iterations()));
  state.counters["findings"] = static_cast<double>(found);
  Report(state, density == Density::kDense ? found : pieces.size(), WebText(density).size());
}
BENCHMARK_CAPTURE(Scan, clean, Density::kClean)->Arg(16384)->Arg(1460);
BENCHMARK_CAPTURE(Scan, sparse, Density::kSparse)->Arg(16384)->Arg(1460);
BENCHMARK_CAPTURE(Scan, dense, Density::kDense)->Arg(16384)->Arg(1460);

}  // namespace
}  // namespace gander::bench
