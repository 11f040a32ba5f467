// SPDX-License-Identifier: Apache-2.0
#include "config/named_files.h"

#include <filesystem>

#include "config/setting_table.h"
#include "config/yaml_reader.h"

namespace gander::config {
namespace {

namespace fs = std::filesystem;

void Collect(const YAML::Node& node, const fs::path& folder, std::vector<std::string>& out) {
  if (node.IsScalar()) {
    const std::string& text = node.Scalar();
    std::error_code ignored;
    if (text.empty() || text.size() > 4096 || text.find('\0') != std::string::npos) return;
    const fs::path path = (folder / text).lexically_normal();
    if (fs::is_regular_file(path, ignored)) out.push_back(path.string());
    return;
  }
  if (node.IsMap()) {
    for (const auto& item : node) Collect(item.second, folder, out);
  } else if (node.IsSequence()) {
    for (const auto& item : node) Collect(item, folder, out);
  }
}

}  // namespace

std::vector<NamedFile> FilesOf(const Settings& settings) {
  std::vector<NamedFile> out;
  for (const Setting& s : SettingTable()) {
    if (!s.is_path) continue;
    const auto shown = ParseYaml(s.show(settings), s.path);
    if (!shown) continue;
    const auto add = [&](const YAML::Node& node) {
      if (node.IsScalar() && !node.Scalar().empty() && node.Scalar() != "-") out.push_back({s.path, node.Scalar()});
    };
    if (shown->root.IsSequence()) {
      for (const auto& item : shown->root) add(item);
    } else {
      add(shown->root);
    }
  }
  return out;
}

std::vector<std::string> FilesNamedIn(const std::string& path) {
  std::vector<std::string> out;
  if (const auto file = LoadYaml(path)) Collect(file->root, fs::path(path).parent_path(), out);
  return out;
}

}  // namespace gander::config
