// SPDX-License-Identifier: Apache-2.0
// What every match of an expression must hold: by it the rest of a text is skipped.
#include "identify/char_class.h"
#include "identify/literal_set.h"

namespace gander::identify {
namespace {

// The longest run of plain characters outside of all groups and choices.
std::string LongestRun(std::string_view expression) {
  std::string best, run;
  int depth = 0;
  const auto close_run = [&] {
    if (run.size() > best.size()) best = run;
    run.clear();
  };
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '\\' && i + 1 < expression.size()) {
      const char next = expression[++i];
      if (IsAlnum(next)) {
        close_run();  // a class, an anchor or a numbered byte
      } else if (depth == 0) {
        run += next;
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
      if (depth == 0) return {};  // what one branch holds the other need not
    } else if (c == '?' || c == '*' || c == '{') {
      if (!run.empty()) run.pop_back();  // may be missing
      close_run();
      while (c == '{' && i + 1 < expression.size() && expression[i] != '}') ++i;
    } else if (c == '.' || c == '^' || c == '$' || c == '+') {
      close_run();
    } else if (depth == 0) {
      run += c;
    }
  }
  close_run();
  return best;
}

// Whether the class that begins behind the '[' at `i` is more than a plain list; moves to its end.
bool IsInvolved(std::string_view expression, std::size_t& i) noexcept {
  if (i + 1 < expression.size() && expression[i + 1] == '^') ++i;
  const std::size_t first = ++i;
  for (; i < expression.size() && expression[i] != ']'; ++i) {
    if (expression[i] == '[') return true;
    if (expression[i] == '\\') ++i;
  }
  return i == first;  // []abc]
}

// Options, verbs, quoting, characters by number, classes within classes: LongestRun takes them for something else.
bool LeavesDoubt(std::string_view expression) noexcept {
  constexpr std::string_view kPlainEscapes = "dDsSwWbBAzZnrtfv";
  for (std::size_t i = 0; i + 1 < expression.size(); ++i) {
    const char c = expression[i], next = expression[i + 1];
    if (c == '\\') {
      if (IsAlnum(next) && kPlainEscapes.find(next) == std::string_view::npos) return true;
      ++i;
    } else if (c == '(' && (next == '?' || next == '*') && expression.substr(i, 3) != "(?:") {
      return true;
    } else if (c == '[' && IsInvolved(expression, i)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::size_t RequiredLiteral(std::string_view expression) { return LongestRun(expression).size(); }

std::string CertainLiteral(std::string_view expression) {
  return LeavesDoubt(expression) ? std::string{} : LongestRun(expression);
}

}  // namespace gander::identify
