// SPDX-License-Identifier: Apache-2.0
// Reads backwards from a value to its key. Every step is bounded by the reach.
#include "identify/key_finder.h"

#include <bit>

#include "identify/byte_block.h"
#include "identify/char_class.h"

namespace gander::identify {
namespace {

constexpr ByteSet kObjectStops("\n\r{");
constexpr ByteSet kAssignStops("&?;,{(<>\n\r\"'`=");
constexpr ByteSet kTagStops("<>");

bool IsQuote(char c) noexcept { return c == '"' || c == '\'' || c == '`'; }

bool EqualsFolded(std::string_view a, std::string_view lower) noexcept {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (ToLower(a[i]) != lower[i]) return false;
  }
  return true;
}

// Keys and tags that say nothing of what they hold: the words around them are read instead.
constexpr std::string_view kNeutral[] = {"value", "text",   "content", "data",   "val", "v",     "string",
                                         "td",    "th",     "dd",      "span",   "p",   "div",   "b",
                                         "i",     "strong", "em",      "li",     "a",   "input", "font",
                                         "small", "label",  "values",  "number", "code"};
bool IsNeutral(std::string_view key) noexcept {
  if (key.size() > 7) return false;
  for (std::string_view word : kNeutral) {
    if (EqualsFolded(key, word)) return true;
  }
  return false;
}

std::string_view Trimmed(std::string_view text, std::size_t& begin, std::size_t& end) noexcept {
  while (begin < end && IsSpace(text[begin])) ++begin;
  while (end > begin && IsSpace(text[end - 1])) --end;
  return text.substr(begin, end - begin);
}

class BackwardReader {
 public:
  BackwardReader(std::string_view text, std::size_t low) noexcept : text_(text), low_(low) {}

  std::size_t SkipBlanks(std::size_t i) const noexcept {
    while (i > low_ && (text_[i - 1] == ' ' || text_[i - 1] == '\t')) --i;
    return i;
  }
  // Position behind the nearest of `stops` before `i`, or the low end.
  std::size_t Behind(std::size_t i, const ByteSet& stops) const noexcept {
    while (i > low_ && !stops[text_[i - 1]]) --i;
    return i;
  }
  std::size_t Behind(std::size_t i, char stop) const noexcept {
    while (i > low_ && text_[i - 1] != stop) --i;
    return i;
  }
  // The same of what ends a line or a cell: \n \r { } < > " |
  std::size_t BehindLineStop(std::size_t i) const noexcept {
    const auto stops = [](const ByteBlock& b) {
      return b.Equal('\n') | b.Equal('\r') | b.Within('{', '}') | b.Equal('<') | b.Equal('>') | b.Equal('"');
    };
    for (; i >= low_ + ByteBlock::kBytes; i -= ByteBlock::kBytes) {
      const std::uint32_t hit = stops(ByteBlock(text_.data() + i - ByteBlock::kBytes));
      if (hit != 0) return i - ByteBlock::kBytes + static_cast<std::size_t>(std::bit_width(hit));
    }
    if (i <= low_) return i;
    const std::size_t left = i - low_;
    return low_ + static_cast<std::size_t>(std::bit_width(stops(ByteBlock(text_.substr(0, i), left))));
  }
  bool AtLow(std::size_t i) const noexcept { return i <= low_; }
  char Before(std::size_t i) const noexcept { return i > low_ ? text_[i - 1] : '\0'; }

  // Words before `i` on its line; when there are none, those of the line above.
  KeyRegion Words(std::size_t i) const noexcept {
    std::size_t begin = BehindLineStop(i);
    std::size_t b = begin, e = i;
    const char stop = Before(begin);
    if (Trimmed(text_, b, e).empty() && (stop == '\n' || stop == '\r')) {
      std::size_t above = begin, lines = 0;
      for (; above > low_ && (text_[above - 1] == '\n' || text_[above - 1] == '\r'); --above)
        lines += text_[above - 1] == '\n' ? 1u : 0u;
      // A paragraph that ends with a full stop heads nothing.
      if (lines > 1 && Before(above) == '.') return {begin, i, false};
      begin = BehindLineStop(above);
    }
    return {begin, i, false};
  }
  // What surrounds a neutral key: the rest of its object or tag.
  KeyRegion Around(std::size_t i) const noexcept { return {Behind(i, kObjectStops), i, false}; }

 private:
  std::string_view text_;
  std::size_t low_;
};

KeyRegion JsonKey(std::string_view text, const BackwardReader& in, std::size_t closing_quote) noexcept {
  const char quote = text[closing_quote];
  const std::size_t begin = in.Behind(closing_quote, quote);
  if (in.AtLow(begin)) return {begin, closing_quote, false};
  if (IsNeutral(text.substr(begin, closing_quote - begin))) return in.Around(begin - 1);
  return {begin, closing_quote, true};
}

KeyRegion AssignedKey(std::string_view text, const BackwardReader& in, std::size_t equals) noexcept {
  std::size_t begin = in.Behind(equals, kAssignStops), end = equals;
  // In a log line keys are parted by spaces; a key of several words does not hold Latin ones.
  while (end > begin && text[end - 1] == ' ') --end;
  for (std::size_t i = end; i > begin; --i) {
    if (text[i - 1] == ' ' && (IsAscii(text[i]) || i < 2 || IsAscii(text[i - 2]))) {
      begin = i;
      break;
    }
  }
  const std::string_view key = Trimmed(text, begin, end);
  const std::size_t tag = in.Behind(equals, kTagStops);
  if (in.Before(tag) == '<' && IsNeutral(key)) return {tag, equals, false};
  return {begin, end, true};
}

KeyRegion TagKey(std::string_view text, const BackwardReader& in, std::size_t close) noexcept {
  const std::size_t begin = in.Behind(close, kTagStops);
  if (in.Before(begin) != '<') return {begin, close, false};
  std::size_t name_end = begin;
  while (name_end < close && !IsSpace(text[name_end]) && text[name_end] != '/') ++name_end;
  if (IsNeutral(text.substr(begin, name_end - begin)) || text[begin] == '/') return in.Around(close);
  return {begin, close, true};
}

}  // namespace

KeyRegion FindKey(std::string_view text, std::size_t value_begin, std::size_t reach) noexcept {
  if (reach > kMaxKeyReach) reach = kMaxKeyReach;
  const BackwardReader in(text, value_begin > reach ? value_begin - reach : 0);
  std::size_t i = value_begin;
  if (in.Before(i) == '-' || in.Before(i) == '+' || in.Before(i) == '(') --i;
  if (IsQuote(in.Before(i))) --i;
  if (in.Before(i) == '\\') --i;
  i = in.SkipBlanks(i);
  if (in.Before(i) == '[') i = in.SkipBlanks(i - 1);
  switch (in.Before(i)) {
    case ':': {
      std::size_t j = in.SkipBlanks(i - 1);
      if (!IsQuote(in.Before(j))) return in.Words(i);
      --j;
      return in.Before(j) == '\\' ? in.Words(i) : JsonKey(text, in, j);
    }
    case '=':
      return AssignedKey(text, in, i - 1);
    case '>':
      return TagKey(text, in, i - 1);
    default:
      return in.Words(i);
  }
}

}  // namespace gander::identify
