// SPDX-License-Identifier: Apache-2.0
#include "content/charset/escaped_sets.h"

#include <string_view>

namespace gander::content {
namespace {

struct Sets {
  const Charset &japanese, &korean, &chinese, &hz, &utf7;
};

const Sets& All() noexcept {
  static const Sets kSets{*FindCharset("iso-2022-jp"), *FindCharset("iso-2022-kr"), *FindCharset("iso-2022-cn"),
                          *FindCharset("hz-gb-2312"), *FindCharset("utf-7")};
  return kSets;
}

// Pairs of bytes in rows that GB 2312 has characters in.
bool IsPairs(std::string_view s) noexcept {
  if (s.size() < 4 || s.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < s.size(); i += 2) {
    const bool row = (s[i] >= 0x21 && s[i] <= 0x29) || (s[i] >= 0x30 && s[i] <= 0x77);
    if (!row || s[i + 1] < 0x21 || s[i + 1] > 0x7e) return false;
  }
  return true;
}

bool HasHz(std::string_view s) noexcept {
  for (std::size_t at = s.find("~{"); at != std::string_view::npos; at = s.find("~{", at + 2)) {
    const std::size_t end = s.find("~}", at + 2);
    if (end != std::string_view::npos && IsPairs(s.substr(at + 2, end - at - 2))) return true;
  }
  return false;
}

}  // namespace

Designation DesignationOf(Bytes sequence) noexcept {
  const std::string_view s = AsText(sequence);
  const auto at = [&](std::size_t i) { return i < s.size() ? s[i] : '\0'; };
  if (s.size() == 1) return {.cut = true};
  if (at(1) != '$') return {};
  if (s.size() == 2) return {.cut = true};
  if (at(2) == 'B' || at(2) == '@' || at(2) == 'A') return {.charset = &All().japanese};
  if (at(2) != '(' && at(2) != ')' && at(2) != '*') return {};
  if (s.size() == 3) return {.cut = true};
  if (at(2) == '(') return {.charset = at(3) == 'C' || at(3) == 'D' ? &All().japanese : nullptr};
  if (at(2) == '*') return {.charset = at(3) == 'H' ? &All().chinese : nullptr};
  if (at(3) == 'C') return {.charset = &All().korean};
  return {.charset = at(3) == 'A' || at(3) == 'G' || at(3) == 'E' ? &All().chinese : nullptr};
}

const Charset* GuessEscaped(Bytes prefix) noexcept {
  const std::string_view s = AsText(prefix);
  if (s.starts_with("+/v") && s.size() > 3 && std::string_view("89+/").find(s[3]) != std::string_view::npos)
    return &All().utf7;
  return HasHz(s) ? &All().hz : nullptr;
}

}  // namespace gander::content
