// SPDX-License-Identifier: Apache-2.0
// What every match of an expression must hold: by it Hyperscan skips the rest of a text.
#include <algorithm>

#include "identify/char_class.h"
#include "identify/literal_set.h"

namespace gander::identify {

std::size_t RequiredLiteral(std::string_view expression) noexcept {
  std::size_t best = 0, run = 0;
  int depth = 0;
  const auto close_run = [&] {
    best = std::max(best, run);
    run = 0;
  };
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '\\' && i + 1 < expression.size()) {
      const char next = expression[++i];
      if (IsAlnum(next)) {
        close_run();  // a class, an anchor or a numbered byte
      } else if (depth == 0) {
        ++run;
      }
    } else if (c == '[') {
      close_run();
      for (++i; i < expression.size() && expression[i] != ']'; ++i) i += expression[i] == '\\' ? 1 : 0;
    } else if (c == '(') {
      close_run();
      ++depth;
    } else if (c == ')') {
      --depth;
    } else if (c == '|') {
      if (depth == 0) return 0;  // what one branch holds the other need not
    } else if (c == '?' || c == '*' || c == '{') {
      if (run > 0) --run;  // may be missing
      close_run();
      while (c == '{' && i + 1 < expression.size() && expression[i] != '}') ++i;
    } else if (c == '.' || c == '^' || c == '$' || c == '+') {
      close_run();
    } else if (depth == 0) {
      ++run;
    }
  }
  close_run();
  return best;
}

}  // namespace gander::identify
