// SPDX-License-Identifier: Apache-2.0
#include "config/own_lists.h"

#include <algorithm>
#include <filesystem>

#include "config/yaml_reader.h"
#include "policy/canary.h"

namespace gander::config {
namespace {

using identify::Register;
using identify::RuleSource;

// Registers' own, between what ships with Gander and what operators give their rules.
constexpr std::uint32_t kFirstSid = 2'900'001;
// A canary's alarm is critical, so no chance may raise it: eight bytes are met once in 2^64 values.
constexpr std::uint32_t kCanaryWidth = 8;
// Two values of one row side by side: what is left to chance are tags of 64 bits that meet.
constexpr double kChanceOfRow = 1e-9;

Failure TooShort(const RuleSource& r) {
  return Fail(r.file, r.line,
              "canary " + r.id + " has fingerprints of " + std::to_string(8 * r.own->width()) +
                  " bits, which chance meets now and then",
              "hash it again with `--bits 64`");
}

class ListReader {
 public:
  explicit ListReader(const YamlFile& file) : file_(file), folder_(std::filesystem::path(file.path).parent_path()) {}

  Result<OwnLists> Read() {
    if (auto known = CheckKeys(file_.path, file_.root, {"key", "registers", "tables", "allow"}); !known)
      return Failure(known.error());
    const std::string key = Text(file_.root, "key");
    if (!key.empty()) {
      auto read = identify::ReadRegisterKey(PathOf(key));
      if (!read) return Failure(read.error());
      lists_.key = *read;
    }
    const YAML::Node registers = file_.root["registers"];
    if (registers.IsDefined() && !registers.IsNull() && !registers.IsSequence())
      return Wrong(registers, "`registers` is not a list", "begin each register with `- id: ...`");
    for (const auto& node : registers) {
      if (auto added = AddRegister(node); !added) return Failure(added.error());
    }
    const YAML::Node tables = file_.root["tables"];
    if (tables.IsDefined() && !tables.IsNull() && !tables.IsSequence())
      return Wrong(tables, "`tables` is not a list", "begin each table with `- id: ...`");
    for (const auto& node : tables) {
      if (auto added = AddTable(node); !added) return Failure(added.error());
    }
    if (const YAML::Node allow = file_.root["allow"]; allow.IsDefined() && !allow.IsNull()) {
      if (auto read = ReadAllowed(allow); !read) return Failure(read.error());
    }
    return std::move(lists_);
  }

 private:
  Failure Wrong(const YAML::Node& at, std::string cause, std::string remedy) const {
    return Fail(file_.path, LineOf(at), std::move(cause), std::move(remedy));
  }
  static std::string Text(const YAML::Node& map, const char* key) {
    const YAML::Node node = map[key];
    return node.IsDefined() && node.IsScalar() ? node.Scalar() : "";
  }
  std::string PathOf(const std::string& text) const {
    return text.starts_with('/') || folder_.empty() ? text : (folder_ / text).lexically_normal().string();
  }
  Result<bool> Texts(const YAML::Node& map, const char* key, std::vector<std::string>& out) const {
    const YAML::Node node = map[key];
    if (!node.IsDefined() || node.IsNull()) return true;
    if (node.IsScalar()) {
      out.push_back(node.Scalar());
      return true;
    }
    for (const auto& item : node) {
      if (!item.IsScalar())
        return Wrong(item, std::string("`") + key + "` holds something that is no text", "write texts");
      out.push_back(item.Scalar());
    }
    return true;
  }
  template <class T>
  Result<bool> Value(const YAML::Node& map, const char* key, T& out, const char* type) const {
    const YAML::Node node = map[key];
    if (!node.IsDefined() || YAML::convert<T>::decode(node, out)) return true;
    return Wrong(node, std::string("`") + key + "` is not " + type, std::string("write ") + type);
  }

