// SPDX-License-Identifier: Apache-2.0
// gander rules check|test|list
#include <algorithm>
#include <cstdio>

#include "app/options.h"
#include "app/verbs.h"
#include "config/rule_packs.h"

namespace gander::app {
namespace {

struct Loaded {
  std::shared_ptr<const identify::RuleSet> rules;
  std::size_t packs = 0, examples = 0, counter_examples = 0;
};

Result<Loaded> Load(const std::vector<std::string>& paths) {
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
  auto rules = identify::RuleSet::Compile(std::move(*sources));
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

}  // namespace

void AddRules(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("rules", "check, test or list rule packs");
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
}

}  // namespace gander::app
