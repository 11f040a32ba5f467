// SPDX-License-Identifier: Apache-2.0
// What a byte is, without the locale.
#ifndef GANDER_IDENTIFY_CHAR_CLASS_H_
#define GANDER_IDENTIFY_CHAR_CLASS_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace gander::identify {

constexpr bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool IsUpper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr bool IsLower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool IsLetter(char c) noexcept { return IsUpper(c) || IsLower(c); }
constexpr bool IsAlnum(char c) noexcept { return IsDigit(c) || IsLetter(c); }
// What holds a word together: a value next to one of these is a part of something else.
constexpr bool IsWord(char c) noexcept { return IsAlnum(c) || c == '_'; }
constexpr bool IsSpace(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
constexpr bool IsAscii(char c) noexcept { return static_cast<unsigned char>(c) < 0x80; }
constexpr bool IsContinuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
constexpr char ToUpper(char c) noexcept { return IsLower(c) ? static_cast<char>(c - 32) : c; }
constexpr char ToLower(char c) noexcept { return IsUpper(c) ? static_cast<char>(c + 32) : c; }
constexpr int DigitOf(char c) noexcept { return c - '0'; }
// 0..9, then A = 10 .. Z = 35 (the values of ISO 7064 and of most national schemes); -1 for anything else.
constexpr int AlnumValue(char c) noexcept {
  return IsDigit(c) ? c - '0' : IsUpper(c) ? c - 'A' + 10 : IsLower(c) ? c - 'a' + 10 : -1;
}

// A set of bytes that costs one load to ask.
class ByteSet {
 public:
  constexpr explicit ByteSet(std::string_view members) noexcept {
    for (char c : members) in_[static_cast<unsigned char>(c)] = true;
  }
  constexpr bool operator[](char c) const noexcept { return in_[static_cast<unsigned char>(c)]; }

 private:
  std::array<bool, 256> in_{};
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_CHAR_CLASS_H_
