// SPDX-License-Identifier: Apache-2.0
// yaml-cpp behind a door: its exceptions stop here, and each error knows its file and line.
#ifndef GANDER_CONFIG_YAML_READER_H_
#define GANDER_CONFIG_YAML_READER_H_

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace gander::config {

struct YamlFile {
  std::string path;
  YAML::Node root;
};

// Errors: not found, not YAML (with line).
Result<YamlFile> LoadYaml(const std::string& path);
Result<YamlFile> ParseYaml(const std::string& text, const std::string& path);

// 1-based line of a node, 0 when unknown.
int LineOf(const YAML::Node& node) noexcept;

// The first key of map `node` that is not in `known`, as an error that names the nearest known key.
Result<bool> CheckKeys(const std::string& file, const YAML::Node& node, const std::vector<std::string>& known);

// Known word nearest to `word` by edit distance, empty when none is near.
std::string Nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace gander::config

#endif  // GANDER_CONFIG_YAML_READER_H_
