// SPDX-License-Identifier: Apache-2.0
// Hashes of passwords as systems keep them: crypt(5), and the PHC string format of Argon2 and scrypt.
#include <algorithm>

#include "identify/char_class.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

bool AllOf(std::string_view v, std::string_view more) noexcept {
  return !v.empty() && std::all_of(v.begin(), v.end(), [&](char c) { return IsAlnum(c) || more.find(c) != kNpos; });
}

// What stands before the next '$', which is taken away with it.
std::string_view Next(std::string_view& rest) noexcept {
  const std::size_t end = std::min(rest.find('$'), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

bool PassesBcrypt(std::string_view rest) noexcept {
  const std::string_view cost = Next(rest);
  return cost.size() == 2 && IsDigit(cost[0]) && IsDigit(cost[1]) && rest.size() == 53 && AllOf(rest, "./");
}

// salt$hash, with the rounds told before them or not.
bool PassesCrypt(std::string_view rest, std::size_t hash_length) noexcept {
  std::string_view salt = Next(rest);
  if (salt.substr(0, 7) == "rounds=") salt = Next(rest);
  return salt.size() <= 16 && AllOf(salt, "./") && rest.size() == hash_length && AllOf(rest, "./");
}

bool PassesPhc(std::string_view rest) noexcept {
  std::string_view part = Next(rest);
  if (part.substr(0, 2) == "v=") part = Next(rest);
  if (part.find('=') == kNpos) return false;
  const std::string_view salt = Next(rest);
  return salt.size() >= 8 && AllOf(salt, "+/") && rest.size() >= 16 && AllOf(rest, "+/");
}

}  // namespace

bool PasswordHash(std::string_view raw) noexcept {
  std::string_view rest = raw.substr(std::min<std::size_t>(1, raw.size()));
  const std::string_view scheme = Next(rest);
  if (raw.empty() || raw[0] != '$') return false;
  if (scheme == "2a" || scheme == "2b" || scheme == "2y" || scheme == "2x") return PassesBcrypt(rest);
  if (scheme == "1" || scheme == "apr1") return PassesCrypt(rest, 22);
  if (scheme == "5") return PassesCrypt(rest, 43);
  if (scheme == "6") return PassesCrypt(rest, 86);
  if (scheme == "y") return AllOf(Next(rest), "./") && PassesCrypt(rest, 43);
  return (scheme == "argon2id" || scheme == "argon2i" || scheme == "argon2d" || scheme == "scrypt") && PassesPhc(rest);
}

}  // namespace gander::identify
