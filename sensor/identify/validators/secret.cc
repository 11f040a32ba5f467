// SPDX-License-Identifier: Apache-2.0
// Values of secrets: what is surely not one.
#include <cmath>

#include "identify/char_class.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

bool EqualsFolded(std::string_view a, std::string_view lower) noexcept {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (ToLower(a[i]) != lower[i]) return false;
  }
  return true;
}

// "strdup(value", "getpass()": an assignment in a program, cut off where it may be.
bool IsCall(std::string_view v) noexcept {
  const auto open = v.find('(');
  if (open == std::string_view::npos || open < 3) return false;
  for (char c : v.substr(0, open)) {
    if (!IsWord(c) && c != '.' && c != ':') return false;
  }
  const char first = open + 1 < v.size() ? v[open + 1] : ')';
  return IsLetter(first) || first == ')' || first == '"' || first == '\'' || first == '&' || first == '*' ||
         first == '_';
}

// PWD=/home/ada/work: the working directory.
bool IsPath(std::string_view v) noexcept {
  if (v[0] != '/' || v.find('/', 1) == std::string_view::npos) return false;
  for (char c : v) {
    if (!IsWord(c) && c != '/' && c != '.' && c != '-') return false;
  }
  return true;
}

}  // namespace

bool Password(std::string_view raw) noexcept {
  if (raw.size() < 4 || raw.size() > 128) return false;
  for (std::string_view placeholder :
       {"null", "none", "true", "false", "undefined", "password", "passwd", "string", "changeme", "redacted",
        "required", "hidden", "text", "passwort", "sample", "instead.", "example"}) {
    if (EqualsFolded(raw, placeholder)) return false;
  }
  // ${PASSWORD}, {{ password }}, <password>, %s, $2b$... (a hash, which has its own rule)
  if (raw[0] == '$' || raw[0] == '{' || raw[0] == '<' || raw[0] == '%' || raw[0] == '(' || raw[0] == '[')
    return false;
  if (IsCall(raw) || IsPath(raw) || raw.substr(0, 2) == "&#") return false;  // &#x3C; is "<" in HTML
  bool all_same = true;
  for (char c : raw) {
    if (c == ' ' || c == '\t' || static_cast<unsigned char>(c) < 0x20) return false;
    all_same = all_same && c == raw[0];
  }
  return !all_same && raw.find("***") == std::string_view::npos;
}

bool HighEntropy(std::string_view raw) noexcept {
  if (raw.size() < 8) return false;
  int seen[256] = {};
  for (char c : raw) ++seen[static_cast<unsigned char>(c)];
  double bits = 0;
  const double n = static_cast<double>(raw.size());
  for (int count : seen) {
    if (count > 0) bits -= count / n * std::log2(count / n);
  }
  return bits >= 3.0;
}

bool HexDigest(std::string_view raw) noexcept {
  const bool length = raw.size() == 32 || raw.size() == 40 || raw.size() == 64;
  return length && raw.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos && HighEntropy(raw);
}

}  // namespace gander::identify