  Result<std::shared_ptr<const Register>> Open(const YAML::Node& at, const std::string& file) const {
    if (!lists_.key) return Wrong(at, "a register is named and no key", "add `key: FILE`, the key it was hashed with");
    auto read = Register::Read(PathOf(file), *lists_.key);
    if (!read) return Failure(read.error());
    return std::make_shared<const Register>(std::move(*read));
  }

  Result<bool> AddRegister(const YAML::Node& node) {
    if (auto known = CheckKeys(file_.path, node,
                               {"id", "file", "title", "class", "sensitivity", "bulk_distinct", "canary", "fields",
                                "sid", "identifies_person"});
        !known) {
      return known;
    }
    RuleSource r;
    r.file = file_.path;
    r.line = LineOf(node);
    r.id = Text(node, "id");
    if (r.id.empty()) return Wrong(node, "a register has no `id`", "give it one such as own.customers");
    const std::string file = Text(node, "file");
    if (file.empty())
      return Wrong(node, "register " + r.id + " has no `file`", "name what `gander register hash` wrote");
    r.shape.kind = identify::ShapeKind::kRegister;
    r.title = Text(node, "title");
    if (r.title.empty()) r.title = "exact match with register " + r.id;
    r.data_class = Text(node, "class");
    if (r.data_class.empty()) r.data_class = "record";
    r.sid = kFirstSid + static_cast<std::uint32_t>(lists_.rules.size());
    r.sensitivity = identify::Sensitivity::kSensitive;
    const std::string sensitivity = Text(node, "sensitivity");
    if (!sensitivity.empty() && !identify::ParseSensitivity(sensitivity, r.sensitivity))
      return Wrong(node["sensitivity"], "register " + r.id + ": there is no sensitivity `" + sensitivity + "`",
                   "known: device, contact, personal, sensitive, critical");
    r.bulk_distinct = 10;
    for (const auto& read :
         {Value(node, "bulk_distinct", r.bulk_distinct, "a whole number"), Value(node, "sid", r.sid, "a whole number"),
          Value(node, "canary", r.canary, "true or false"),
          Value(node, "identifies_person", r.identifies_person, "true or false"), Texts(node, "fields", r.context)}) {
      if (!read) return read;
    }
    auto values = Open(node, file);
    if (!values) return Failure(values.error());
    r.own = std::move(*values);
    if (r.canary && r.own->width() < kCanaryWidth) return TooShort(r);
    r.chance = std::max(r.own->density(), r.own->error_rate());
    lists_.rules.push_back(std::move(r));
    return true;
  }

  // A table of rows, and which registers are columns of it.
  Result<bool> AddTable(const YAML::Node& node) {
    if (auto known =
            CheckKeys(file_.path, node, {"id", "rows", "columns", "title", "class", "sensitivity", "canary", "sid"});
        !known) {
      return known;
    }
    RuleSource r;
    r.file = file_.path;
    r.line = LineOf(node);
    r.id = Text(node, "id");
    if (r.id.empty()) return Wrong(node, "a table has no `id`", "give it one such as own.customers");
    const std::string file = Text(node, "rows");
    if (file.empty()) return Wrong(node, "table " + r.id + " has no `rows`", "name what `gander register rows` wrote");
    if (!lists_.key) return Wrong(node, "a table is named and no key", "add `key: FILE`, the key it was hashed with");
    auto rows = identify::RowTable::Read(PathOf(file), *lists_.key);
    if (!rows) return Failure(rows.error());
    r.rows = std::make_shared<const identify::RowTable>(std::move(*rows));
    r.shape.kind = identify::ShapeKind::kRegister;
    r.title = Text(node, "title");
    if (r.title.empty()) r.title = "row of table " + r.id;
    r.data_class = Text(node, "class");
    if (r.data_class.empty()) r.data_class = "record";
    r.sensitivity = identify::Sensitivity::kSensitive;
    const std::string sensitivity = Text(node, "sensitivity");
    if (!sensitivity.empty() && !identify::ParseSensitivity(sensitivity, r.sensitivity))
      return Wrong(node["sensitivity"], "table " + r.id + ": there is no sensitivity `" + sensitivity + "`",
                   "known: device, contact, personal, sensitive, critical");
    r.identifies_person = false;  // its fields do
    r.chance = kChanceOfRow;
    r.sid = kFirstSid + static_cast<std::uint32_t>(lists_.rules.size());
    std::vector<std::string> columns;
    for (const auto& read : {Value(node, "sid", r.sid, "a whole number"),
                             Value(node, "canary", r.canary, "true or false"), Texts(node, "columns", columns)}) {
      if (!read) return read;
    }
    if (columns.size() < 2) {
      return Wrong(node, "table " + r.id + " has fewer than two `columns`",
                   "name two registers or more that were made of its columns");
    }
    for (const std::string& column : columns) {
      const auto at = std::find_if(lists_.rules.begin(), lists_.rules.end(),
                                   [&](const RuleSource& other) { return other.own != nullptr && other.id == column; });
      if (at == lists_.rules.end() || at->rows != nullptr) {
        return Wrong(node["columns"], "table " + r.id + ": `" + column + "` is " +
                                          (at == lists_.rules.end() ? "no register" : "a column of another table"),
                     "name registers of this file, each under one table");
      }
      at->rows = r.rows;
    }
    lists_.rules.push_back(std::move(r));
    return true;
  }

