// SPDX-License-Identifier: Apache-2.0
// The command line as plain data, for what is generated from it: man page and shell completion.
#ifndef GANDER_APP_COMMAND_TABLE_H_
#define GANDER_APP_COMMAND_TABLE_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace gander::app {

struct OptionRow {
  std::vector<std::string> names;  // "-c", "--config"; a positional argument has none
  std::string positional;          // "file"
  std::string value;               // "DIR"; empty for a flag
  std::vector<std::string> words;  // the values it takes, where they are few
  std::string help;
  bool required = false, repeated = false;
};

struct VerbRow {
  std::string path;  // "rules check"; empty for gander itself
  std::string help, footer;
  std::vector<OptionRow> options;
  std::vector<std::string> verbs;  // names of those below it
};

// gander itself first, each verb before those below it; hidden ones are left out.
std::vector<VerbRow> CommandTable(const CLI::App& app);

}  // namespace gander::app

#endif  // GANDER_APP_COMMAND_TABLE_H_
