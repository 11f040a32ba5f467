// SPDX-License-Identifier: Apache-2.0
// What both importers share: from an expression to a rule that is known to work, and a pack of them as text.
#include "config/rule_import.h"

#include <algorithm>
#include <yaml-cpp/yaml.h>

#include "base/hash.h"
#include "config/foreign_expression.h"

namespace gander::config {
namespace {

using identify::RuleSource;
using identify::ShapeKind;

// Nobody's example: what every rule must leave alone.
constexpr char kOrdinary[] = "an ordinary sentence of words";

// What is not UTF-8 comes out of YAML as something else.
bool IsText(const std::string& text) {
  YAML::Emitter out;
  out << YAML::DoubleQuoted << text;
  return YAML::Load(out.c_str()).Scalar() == text;
}

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

void WriteTexts(YAML::Emitter& out, const char* key, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  out << YAML::Key << key << YAML::Value << YAML::Flow << YAML::BeginSeq;
  for (const std::string& text : texts) out << YAML::DoubleQuoted << text;
  out << YAML::EndSeq;
}

void WriteShape(YAML::Emitter& out, const identify::Shape& shape) {
  out << YAML::Key << "shape" << YAML::Value << YAML::BeginMap;
  if (shape.kind == ShapeKind::kToken) {
    out << YAML::Key << "kind" << YAML::Value << "token";
    WriteTexts(out, "prefixes", shape.prefixes);
    out << YAML::Key << "alphabet" << YAML::Value << YAML::DoubleQuoted << shape.alphabet;
    out << YAML::Key << "min_length" << YAML::Value << shape.min_length;
    out << YAML::Key << "max_length" << YAML::Value << shape.max_length;
  } else {
    out << YAML::Key << "kind" << YAML::Value << "expression";
    out << YAML::Key << "expression" << YAML::Value << YAML::DoubleQuoted << shape.expression;
  }
  out << YAML::EndMap;
}

}  // namespace

std::string detail::LocalName(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool capital = c >= 'A' && c <= 'Z';
    if (letter || capital) {
      out += capital ? static_cast<char>(c + 32) : c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
    if (out.size() >= 48) break;
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out.empty() ? "rule" : out;
}

void detail::TakeExpression(const std::string& expression, bool folded, RuleSource rule, RuleImport& import) {
  const auto leave = [&](const std::string& why) { import.left.push_back({rule.line, rule.title, why}); };
  const ForeignExpression read = ReadForeignExpression(expression, folded);
  if (!read.refused.empty()) return leave("its expression cannot be taken: " + read.refused);
  if (!IsText(expression) || !IsText(read.sample)) return leave("it looks for bytes that are no text");
  const auto same_id = [&](const RuleSource& other) { return other.id == rule.id; };
  const std::string id = rule.id;
  for (int n = 2; std::any_of(import.rules.begin(), import.rules.end(), same_id); ++n)
    rule.id = id + "_" + std::to_string(n);
  rule.chance = rule.validator == "none" ? 1 : 0.5;
  rule.self_evident = true;  // where it came from a match is a match
  rule.match = {read.sample};
  rule.no_match = {kOrdinary};
  if (read.is_token()) {
    rule.shape.kind = ShapeKind::kToken;
    rule.shape.prefixes = read.prefixes;
    rule.shape.alphabet = read.alphabet;
    rule.shape.min_length = read.min_length;
    rule.shape.max_length = read.max_length;
  } else {
    rule.shape.kind = ShapeKind::kExpression;
    rule.shape.expression = read.bounded;
  }
  auto tried = identify::RuleSet::Compile({rule});
  if (!tried && read.is_token()) {  // as an expression then
    rule.shape = {};
    rule.shape.kind = ShapeKind::kExpression;
    rule.shape.expression = read.bounded;
    tried = identify::RuleSet::Compile({rule});
  }
  if (!tried) return leave(FirstLine(tried.error().cause));
  if (read.narrowed && rule.shape.kind == ShapeKind::kExpression)
    import.changed.push_back({rule.line, rule.title, "repeats without a near bound end at 32"});
  import.rules.push_back(std::move(rule));
}

std::uint32_t FirstSidOf(const std::string& file) {
  constexpr std::uint32_t kFirst = 3'500'000, kRulesOfOne = 1'000, kImports = 1'000'000;
  return kFirst + kRulesOfOne * static_cast<std::uint32_t>(SipHash13(HashKey{}, AsBytes(file)) % kImports);
}

std::string WritePack(const RuleImport& import, const std::string& file) {
  YAML::Emitter out;
  out << YAML::Comment("Imported by `gander rules import` from " + file + ": " + std::to_string(import.rules.size()) +
                       " rules of " + std::to_string(import.seen) + ".");
  out << YAML::Newline << YAML::BeginMap << YAML::Key << "rules" << YAML::Value << YAML::BeginSeq;
  for (const RuleSource& r : import.rules) {
    out << YAML::BeginMap;
    out << YAML::Key << "id" << YAML::Value << r.id;
    out << YAML::Key << "title" << YAML::Value << YAML::DoubleQuoted << r.title;
    out << YAML::Key << "class" << YAML::Value << r.data_class;
    out << YAML::Key << "sensitivity" << YAML::Value << identify::NameOf(r.sensitivity);
    out << YAML::Key << "sid" << YAML::Value << r.sid;
    out << YAML::Key << "chance" << YAML::Value << r.chance;
    WriteShape(out, r.shape);
    if (r.validator != "none") out << YAML::Key << "validator" << YAML::Value << r.validator;
    if (r.self_evident) out << YAML::Key << "self_evident" << YAML::Value << true;
    if (!r.identifies_person) out << YAML::Key << "identifies_person" << YAML::Value << false;
    if (r.secret) out << YAML::Key << "secret" << YAML::Value << true;
    WriteTexts(out, "references", r.references);
    WriteTexts(out, "match", r.match);
    WriteTexts(out, "no_match", r.no_match);
    out << YAML::EndMap;
  }
  out << YAML::EndSeq << YAML::EndMap << YAML::Newline;
  return out.c_str();
}

}  // namespace gander::config
