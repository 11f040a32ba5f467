// SPDX-License-Identifier: Apache-2.0
#include "content/document/xml_tokens.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "content/charset/utf8.h"

namespace gander::content {
namespace {

constexpr std::string_view kCdataStart = "[CDATA[", kCommentStart = "--";

constexpr bool IsBlank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// What may begin a name; every character that is not ASCII may.
constexpr bool BeginsName(char c) noexcept {
  return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == ':' || (c & 0x80) != 0;
}
constexpr std::array<bool, 256> kNameBytes = [] {
  std::array<bool, 256> out{};
  for (int c = 0; c < 256; ++c) {
    const char byte = static_cast<char>(c);
    out[static_cast<std::size_t>(c)] = BeginsName(byte) || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.';
  }
  return out;
}();
bool IsName(char c) noexcept { return kNameBytes[static_cast<unsigned char>(c)]; }

struct Entity5 {
  std::string_view name, text;
};
constexpr Entity5 kEntities[] = {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};

// The code point of "#233" or "#xe9"; 0 = it is none.
std::uint32_t CodePoint(std::string_view reference) noexcept {
  if (reference.size() < 2 || reference[0] != '#') return 0;
  const bool hex = reference[1] == 'x' || reference[1] == 'X';
  const std::string_view digits = reference.substr(hex ? 2 : 1);
  std::uint32_t c = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), c, hex ? 16 : 10);
  const bool surrogate = c >= 0xd800 && c < 0xe000;
  return error == std::errc() && end == digits.data() + digits.size() && c <= 0x10ffff && !surrogate ? c : 0;
}

}  // namespace

bool XmlTokens::Name::Take(std::string_view& s) noexcept {
  std::size_t n = 0;
  for (; n < s.size() && IsName(s[n]); ++n) {
    if (s[n] == ':') {
      size = 0;
    } else if (size < kMaxName) {
      bytes[size++] = s[n];
    }
  }
  s.remove_prefix(n);
  return !s.empty();
}

void XmlTokens::Begin(XmlHandler& handler) noexcept {
  handler_ = &handler;
  at_ = At::kText;
  in_value_ = false;
}

std::uint64_t XmlTokens::Feed(Bytes in) noexcept {
  std::string_view s = AsText(in);
  std::uint64_t passed_over = 0;
  while (!s.empty()) {
    const std::size_t before = s.size();
    const bool markup = at_ >= At::kInstruction;
    Step(s);
    if (!markup) continue;
    const std::size_t taken = before - s.size();
    tag_bytes_ += taken;
    if (tag_bytes_ > kMaxTag && !wanted_) passed_over += std::min(taken, tag_bytes_ - kMaxTag);
  }
  return passed_over;
}

void XmlTokens::Step(std::string_view& s) noexcept {
  switch (at_) {
    case At::kText:
      return Text(s);
    case At::kReference:
      return Reference(s);
    case At::kCdata:
      return UpTo(s, ']');
    case At::kMarkup:
      return Markup(s);
    case At::kBang:
      return Bang(s);
    case At::kComment:
      return UpTo(s, '-');
    case At::kDeclaration:
      return Declaration(s);
    case At::kInstruction:
      return Instruction(s);
    case At::kElement:
      if (!element_.Take(s)) return;
      handler_->OnOpen(element_.text());
      at_ = At::kTag;
      return;
    case At::kTag:
      return Tag(s);
    case At::kAttribute:
      if (attribute_.Take(s)) at_ = At::kEquals;
      return;
    case At::kEquals:
      return Equals(s);
    case At::kValue:
      return Value(s);
    case At::kClosing:
      return Closing(s);
  }
}

void XmlTokens::Text(std::string_view& s) noexcept {
  std::size_t n = 0;
  while (n < s.size() && s[n] != '<' && s[n] != '&') ++n;
  if (n > 0) handler_->OnText(s.substr(0, n));
  s.remove_prefix(n);
  if (s.empty()) return;
  at_ = s[0] == '<' ? At::kMarkup : At::kReference;
  in_value_ = false;
  held_ = 0;
  s.remove_prefix(1);
}

void XmlTokens::Give(std::string_view piece) noexcept {
  if (!in_value_) return handler_->OnText(piece);
  for (const char c : piece) {
    if (value_size_ == kMaxValue) {
      handler_->OnAttribute(attribute_.text(), {value_.data(), value_size_}, false);
      value_size_ = 0;
    }
    value_[value_size_++] = c;
  }
}

void XmlTokens::Reference(std::string_view& s) noexcept {
  const char c = s[0];
  const bool goes_on = (IsName(c) && c != ':') || c == '#';
  if (goes_on && held_ < hold_.size()) {
    hold_[held_++] = c;
    s.remove_prefix(1);
    return;
  }
  at_ = in_value_ ? At::kValue : At::kText;
  if (c != ';') {
    Give("&");
    Give({hold_.data(), held_});
    return;
  }
  s.remove_prefix(1);
  Resolve();
}

void XmlTokens::Resolve() noexcept {
  const std::string_view reference(hold_.data(), held_);
  for (const Entity5& entity : kEntities) {
    if (entity.name == reference) return Give(entity.text);
  }
  if (const std::uint32_t c = CodePoint(reference); c != 0) {
    std::byte utf8[kMaxUtf8Bytes];
    return Give(AsText({utf8, PutUtf8(c, utf8)}));
  }
  Give("&");
  Give(reference);
  Give(";");
}

