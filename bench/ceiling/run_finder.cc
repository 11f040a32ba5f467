// SPDX-License-Identifier: Apache-2.0
#include "ceiling/run_finder.h"

#include <immintrin.h>

#include <array>
#include <cstring>

namespace gander::bench {
namespace {

constexpr int kMaxDigits = 19, kMaxGroups = 8, kBlock = 64;

bool IsDigit(char c) { return static_cast<unsigned char>(c - '0') < 10; }
bool IsUpper(char c) { return static_cast<unsigned char>(c - 'A') < 26; }
bool IsLetter(char c) { return static_cast<unsigned char>((c | 32) - 'a') < 26; }
bool IsSeparator(char c) { return c == ' ' || c == '-' || c == '.' || c == '/'; }

// A number read backwards: groups of digits between equal separators.
struct Number {
  std::array<std::uint8_t, kMaxDigits + 1> back;  // digits, last first
  std::array<std::uint8_t, kMaxGroups> group{};   // their counts, last group first
  int digits = 0, groups = 1;
  char separator = 0, before = ' ';
  std::size_t begin = 0;

  int At(int i) const { return back[static_cast<std::size_t>(digits - 1 - i)]; }
};

Number ReadBack(std::string_view t, std::size_t end) {
  Number n;
  std::size_t i = end;
  int digits = 0, groups = 1, in_group = 0;
  for (; i > 0 && digits <= kMaxDigits; --i) {
    const char c = t[i - 1];
    if (IsDigit(c)) {
      n.back[static_cast<std::size_t>(digits++)] = static_cast<std::uint8_t>(c - '0');
      ++in_group;
    } else if (IsSeparator(c) && i > 1 && IsDigit(t[i - 2]) && groups < kMaxGroups &&
               (n.separator == 0 || n.separator == c)) {
      n.separator = c;
      n.group[static_cast<std::size_t>(groups++ - 1)] = static_cast<std::uint8_t>(in_group);
      in_group = 0;
    } else {
      break;
    }
  }
  n.group[static_cast<std::size_t>(groups - 1)] = static_cast<std::uint8_t>(in_group);
  n.digits = digits;
  n.groups = groups;
  n.begin = i;
  if (i > 0) n.before = t[i - 1];
  return n;
}

bool Luhn(const Number& n) {
  static constexpr std::uint8_t kDoubled[] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
  int sum = 0;
  for (int i = 0; i < n.digits; ++i)
    sum += i % 2 == 0 ? n.back[static_cast<std::size_t>(i)] : kDoubled[n.back[static_cast<std::size_t>(i)]];
  return sum % 10 == 0;
}

bool ResidentId(const Number& n, char after) {
  static constexpr int kWeights[] = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                                     3, 7, 9,  10, 5, 8, 4, 2};  // powers of 2 modulo 11
  int sum = 0;
  for (int i = 0; i < 17; ++i) sum += n.At(i) * kWeights[i];
  const char check = "10x98765432"[sum % 11];
  const char given = n.digits == 18 ? static_cast<char>('0' + n.At(17)) : static_cast<char>(after | 32);
  return check == given && (n.At(6) == 1 || n.At(6) == 2);
}

bool Iban(std::string_view t, std::size_t end, const Number& n) {
  std::size_t begin = n.begin;
  for (int back = 0; begin > 0 && back < 8 && (IsUpper(t[begin - 1]) || IsDigit(t[begin - 1])); ++back)
    --begin;
  const std::size_t length = end - begin;
  if (length < 15 || length > 34 || !IsUpper(t[begin]) || !IsUpper(t[begin + 1]) || !IsDigit(t[begin + 2]))
    return false;
  unsigned mod = 0;
  for (std::size_t k = 0; k < length; ++k) {
    const char c = t[begin + (k + 4 < length ? k + 4 : k + 4 - length)];
    mod = (IsDigit(c) ? mod * 10 + static_cast<unsigned>(c - '0')
                      : mod * 100 + static_cast<unsigned>(c - 'A') + 10) %
          97;
  }
  return mod == 1;
}

void OneGroup(std::string_view t, std::size_t end, const Number& n, RunCounts& counts) {
  if ((n.digits == 17 || n.digits == 18) && ResidentId(n, end < t.size() ? t[end] : ' ')) {
    ++counts.resident_id;
  } else if (n.digits >= 13 && n.digits <= 19 && n.At(0) >= 3 && n.At(0) <= 6 && !IsLetter(n.before) &&
             Luhn(n)) {
    ++counts.card;
  } else if (n.before == '+' && n.digits >= 10 && n.digits <= 15) {
    ++counts.phone;
  } else if (n.digits >= 12 && Iban(t, end, n)) {
    ++counts.iban;
  }
}

void SeveralGroups(std::string_view t, const Number& n, RunCounts& counts) {
  const auto is = [&](int groups, int last, int middle, int first) {
    return n.groups == groups && n.group[0] == last && n.group[1] == middle &&
           (groups < 3 || n.group[2] == first);
  };
  if (is(3, 4, 2, 3) && n.separator == '-' && !IsLetter(n.before)) {
    const int area = n.At(0) * 100 + n.At(1) * 10 + n.At(2);
    if (area != 0 && area != 666 && area < 900) ++counts.ssn;
  } else if (is(3, 2, 2, 4)) {
    ++counts.date;
  } else if (n.digits >= 13 && n.group[0] == 4 && n.group[1] == 4 && !IsLetter(n.before) && n.digits <= 19 &&
             Luhn(n)) {
    ++counts.card;
  } else if (is(2, 4, 3, 0) && n.begin >= 2 && (t[n.begin - 1] == ')' || t[n.begin - 2] == ')')) {
    ++counts.phone;
  }
}

void OnRunEnd(std::string_view t, std::size_t end, RunCounts& counts) {
  ++counts.candidates;
  // Not the last group: whoever comes behind reads it all.
  if (end + 1 < t.size() && IsSeparator(t[end]) && IsDigit(t[end + 1])) return;
  const Number n = ReadBack(t, end);
  if (n.groups == 1) {
    OneGroup(t, end, n, counts);
  } else {
    SeveralGroups(t, n, counts);
  }
}

void OnAt(std::string_view t, std::size_t at, RunCounts& counts) {
  ++counts.candidates;
  const auto in_domain = [](char c) { return IsDigit(c) || IsLetter(c) || c == '.' || c == '-'; };
  if (at == 0 || !(in_domain(t[at - 1]) || t[at - 1] == '_' || t[at - 1] == '+' || t[at - 1] == '%')) return;
  std::size_t i = at + 1, dot = 0;
  for (; i < t.size() && i - at < 254 && in_domain(t[i]); ++i) {
    if (t[i] == '.') dot = i;
  }
  if (dot > at + 1 && i - dot >= 3) ++counts.mail;
}

std::uint64_t Mask(__m256i low, __m256i high) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(high))) << 32;
}

