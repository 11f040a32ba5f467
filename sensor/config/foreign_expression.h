// SPDX-License-Identifier: Apache-2.0
// Regular expressions of other tools, read far enough to be written as Gander's: bounded, in Hyperscan's dialect, with
// a text that they match.
#ifndef GANDER_CONFIG_FOREIGN_EXPRESSION_H_
#define GANDER_CONFIG_FOREIGN_EXPRESSION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gander::config {

struct ForeignExpression {
  std::string refused;  // why it cannot be taken; empty = it can
  std::string bounded;  // the same with every repeat bounded
  std::string sample;   // matches it
  bool narrowed = false;  // some repeat had no bound, or one too far
  // Where it is nothing but fixed beginnings and a run of one alphabet, as tokens have: Shape::prefixes, alphabet and
  // lengths.
  std::vector<std::string> prefixes;
  std::string alphabet;
  std::uint32_t min_length = 0, max_length = 0;
  bool is_token() const noexcept { return !prefixes.empty(); }
};

// The syntax that PCRE and RE2 share. Refused: what looks around or refers back, recursion, and classes this knows not.
// A repeat without a bound gets one of `most`; one with a greater bound gets it too. `folded`: case does not matter.
ForeignExpression ReadForeignExpression(std::string_view text, bool folded, std::uint32_t most = 32);

}  // namespace gander::config

#endif  // GANDER_CONFIG_FOREIGN_EXPRESSION_H_
