// SPDX-License-Identifier: Apache-2.0
// Tests that a pack writes as data, compiled: most national numbers need no code of their own. All are pure, read
// nothing outside of the value and take no time worth the name; a value too short for a test fails it.
#ifndef GANDER_IDENTIFY_VALUE_CHECK_H_
#define GANDER_IDENTIFY_VALUE_CHECK_H_

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "identify/check_source.h"

namespace gander::identify {

// Places [first, last] of a value, from 0; below zero they count from its end, -1 being the last.
struct Places {
  int first = 0, last = -1;
  // Empty when the value does not reach so far.
  std::string_view Of(std::string_view value) const noexcept;
};

// Several places side by side, as "1-6,8-10".
struct PlaceList {
  std::vector<Places> parts;
  static constexpr std::size_t kMaxJoined = 64;
  // Empty when the value does not reach so far; `joined` has room for kMaxJoined.
  std::string_view Of(std::string_view value, char* joined) const noexcept;
};

// What a remainder must be to be right.
struct Remainder {
  std::vector<int> moduli;
  std::string table;  // by remainder
  bool compared = false, has_minuend = false;
  int minuend = 0, rest = 0;
  Places check;
};

struct SumTest {
  using Values = std::array<std::int8_t, 256>;  // -1: not allowed
  enum class Sums : std::uint8_t { kProducts, kDigits, kLastDigit, kLuhn };

  bool Pass(std::string_view value) const noexcept;

  bool number = false;  // the places as a number; else weighted
  bool right = false;
  Places at;            // of the weights
  PlaceList number_at;  // of the number
  std::vector<int> weights, again;
  Sums sums = Sums::kProducts;
  int plus = 0;
  Values values{};
  int expand_from = -1;  // letters become two digits, A this number
  std::vector<std::string> prefixes;
  Remainder remainder;
  std::string again_table;

 private:
  bool PassPlain(std::string_view value) const noexcept;
  int Term(int weight, int value) const noexcept;
  int Sum(std::string_view digits, const std::vector<int>& by) const noexcept;
  int NumberRest(std::string_view prefix, std::string_view digits) const noexcept;
  bool Fits(int rest, std::string_view value, bool repeated) const noexcept;
};

struct AlgorithmTest {
  using Function = bool (*)(std::string_view value) noexcept;
  bool Pass(std::string_view value) const noexcept;

  Function function = nullptr;
  PlaceList at;
  std::vector<std::string> prefixes;
};

struct DateTest {
  bool Pass(std::string_view value) const noexcept;

  Places at;
  struct Part {
    std::size_t at = 0, digits = 0;
  };
  Part year, month, day, day_of_year;
  struct Century {
    std::string characters;
    int base = 0;
  };
  std::vector<Century> centuries;
  Places century_at;
  std::vector<int> days = {0};
  std::vector<std::pair<int, int>> months = {{0, 0}};
  bool unknown = false, any_age = false;

 private:
  // The century told by a character of the value; -1 when that is none of those known.
  int CenturyOf(std::string_view whole) const noexcept;
  bool PassMonths(int year, int month, int day) const noexcept;
  bool PassDay(int year, int month, int day) const noexcept;
};

struct PlaceTest {
  bool Pass(std::string_view value) const noexcept;

  Places at;
  // Of strings of one length; as numbers where they have eight characters at most.
  struct Range {
    Range() = default;
    Range(std::string from, std::string to)
        : low(std::move(from)), high(std::move(to)), low_number(Packed(low)), high_number(Packed(high)) {}
    bool Holds(std::string_view held, std::uint64_t packed) const noexcept {
      if (held.size() != low.size()) return false;
      if (held.size() <= 8) return packed >= low_number && packed <= high_number;
      return held >= low && held <= high;
    }
    // The last eight characters, first in the uppermost byte.
    static std::uint64_t Packed(std::string_view text) noexcept {
      std::uint64_t number = 0;
      for (char c : text) number = number << 8 | static_cast<unsigned char>(c);
      return number;
    }
    std::string low, high;
    std::uint64_t low_number = 0, high_number = 0;
  };
  std::vector<Range> is, is_not;
  bool no_same = false, no_sequence = false, no_palindrome = false;
  std::bitset<256> chars;  // none: any
};

struct LengthTest {
  bool Pass(std::string_view value) const noexcept {
    return value.size() < 64 && (lengths >> value.size() & 1) != 0;
  }
  std::uint64_t lengths = 0;
};

struct ValueCheck;
struct AnyTest {
  bool Pass(std::string_view value) const noexcept;
  std::vector<std::vector<ValueCheck>> ways;
};

struct ValueCheck {
  std::vector<ValueCheck> when;
  std::variant<SumTest, AlgorithmTest, DateTest, PlaceTest, LengthTest, AnyTest> test;
};

// Whether the value passes all.
bool PassAll(const std::vector<ValueCheck>& checks, std::string_view value) noexcept;

// What is wrong with a test, and the line it stands in.
struct CheckFault {
  int line = 0;
  std::string cause;
};
// Appends the compiled tests; `fault.cause` is empty when all went well.
void CompileChecks(const std::vector<CheckSource>& sources, std::vector<ValueCheck>& out, CheckFault& fault);

// Names of the algorithms there are, parted by commas.
std::string AlgorithmNames();
AlgorithmTest::Function FindAlgorithm(std::string_view name) noexcept;

// "A-Za-z0-9_-" as in a character class; a '-' at either end stands for itself.
std::bitset<256> ParseAlphabet(std::string_view text);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_VALUE_CHECK_H_
