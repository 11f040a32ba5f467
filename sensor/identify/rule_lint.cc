// SPDX-License-Identifier: Apache-2.0
#include "identify/rule_lint.h"

#include <algorithm>
#include <charconv>

#include "identify/char_class.h"
#include "identify/region_languages.h"

namespace gander::identify {
namespace {

constexpr std::uint32_t kWideRepeat = 48;  // of a class with most characters: text between is skipped, not matched

class Linter {
 public:
  explicit Linter(std::vector<Error>& out) : out_(out) {}

  void Look(const RuleSource& s) {
    rule_ = &s;
    if (s.shape.kind == ShapeKind::kExpression) LookAtExpression(s.shape.expression);
    const bool counts_alone = !s.needs_context && !s.self_evident && s.chance > kWeakChance;
    if (counts_alone && s.context.empty() && s.shape.kind == ShapeKind::kTemplate) {
      Note("chance lets " + Share(s.chance) + " of random values pass, and no word can name it",
           "list words under context, or a stronger validator");
    }
    // Numbers that begin with a date come in rows that begin alike: a chance of 1 says that they prove nothing
    // together.
    const bool dated = std::any_of(s.checks.begin(), s.checks.end(),
                                   [](const CheckSource& c) { return c.kind == CheckSource::Kind::kDate; });
    if (!s.needs_context && !s.self_evident && s.chance >= 0.9 && !dated && s.shape.kind == ShapeKind::kTemplate) {
      Note("it never counts unless a word names it, yet does not say `needs_context`", "set needs_context: true");
    }
    if (s.self_evident && s.chance > 0.1 && s.shape.kind == ShapeKind::kTemplate)
      Note("self_evident, though " + Share(s.chance) + " of random values pass", "leave self_evident out");
    if (s.validator == "none" && s.chance < 0.9 && s.shape.kind == ShapeKind::kTemplate && AllDigits(s) &&
        s.checks.empty()) {
      Note("chance " + Number(s.chance) + " without any check: digits alone pass always",
           "set chance: 1, or add checks");
    }
    if (s.match.size() + s.no_match.size() < 3)
      Note("one example of each kind proves little",
           "add a no_match of what looks alike: a wrong check digit, an order number");
    if (s.needs_context && s.no_match.size() < 2)
      Note("no counter-example shows the value without its word", "add the bare value under no_match");
    if (s.secret && s.identifies_person && s.data_class == "credentials")
      Note("a secret that counts as a person", "set identifies_person: false");
    if (s.references.empty())
      Note("no reference says where the scheme is written down",
           "name its law, standard or authority under references");
    if (!s.languages.empty()) LookAtLanguages(s);
    if ((s.yields || !s.needs.empty()) && !s.needs_context && s.shape.kind != ShapeKind::kField)
      Note("what it finds may count before its neighbours are known", "set needs_context: true");
    for (const std::string& word : s.context) LookAtWord(word);
  }

 private:
  void Note(std::string cause, std::string remedy) {
    out_.push_back({rule_->file, rule_->line, "rule " + rule_->id + ": " + std::move(cause), std::move(remedy)});
  }
  static std::string Number(double x) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", x);
    return text;
  }
  static std::string Share(double x) { return Number(100 * x) + " %"; }

  static bool AllDigits(const RuleSource& s) {
    return std::all_of(s.shape.templates.begin(), s.shape.templates.end(), [](const std::string& t) {
      return t.find_first_not_of("N~ -./{},0123456789") == std::string::npos;
    });
  }

  static std::string Spaced(std::string_view word) { return std::string(1, ' ').append(word).append(1, ' '); }

  // People write the names of their papers in their own language.
  void LookAtLanguages(const RuleSource& s) {
    const std::string spoken = Spaced(LanguagesOf(s.region));
    if (spoken == "  ") return;
    for (const std::string& language : s.languages) {
      if (spoken.find(Spaced(language)) != std::string::npos) return;
    }
    Note("its words are in no language of " + s.region, "add words in one of:" + spoken.substr(0, spoken.size() - 1));
  }