// A bit for each byte of one class, with those of the block before to shift in.
struct ClassBits {
  std::uint64_t now = 0, before = 0;
  // Bit i: the byte `back` places before i is in the class.
  std::uint64_t Back(int back) const { return now << back | before >> (64 - back); }
  void Next(std::uint64_t bits) {
    before = now;
    now = bits;
  }
};

__m256i DigitBytes(__m256i v) {
  const __m256i above = _mm256_sub_epi8(v, _mm256_set1_epi8('0'));
  return _mm256_cmpeq_epi8(_mm256_min_epu8(above, _mm256_set1_epi8(9)), above);
}

__m256i SeparatorBytes(__m256i v) {
  const auto is = [&](char c) { return _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c)); };
  return _mm256_or_si256(_mm256_or_si256(is(' '), is('-')), _mm256_or_si256(is('.'), is('/')));
}

// Ends of runs of seven digits or more, and of groups of two to four behind a separator and a digit.
std::uint64_t Ends(const ClassBits& digit, const ClassBits& separator) {
  const std::uint64_t end = ~digit.now & digit.Back(1);
  if (end == 0) return 0;
  const std::uint64_t two = digit.Back(1) & digit.Back(2), four = two & digit.Back(3) & digit.Back(4);
  const std::uint64_t seven = four & digit.Back(5) & digit.Back(6) & digit.Back(7);
  const std::uint64_t grouped = (separator.Back(3) & digit.Back(4)) |
                                (digit.Back(3) & separator.Back(4) & digit.Back(5)) |
                                (four & separator.Back(5) & digit.Back(6));
  return end & (seven | (two & grouped));
}

}  // namespace

void FindRuns(std::string_view text, RunCounts& counts) noexcept {
  ClassBits digit, separator;
  alignas(32) char last[kBlock];
  const __m256i at_sign = _mm256_set1_epi8('@');
  // One block more where the text fills the last: a run may end with it.
  for (std::size_t begin = 0; begin <= text.size(); begin += kBlock) {
    const char* block = text.data() + begin;
    if (begin + kBlock > text.size()) {
      std::memset(last, 0, sizeof last);
      std::memcpy(last, block, text.size() - begin);
      block = last;
    }
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + 32));
    digit.Next(Mask(DigitBytes(low), DigitBytes(high)));
    if ((digit.now | digit.before) != 0) {
      separator.Next(Mask(SeparatorBytes(low), SeparatorBytes(high)));
      for (std::uint64_t ends = Ends(digit, separator); ends != 0; ends &= ends - 1) {
        OnRunEnd(text, begin + static_cast<std::size_t>(__builtin_ctzll(ends)), counts);
      }
    } else {
      separator.Next(0);
    }
    for (std::uint64_t ats = Mask(_mm256_cmpeq_epi8(low, at_sign), _mm256_cmpeq_epi8(high, at_sign));
         ats != 0; ats &= ats - 1) {
      OnAt(text, begin + static_cast<std::size_t>(__builtin_ctzll(ats)), counts);
    }
  }
}

}  // namespace gander::bench
