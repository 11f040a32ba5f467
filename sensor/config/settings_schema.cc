// SPDX-License-Identifier: Apache-2.0
// JSON Schema out of the table: what a row's type says in words becomes the schema's keywords.
#include <charconv>
#include <map>
#include <memory>

#include "config/setting_table.h"
#include "config/settings.h"
#include "report/json_writer.h"

namespace gander::config {
namespace {

struct Group {
  std::map<std::string, std::unique_ptr<Group>> groups;
  std::vector<const Setting*> keys;
};

std::vector<std::string> SplitAt(const std::string& text, const std::string& mark) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find(mark, begin)) != std::string::npos; begin = end + mark.size()) {
    out.push_back(text.substr(begin, end - begin));
  }
  out.push_back(text.substr(begin));
  return out;
}

// YAML readers take plain words for what they look like: off is false, null stands for empty.
void Types(report::JsonWriter& json, std::initializer_list<std::string_view> types) {
  json.BeginArray("type");
  for (const std::string_view t : types) json.String({}, t);
  json.EndArray();
}

void Integers(report::JsonWriter& json, const std::string& range) {
  json.String("type", "integer");
  const std::vector<std::string> ends = SplitAt(range, "..");
  std::uint64_t low = 0, high = 0;
  (void)std::from_chars(ends[0].data(), ends[0].data() + ends[0].size(), low);
  (void)std::from_chars(ends[1].data(), ends[1].data() + ends[1].size(), high);
  json.Unsigned("minimum", low);
  json.Unsigned("maximum", high);
}

void Numbers(report::JsonWriter& json) {
  json.String("type", "number");
  json.Unsigned("minimum", 0);
  json.Unsigned("maximum", 1);
}

void Choices(report::JsonWriter& json, const std::string& type) {
  json.BeginArray("enum");
  bool off = false;
  for (const std::string& word : SplitAt(type, " | ")) {
    json.String({}, word);
    off = off || word == "off";
  }
  if (off) json.Boolean({}, false);
  json.EndArray();
}

void Key(report::JsonWriter& json, const Setting& s, const Settings& defaults) {
  json.BeginObject(s.path.substr(s.path.rfind('.') + 1));
  json.String("description", s.help + " (" + s.type + ")");
  json.String("$comment", "default: " + s.show(defaults));
  if (s.type.starts_with("integer ")) {
    Integers(json, s.type.substr(8));
  } else if (s.type.starts_with("number ")) {
    Numbers(json);
  } else if (s.type.starts_with("size ")) {
    Types(json, {"integer", "string"});
    json.String("pattern", "^[0-9]+ *([KMGkmg]?[iI]?[bB])?$");
  } else if (s.type == "true | false") {
    json.String("type", "boolean");
  } else if (s.type.starts_with("list of ")) {
    Types(json, {"array", "string", "number", "null"});
  } else if (s.type.find(" | ") != std::string::npos) {
    Choices(json, s.type);
  } else {
    Types(json, {"string", "number", "boolean", "null"});
  }
  json.EndObject();
}

void Properties(report::JsonWriter& json, const Group& group, const Settings& defaults) {
  Types(json, {"object", "null"});
  json.Boolean("additionalProperties", false);
  json.BeginObject("properties");
  for (const Setting* s : group.keys) Key(json, *s, defaults);
  for (const auto& [name, inner] : group.groups) {
    json.BeginObject(name);
    Properties(json, *inner, defaults);
    json.EndObject();
  }
  json.EndObject();
}

}  // namespace

std::string SettingsSchema() {
  Group top;
  for (const Setting& s : SettingTable()) {
    Group* group = &top;
    const std::vector<std::string> parts = SplitAt(s.path, ".");
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      std::unique_ptr<Group>& inner = group->groups[parts[i]];
      if (inner == nullptr) inner = std::make_unique<Group>();
      group = inner.get();
    }
    group->keys.push_back(&s);
  }
  std::string out;
  report::JsonWriter json(out);
  json.BeginObject();
  json.String("$schema", "https://json-schema.org/draft/2020-12/schema");
  json.String("title", "gander.yaml");
  Properties(json, top, {});
  json.EndObject();
  return out;
}

}  // namespace gander::config
