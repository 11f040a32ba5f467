// SPDX-License-Identifier: Apache-2.0
// Reads the keys of a YAML map into variables.
#ifndef GANDER_CONFIG_MAP_READER_H_
#define GANDER_CONFIG_MAP_READER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/yaml_reader.h"

namespace gander::config {

// Reads the keys of one map and remembers the first thing that is wrong.
class MapReader {
 public:
  MapReader(const std::string& file, const YAML::Node& map, std::string what)
      : file_(file), map_(map), what_(std::move(what)) {}

  template <class T>
  void Read(const char* key, T& out, const char* type, bool required = false) {
    if (error_) return;
    const YAML::Node node = map_[key];
    if (!node.IsDefined()) {
      if (required)
        Note(LineOf(map_), what_ + " has no `" + key + "`", std::string("add `") + key + ": ...`");
      return;
    }
    if (!YAML::convert<T>::decode(node, out)) {
      Note(LineOf(node), what_ + ": `" + key + "` is not " + type, std::string("write ") + type + " there");
    }
  }

  // A list of texts, a text, or a map of languages to lists.
  void ReadTexts(const char* key, std::vector<std::string>& out) {
    if (error_) return;
    const YAML::Node node = map_[key];
    if (!node.IsDefined()) return;
    if (node.IsMap()) {
      for (const auto& language : node) Append(key, language.second, out);
    } else {
      Append(key, node, out);
    }
  }

  template <class Enum, class Parse>
  void ReadName(const char* key, Enum& out, Parse&& parse, const char* known, bool required) {
    std::string text;
    Read(key, text, "a word", required);
    if (error_ || text.empty() || parse(text, out)) return;
    Note(LineOf(map_[key]), what_ + ": `" + key + "` cannot be `" + text + "`",
         std::string("known: ") + known);
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  void Note(int line, std::string cause, std::string remedy) {
    if (!error_) error_ = Error{file_, line, std::move(cause), std::move(remedy)};
  }
  void Append(const char* key, const YAML::Node& node, std::vector<std::string>& out) {
    if (node.IsScalar()) {
      out.push_back(node.Scalar());
      return;
    }
    if (node.IsSequence()) {
      for (const auto& item : node) {
        if (!item.IsScalar())
          return Note(LineOf(item), what_ + ": `" + key + "` holds something that is no text", "write texts");
        out.push_back(item.Scalar());
      }
      return;
    }
    Note(LineOf(node), what_ + ": `" + key + "` is not a list of texts", "write [one, two]");
  }

  const std::string& file_;
  const YAML::Node& map_;
  std::string what_;
  std::optional<Error> error_;
};

}  // namespace gander::config

#endif  // GANDER_CONFIG_MAP_READER_H_
