// SPDX-License-Identifier: Apache-2.0
// gander config check|show|schema
#include <cstdio>

#include "app/options.h"
#include "app/outcome.h"
#include "app/verbs.h"
#include "report/metrics/metrics.h"

namespace gander::app {
namespace {

int Check(const ConfigOptions& options) {
  auto settings = LoadSettings(options);
  if (!settings) return Complain(settings.error());
  auto snapshot = config::BuildSnapshot(std::move(*settings), ShippedRules(), Now());
  if (!snapshot) return Complain(snapshot.error());
  const report::MetricsOptions& metrics = (*snapshot)->settings.report.metrics;
  if (!metrics.listen.empty()) {
    if (auto good = report::CheckMetricsOptions(metrics); !good) return Complain(good.error());
  }
  if (auto fleet = OpenFleetKey((*snapshot)->settings); !fleet) return Complain(fleet.error());
  for (const Error& w : (*snapshot)->warnings) std::fprintf(stderr, "gander: warning: %s\n", w.ToString().c_str());
  std::printf("configuration is good: %zu rules, %zu zones, %zu register entries, %zu warnings\n",
              (*snapshot)->rules->rules().size(), (*snapshot)->policy->zones().size(),
              (*snapshot)->policy->transfers().size(), (*snapshot)->warnings.size());
  return kDone;
}

// As YAML that can be read back: groups become nested maps.
// With `effective`, where each value came from stands in the place of its meaning.
int Show(const ConfigOptions& options, bool effective) {
  config::Origins origins;
  auto settings = LoadSettings(options, &origins);
  if (!settings) return Complain(settings.error());
  std::string open;  // path of the group that is open
  for (const config::SettingInfo& s : config::DescribeSettings(*settings)) {
    const std::string group = s.path.substr(0, s.path.rfind('.'));
    if (group != open) {
      std::size_t begin = 0, depth = 0;
      while (begin <= group.size()) {
        const std::size_t end = std::min(group.find('.', begin), group.size());
        if (open != group.substr(0, end) && !open.starts_with(group.substr(0, end) + ".")) {
          std::printf("%*s%s:\n", static_cast<int>(depth * 2), "", group.substr(begin, end - begin).c_str());
        }
        begin = end + 1;
        ++depth;
      }
      open = group;
    }
    const auto depth = static_cast<int>(std::count(s.path.begin(), s.path.end(), '.'));
    const std::string line = s.path.substr(s.path.rfind('.') + 1) + ": " + s.shown;
    const auto origin = origins.find(s.path);
    const std::string remark = !effective                ? s.help + " (" + s.type + ")"
                               : origin == origins.end() ? "default"
                                                         : origin->second;
    std::printf("%*s%-40s  # %s\n", depth * 2, "", line.c_str(), remark.c_str());
  }
  return kDone;
}

}  // namespace

void AddConfig(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("config", "check or show the configuration, print its schema");
  verb->require_subcommand(1);
  verb->footer("Examples:\n  gander config check --config gander.yaml\n  gander config show > gander.yaml\n"
               "  gander config show --effective --config gander.yaml | grep -v '# default'\n"
               "  gander config schema > gander.schema.json");
  auto options = std::make_shared<ConfigOptions>();
  CLI::App* check = verb->add_subcommand("check", "read everything the configuration names and say whether it is good");
  AddConfigOptions(*check, *options);
  check->callback([options, &exit_code] { exit_code = Check(*options); });
  CLI::App* show = verb->add_subcommand("show", "print every setting in force, as YAML with its meaning");
  AddConfigOptions(*show, *options);
  auto effective = std::make_shared<bool>(false);
  show->add_option("--profile", options->profile, "profile on top of the configuration, see dpdk-config/");
  show->add_flag("--effective", *effective, "say which line each value comes from: file:line, --set, --rules or default");
  show->callback([options, effective, &exit_code] { exit_code = Show(*options, *effective); });
  CLI::App* schema = verb->add_subcommand("schema", "print the JSON Schema of a configuration file");
  schema->callback([&exit_code] {
    std::puts(config::SettingsSchema().c_str());
    exit_code = kDone;
  });
}

}  // namespace gander::app
