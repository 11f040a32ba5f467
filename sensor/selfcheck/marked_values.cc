// SPDX-License-Identifier: Apache-2.0
#include "selfcheck/marked_values.h"

#include <algorithm>

#include "identify/document.h"

namespace gander::selfcheck {
namespace {

constexpr int kDraws = 400;                    // of one example; check digits let one in 10 to 97 pass
constexpr std::size_t kExamples = 3;           // of each rule
constexpr std::size_t kLeast = 6, kMost = 80;  // bytes of a value
constexpr std::size_t kHead = 4;               // of a token: a prefix that may not change

using Random = std::mt19937_64;

bool Digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool Lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool Upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

// Digits stay digits; letters change where the value has too few digits to be another one by them.
std::string Redrawn(const std::string& value, Random& random) {
  const auto digits = std::count_if(value.begin(), value.end(), Digit);
  const bool letters = digits < 6;
  std::string out = value;
  for (std::size_t i = 0; i < out.size(); ++i) {
    char& c = out[i];
    if (Digit(c)) c = static_cast<char>('0' + random() % 10);
    if (!letters || i < kHead) continue;
    if (Lower(c)) c = static_cast<char>('a' + random() % 26);
    if (Upper(c)) c = static_cast<char>('A' + random() % 26);
  }
  return out;
}

class Drawer {
 public:
  Drawer(const std::shared_ptr<const identify::RuleSet>& rules, std::uint64_t seed)
      : rules_(rules), scanner_(rules, {}, HashKey{seed, ~seed}), random_(seed) {}

  void Draw(const identify::RuleSource& source, std::vector<MarkedValue>& out) {
    std::size_t made = 0;
    for (const std::string& example : source.match) {
      if (made == kExamples) break;
      const identify::Finding found = FirstOf(source.id, example);
      if (found.length < kLeast || found.length > kMost || found.offset + found.length > example.size()) continue;
      out.push_back(FromExample(source, example, found));
      ++made;
    }
  }

 private:
  // Length 0 where the rule finds nothing.
  identify::Finding FirstOf(const std::string& id, std::string_view text) {
    for (const identify::Finding& f : identify::ScanDocument(scanner_, state_, text)) {
      if (rules_->info(f.type).id == id) return f;
    }
    return {};
  }

  MarkedValue FromExample(const identify::RuleSource& source, const std::string& example,
                          const identify::Finding& found) {
    const std::size_t begin = found.offset, length = found.length;
    MarkedValue out{source.id, example.substr(begin, length), example, source.secret, false};
    for (int i = 0; i < kDraws; ++i) {
      const std::string value = Redrawn(out.value, random_);
      if (value == out.value) break;  // nothing in it can change
      const std::string text = example.substr(0, begin) + value + example.substr(begin + length);
      const identify::Finding again = FirstOf(source.id, text);
      if (again.offset != begin || again.length != length || again.is_test_value) continue;
      out.value = value;
      out.text = text;
      out.drawn = true;
      break;
    }
    return out;
  }

  std::shared_ptr<const identify::RuleSet> rules_;
  identify::Scanner scanner_;
  identify::TextState state_;
  Random random_;
};

}  // namespace

std::vector<MarkedValue> DrawValues(const std::vector<identify::RuleSource>& sources,
                                    const std::shared_ptr<const identify::RuleSet>& rules, std::uint64_t seed) {
  std::vector<MarkedValue> out;
  Drawer drawer(rules, seed);
  for (const identify::RuleSource& source : sources) drawer.Draw(source, out);
  return out;
}

}  // namespace gander::selfcheck
