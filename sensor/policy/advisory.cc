// SPDX-License-Identifier: Apache-2.0
#include "policy/advisory.h"

#include <algorithm>

namespace gander::policy {
namespace {

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }
char Lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool SameFolded(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return Lower(x) == Lower(y); });
}

// A run of digits or of what lies between them, removed from the front.
std::string_view TakeRun(std::string_view& text) noexcept {
  std::size_t n = 1;
  while (n < text.size() && IsDigit(text[n]) == IsDigit(text[0])) ++n;
  const std::string_view run = text.substr(0, n);
  text.remove_prefix(n);
  return run;
}

int CompareNumbers(std::string_view a, std::string_view b) noexcept {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

// "< 9.8" without its mark; empty when it is none.
std::string_view Bound(std::string_view pattern) noexcept {
  if (!pattern.starts_with('<')) return {};
  pattern.remove_prefix(1);
  pattern.remove_prefix(std::min(pattern.find_first_not_of(' '), pattern.size()));
  return pattern;
}

bool Matches(std::string_view pattern, std::string_view version) noexcept {
  if (const std::string_view bound = Bound(pattern); !bound.empty()) return CompareVersions(version, bound) < 0;
  if (pattern.ends_with('*')) return version.starts_with(pattern.substr(0, pattern.size() - 1));
  return SameFolded(pattern, version);
}

}  // namespace

int CompareVersions(std::string_view a, std::string_view b) noexcept {
  while (!a.empty() && !b.empty()) {
    const std::string_view x = TakeRun(a), y = TakeRun(b);
    // A number is later than letters in its place: "9.2" is behind "9.rc1".
    if (IsDigit(x[0]) != IsDigit(y[0])) return IsDigit(x[0]) ? 1 : -1;
    const int order = IsDigit(x[0]) ? CompareNumbers(x, y) : x.compare(y);
    if (order != 0) return order;
  }
  return a.empty() == b.empty() ? 0 : a.empty() ? -1 : 1;
}

std::string CheckVersionPattern(std::string_view pattern) {
  if (pattern.empty()) return "a version pattern is empty";
  if (pattern == "*") return "";
  const bool bound = pattern.starts_with('<');
  const std::string_view version = bound ? Bound(pattern) : pattern.substr(0, pattern.find('*'));
  if (version.empty() || !IsDigit(version[0])) return "a version begins with a digit";
  if (pattern.find('*') < pattern.size() - 1) return "`*` stands at the end alone";
  if (bound && pattern.ends_with('*')) return "`<` and `*` do not go together";
  return "";
}

bool Concerns(const Advisory& advisory, std::string_view product, std::string_view version) noexcept {
  if (!SameFolded(advisory.product, product)) return false;
  return std::any_of(advisory.versions.begin(), advisory.versions.end(),
                     [&](const std::string& pattern) { return Matches(pattern, version); });
}

}  // namespace gander::policy
