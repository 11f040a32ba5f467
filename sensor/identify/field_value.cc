// SPDX-License-Identifier: Apache-2.0
// From a key to its value.
#include "identify/field_value.h"

#include <algorithm>

#include "identify/char_class.h"

namespace gander::identify {
namespace {

constexpr std::size_t kMaxReach = 256;

class ForwardReader {
 public:
  ForwardReader(std::string_view text, std::size_t at) noexcept : text_(text), at_(at) {}

  std::size_t at() const noexcept { return at_; }
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  void Skip(std::size_t n = 1) noexcept { at_ += n; }
  void SkipBlanks() noexcept {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }
  void SkipSpace() noexcept {
    while (IsSpace(peek())) ++at_;
  }
  bool Take(std::string_view word) noexcept {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  // From here to the first of `stops`, or to the end of the text.
  Span Until(std::string_view stops) const noexcept {
    const std::size_t low = at_;
    std::size_t i = at_;
    while (i < text_.size() && i - low < kMaxReach && stops.find(text_[i]) == std::string_view::npos) ++i;
    if (i - low >= kMaxReach) return {};
    return {low, i};
  }
  Span Quoted() noexcept {
    const char quote = peek();
    Skip();
    const char stops[3] = {quote, '\n', '\0'};
    const Span s = Until({stops, 2});
    return s.end < text_.size() && text_[s.end] == quote ? s : Span{};
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

bool IsQuote(char c) noexcept { return c == '"' || c == '\'' || c == '`'; }

// Behind "key": a string, or the string inside [{"text": ... as in FHIR.
Span JsonValue(ForwardReader in) noexcept {
  in.SkipSpace();
  if (in.peek() == '[') {
    in.Skip();
    in.SkipSpace();
  }
  if (in.peek() == '{') {
    in.Skip();
    in.SkipSpace();
    if (!in.Take("\"text\"") && !in.Take("\"value\"")) return {};
    in.SkipSpace();
    if (!in.Take(":")) return {};
    in.SkipSpace();
  }
  if (IsQuote(in.peek())) return in.Quoted();
  return IsDigit(in.peek()) || in.peek() == '-' ? in.Until(" ,}]\r\n\t") : Span{};
}

// Behind the closing quote of name="key": the same tag's value attribute.
Span ValueAttribute(ForwardReader in) noexcept {
  in.SkipBlanks();
  if (!in.Take("value=") || !IsQuote(in.peek())) return {};
  return in.Quoted();
}

// Behind <td>key or <label>key: the next cell of the same kind of markup.
Span NextCell(ForwardReader in) noexcept {
  const bool cell = in.Take("</td>") || in.Take("</th>") || in.Take("</dt>");
  if (!cell) return {};
  in.SkipSpace();
  if (!in.Take("<td>") && !in.Take("<dd>")) return {};
  return in.Until("<\n");
}

}  // namespace

Span FindFieldValue(std::string_view text, std::size_t key_begin, std::size_t key_end) noexcept {
  const char before = key_begin > 0 ? text[key_begin - 1] : '\0';
  if (IsWord(before) || before == '-' || before == '.') return {};
  // "file name: x": the key is two words and not ours.
  const bool second_word = before == ' ' && key_begin >= 2 && IsAlnum(text[key_begin - 2]);
  ForwardReader in(text, key_end);
  const char after = in.peek();
  if (IsQuote(after)) {
    if (before != after) return {};
    in.Skip();
    in.SkipSpace();
    if (in.peek() != ':') return ValueAttribute(in);
    in.Skip();
    return JsonValue(in);
  }
  if (after == '>') {
    if (before != '<' && before != ':') return {};
    in.Skip();
    return in.Until("<\n");
  }
  if (after == '<') return NextCell(in);
  if (second_word) return {};
  in.SkipBlanks();
  if (in.peek() == '=') {
    in.Skip();
    in.SkipBlanks();
    if (IsQuote(in.peek())) return in.Quoted();
    return in.Until("& \t\r\n;\"'<>,");
  }
  if (in.peek() == ':') {
    in.Skip();
    in.SkipBlanks();
    if (IsQuote(in.peek())) return in.Quoted();
    return in.Until("\r\n,;|<\"{");
  }
  return {};
}

Span FindProseValue(std::string_view text, std::size_t key_begin, std::size_t key_end) noexcept {
  constexpr std::size_t kReach = 64;
  const char before = key_begin > 0 ? text[key_begin - 1] : '\0';
  if (IsWord(before) || key_end >= text.size() || text[key_end] != ' ') return {};
  const std::string_view rest = text.substr(key_end + 1, kReach);
  return {key_end + 1, key_end + 1 + std::min(rest.find_first_of("\r\n"), rest.size())};
}

}  // namespace gander::identify
