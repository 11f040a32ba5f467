// SPDX-License-Identifier: Apache-2.0
#include "corpus/random.h"

#include <cstring>

namespace gander::bench {

std::string Random::Digits(int n) {
  std::string s(static_cast<std::size_t>(n), '0');
  for (char& c : s) c = static_cast<char>('0' + Below(10));
  return s;
}

std::string Random::Number(int n) {
  std::string s = Digits(n);
  if (s[0] == '0') s[0] = static_cast<char>('1' + Below(9));
  return s;
}

std::string Random::Hex(int n) {
  std::string s(static_cast<std::size_t>(n), '0');
  for (char& c : s) c = "0123456789abcdef"[Below(16)];
  return s;
}

std::string Random::Bytes(std::size_t n) {
  std::string s(n, '\0');
  for (std::size_t i = 0; i < n; i += 8) {
    const std::uint64_t word = Next();
    std::memcpy(s.data() + i, &word, n - i < 8 ? n - i : 8);
  }
  return s;
}

}  // namespace gander::bench
