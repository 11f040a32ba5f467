// SPDX-License-Identifier: Apache-2.0
// gander rules bench
#include <algorithm>
#include <cstdio>

#include "app/options.h"
#include "app/rules_verbs.h"
#include "config/rule_packs.h"
#include "identify/rule_bench.h"

namespace gander::app {
namespace {

void Warn(const identify::RuleInfo& rule, const std::string& cause, const char* remedy) {
  const Error slow{rule.pack, rule.line, "rule " + rule.id + ": " + cause, remedy};
  std::fprintf(stderr, "gander: warning: %s\n", slow.ToString().c_str());
}

void WarnOfSlow(const identify::RuleInfo& rule, double rate) {
  char cause[120];
  std::snprintf(cause, sizeof cause, "its expression reads %.3f GB of text a second; a good one more than 1",
                rate / 1e9);
  Warn(rule, cause,
       "build it around a word that is rare in text, without a wide class before or behind it, or write a template");
}

void Whole(const identify::RuleSet& rules, const identify::RuleBench& bench) {
  const identify::LiteralBuild& build = rules.literal_build();
  const auto row = [](const char* what, double rate, const char* note) {
    std::printf("%-40s %8.3f %s\n", what, rate / 1e9, note);
  };
  row("whole scan", bench.scan_rate, "");
  const std::string literals = std::to_string(build.patterns) + " literals and expressions";
  const auto variant = [&](const char* name, double rate) {
    const char* const rest = build.expressions > 0 ? "in use for expressions" : "";
    const char* const note = build.variant != name ? "" : build.filter ? rest : "in use";
    if (rate > 0) row((literals + ", " + name).c_str(), rate, note);
  };
  variant("generic", build.generic_rate);
  variant("native", build.native_rate);
  if (build.filter_rate > 0) row((literals + ", filter").c_str(), build.filter_rate, build.filter ? "in use" : "");
  for (const identify::ExpressionRate& e : bench.expressions) {
    row(("expression of " + rules.info(e.rule).id).c_str(), e.rate, e.slow() ? "slow" : "");
  }
  for (const identify::ExpressionRate& e : bench.expressions) {
    if (e.slow()) WarnOfSlow(rules.info(e.rule), e.rate);
  }
}

void Each(const identify::RuleSet& rules, std::vector<identify::RuleSource> sources, const identify::RuleBench& bench) {
  identify::RuleCosts costs = identify::MeasureEach(sources, bench.text);
  std::sort(costs.rules.begin(), costs.rules.end(), [](const auto& a, const auto& b) { return a.ns > b.ns; });
  const double whole = 1024e9 / bench.scan_rate;
  const double mean = (whole - costs.floor_ns) / static_cast<double>(sources.size());
  const double share = std::max(identify::kLeastShare, identify::kShares * mean);
  std::printf("\nns a KB of text: %.1f for all rules, %.1f without any; each rule by itself adds\n", whole,
              costs.floor_ns);
  for (const identify::RuleCost& c : costs.rules) {
    std::printf("%-40s %8.1f %s\n", sources[c.source].id.c_str(), c.ns, c.ns > share ? "over its share" : "");
  }
  for (const identify::RuleCost& c : costs.rules) {
    if (c.ns <= share) break;
    char cause[120];
    std::snprintf(cause, sizeof cause, "it adds %.1f ns a KB; a share is %.1f", c.ns, share);
    Warn(rules.info(static_cast<identify::IdType>(c.source)), cause,
         "narrow its shape or its words to what is rare in text; see \"Cost\" in rules/README.md");
  }
}

}  // namespace

int BenchRules(const Paths& paths, bool quick) {
  auto sources = config::LoadRulePacks(PacksOf(paths));
  if (!sources) return Complain(sources.error());
  // Measured now, not when the cache was filled.
  auto rules = identify::RuleSet::Compile(*sources, "off");
  if (!rules) return Complain(rules.error());
  const identify::RuleBench bench = identify::MeasureRules(*rules);
  std::printf("%zu rules in %zu packs on %zu KiB of sample text; GB of text for each second of processor time\n",
              sources->size(), FilesOf(*sources), bench.text.size() / 1024);
  Whole(**rules, bench);
  if (!quick) Each(**rules, std::move(*sources), bench);
  return kDone;
}

}  // namespace gander::app
