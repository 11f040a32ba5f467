// SPDX-License-Identifier: Apache-2.0
// identify/: what more identifiers cost on text that holds none of them.
#include <algorithm>

#include "identify/rule_source.h"
#include "identify/scanner.h"
#include "micro/measure.h"

namespace gander::bench {
namespace {

struct Ignore final : identify::FindingSink {
  void OnFinding(const identify::Finding&) noexcept override {}
};

// The digit that makes the Luhn sum of `digits` and itself a multiple of ten.
char LuhnDigit(const std::string& digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int d = digits[digits.size() - 1 - i] - '0';
    sum += i % 2 == 0 ? d * 2 / 10 + d * 2 % 10 : d;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

// A national number as they are: three fixed places, digits behind them, in one of four spellings, and words
// that name it in its language. With digits in front a check digit closes it; with letters there is none and
// a word must stand beside it. No two rules share prefix and length.
identify::RuleSource Identifier(std::uint32_t i) {
  constexpr std::string_view kLetters = "BDFGJKLMPQRSTVWZ";  // none that stands for a class in a template
  const auto of = [](std::string_view set, std::uint32_t n) { return std::string(1, set[n % set.size()]); };
  const bool lettered = i % 2 == 0;
  const std::string prefix = lettered ? of(kLetters, i / 6) + of(kLetters, i / 96) + of(kLetters, 5 * i)
                                      : std::to_string(100 + i * 7 % 900);
  const std::uint32_t digits = 6 + i % 6;
  std::string number = prefix;
  for (std::uint32_t k = 1; k < digits; ++k) number += static_cast<char>('1' + (i + k * 7) % 9);
  const char check = lettered ? '7' : LuhnDigit(number);

  identify::RuleSource r;
  r.id = "xx.number_" + std::to_string(i);
  r.title = r.id;
  r.data_class = "national_id";
  r.sid = 3'000'000 + i;
  r.chance = lettered ? 1 : 0.1;
  r.validator = lettered ? "none" : "luhn";
  r.needs_context = lettered;
  std::string word = "kind";
  for (std::uint32_t n = i, k = 0; k < 3; ++k, n /= 5) {
    word += of("bdgklmnprst", i / 11 + 3 * k + n) + of("aeiou", n);
  }
  r.context = {word + " number", word + " no"};
  r.match = {word + " number " + number + check};
  r.no_match = {"part " + number};
  std::string form = prefix + std::string(digits, 'N');
  if (i / 2 % 4 == 1) form.insert(3, "~");
  if (i / 2 % 4 == 2) form.insert(form.size() - 1, "~");
  if (i / 2 % 4 == 3) form.insert(3 + digits / 2, "~");
  r.shape.templates = {form};
  r.shape.separators = {"", "-"};
  return r;
}

void ScanWithRules(benchmark::State& state) {
  std::vector<identify::RuleSource> sources;
  for (std::uint32_t i = 0; i < state.range(0); ++i) sources.push_back(Identifier(i));
  const auto rules = identify::RuleSet::Compile(std::move(sources));
  if (!rules) return state.SkipWithError(rules.error().ToString().c_str());
  const std::string& text = WebText(Density::kClean);
  const std::vector<std::string_view> pieces = Pieces(text, 16384);
  identify::Scanner scanner(*rules, {}, HashKey{1, 2});
  identify::TextState text_state;
  Ignore sink;
  for (auto _ : state) ScanPieces(scanner, text_state, pieces, sink);
  Report(state, pieces.size(), text.size());
}
BENCHMARK(ScanWithRules)->Arg(10)->Arg(46)->Arg(368)->Arg(1000);

}  // namespace
}  // namespace gander::bench
