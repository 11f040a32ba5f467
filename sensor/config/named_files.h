// SPDX-License-Identifier: Apache-2.0
// Files that a configuration names, for whoever must know beforehand what a run will open.
#ifndef GANDER_CONFIG_NAMED_FILES_H_
#define GANDER_CONFIG_NAMED_FILES_H_

#include <string>
#include <vector>

#include "config/settings.h"

namespace gander::config {

struct NamedFile {
  std::string key;   // "report.events"
  std::string path;  // as it is in force
};
// Those of the settings that are paths and not empty or "-".
std::vector<NamedFile> FilesOf(const Settings& settings);

// Existing files that `path`, a YAML file, names anywhere, relative to its folder: registers, tables, databases. Empty
// where it cannot be read, which is told when it is read for its content.
std::vector<std::string> FilesNamedIn(const std::string& path);

}  // namespace gander::config

#endif  // GANDER_CONFIG_NAMED_FILES_H_
