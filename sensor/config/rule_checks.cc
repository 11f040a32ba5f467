// SPDX-License-Identifier: Apache-2.0
// Reading checks.
#include "config/rule_checks.h"

#include "config/map_reader.h"

namespace gander::config {
namespace {

using identify::CheckSource;

struct KindName {
  const char* key;
  CheckSource::Kind kind;
};
constexpr KindName kKinds[] = {{"weights", CheckSource::Kind::kWeights}, {"number", CheckSource::Kind::kNumber},
                               {"algorithm", CheckSource::Kind::kAlgorithm}, {"date", CheckSource::Kind::kDate},
                               {"length", CheckSource::Kind::kLength},   {"any", CheckSource::Kind::kAny},
                               {"is", CheckSource::Kind::kPlaces},       {"not", CheckSource::Kind::kPlaces},
                               {"chars", CheckSource::Kind::kPlaces}};

// A whole number, or a list of them.
Result<bool> ReadInts(const std::string& file, const YAML::Node& node, const std::string& what,
                      std::vector<int>& out) {
  if (!node.IsDefined()) return true;
  for (const YAML::Node& item : node.IsSequence() ? std::vector<YAML::Node>(node.begin(), node.end())
                                                  : std::vector<YAML::Node>{node}) {
    int n = 0;
    if (!YAML::convert<int>::decode(item, n)) {
      return Fail(file, LineOf(item), what + " holds what is no whole number", "write a whole number, or [1, 2]");
    }
    out.push_back(n);
  }
  return true;
}

// Which kind of check it is.
Result<bool> ReadKind(const std::string& file, const YAML::Node& node, const std::string& what, CheckSource& out) {
  const char* said = nullptr;
  for (const KindName& k : kKinds) {
    if (!node[k.key].IsDefined()) continue;
    if (said != nullptr && k.kind != out.kind) {
      return Fail(file, LineOf(node), what + ": a check says both `" + said + "` and `" + k.key + "`",
                  "make two checks of it");
    }
    said = k.key;
    out.kind = k.kind;
  }
  if (said != nullptr) return true;
  return Fail(file, LineOf(node), what + ": a check does not say what it is",
              "give it one of weights, number, algorithm, date, length, any, is, not, chars");
}

// Characters -> century, and what is added to the month -> century, or a list of what may be added.
Result<bool> ReadCenturies(const std::string& file, const YAML::Node& node, const std::string& what,
                           CheckSource& out) {
  const auto wrong = [&](const YAML::Node& at) {
    return Fail(file, LineOf(at), what + ": a century or month is not written as it must be",
                "write centuries: {\"12\": 1900}, months: [0, 50] or months: {0: 1900, 20: 2000}");
  };
  for (const auto& item : node["centuries"]) {
    int base = 0;
    if (!item.first.IsScalar() || !YAML::convert<int>::decode(item.second, base)) return wrong(item.first);
    out.centuries.emplace_back(item.first.Scalar(), base);
  }
  const YAML::Node months = node["months"];
  if (!months.IsDefined()) return true;
  if (!months.IsMap()) {
    std::vector<int> added;
    if (auto read = ReadInts(file, months, what + ": `months`", added); !read) return read;
    for (int n : added) out.months.emplace_back(n, 0);
    return true;
  }
  for (const auto& item : months) {
    int added = 0, base = 0;
    if (!YAML::convert<int>::decode(item.first, added) || !YAML::convert<int>::decode(item.second, base))
      return wrong(item.first);
    out.months.emplace_back(added, base);
  }
  return true;
}

Result<bool> ReadCheck(const std::string& file, const YAML::Node& node, const std::string& what, CheckSource& out) {
  if (auto known = CheckKeys(file, node, {"weights",    "number",  "algorithm", "date",        "length",   "any",
                                          "is",         "not",     "chars",     "at",          "check",    "mod",
                                          "table",      "minuend", "rest",      "values",      "expand",   "sums",
                                          "plus",       "right",   "again",     "again_table", "prefixes", "centuries",
                                          "century_at", "days",    "months",    "unknown",     "any_age",  "when"});
      !known) {
    return known;
  }
  if (auto read = ReadKind(file, node, what, out); !read) return read;
  out.line = LineOf(node);
  for (const auto& [key, list] : {std::pair{"weights", &out.weights}, {"again", &out.again}, {"mod", &out.moduli},
                                  {"days", &out.days}, {"length", &out.lengths}}) {
    if (auto read = ReadInts(file, node[key], what + ": `" + key + "`", *list); !read) return read;
  }
  if (auto read = ReadCenturies(file, node, what, out); !read) return read;
  MapReader in(file, node, what);
  in.Read("number", out.at, "places");
  in.Read("at", out.at, "places");
  in.Read("check", out.check, "places");
  in.Read("century_at", out.century_at, "places");
  in.Read("algorithm", out.name, "a name");
  in.Read("date", out.name, "a form such as YYMMDD");
  for (const auto& [key, text] : {std::pair{"table", &out.table}, {"again_table", &out.again_table},
                                  {"values", &out.values}, {"expand", &out.expand}, {"sums", &out.sums},
                                  {"chars", &out.chars}}) {
    in.Read(key, *text, "a text");
  }
  for (const auto& [key, number] : {std::pair{"minuend", &out.minuend}, {"rest", &out.rest}, {"plus", &out.plus}}) {
    in.Read(key, *number, "a whole number");
  }
  out.has_minuend = node["minuend"].IsDefined();
  for (const auto& [key, flag] :
       {std::pair{"right", &out.right}, {"unknown", &out.unknown}, {"any_age", &out.any_age}}) {
    in.Read(key, *flag, "true or false");
  }
  in.ReadTexts("prefixes", out.prefixes);
  in.ReadTexts("is", out.is);
  in.ReadTexts("not", out.is_not);
  if (in.error()) return Failure(*in.error());
  if (node["when"].IsDefined()) {
    if (auto read = ReadChecks(file, node["when"], what, out.when); !read) return read;
  }
  for (const auto& way : node["any"]) {
    if (auto read = ReadChecks(file, way, what, out.ways.emplace_back()); !read) return read;
  }
  return true;
}

}  // namespace

Result<bool> ReadChecks(const std::string& file, const YAML::Node& node, const std::string& what,
                        std::vector<CheckSource>& out) {
  if (node.IsMap()) return ReadCheck(file, node, what, out.emplace_back());
  if (!node.IsSequence()) return Fail(file, LineOf(node), what + " are no list", "write `- {weights: ...}` lines");
  for (const auto& item : node) {
    if (auto read = ReadCheck(file, item, what, out.emplace_back()); !read) return read;
  }
  return true;
}

std::string OneLine(const YAML::Node& node) {
  YAML::Emitter out;
  out.SetSeqFormat(YAML::Flow);
  out.SetMapFormat(YAML::Flow);
  out << node;
  return out.c_str();
}

}  // namespace gander::config