  void LookAtWord(const std::string& word) {
    static constexpr std::string_view kEverywhere[] = {"number", "no", "nr", "id", "code", "key", "ref", "reference"};
    for (const std::string_view w : kEverywhere) {
      if (word == w) Note("the word `" + word + "` stands beside any number", "write what kind of number it is");
    }
  }

  // Where a repeat stands behind a class and how far it goes, and what an expression begins with.
  void LookAtExpression(const std::string& e) {
    bool wide = false, in_class = false;
    std::size_t class_begin = 0;
    for (std::size_t i = 0; i < e.size(); ++i) {
      const char c = e[i];
      if (c == '\\') {
        const char kind = i + 1 < e.size() ? e[i + 1] : '\0';
        wide = !in_class && (kind == 'w' || kind == 'W' || kind == 'S' || kind == 'D');
        ++i;
        continue;
      }
      if (in_class) {
        in_class = c != ']' || i == class_begin + 1;
        if (!in_class) wide = e[class_begin + 1] == '^' || i - class_begin > 8;
        continue;
      }
      if (c == '[') {
        in_class = true;
        class_begin = i;
      } else if (c == '.') {
        wide = true;
      } else if (c == '*' || c == '+') {
        Note(std::string("its expression repeats without a bound (`").append(1, c).append("`)"),
             "bound it, as {0,20}: widths must be finite");
      } else if (c == '{') {
        LookAtRepeat(e, i, wide);
      } else if (c != '}' && c != ',' && !IsDigit(c)) {
        wide = false;
      }
    }
    LookAtBegin(e);
  }

  void LookAtRepeat(const std::string& e, std::size_t open, bool wide) {
    std::uint32_t least = 0, most = 0;
    auto [at, error] = std::from_chars(e.data() + open + 1, e.data() + e.size(), least);
    if (error != std::errc{}) return;
    most = least;
    if (at < e.data() + e.size() && *at == ',') {
      const auto [end, bad] = std::from_chars(at + 1, e.data() + e.size(), most);
      if (bad != std::errc{}) {
        return Note("its expression repeats without a bound (`{" + std::to_string(least) + ",}`)",
                    "bound it: widths must be finite");
      }
    }
    if (wide && most > kWideRepeat)
      Note("its expression skips up to " + std::to_string(most) + " characters of almost any kind",
           "narrow the class, or ask for context");
  }

  // Hyperscan searches for a literal; what may be anything before it is tried at every place in the text.
  void LookAtBegin(std::string_view e) {
    if (e.starts_with("(?i)")) e.remove_prefix(4);
    if (e.starts_with("\\b")) {
      Note("its expression begins with \\b, which makes Hyperscan ten times slower",
           "leave it out: borders are looked at anyhow");
    } else if (e.starts_with(".") || e.starts_with("[^") || e.starts_with("\\w") || e.starts_with("\\S")) {
      Note("its expression begins with almost anything", "begin with the first fixed letters");
    }
  }

  std::vector<Error>& out_;
  const RuleSource* rule_ = nullptr;
};

std::size_t ExamplesOf(const std::vector<RuleSource>& sources) {
  std::size_t n = 0;
  for (const RuleSource& s : sources) n += s.match.size() + s.no_match.size();
  return n;
}

}  // namespace

RuleReport CompileAll(std::vector<RuleSource> sources, const std::string& cache) {
  RuleReport report;
  while (!sources.empty()) {
    auto rules = RuleSet::Compile(sources, cache);
    if (rules) {
      report.rules = std::move(*rules);
      report.examples = ExamplesOf(sources);
      break;
    }
    report.errors.push_back(rules.error());
    const Error& e = report.errors.back();
    const auto wrong = std::find_if(sources.begin(), sources.end(),
                                    [&](const RuleSource& s) { return s.file == e.file && s.line == e.line; });
    if (wrong == sources.end()) break;  // of the set as a whole
    report.stopped = report.errors.size() >= RuleReport::kMaxErrors;
    if (report.stopped) break;
    sources.erase(wrong);
  }
  return report;
}

std::vector<Error> LintRules(const std::vector<RuleSource>& sources) {
  std::vector<Error> out;
  Linter linter(out);
  for (const RuleSource& s : sources) linter.Look(s);
  return out;
}

}  // namespace gander::identify
