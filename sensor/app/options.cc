// SPDX-License-Identifier: Apache-2.0
#include "app/options.h"

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "app/log.h"

namespace gander::app {

const char kVersion[] = GANDER_VERSION;

void AddConfigOptions(CLI::App& verb, ConfigOptions& options) {
  verb.add_option("--config,-c", options.config, "configuration file (YAML)");
  verb.add_option("--set", options.set, "override one key: --set privacy.metadata=raw")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->take_all();
  verb.add_option("--rules", options.rules, "rule packs: a file or a folder; may be repeated")
      ->type_name("DIR")
      ->allow_extra_args(false)
      ->take_all();
}

Result<config::Settings> LoadSettings(const ConfigOptions& options, config::Origins* origins) {
  config::Settings settings;
  config::Origins own;
  if (origins == nullptr) origins = &own;
  for (const std::string& file : {options.config, options.profile}) {
    if (file.empty()) continue;
    if (auto read = config::ReadSettings(file, settings, origins); !read) return Failure(read.error());
  }
  for (const std::string& assignment : options.set) {
    if (auto set = config::SetOne(assignment, settings, origins); !set) return Failure(set.error());
  }
  if (!options.rules.empty()) {
    settings.rule_paths = options.rules;
    (*origins)["identify.rules"] = "--rules";
  }
  if (auto fits = config::CheckQuarantine(settings, *origins); !fits) return Failure(fits.error());
  settings.bundle.sensor = settings.fleet.sensor.empty() ? settings.report.sensor_name : settings.fleet.sensor;
  if (auto fits = config::CheckFleet(settings, *origins, options.live); !fits) return Failure(fits.error());
  return settings;
}

std::string ShippedRules() {
  std::error_code ignored;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  // build/<preset>/gander in a source tree, else <prefix>/bin/gander.
  for (const char* relative : {"../../rules", "../share/gander/rules"}) {
    const auto path = (self.parent_path() / relative).lexically_normal();
    if (std::filesystem::is_directory(path, ignored)) return path.string();
  }
  return "/usr/share/gander/rules";
}

Timestamp Now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
}

int Complain(const Error& error, int code) {
  Log(config::LogLevel::kError, error.ToString());
  return code;
}

}  // namespace gander::app
