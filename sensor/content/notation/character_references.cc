// SPDX-License-Identifier: Apache-2.0
#include "content/notation/character_references.h"

#include <algorithm>
#include <cstring>

#include "content/charset/utf8.h"
#include "content/decoder_pool.h"
#include "content/hex.h"

namespace gander::content {
namespace {

constexpr std::uint32_t kTooLarge = 0x110000;

// What numbers that Unicode gives to control characters stand for: browsers take them as windows-1252.
constexpr std::array<std::uint16_t, 32> kWindows1252 = {
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
    0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178,
};

constexpr bool IsDigit(unsigned char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(unsigned char c) noexcept { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

// What "#39" or "#x27" stands for; 0 when it is none, or so long that it is zeros or nothing.
std::uint32_t NumberIn(std::string_view digits) noexcept {
  const bool hex = digits.size() > 2 && (digits[1] | 0x20) == 'x';
  std::uint32_t value = 0;
  if (digits.size() > 8) return 0;
  for (const char c : digits.substr(hex ? 2 : 1)) {
    const int digit = HexDigit(static_cast<unsigned char>(c));
    if (digit < 0 || (!hex && digit > 9)) return 0;
    value = value * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
  }
  return value >= 0x80 && value < 0xa0 ? kWindows1252[value - 0x80] : value;
}

}  // namespace

void CharacterReferences::GiveBack() noexcept { body().pool->Give(this); }

std::size_t CharacterReferences::Whole(Bytes in, std::span<std::byte> out, std::size_t& written) noexcept {
  const std::string_view s = AsText(in.first(std::min(in.size(), kMaxCharacterName + 2)));
  const std::size_t end = s.find(';', 1);
  if (end == std::string_view::npos || end < 3) return 0;
  const std::string_view inside = s.substr(1, end - 1);
  const std::uint32_t c = inside[0] == '#' ? NumberIn(inside) : CharacterNamed(inside, true);
  if (c == 0 || c == '&') return 0;
  written = PutReadable(c, out);
  return end + 1;
}

std::size_t CharacterReferences::Step(unsigned char c, std::span<std::byte> out, bool& taken) noexcept {
  switch (state_) {
    case State::kNone:
      state_ = State::kAmpersand;
      return 0;
    case State::kAmpersand:
      if (c == '#') {
        state_ = State::kNumber;
        return 0;
      }
      if (!IsLetter(c)) break;
      state_ = State::kName;
      length_ = 0;
      [[fallthrough]];
    case State::kName:
      if ((IsLetter(c) || IsDigit(c)) && length_ < kMaxCharacterName) {
        name_[length_++] = static_cast<char>(c);
        return 0;
      }
      if (c != ';') {
        taken = false;
        return BareName(c, out);
      }
      if (const std::uint32_t named = CharacterNamed(name(), true); named != 0) return Character(named, out);
      break;
    default:
      return Number(c, out, taken);
  }
  taken = false;
  return Raw(out);
}

std::size_t CharacterReferences::Number(unsigned char c, std::span<std::byte> out, bool& taken) noexcept {
  if (state_ == State::kNumber && (c | 0x20) == 'x') {
    state_ = State::kHex;
    name_[0] = static_cast<char>(c);
    length_ = 1;
    return 0;
  }
  const bool hex = state_ == State::kHex || state_ == State::kHexDigits;
  const bool begun = state_ == State::kDecimalDigits || state_ == State::kHexDigits;
  const int digit = HexDigit(c);
  if (digit >= 0 && (hex || digit < 10)) {
    if (!begun) value_ = 0;
    state_ = hex ? State::kHexDigits : State::kDecimalDigits;
    value_ = std::min(value_ * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit), kTooLarge);
    return 0;
  }
  taken = begun && c == ';';
  if (!begun) return Raw(out);
  if (value_ >= 0x80 && value_ < 0xa0) value_ = kWindows1252[value_ - 0x80];
  return Character(value_, out);
}

std::size_t CharacterReferences::Character(std::uint32_t c, std::span<std::byte> out) noexcept {
  if (c == '&') {
    state_ = State::kAmpersand;
    return 0;
  }
  state_ = State::kNone;
  return PutReadable(c, out);
}

// A name without semicolon and what follows: the name itself, or the begin of it with digits behind.
std::size_t CharacterReferences::BareName(unsigned char next, std::span<std::byte> out) noexcept {
  const std::string_view all = name();
  std::size_t letters = all.size();
  std::uint32_t named = next == '=' ? 0 : CharacterNamed(all, false);
  if (named == 0) {
    letters = static_cast<std::size_t>(std::find_if(all.begin(), all.end(), IsDigit) - all.begin());
    if (letters < all.size()) named = CharacterNamed(all.substr(0, letters), false);
  }
  if (named == 0) return Raw(out);
  if (letters == all.size()) return Character(named, out);
  state_ = State::kNone;
  const std::size_t n = PutReadable(named, out);
  std::memcpy(out.data() + n, all.data() + letters, all.size() - letters);
  return n + all.size() - letters;
}

// What was read of a reference that is none, as it stood.
std::size_t CharacterReferences::Raw(std::span<std::byte> out) noexcept {
  const std::string_view begin = state_ == State::kHex || state_ == State::kNumber ? "&#" : "&";
  const std::size_t named = state_ == State::kName || state_ == State::kHex ? length_ : 0;
  state_ = State::kNone;
  std::memcpy(out.data(), begin.data(), begin.size());
  std::memcpy(out.data() + begin.size(), name_.data(), named);
  return begin.size() + named;
}

std::size_t CharacterReferences::Finish(std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  bool taken = true;
  if (state_ == State::kName) {
    n = BareName(' ', out);
  } else if (state_ == State::kDecimalDigits || state_ == State::kHexDigits) {
    n = Number(' ', out, taken);
  }
  return state_ == State::kNone ? n : n + Raw(out.subspan(n));
}

}  // namespace gander::content
