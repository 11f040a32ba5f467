// SPDX-License-Identifier: Apache-2.0
// gander rules check|test|list|explain|bench|import
#include "app/options.h"
#include "app/rules_verbs.h"
#include "app/verbs.h"

namespace gander::app {

void AddRules(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("rules", "check, test, list, explain, time or import rule packs");
  verb->require_subcommand(1);
  verb->footer("Examples:\n  gander rules check rules/europe.yaml\n  gander rules explain us.ssn\n"
               "  gander rules import gitleaks gitleaks.toml > imported.yaml\n"
               "Without a path the packs that came with Gander are meant.");
  auto paths = std::make_shared<Paths>();
  auto flag = std::make_shared<bool>(false);
  auto word = std::make_shared<std::string>();
  const auto add = [&](const char* name, const char* help, auto action) {
    CLI::App* sub = verb->add_subcommand(name, help);
    sub->callback([action, &exit_code] { exit_code = action(); });
    return sub;
  };
  const auto add_paths = [&](CLI::App* sub) { sub->add_option("path,--rules", *paths, "pack files or folders"); };

  CLI::App* check = add("check", "compile the packs: every error, and what is slow or weak",
                        [=] { return CheckRules(*paths, *flag); });
  add_paths(check);
  check->add_flag("--strict", *flag, "warnings are errors too");
  add_paths(add("test", "run the examples inside the packs: each that fails", [=] { return TestRules(*paths); }));
  CLI::App* list = add("list", "what is recognised, where it is written and how it is tested",
                       [=] { return word->empty() ? ListRules(*paths, *flag) : TableOfRules(*paths, *word); });
  add_paths(list);
  CLI::Option* json = list->add_flag("--json", *flag, "one JSON array");
  list->add_option("--table", *word, "the catalogue with its tests, references and peers")
      ->check(CLI::IsMember({"markdown", "tsv"}))
      ->excludes(json);
  CLI::App* explain = add("explain", "what one rule matches and when it counts, in words",
                          [=] { return ExplainRule(*paths, *word); });
  explain->add_option("id", *word, "the rule")->required();
  explain->add_option("--rules", *paths, "pack files or folders");
  CLI::App* bench = add("bench", "what each rule costs on this processor, and which cost more than their share",
                        [=] { return BenchRules(*paths, *flag); });
  add_paths(bench);
  bench->add_flag("--quick", *flag, "the whole and the expressions, not each rule");
  auto format = std::make_shared<std::string>();
  auto sid = std::make_shared<std::uint32_t>(0);
  CLI::App* import = add("import",
                         "rules of another tool as a pack on standard output; what was not taken on standard error",
                         [=] { return ImportRules(*format, *word, *sid); });
  import->add_option("format", *format, "whose rules they are")
      ->required()
      ->check(CLI::IsMember({"snort", "suricata", "gitleaks"}));
  import->add_option("file", *word, "rule file, or gitleaks' TOML")->required();
  import->add_option("--sid-base", *sid, "sid of the first rule; without it, one that belongs to the file's name")
      ->check(CLI::Range(3'000'000U, 4'294'000'000U));
}

}  // namespace gander::app
