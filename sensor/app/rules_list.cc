// SPDX-License-Identifier: Apache-2.0
// gander rules list|explain
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/options.h"
#include "app/rules_verbs.h"
#include "config/rule_packs.h"
#include "identify/document.h"
#include "identify/mask.h"
#include "identify/validators/validator.h"
#include "report/json_writer.h"

namespace gander::app {
namespace {

using identify::RuleSource;
using identify::ShapeKind;

std::string CheckOf(const RuleSource& s) {
  if (!s.checks_text.empty()) return s.validator == "none" ? "checks" : s.validator + " + checks";
  return s.validator;
}

std::string ShapeWords(const RuleSource& s) {
  const identify::Shape& shape = s.shape;
  switch (shape.kind) {
    case ShapeKind::kTemplate: {
      std::string words = "characters in these places: " + Joined(shape.templates);
      if (shape.separators.empty()) return words;
      std::vector<std::string> signs;
      for (const std::string& sign : shape.separators) signs.push_back(sign.empty() ? "nothing" : "'" + sign + "'");
      return words + ", where ~ is " + Joined(signs, " or ");
    }
    case ShapeKind::kToken:
      return Joined(shape.prefixes, " or ") + " and then " + std::to_string(shape.min_length) + " to " +
             std::to_string(shape.max_length) + " of [" + shape.alphabet + "]";
    case ShapeKind::kField:
      return "the value of a field, column or tag with one of the names below" +
             (shape.templates.empty() ? "" : ", in the form " + Joined(shape.templates, " or "));
    case ShapeKind::kExpression: return "the expression /" + shape.expression + "/";
    case ShapeKind::kEmail: return "a mail address (RFC 5321)";
    case ShapeKind::kPhone: return "+ and a number of a country's plan (ITU-T E.164)";
    case ShapeKind::kIban: return "an account number of its country's length (ISO 13616)";
    case ShapeKind::kCoordinates: return "latitude and longitude with four decimals or more each";
    case ShapeKind::kHl7Pid: return "a PID segment of HL7 version 2";
    case ShapeKind::kPeopleTable: return "three rows or more with two kinds of identifiers each";
    case ShapeKind::kContactList: return "five names or more, each with a phone number";
    default: return "a value of a register";
  }
}

std::string CountsWords(const RuleSource& s) {
  if (s.needs_context) return "only where one of its words stands beside the value";
  if (s.shape.kind == ShapeKind::kField) return "wherever such a field holds a value that passes";
  if (s.self_evident || s.chance <= 1e-4) return "wherever it stands: its form is proof enough";
  if (s.chance >= 0.9) return "where one of its words stands beside the value, or the text is nothing else";
  const double gain = std::log(0.9 / s.chance);
  const int run = static_cast<int>(std::ceil(6.9 / gain));
  return "where one of its words stands beside the value, or the text is nothing else, or " + std::to_string(run) +
         " in a row pass";
}

// The first example with what the rule found in it masked.
std::string MaskedExample(const RuleSource& s, const std::shared_ptr<const identify::RuleSet>& rules) {
  identify::Scanner scanner(rules, identify::Options{}, HashKey{1, 2});
  identify::TextState state;
  for (const std::string& text : s.match) {
    for (const identify::Finding& f : identify::ScanDocument(scanner, state, text)) {
      if (rules->info(f.type).id != s.id) continue;
      return text.substr(0, f.offset) + f.mask.ToString() + text.substr(f.offset + f.length);
    }
  }
  return {};
}

std::vector<std::vector<std::string>> Wrapped(const std::vector<std::string>& words, std::size_t width) {
  std::vector<std::vector<std::string>> lines(1);
  std::size_t used = 0;
  for (const std::string& word : words) {
    if (used > 0 && used + word.size() > width) {
      lines.emplace_back();
      used = 0;
    }
    lines.back().push_back(word);
    used += word.size() + 2;
  }
  return lines;
}

void Row(const char* name, const std::string& text) { std::printf("  %-12s %s\n", name, text.c_str()); }

void SayContext(const RuleSource& s) {
  const auto languages = config::ContextByLanguage(s);
  const char* name = s.shape.kind == ShapeKind::kField ? "names" : "words";
  for (const auto& [language, words] : languages) {
    for (const auto& line : Wrapped(words, 88)) {
      Row(name, (language.empty() ? "" : language + ": ") + Joined(line));
      name = "";
    }
  }
}

void Explain(const RuleSource& s, const std::shared_ptr<const identify::RuleSet>& rules) {
  std::printf("%s  %s\n", s.id.c_str(), s.title.c_str());
  Row("matches", ShapeWords(s));
  const identify::Validator* validator = identify::FindValidator(s.validator);
  if (validator != nullptr) Row("check", s.validator + ": " + validator->help);
  if (!s.checks_text.empty()) Row("", s.checks_text);
  char chance[160];
  std::snprintf(chance, sizeof chance, "%.3g %% of random values of this form pass", 100 * s.chance);
  Row("chance", chance);
  SayContext(s);
  Row("counts", CountsWords(s));
  Row("class", s.data_class + ", " + identify::NameOf(s.sensitivity) + (s.secret ? ", masked wholly" : "") +
                   (s.identifies_person ? ", identifies a person" : ", counts nobody as a person"));
  Row("region", s.region);
  Row("bulk", std::to_string(s.bulk_distinct) + " distinct values in one flow");
  Row("sid", std::to_string(s.sid) + ", revision " + std::to_string(s.revision));
  Row("written in", s.file + ":" + std::to_string(s.line));
  for (const std::string& reference : s.references) Row("reference", reference);
  Row("tests", std::to_string(s.match.size()) + " texts that must match, " + std::to_string(s.no_match.size()) +
                   " that must not");
  if (const std::string example = MaskedExample(s, rules); !example.empty()) Row("example", example);
}

struct Loaded {
  std::vector<RuleSource> sources;
  std::shared_ptr<const identify::RuleSet> rules;
};

Result<Loaded> Load(const Paths& paths) {
  auto sources = config::LoadRulePacks(PacksOf(paths));
  if (!sources) return Failure(sources.error());
  auto rules = identify::RuleSet::Compile(*sources, "");
  if (!rules) return Failure(rules.error());
  return Loaded{std::move(*sources), std::move(*rules)};
}

}  // namespace

int ListRules(const Paths& paths, bool json) {
  auto loaded = Load(paths);
  if (!loaded) return Complain(loaded.error());
  std::string out;
  report::JsonWriter writer(out);
  if (json) {
    writer.BeginArray();
  } else {
    std::printf("%-30s %-8s %-6s %-12s %-11s %-20s %-26s %5s  %s\n", "ID", "SID", "REGION", "CLASS", "SENSITIVITY",
                "PACK", "CHECK", "TESTS", "TITLE");
  }
  for (const RuleSource& s : loaded->sources) {
    const std::size_t tests = s.match.size() + s.no_match.size();
    if (!json) {
      std::printf("%-30s %-8u %-6s %-12s %-11s %-20s %-26s %5zu  %s\n", s.id.c_str(), s.sid, s.region.c_str(),
                  s.data_class.c_str(), identify::NameOf(s.sensitivity), FileName(s.file).c_str(), CheckOf(s).c_str(),
                  tests, s.title.c_str());
      continue;
    }
    writer.BeginObject();
    writer.String("id", s.id);
    writer.Unsigned("sid", s.sid);
    writer.Unsigned("revision", s.revision);
    writer.String("title", s.title);
    writer.String("region", s.region);
    writer.String("class", s.data_class);
    writer.String("sensitivity", identify::NameOf(s.sensitivity));
    writer.String("file", s.file);
    writer.Integer("line", s.line);
    writer.String("validator", s.validator);
    if (!s.checks_text.empty()) writer.String("checks", s.checks_text);
    writer.Real("chance", s.chance);
    writer.Boolean("needs_context", s.needs_context);
    writer.Unsigned("context_words", s.context.size());
    writer.Unsigned("match", s.match.size());
    writer.Unsigned("no_match", s.no_match.size());
    writer.EndObject();
  }
  if (json) {
    writer.EndArray();
    std::printf("%s\n", out.c_str());
  }
  return kDone;
}

int ExplainRule(const Paths& paths, const std::string& id) {
  auto loaded = Load(paths);
  if (!loaded) return Complain(loaded.error());
  const auto found = std::find_if(loaded->sources.begin(), loaded->sources.end(),
                                  [&](const RuleSource& s) { return s.id == id; });
  if (found == loaded->sources.end()) {
    return Complain({"command line", 0, "there is no rule `" + id + "`", "`gander rules list` names all of them"});
  }
  Explain(*found, loaded->rules);
  return kDone;
}

}  // namespace gander::app