// Text up to two marks and ">".
void XmlTokens::UpTo(std::string_view& s, char mark) noexcept {
  if (matched_ == 0) {
    const std::size_t n = std::min(s.find(mark), s.size());
    Inside(s.substr(0, n));
    s.remove_prefix(n);
    if (s.empty()) return;
    matched_ = 1;
  } else if (s[0] == mark) {
    if (matched_ == 2) Inside({&mark, 1});
    matched_ = 2;
  } else if (matched_ == 2 && s[0] == '>') {
    at_ = At::kText;
  } else {
    for (; matched_ > 0; --matched_) Inside({&mark, 1});
    return;
  }
  s.remove_prefix(1);
}

void XmlTokens::Inside(std::string_view piece) noexcept {
  if (piece.empty()) return;
  if (at_ == At::kCdata) {
    handler_->OnText(piece);
  } else {
    handler_->OnAside(piece);
  }
}

void XmlTokens::Markup(std::string_view& s) noexcept {
  const char c = s[0];
  tag_bytes_ = 0;
  wanted_ = slash_ = bracket_ = named_ = false;
  matched_ = held_ = 0;
  element_.size = 0;
  if (c == '/') {
    at_ = At::kClosing;
  } else if (c == '!') {
    at_ = At::kBang;
  } else if (c == '?') {
    at_ = At::kInstruction;
  } else {
    // A lone "<" is text to whoever is not strict.
    at_ = BeginsName(c) ? At::kElement : At::kText;
    if (at_ == At::kText) handler_->OnText("<");
    return;
  }
  s.remove_prefix(1);
}

void XmlTokens::Bang(std::string_view& s) noexcept {
  hold_[held_++] = s[0];
  s.remove_prefix(1);
  const std::string_view seen(hold_.data(), held_);
  if (seen == kCommentStart) {
    at_ = At::kComment;
  } else if (seen == kCdataStart) {
    at_ = At::kCdata;
  } else if (!kCdataStart.starts_with(seen) && !kCommentStart.starts_with(seen)) {
    at_ = At::kDeclaration;
    std::array<char, kCdataStart.size()> copy;
    std::copy(seen.begin(), seen.end(), copy.begin());
    std::string_view again(copy.data(), seen.size());
    while (!again.empty()) Step(again);
  }
}

void XmlTokens::Declaration(std::string_view& s) noexcept {
  std::size_t n = 0;
  for (; n < s.size() && (bracket_ || s[n] != '>'); ++n) {
    if (s[n] == '[') bracket_ = true;
    if (s[n] == ']') bracket_ = false;
  }
  if (n > 0) handler_->OnAside(s.substr(0, n));
  s.remove_prefix(n);
  if (s.empty()) return;
  s.remove_prefix(1);
  at_ = At::kText;
}

void XmlTokens::Instruction(std::string_view& s) noexcept {
  if (matched_ > 0 && s[0] == '>') {
    s.remove_prefix(1);
    at_ = At::kText;
    return;
  }
  const std::size_t n = std::min(s.find('?'), s.size());
  matched_ = n < s.size() ? 1 : 0;
  s.remove_prefix(std::min(n + 1, s.size()));
}

void XmlTokens::Tag(std::string_view& s) noexcept {
  const char c = s[0];
  if (c == '>') {
    at_ = At::kText;
    if (slash_) handler_->OnClose(element_.text());
  } else if (c == '"' || c == '\'') {
    at_ = At::kEquals;  // a value without a name
    attribute_.size = 0;
    return;
  } else if (IsName(c)) {
    at_ = At::kAttribute;
    attribute_.size = 0;
    slash_ = false;
    return;
  } else if (!IsBlank(c)) {
    slash_ = c == '/';
  }
  s.remove_prefix(1);
}

void XmlTokens::Equals(std::string_view& s) noexcept {
  const char c = s[0];
  if (c == '"' || c == '\'') {
    quote_ = c;
    wanted_ = handler_->WantsAttribute(attribute_.text());
    value_size_ = 0;
    at_ = At::kValue;
  } else if (c != '=' && !IsBlank(c)) {
    at_ = At::kTag;
    return;
  }
  s.remove_prefix(1);
}

void XmlTokens::Value(std::string_view& s) noexcept {
  in_value_ = true;
  std::size_t n = 0;
  if (wanted_) {
    while (n < s.size() && s[n] != quote_ && s[n] != '&') ++n;
    Give(s.substr(0, n));
  } else {
    n = std::min(s.find(quote_), s.size());
  }
  s.remove_prefix(n);
  if (s.empty()) return;
  if (s[0] == quote_) {
    if (wanted_) handler_->OnAttribute(attribute_.text(), {value_.data(), value_size_}, true);
    wanted_ = false;
    at_ = At::kTag;
  } else {
    at_ = At::kReference;
    held_ = 0;
  }
  s.remove_prefix(1);
}

void XmlTokens::Closing(std::string_view& s) noexcept {
  if (!named_ && !element_.Take(s)) return;
  named_ = true;
  const std::size_t n = std::min(s.find('>'), s.size());
  s.remove_prefix(n);
  if (s.empty()) return;
  s.remove_prefix(1);
  at_ = At::kText;
  handler_->OnClose(element_.text());
}

void XmlTokens::End() noexcept {
  if (at_ != At::kReference || in_value_) return;
  Give("&");
  Give({hold_.data(), held_});
}

}  // namespace gander::content