  Result<bool> ReadAllowed(const YAML::Node& node) {
    if (auto known = CheckKeys(file_.path, node, {"values", "mail_domains", "registers"}); !known) return known;
    identify::AllowList::Source source;
    std::vector<std::string> files;
    for (const auto& read : {Texts(node, "values", source.values), Texts(node, "mail_domains", source.mail_domains),
                             Texts(node, "registers", files)}) {
      if (!read) return read;
    }
    for (const std::string& file : files) {
      auto values = Open(node["registers"], file);
      if (!values) return Failure(values.error());
      source.registers.push_back(std::move(*values));
    }
    lists_.allowed = identify::AllowList(std::move(source));
    return true;
  }

  const YamlFile& file_;
  const std::filesystem::path folder_;
  OwnLists lists_;
};

}  // namespace

Result<OwnLists> LoadOwnLists(const std::string& path) {
  auto file = LoadYaml(path);
  if (!file) return Failure(file.error());
  // yaml-cpp throws from many corners; none of it may leave this room.
  try {
    return ListReader(*file).Read();
  } catch (const YAML::Exception& e) {
    return Fail(path, e.mark.is_null() ? 0 : e.mark.line + 1, "not a list of registers: " + e.msg,
                "see \"Own lists\" in rules/README.md");
  }
}

Result<bool> AddCanaries(const std::string& policy_file, const std::vector<policy::Asset>& assets, OwnLists& lists) {
  for (const policy::Asset& asset : assets) {
    if (asset.tag_file.empty()) continue;
    if (!lists.key) {
      return Fail(policy_file, asset.line, "asset `" + asset.id + "`: there is no key to read its `tag_file` with",
                  "name the file with `key:` under `identify.registers`");
    }
    auto values = Register::Read(asset.tag_file, *lists.key);
    if (!values) return Failure(values.error());
    RuleSource r;
    r.file = policy_file;
    r.line = asset.line;
    r.id = policy::CanaryRule(asset);
    r.title = "planted record " + asset.id;
    r.shape.kind = identify::ShapeKind::kRegister;
    r.data_class = asset.records.empty() ? "record" : asset.records.front();
    r.sensitivity = identify::Sensitivity::kSensitive;
    r.sid = kFirstSid + static_cast<std::uint32_t>(lists.rules.size());
    r.bulk_distinct = 10;
    r.canary = true;
    r.own = std::make_shared<const Register>(std::move(*values));
    if (r.own->width() < kCanaryWidth) return TooShort(r);
    r.chance = std::max(r.own->density(), r.own->error_rate());
    lists.rules.push_back(std::move(r));
  }
  return true;
}

}  // namespace gander::config
