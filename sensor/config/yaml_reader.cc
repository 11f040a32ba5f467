// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_reader.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace gander::config {
namespace {

// Levenshtein distance; the words are option names, so the quadratic cost is nothing.
std::size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

Result<YamlFile> ParseYaml(const std::string& text, const std::string& path) {
  try {
    return YamlFile{path, YAML::Load(text)};
  } catch (const YAML::Exception& e) {
    return Fail(path, e.mark.is_null() ? 0 : e.mark.line + 1, "not YAML: " + e.msg,
                "check the indentation and the quotes on this line and the one before it");
  }
}

Result<YamlFile> LoadYaml(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || in.bad()) return Fail(path, 0, "cannot be read", "check that the file exists and may be read");
  return ParseYaml(text.str(), path);
}

int LineOf(const YAML::Node& node) noexcept {
  try {
    const YAML::Mark mark = node.Mark();
    return mark.is_null() ? 0 : mark.line + 1;
  } catch (...) {
    return 0;
  }
}

std::string Nearest(const std::string& word, const std::vector<std::string>& known) {
  const std::size_t limit = word.size() / 3 + 1;
  std::string best;
  std::size_t best_distance = limit + 1;
  for (const std::string& k : known) {
    const std::size_t d = EditDistance(word, k);
    if (d < best_distance) {
      best = k;
      best_distance = d;
    }
  }
  return best;
}

Result<bool> CheckKeys(const std::string& file, const YAML::Node& node, const std::vector<std::string>& known) {
  if (!node.IsMap()) return Fail(file, LineOf(node), "a map of keys is expected here", "write `key: value` lines");
  for (const auto& item : node) {
    const std::string key = item.first.as<std::string>("");
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string near = Nearest(key, known);
    std::string all;
    for (const std::string& k : known) all += (all.empty() ? "" : ", ") + k;
    return Fail(file, LineOf(item.first), "unknown key `" + key + "`",
                near.empty() ? "known here: " + all : "did you mean `" + near + "`?");
  }
  return true;
}

}  // namespace gander::config
