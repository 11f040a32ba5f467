// SPDX-License-Identifier: Apache-2.0
// What the value of a name field must look like to be the name of a person and not of a product or a file.
#include <cstdint>

#include "identify/char_class.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

// Scripts are told apart only as far as names need it.
enum class Script : std::uint8_t { kLatin, kOtherCased, kIdeograph, kKana, kHangul, kOther, kNone };

struct CodePoint {
  std::uint32_t value;
  int length;
};

CodePoint Decode(std::string_view s, std::size_t at) noexcept {
  const auto b = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(s[at + i]));
  };
  const std::uint32_t c = b(0);
  const int length = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
  if (at + static_cast<std::size_t>(length) > s.size() || (c >= 0x80 && c < 0xC2)) return {0, 0};
  if (length == 1) return {c, 1};
  if (length == 2) return {(c & 0x1F) << 6 | (b(1) & 0x3F), 2};
  if (length == 3) return {(c & 0x0F) << 12 | (b(1) & 0x3F) << 6 | (b(2) & 0x3F), 3};
  return {(c & 0x07) << 18 | (b(1) & 0x3F) << 12 | (b(2) & 0x3F) << 6 | (b(3) & 0x3F), 4};
}

Script ScriptOf(std::uint32_t c) noexcept {
  if (c < 0x80) return IsLetter(static_cast<char>(c)) ? Script::kLatin : Script::kNone;
  if (c < 0xC0) return Script::kNone;
  if (c < 0x370) return Script::kLatin;
  if (c < 0x590) return Script::kOtherCased;  // Greek, Cyrillic, Armenian
  if (c >= 0x2000 && c < 0x3040) return Script::kNone;
  if (c >= 0x3040 && c < 0x3100) return Script::kKana;
  if (c >= 0x3400 && c < 0xA000) return Script::kIdeograph;
  if (c >= 0xAC00 && c < 0xD7B0) return Script::kHangul;
  if (c >= 0xFE00 && c < 0x10000) return Script::kNone;
  if (c >= 0x1F000) return Script::kNone;
  return Script::kOther;  // Arabic, Hebrew, Indic, Thai ...
}

bool IsUpperCased(std::uint32_t c) noexcept {
  if (c < 0x80) return IsUpper(static_cast<char>(c));
  if (c < 0x100) return c <= 0xDE;
  if (c < 0x180) return true;  // Latin Extended-A alternates; its few small initials are not worth a table
  return c < 0x250 || (c >= 0x391 && c <= 0x3AB) || (c >= 0x400 && c <= 0x42F);
}

}  // namespace

bool PersonName(std::string_view raw) noexcept {
  if (raw.size() < 4 || raw.size() > 100) return false;
  int words = 0, letters = 0, letters_in_word = 0, capitals = 0;
  Script script = Script::kNone;
  bool inside = false;
  for (std::size_t i = 0; i < raw.size();) {
    const CodePoint p = Decode(raw, i);
    if (p.length == 0) return false;
    i += static_cast<std::size_t>(p.length);
    const char c = p.value < 0x80 ? static_cast<char>(p.value) : '\0';
    if (c == ' ' || c == '^' || c == ',' || p.value == 0x3000 || p.value == 0xB7 || p.value == 0x30FB) {
      inside = false;
      continue;
    }
    if ((c == '-' || c == '\'' || c == '.' || p.value == 0x2019) && inside) continue;
    Script s = ScriptOf(p.value);
    if (s == Script::kNone) return false;
    if (s == Script::kKana) s = Script::kIdeograph;
    if (script != Script::kNone && s != script) return false;
    script = s;
    if (!inside) {
      ++words;
      inside = true;
      letters_in_word = 0;
      capitals += IsUpperCased(p.value) ? 1 : 0;
    }
    ++letters;
    if (++letters_in_word > 20) return false;
  }
  switch (script) {
    case Script::kIdeograph:
      return letters >= 2 && letters <= 8;
    case Script::kHangul:
      return letters >= 2 && letters <= 5;
    case Script::kLatin:
    case Script::kOtherCased:
      return words >= 2 && words <= 6 && capitals >= 2 && letters >= 4;
    case Script::kOther:
      return words >= 2 && words <= 6;
    default:
      return false;
  }
}

}  // namespace gander::identify
