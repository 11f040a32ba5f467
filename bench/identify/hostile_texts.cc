// SPDX-License-Identifier: Apache-2.0
#include "identify/hostile_texts.h"

#include <functional>
#include <random>
#include <string_view>

namespace gander::bench {
namespace {

using Random = std::mt19937_64;
constexpr std::uint64_t kSeed = 20260101;

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kHex = "0123456789abcdef";

std::string Of(Random& random, std::string_view alphabet, std::size_t length) {
  std::string out(length, '\0');
  for (char& c : out) c = alphabet[random() % alphabet.size()];
  return out;
}

std::string Fill(std::size_t bytes, const std::function<std::string(Random&)>& next) {
  Random random(kSeed);
  std::string text;
  while (text.size() < bytes) text += next(random);
  text.resize(bytes);
  return text;
}

std::string Repeat(std::string_view part, std::size_t bytes) {
  return Fill(bytes, [&](Random&) { return std::string(part); });
}

bool IsAlnum(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// One letter or digit becomes another of its kind: most schemes' tests fail.
std::string Mutated(std::string text, Random& random) {
  if (text.empty()) return text;
  for (int tries = 0; tries < 64; ++tries) {
    char& c = text[random() % text.size()];
    if (!IsAlnum(c)) continue;
    if (c >= '0' && c <= '9') {
      c = static_cast<char>('0' + (c - '0' + 1 + static_cast<char>(random() % 9)) % 10);
    } else {
      c = static_cast<char>(c == 'z' || c == 'Z' ? c - 1 : c + 1);
    }
    break;
  }
  return text;
}

std::string NearMissOf(const identify::RuleSource& rule, Random& random) {
  const std::size_t examples = rule.match.size() + rule.no_match.size();
  if (examples == 0) return {};
  const std::size_t i = random() % examples;
  return i < rule.match.size() ? Mutated(rule.match[i], random) : rule.no_match[i - rule.match.size()];
}

}  // namespace

std::vector<HostileText> PlainHostileTexts(std::size_t bytes) {
  const auto fill = [&](const std::function<std::string(Random&)>& next) { return Fill(bytes, next); };
  return {
      {"one run of digits", fill([](Random& r) { return Of(r, kDigits, 4096); })},
      {"numbers of 16 digits", fill([](Random& r) { return Of(r, kDigits, 16) + ','; })},
      {"numbers of 7 to 20 digits", fill([](Random& r) { return Of(r, kDigits, 7 + r() % 14) + ' '; })},
      {"cards in groups", fill([](Random& r) {
         return "4" + Of(r, kDigits, 3) + ' ' + Of(r, kDigits, 4) + ' ' + Of(r, kDigits, 4) + ' ' + Of(r, kDigits, 4) +
                ';';
       })},
      {"groups of 1 to 4 digits", fill([](Random& r) { return Of(r, kDigits, 1 + r() % 4) + " -./"[r() % 4]; })},
      {"numbers joined by spaces", fill([](Random& r) { return Of(r, kDigits, 2 + r() % 8) + ' '; })},
      {"letters and digits", fill([](Random& r) { return Of(r, "ABCDEFGHIJ0123456789", 6 + r() % 20) + ' '; })},
      {"@ alone", Repeat("@", bytes)},
      {"a@", Repeat("a@", bytes)},
      {"addresses without a domain", fill([](Random& r) { return Of(r, kHex, 60) + "@" + Of(r, kHex, 60) + ' '; })},
      {"domains of many labels", fill([](Random& r) { return "x@" + Repeat("a.", 240) + Of(r, kHex, 4) + "1 "; })},
      {"+ and digits", fill([](Random& r) { return "+" + Of(r, kDigits, 14) + ' '; })},
      {"+ alone", Repeat("+", bytes)},
      {"IBANs with wrong check digits", fill([](Random& r) { return "DE" + Of(r, kDigits, 20) + ' '; })},
      {"Bitcoin addresses with a wrong end", fill([](Random& r) { return "1" + Of(r, kBase58, 33) + ' '; })},
      {"Bech32 addresses with a wrong end",
       fill([](Random& r) { return "bc1q" + Of(r, "qpzry9x8gf2tvdw0s3jn54khce6mua7l", 38) + ' '; })},
      {"pairs of hexadecimal digits", fill([](Random& r) { return Of(r, kHex, 2) + ':'; })},
      {"positions", fill([](Random& r) { return "4" + Of(r, kDigits, 1) + '.' + Of(r, kDigits, 5) + ", "; })},
      {"dates", fill([](Random& r) {
         return "19" + Of(r, kDigits, 2) + "-0" + Of(r, "123456789", 1) + "-1" + Of(r, kDigits, 1) + ' ';
       })},
      {"capitals and a number", fill([](Random& r) { return Of(r, kUpper, 2) + Of(r, kDigits, 7) + ' '; })},
      {"keys without a value",
       fill([](Random& r) { return "\"name\":\"\",\"phone\":\"\",\"" + Of(r, kHex, 4) + "\":1,"; })},
      {"= alone", Repeat("=", bytes)},
      {": alone", Repeat(":", bytes)},
      {"< alone", Repeat("<", bytes)},
      {"_ and digits", fill([](Random& r) { return Of(r, kDigits, 9) + '_'; })},
      {"tokens that never end", fill([](Random& r) { return "eyJ" + Of(r, kBase58, 60) + '.'; })},
      {"private keys that never end", Repeat("-----BEGIN PRIVATE KEY-----\n", bytes)},
      {"SQL without rows", Repeat("INSERT INTO t (name, phone, mail) VALUES ", bytes)},
      {"HL7 without fields", Repeat("\rPID|1|", bytes)},
      {"full-width digits", fill([](Random& r) {
         std::string out;
         for (int i = 0; i < 8; ++i) out += "\xEF\xBC" + std::string(1, static_cast<char>(0x90 + r() % 10));
         return out + ' ';
       })},
  };
}

std::vector<HostileText> RuleHostileTexts(const std::vector<identify::RuleSource>& rules, std::size_t bytes) {
  const auto of = [&](Random& r) -> const identify::RuleSource& { return rules[r() % rules.size()]; };
  const auto pick = [](const std::vector<std::string>& from, Random& r) {
    return from.empty() ? std::string() : from[r() % from.size()];
  };
  return {
      {"what must not match", Fill(bytes, [&](Random& r) { return pick(of(r).no_match, r) + '\n'; })},
      {"what must, changed", Fill(bytes, [&](Random& r) { return Mutated(pick(of(r).match, r), r) + '\n'; })},
      {"context words beside numbers", Fill(bytes, [&](Random& r) {
         return pick(of(r).context, r) + ": " + Of(r, kDigits, 6 + r() % 10) + '\n';
       })},
      {"context words alone", Fill(bytes, [&](Random& r) { return pick(of(r).context, r) + ' '; })},
  };
}

std::string NearMisses(const identify::RuleSource& rule, std::size_t bytes) {
  if (rule.match.empty() && rule.no_match.empty()) return {};
  return Fill(bytes, [&](Random& r) { return NearMissOf(rule, r) + '\n'; });
}

}  // namespace gander::bench
