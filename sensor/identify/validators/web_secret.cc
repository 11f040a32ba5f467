// SPDX-License-Identifier: Apache-2.0
// What opens a session or an account over the web: Basic credentials, bearer tokens, session numbers, seeds of one-time
// codes.
#include <algorithm>
#include <cstdint>

#include "identify/char_class.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

bool HasLetterAndDigit(std::string_view v) noexcept {
  return std::any_of(v.begin(), v.end(), IsLetter) && std::any_of(v.begin(), v.end(), IsDigit);
}

bool AllOf(std::string_view v, std::string_view more) noexcept {
  return std::all_of(v.begin(), v.end(), [&](char c) { return IsAlnum(c) || more.find(c) != kNpos; });
}

bool StartsFolded(std::string_view v, std::string_view lower) noexcept {
  return v.size() >= lower.size() && std::equal(lower.begin(), lower.end(), v.begin(),
                                                [](char a, char b) { return a == ToLower(b); });
}

// Tokens that have a rule of their own.
bool HasOwnRule(std::string_view v) noexcept {
  for (std::string_view prefix :
       {"eyJ",  "ghp_", "gho_",     "ghu_",     "ghs_",     "ghr_",    "github_pat_", "xox",  "AKIA",
        "ASIA", "AIza", "sk_live_", "rk_live_", "sk-proj-", "sk-ant-", "glpat-",      "npm_", "pypi-",
        "SG.",  "hf_",  "dop_v1_",  "shpat_",   "hvs.",     "dapi",    "dckr_pat_"}) {
    if (v.substr(0, prefix.size()) == prefix) return true;
  }
  return false;
}

int Base64Value(char c) noexcept {
  if (IsUpper(c)) return c - 'A';
  if (IsLower(c)) return c - 'a' + 26;
  if (IsDigit(c)) return c - '0' + 52;
  return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

}  // namespace

// RFC 7617: "Basic" and the base64 of name:password, printable.
bool BasicCredentials(std::string_view raw) noexcept {
  const std::size_t begin = raw.find_first_not_of(' ', 5);
  if (raw.size() < 8 || begin == kNpos) return false;
  std::uint32_t bits = 0;
  int count = 0;
  std::size_t decoded = 0, colon = 0;
  for (char c : raw.substr(begin)) {
    if (c == '=') break;
    const int value = Base64Value(c);
    if (value < 0) return false;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const std::uint32_t octet = bits >> count & 255;
    if (octet < 0x20 || octet == 0x7F) return false;
    ++decoded;
    if (octet == ':' && colon == 0) colon = decoded;
  }
  return colon > 1 && decoded > colon;
}

// RFC 6750 §2.1.
bool BearerToken(std::string_view raw) noexcept {
  constexpr std::size_t kLeast = 20;
  if (StartsFolded(raw, "bearer ")) raw.remove_prefix(7);
  return raw.size() >= kLeast && !HasOwnRule(raw) && AllOf(raw, "-._~+/=:|") && HasLetterAndDigit(raw) &&
         HighEntropy(raw);
}

bool SessionNumber(std::string_view raw) noexcept {
  constexpr std::size_t kLeast = 16;
  return raw.size() >= kLeast && !HasOwnRule(raw) && AllOf(raw, "-._~+/=%:,!") && HasLetterAndDigit(raw) &&
         HighEntropy(raw);
}

// 40 characters of base64, as random as a key is.
bool AwsSecretKey(std::string_view raw) noexcept {
  return raw.size() == 40 && AllOf(raw, "+/") && HasLetterAndDigit(raw) && HighEntropy(raw) &&
         std::any_of(raw.begin(), raw.end(), IsUpper) && std::any_of(raw.begin(), raw.end(), IsLower);
}

// The otpauth scheme: secret= and base32 of ten octets or more (RFC 4226 §4 wants sixteen).
bool OneTimeSeed(std::string_view raw) noexcept {
  const std::size_t at = raw.find("secret=");
  if (at == kNpos) return false;
  std::size_t n = 0;
  for (char c : raw.substr(at + 7)) {
    const char u = ToUpper(c);
    if (!(u >= 'A' && u <= 'Z') && !(c >= '2' && c <= '7')) break;
    ++n;
  }
  return n >= 16;
}

}  // namespace gander::identify
