// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/password_file.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "report/metrics/secret_file.h"

namespace gander::report {
namespace {

constexpr const char* kRemedy =
    "write user:hash, the hash by `htpasswd -nB -C 10 USER` or `openssl passwd -6`, one user a line";
constexpr int kMaxBcryptCost = 14, kMinBcryptCost = 5;
constexpr unsigned kMaxRounds = 1'000'000;

bool AllOfCrypt(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '/';
  });
}

// "$2b$10$" and 53 characters of salt and sum.
bool IsBcrypt(std::string_view hash) {
  if (hash.size() != 60 || hash[6] != '$' || !AllOfCrypt(hash.substr(7))) return false;
  int cost = 0;
  const auto [end, error] = std::from_chars(hash.data() + 4, hash.data() + 6, cost);
  return error == std::errc{} && end == hash.data() + 6 && cost >= kMinBcryptCost && cost <= kMaxBcryptCost;
}

// "$6$[rounds=N$]salt$sum": a salt of 1 to 16 characters, a sum of `length`.
bool IsSha(std::string_view hash, std::size_t length) {
  hash.remove_prefix(3);
  constexpr std::string_view kRounds = "rounds=";
  if (hash.starts_with(kRounds)) {
    unsigned rounds = 0;
    const char* begin = hash.data() + kRounds.size();
    const auto [end, error] = std::from_chars(begin, hash.data() + hash.size(), rounds);
    if (error != std::errc{} || rounds < 1000 || rounds > kMaxRounds) return false;
    hash.remove_prefix(static_cast<std::size_t>(end - hash.data()));
    if (!hash.starts_with('$')) return false;
    hash.remove_prefix(1);
  }
  const std::size_t salt = hash.find('$');
  return salt != std::string_view::npos && salt >= 1 && salt <= 16 && AllOfCrypt(hash.substr(0, salt)) &&
         hash.size() == salt + 1 + length && AllOfCrypt(hash.substr(salt + 1));
}

// Empty when it can be used, else what is wrong with it.
std::string Fault(std::string_view hash) {
  if (hash.starts_with("$2b$") || hash.starts_with("$2y$")) {
    return IsBcrypt(hash) ? "" : "this is no whole bcrypt hash of cost 5 to 14";
  }
  if (hash.starts_with("$6$")) return IsSha(hash, 86) ? "" : "this is no whole SHA-512 hash of up to 1,000,000 rounds";
  if (hash.starts_with("$5$")) return IsSha(hash, 43) ? "" : "this is no whole SHA-256 hash of up to 1,000,000 rounds";
  return "behind the colon is no bcrypt, SHA-512 or SHA-256 hash; a password in clear is not taken";
}

bool Matches(const std::string& hash, const std::string& password) {
  const auto scratch = std::make_unique<crypt_data>();
  const char* made = crypt_r(password.c_str(), hash.c_str(), scratch.get());
  const bool same = made != nullptr && std::string_view(made).size() == hash.size() &&
                    CRYPTO_memcmp(made, hash.data(), hash.size()) == 0;
  OPENSSL_cleanse(scratch.get(), sizeof(crypt_data));
  return same;
}

}  // namespace

Result<PasswordFile> PasswordFile::Read(const std::string& path) {
  const auto text = ReadSecretFile(path, kMaxBytes);
  if (!text) return Failure(text.error());
  return Parse(*text, path);
}

Result<PasswordFile> PasswordFile::Parse(std::string_view text, const std::string& path) {
  PasswordFile out;
  int number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      return Fail(path, number, "no colon between a user and a hash", kRemedy);
    }
    const std::string user(line.substr(0, colon)), hash(line.substr(colon + 1));
    if (const std::string fault = Fault(hash); !fault.empty()) return Fail(path, number, fault, kRemedy);
    const auto same = [&](const auto& entry) { return entry.first == user; };
    const bool twice = std::any_of(out.entries_.begin(), out.entries_.end(), same);
    if (twice) return Fail(path, number, "this user stands here twice", "leave one line of the two");
    if (out.entries_.size() == kMaxUsers) {
      return Fail(path, number, "more than " + std::to_string(kMaxUsers) + " users", "readers may share a user");
    }
    out.entries_.emplace_back(user, hash);
  }
  if (out.entries_.empty()) return Fail(path, 0, "no user is in it: nobody could read the endpoint", kRemedy);
  return out;
}

bool PasswordFile::Admits(const std::string& user, const std::string& password) const {
  // A NUL would end the password for crypt(3), and what stands behind it would not count.
  const bool usable = password.find('\0') == std::string::npos;
  const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e.first == user; });
  const bool matches = Matches(known == entries_.end() ? entries_.front().second : known->second, password);
  return matches && usable && known != entries_.end();
}

}  // namespace gander::report
