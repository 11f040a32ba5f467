// SPDX-License-Identifier: Apache-2.0
// gander rules check|test|list|bench
#include <algorithm>
#include <cstdio>

#include "app/options.h"
#include "app/verbs.h"
#include "config/rule_packs.h"
#include "identify/rule_bench.h"

namespace gander::app {
namespace {

struct Loaded {
  std::shared_ptr<const identify::RuleSet> rules;
  std::size_t packs = 0, examples = 0, counter_examples = 0;
};

// `cache` as in identify.cache: checking a pack leaves it compiled for the run that follows.
Result<Loaded> Load(const std::vector<std::string>& paths, const std::string& cache = "") {
  auto sources = config::LoadRulePacks(paths.empty() ? std::vector<std::string>{ShippedRules()} : paths);
  if (!sources) return Failure(sources.error());
  Loaded out;
  std::vector<std::string> files;
  for (const identify::RuleSource& s : *sources) {
    files.push_back(s.file);
    out.examples += s.match.size();
    out.counter_examples += s.no_match.size();
  }
  std::sort(files.begin(), files.end());
  out.packs = static_cast<std::size_t>(std::unique(files.begin(), files.end()) - files.begin());
  auto rules = identify::RuleSet::Compile(std::move(*sources), cache);
  if (!rules) return Failure(rules.error());
  out.rules = std::move(*rules);
  return out;
}

int Check(const std::vector<std::string>& paths, bool say_examples) {
  auto loaded = Load(paths);
  if (!loaded) return Complain(loaded.error());
  if (say_examples) {
    std::printf("%zu passed, 0 failed: %zu examples that must match, %zu that must not, of %zu rules in %zu packs\n",
                loaded->examples + loaded->counter_examples, loaded->examples, loaded->counter_examples,
                loaded->rules->rules().size(), loaded->packs);
  } else {
    std::printf("rules are good: %zu rules in %zu packs\n", loaded->rules->rules().size(), loaded->packs);
  }
  return kDone;
}

int List(const std::vector<std::string>& paths) {
  auto loaded = Load(paths);
  if (!loaded) return Complain(loaded.error());
  std::printf("%-28s %-8s %-6s %-12s %-11s %s\n", "ID", "SID", "REGION", "CLASS", "SENSITIVITY", "TITLE");
  for (const identify::RuleInfo& r : loaded->rules->rules()) {
    std::printf("%-28s %-8u %-6s %-12s %-11s %s\n", r.id.c_str(), r.sid, r.region.c_str(), r.data_class.c_str(),
                identify::NameOf(r.sensitivity), r.title.c_str());
  }
  return kDone;
}

void WarnOfSlow(const identify::RuleInfo& rule, double rate) {
  char cause[160];
  std::snprintf(cause, sizeof cause, "rule %s: its expression reads %.3f GB of text a second; a good one more than 1",
                rule.id.c_str(), rate / 1e9);
  const Error slow{rule.pack, rule.line, cause,
                   "build it around a word that is rare in text, without a wide class before or behind it, or write a "
                   "template"};
  std::fprintf(stderr, "gander: warning: %s\n", slow.ToString().c_str());
}

int Bench(const std::vector<std::string>& paths) {
  // Measured now, not when the cache was filled.
  auto loaded = Load(paths, "off");
  if (!loaded) return Complain(loaded.error());
  const identify::RuleSet& rules = *loaded->rules;
  const identify::LiteralBuild& build = rules.literal_build();
  const identify::RuleBench bench = identify::MeasureRules(loaded->rules);
  const auto row = [](const char* what, double rate, const char* note) {
    std::printf("%-40s %8.3f %s\n", what, rate / 1e9, note);
  };
  std::printf("%zu rules in %zu packs on %zu KiB of sample text; GB of text for each second of processor time\n",
              rules.rules().size(), loaded->packs, bench.sample_bytes / 1024);
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
  return kDone;
}

}  // namespace

void AddRules(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("rules", "check, test, list or time rule packs");
  verb->require_subcommand(1);
  verb->footer("Examples:\n  gander rules test rules/europe.yaml\n  gander rules list\n"
               "Without a path the packs that came with Gander are meant.");
  auto paths = std::make_shared<std::vector<std::string>>();
  const auto add = [&](const char* name, const char* help, auto action) {
    CLI::App* sub = verb->add_subcommand(name, help);
    sub->add_option("path,--rules", *paths, "pack files or folders");
    sub->callback([paths, action, &exit_code] { exit_code = action(*paths); });
  };
  add("check", "compile the packs", [](const auto& p) { return Check(p, false); });
  add("test", "compile the packs and run the examples inside them", [](const auto& p) { return Check(p, true); });
  add("list", "what is recognised", [](const auto& p) { return List(p); });
  add("bench", "how fast the packs run on this processor, and which expressions are slow",
      [](const auto& p) { return Bench(p); });
}

}  // namespace gander::app
