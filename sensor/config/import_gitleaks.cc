// SPDX-License-Identifier: Apache-2.0
// gitleaks' configuration: [[rules]] with id, description, regex, entropy, keywords, path.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <algorithm>
#include <optional>

#include "config/rule_import.h"

namespace gander::config {
namespace {

// From so many bits a character on, and not before, Gander's own test of entropy asks for as much.
constexpr double kEntropyAsked = 3;
constexpr char kRemedy[] = "give the file that gitleaks reads with --config";

std::string Text(const toml::table& table, const char* key) { return table[key].value_or(std::string()); }

void Take(const toml::table& rule, const std::string& file, RuleImport& out) {
  ++out.seen;
  identify::RuleSource r;
  r.line = static_cast<int>(rule.source().begin.line);
  r.file = file;
  const std::string id = Text(rule, "id"), description = Text(rule, "description"), regex = Text(rule, "regex");
  r.title = !description.empty() ? description : !id.empty() ? id : "rule without id";
  r.id = "imported." + detail::LocalName(!id.empty() ? id : r.title);
  r.data_class = "credentials";
  r.sensitivity = identify::Sensitivity::kCritical;
  r.identifies_person = false;
  r.secret = true;
  r.sid = out.first_sid + static_cast<std::uint32_t>(out.rules.size());
  r.references = {(id.empty() ? r.title : id) + " of " + file};
  const auto leave = [&](const char* why) { out.left.push_back({r.line, r.title, why}); };
  if (regex.empty())
    return leave(rule.contains("path") ? "it looks at names of files, not at text" : "it has no regex");
  const std::optional<double> entropy = rule["entropy"].value<double>();
  if (entropy && *entropy >= kEntropyAsked) r.validator = "high_entropy";
  const std::size_t before = out.rules.size();
  detail::TakeExpression(regex, false, r, out);
  // The sample that is made of an expression may be too regular for the test.
  if (out.rules.size() == before && r.validator != "none") {
    out.left.pop_back();
    r.validator = "none";
    detail::TakeExpression(regex, false, r, out);
  }
  if (out.rules.size() == before) return;
  const auto changed = [&](const std::string& what) { out.changed.push_back({r.line, r.title, what}); };
  if (entropy && r.validator == "none") changed("its entropy is not asked for");
  if (rule.contains("secretGroup")) changed("all that matches is the value, not one group of it");
  if (rule.contains("allowlist") || rule.contains("allowlists"))
    changed("its allowlist is not taken: see `allow` in rules/README.md");
  if (rule.contains("path")) changed("names of files are not asked for");
}

}  // namespace

Result<RuleImport> ImportGitleaks(const std::string& text, const std::string& file, std::uint32_t first_sid) {
  const toml::parse_result parsed = toml::parse(std::string_view(text), std::string_view(file));
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return Fail(file, static_cast<int>(error.source().begin.line),
                "this is no TOML: " + std::string(error.description()), kRemedy);
  }
  const toml::array* const rules = parsed.table()["rules"].as_array();
  if (rules == nullptr || rules->empty()) return Fail(file, 0, "there are no [[rules]]", kRemedy);
  RuleImport out;
  out.first_sid = first_sid != 0 ? first_sid : FirstSidOf(file);
  for (const toml::node& node : *rules) {
    if (const toml::table* const rule = node.as_table()) Take(*rule, file, out);
  }
  return out;
}

}  // namespace gander::config
