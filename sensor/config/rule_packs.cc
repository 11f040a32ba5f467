// SPDX-License-Identifier: Apache-2.0
// Reads rule packs. What a rule may say is described in rules/README.md and rules/pack.schema.json.
#include "config/rule_packs.h"

#include <algorithm>
#include <filesystem>

#include "config/map_reader.h"
#include "config/rule_checks.h"
#include "config/yaml_reader.h"
#include "identify/region_languages.h"

namespace gander::config {
namespace {

namespace fs = std::filesystem;
using identify::RuleSource;

Result<bool> ReadShape(const std::string& file, const YAML::Node& node, const std::string& rule,
                       identify::Shape& shape) {
  if (auto known = CheckKeys(file, node,
                             {"kind", "templates", "separators", "prefixes", "alphabet", "min_length",
                              "max_length", "lead", "min_lead", "max_lead", "expression", "words", "parts", "within",
                              "times"});
      !known) {
    return known;
  }
  MapReader in(file, node, "shape of rule " + rule);
  in.ReadName("kind", shape.kind, identify::ParseShapeKind,
              "template, email, phone, iban, coordinates, token, field, hl7_pid, people_table, contact_list, "
              "expression, keys, mac, url_userinfo, card_track",
              true);
  in.ReadTexts("templates", shape.templates);
  in.ReadTexts("separators", shape.separators);
  in.ReadTexts("prefixes", shape.prefixes);
  in.Read("alphabet", shape.alphabet, "a text");
  in.Read("min_length", shape.min_length, "a whole number");
  in.Read("max_length", shape.max_length, "a whole number");
  in.Read("lead", shape.lead, "a text");
  in.Read("min_lead", shape.min_lead, "a whole number");
  in.Read("max_lead", shape.max_lead, "a whole number");
  in.Read("expression", shape.expression, "a text");
  in.ReadTexts("words", shape.words);
  in.Read("within", shape.within, "a whole number");
  in.Read("times", shape.times, "a whole number");
  if (in.error()) return Failure(*in.error());
  for (const auto& part : node["parts"]) {
    if (!part.IsSequence())
      return Fail(file, LineOf(part), "a part of rule " + rule + " is no list", "write [key, key]");
    std::vector<std::string>& keys = shape.parts.emplace_back();
    for (const auto& key : part) keys.push_back(key.as<std::string>());
  }
  return true;
}

Result<RuleSource> ReadRule(const std::string& file, const YAML::Node& node) {
  if (auto known = CheckKeys(
          file, node, {"id",        "title",       "class",         "sensitivity",   "region",
                       "sid",       "revision",    "chance",        "bulk_distinct", "shape",
                       "validator", "checks",      "context",       "needs_context", "self_evident",
                       "identifies_person", "secret", "test_values", "references",  "match",
                       "no_match",  "unnamed_checks", "typical", "needs", "needs_within", "yields", "stands_alone"});
      !known) {
    return Failure(known.error());
  }
  RuleSource r;
  r.file = file;
  r.line = LineOf(node);
  r.id = node["id"].IsDefined() && node["id"].IsScalar() ? node["id"].Scalar() : "";
  MapReader in(file, node, r.id.empty() ? "a rule" : "rule " + r.id);
  in.Read("id", r.id, "a text", true);
  in.Read("title", r.title, "a text", true);
  in.Read("class", r.data_class, "a text", true);
  in.ReadName("sensitivity", r.sensitivity, identify::ParseSensitivity,
              "device, contact, personal, sensitive, critical", true);
  in.Read("region", r.region, "an ISO 3166 code");
  in.Read("sid", r.sid, "a whole number", true);
  in.Read("revision", r.revision, "a whole number");
  in.Read("chance", r.chance, "a number of 0..1", true);
  in.Read("bulk_distinct", r.bulk_distinct, "a whole number");
  in.Read("validator", r.validator, "a validator's name");
  in.ReadTexts("context", r.context);
  if (node["context"].IsDefined() && node["context"].IsMap()) {
    const std::string spoken = " " + std::string(identify::LanguagesOf(r.region)) + " ";
    for (const auto& language : node["context"]) {
      const std::string& name = r.languages.emplace_back(language.first.Scalar());
      const bool foreign = r.region != "GLOBAL" && spoken != "  " && spoken.find(" " + name + " ") == std::string::npos;
      if (language.second.IsScalar() && foreign) r.foreign.push_back(language.second.Scalar());
      for (const auto& word : language.second) {
        if (foreign) r.foreign.push_back(word.Scalar());
      }
    }
  }
  in.Read("needs_context", r.needs_context, "true or false");
  in.Read("self_evident", r.self_evident, "true or false");
  in.Read("identifies_person", r.identifies_person, "true or false");
  in.Read("secret", r.secret, "true or false");
  in.ReadTexts("needs", r.needs);
  in.Read("needs_within", r.needs_within, "a whole number");
  in.Read("yields", r.yields, "true or false");
  in.Read("stands_alone", r.stands_alone, "true or false");
  in.ReadTexts("test_values", r.test_values);
  in.ReadTexts("references", r.references);
  in.ReadTexts("match", r.match);
  in.ReadTexts("no_match", r.no_match);
  if (in.error()) return Failure(*in.error());
  const YAML::Node shape = node["shape"];
  if (!shape.IsDefined())
    return Fail(file, r.line, "rule " + r.id + " has no `shape`", "see rules/README.md");
  if (auto read = ReadShape(file, shape, r.id, r.shape); !read) return Failure(read.error());
  for (const auto& [key, checks] :
       {std::pair{"checks", &r.checks}, {"unnamed_checks", &r.unnamed_checks}, {"typical", &r.typical}}) {
    if (!node[key].IsDefined()) continue;
    if (auto read = ReadChecks(file, node[key], std::string(key) + " of rule " + r.id, *checks); !read)
      return Failure(read.error());
    if (checks != &r.checks) r.checks_text += (r.checks_text.empty() ? "" : "; ") + std::string(key) + ": ";
    r.checks_text += OneLine(node[key]);
  }
  return r;
}

// Appends what is wrong to `errors`; what follows is read all the same.
void ReadPack(const std::string& path, std::vector<RuleSource>& out, std::vector<Error>& errors) {
  // yaml-cpp throws from many corners; none of it may leave this room.
  const auto wrong = [&](const YAML::Exception& e) {
    const int line = e.mark.is_null() ? 0 : e.mark.line + 1;
    errors.push_back({path, line, "not a pack: " + e.msg, "compare it with one of rules/"});
  };
  try {
    auto file = LoadYaml(path);
    if (!file) return errors.push_back(file.error());
    if (auto known = CheckKeys(path, file->root, {"rules"}); !known) errors.push_back(known.error());
    const YAML::Node rules = file->root["rules"];
    if (!rules.IsDefined() || !rules.IsSequence()) {
      return errors.push_back({path, LineOf(file->root), "`rules` is not a list",
                               "begin each rule with `- id: ...` below `rules:`"});
    }
    for (const auto& node : rules) {
      try {
        auto rule = ReadRule(path, node);
        rule ? out.push_back(std::move(*rule)) : errors.push_back(rule.error());
      } catch (const YAML::Exception& e) {
        wrong(e);
      }
    }
  } catch (const YAML::Exception& e) {
    wrong(e);
  }
}

Result<bool> ListPacks(const std::string& path, std::vector<std::string>& out) {
  std::error_code code;
  if (fs::is_regular_file(path, code)) {
    out.push_back(path);
    return true;
  }
  if (!fs::is_directory(path, code))
    return Fail(path, 0, "there is no such file or directory", "check rules.paths");
  std::vector<std::string> found;
  for (fs::recursive_directory_iterator it(path, code), end; !code && it != end; it.increment(code)) {
    const std::string extension = it->path().extension().string();
    if (it->is_regular_file(code) && (extension == ".yaml" || extension == ".yml"))
      found.push_back(it->path().string());
  }
  if (code) return Fail(path, 0, "cannot be listed: " + code.message(), "check its permissions");
  if (found.empty()) return Fail(path, 0, "no *.yaml in it", "name the directory that holds the packs");
  std::sort(found.begin(), found.end());
  out.insert(out.end(), found.begin(), found.end());
  return true;
}

}  // namespace

std::vector<RuleSource> ReadRulePacks(const std::vector<std::string>& paths, std::vector<Error>& errors) {
  std::vector<std::string> packs;
  for (const std::string& path : paths) {
    if (auto listed = ListPacks(path, packs); !listed) errors.push_back(listed.error());
  }
  std::vector<RuleSource> rules;
  for (const std::string& pack : packs) ReadPack(pack, rules, errors);
  if (rules.empty() && errors.empty())
    errors.push_back({paths.empty() ? "" : paths[0], 0, "no rules", "name at least one pack"});
  return rules;
}

Result<std::vector<RuleSource>> LoadRulePacks(const std::vector<std::string>& paths) {
  std::vector<Error> errors;
  std::vector<RuleSource> rules = ReadRulePacks(paths, errors);
  if (!errors.empty()) return Failure(errors.front());
  return rules;
}

std::vector<std::pair<std::string, std::vector<std::string>>> ContextByLanguage(const RuleSource& rule) {
  std::vector<std::pair<std::string, std::vector<std::string>>> out;
  try {
    const auto file = LoadYaml(rule.file);
    if (!file) return out;
    for (const auto& node : file->root["rules"]) {
      if (LineOf(node) != rule.line) continue;
      const YAML::Node context = node["context"];
      if (!context.IsDefined() || !context.IsMap()) {
        if (!rule.context.empty()) out.push_back({"", rule.context});
        continue;
      }
      for (const auto& language : context) {
        auto& [name, words] = out.emplace_back();
        name = language.first.Scalar();
        if (language.second.IsScalar()) words.push_back(language.second.Scalar());
        for (const auto& word : language.second) words.push_back(word.Scalar());
      }
    }
  } catch (const YAML::Exception&) {
    out.clear();  // it is not the pack any more that the rule was read from
  }
  return out;
}

}  // namespace gander::config
