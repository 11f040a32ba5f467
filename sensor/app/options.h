// SPDX-License-Identifier: Apache-2.0
// What several verbs take from the command line, and how they end.
#ifndef GANDER_APP_OPTIONS_H_
#define GANDER_APP_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "config/snapshot.h"

namespace gander::app {

enum ExitCode : int { kDone = 0, kAlerts = 1, kBadUsage = 2, kFailed = 3 };

// --config, --set, --rules: where settings come from, later ones winning.
struct ConfigOptions {
  std::string config;
  std::string profile;  // on top of `config`
  std::vector<std::string> set;
  std::vector<std::string> rules;
  bool live = false;  // for `gander run`
};
void AddConfigOptions(CLI::App& verb, ConfigOptions& options);

// Defaults, then the file, then the profile, then --set. Errors are returned, not printed.
// `origins`, when asked for, learns where each came from.
Result<config::Settings> LoadSettings(const ConfigOptions& options, config::Origins* origins = nullptr);

// Where the packs lie that came with this binary: beside the source tree or installed.
std::string ShippedRules();

// The wall clock, for what must know today.
Timestamp Now();

// Prints "gander: <error>" on standard error; returns `code`.
int Complain(const Error& error, int code = kBadUsage);

// "gander 0.1.0"
extern const char kVersion[];

}  // namespace gander::app

#endif  // GANDER_APP_OPTIONS_H_
