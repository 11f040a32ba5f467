// SPDX-License-Identifier: Apache-2.0
// The table behind settings.h: one row a key, so that reading, checking, showing and --set cannot disagree.
#ifndef GANDER_CONFIG_SETTING_TABLE_H_
#define GANDER_CONFIG_SETTING_TABLE_H_

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "config/yaml_reader.h"

namespace gander::config {

struct Setting {
  std::string path;
  std::string help;
  std::string type;  // "integer 1..64", "size 1 MiB..16 GiB", "text", "true | false", "list of text"
  // Empty when taken, else what is wrong in one clause.
  std::function<std::string(Settings&, const YAML::Node&)> read;
  std::function<std::string(const Settings&)> show;
  bool is_path = false;  // relative names are resolved against the file they stand in
  // In place of `read` where a value has lines of its own that an error must name: (file, its folder, target, value).
  std::function<Result<bool>(const std::string&, const std::filesystem::path&, Settings&, const YAML::Node&)> read_all;
};

const std::vector<Setting>& SettingTable();

}  // namespace gander::config

#endif  // GANDER_CONFIG_SETTING_TABLE_H_
