// SPDX-License-Identifier: Apache-2.0
#include "identify/cautious_mask.h"

#include "identify/char_class.h"
#include "identify/mask.h"

namespace gander::identify {
namespace {

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }

int HexOf(char c) noexcept {
  if (IsDigit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

struct Word {
  std::size_t begin = 0, end = 0, digits = 0;
  std::size_t size() const noexcept { return end - begin; }
  bool only_digits() const noexcept { return digits == size(); }
  bool tells(std::size_t number) const noexcept {
    if (number < kCautiousDigits) return digits >= number;
    return (only_digits() && digits >= number) || (size() >= kCautiousWord && digits >= kCautiousDigits);
  }
};

// The word that begins at `at`; empty when none does.
Word WordAt(std::string_view text, std::size_t at) noexcept {
  Word word{at, at, 0};
  while (word.end < text.size() && IsAlnum(text[word.end])) word.digits += IsDigit(text[word.end++]) ? 1 : 0;
  return word;
}

// What stands between two words: one character, or one that is percent-coded in three.
struct Joint {
  char character = 0;
  std::size_t size = 1;
};
Joint JointAt(std::string_view text, std::size_t at) noexcept {
  if (text[at] == '%' && at + 2 < text.size()) {
    const int high = HexOf(text[at + 1]), low = HexOf(text[at + 2]);
    if (high >= 0 && low >= 0) return {static_cast<char>(high << 4 | low), 3};
  }
  return {text[at], 1};
}

bool Joins(char joint, const Word& left, const Word& right) noexcept {
  if (!left.only_digits() || !right.only_digits()) return false;
  if (joint == '.') return left.size() <= 3 && right.size() == 3;
  return std::string_view(" -/_+:").find(joint) != std::string_view::npos;
}

// A stretch of the text, and whether it is to be hidden.
struct Part {
  std::size_t end = 0;
  bool hidden = false;
};
Part PartAt(std::string_view text, std::size_t at, std::size_t number = kCautiousNumber) noexcept {
  const Word first = WordAt(text, at);
  if (first.size() == 0) return {at + JointAt(text, at).size, false};
  Word last = first;
  std::size_t digits = first.digits;
  while (last.end < text.size()) {
    const Joint joint = JointAt(text, last.end);
    const Word next = WordAt(text, last.end + joint.size);
    if (next.size() == 0 || !Joins(joint.character, last, next)) break;
    last = next;
    digits += next.digits;
  }
  if (last.begin != first.begin && digits >= kCautiousChain) return {last.end, true};
  return {first.end, first.tells(number)};
}

}  // namespace

void AppendCautiously(std::string_view text, std::string& out, std::size_t number) {
  for (std::size_t at = 0; at < text.size();) {
    const Part part = PartAt(text, at, number);
    if (part.hidden) {
      AppendMask(text.substr(at, part.end - at), false, out);
    } else {
      out += text.substr(at, part.end - at);
    }
    at = part.end;
  }
}

bool IsToBeHidden(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const Part part = PartAt(text, at);
    if (part.hidden) return true;
    at = part.end;
  }
  return false;
}

}  // namespace gander::identify
