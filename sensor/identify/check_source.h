// SPDX-License-Identifier: Apache-2.0
// Tests of a value in plain words, as a pack writes them under `checks`; value_check.h compiles them.
#ifndef GANDER_IDENTIFY_CHECK_SOURCE_H_
#define GANDER_IDENTIFY_CHECK_SOURCE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gander::identify {

// Places count characters of the normalised value (letters and digits only, upper case) from 1: "3", "3-8", "3-" (to
// the end); from the last one backwards with a minus sign: "-1", "1--2"; kNumber and kAlgorithm take several side by
// side: "1-6,8-10". Empty: the kind's own choice.
struct CheckSource {
  enum class Kind : std::uint8_t {
    kWeights,    // sum of weights times digits, and what its remainder must be
    kNumber,     // the number that some places write, and what its remainder must be
    kAlgorithm,  // a check character by its standard's name
    kDate,       // a calendar date
    kPlaces,     // what some places may hold
    kLength,     // how many characters
    kAny,        // one of several lists of tests passes
  };
  Kind kind = Kind::kPlaces;
  std::string at;

  // kWeights. `again` is summed where `table` says '*'.
  std::vector<int> weights, again;
  bool right = false;       // the first weight stands at the right end of `at`, and they repeat
  // "": products; "digits": sums of their digits; "last_digit": their last digits; "luhn": less 9 where a doubled value
  // is above 9.
  std::string sums;
  int plus = 0;             // added to the sum
  // kWeights and kNumber
  std::string values;       // "": A = 10; "a1": A = 1; else a character's value is its place here, from 0
  std::string expand;       // "a1", "a10": letters become two digits before anything else
  std::vector<int> moduli;  // taken one after another
  std::string table, again_table;  // check character for each remainder; '-' none is right, '*' see `again`
  bool has_minuend = false;
  int minuend = 0;          // what is compared is this less the remainder
  int rest = 0;             // the remainder when there is neither table nor check
  std::string check;        // where the check characters stand
  std::vector<std::string> prefixes;  // kNumber, kAlgorithm: digits put before; one of them must do
  // kAlgorithm: its name. kDate: its form, such as YYMMDD.
  std::string name;
  // kDate
  std::vector<std::pair<std::string, int>> centuries;  // characters such as "12" -> 1900
  std::string century_at;
  std::vector<int> days;                    // what may have been added to the day
  std::vector<std::pair<int, int>> months;  // added to the month -> century, 0 when that says nothing
  bool unknown = false;                     // day and month may be 00
  bool any_age = false;                     // not only dates on which somebody alive was born
  // kPlaces
  std::vector<std::string> is, is_not;  // "BG", "01-24", and of is_not: same, sequence, palindrome
  std::string chars;                    // each character is one of these: "0-9CFGH"
  // kLength
  std::vector<int> lengths;
  // kAny
  std::vector<std::vector<CheckSource>> ways;

  std::vector<CheckSource> when;  // the test applies only to values that pass these
  int line = 0;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_CHECK_SOURCE_H_
