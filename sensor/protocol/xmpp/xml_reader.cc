// SPDX-License-Identifier: Apache-2.0
#include "protocol/xmpp/xml_reader.h"

#include <algorithm>
#include <utility>

#include "base/renew.h"
#include "protocol/xmpp/xmpp.h"

namespace gander::protocol::xmpp {
namespace {

constexpr std::size_t kKeptBuffer = 256;    // a buffer no larger than this is kept between tags
constexpr std::size_t kMaxReference = 10;   // "#x10FFFF;"
constexpr std::string_view kCdata = "![CDATA[", kComment = "!--", kBlanks = " \t\r\n";

// Writes `code` as UTF-8; 0 for what is no character.
std::size_t WriteUtf8(std::uint32_t code, char* out) noexcept {
  if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return 0;
  if (code < 0x80) {
    out[0] = static_cast<char>(code);
    return 1;
  }
  const std::size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (std::size_t i = n - 1; i > 0; --i, code >>= 6) out[i] = static_cast<char>(0x80 | (code & 0x3f));
  constexpr unsigned kLead[] = {0, 0, 0xc0, 0xe0, 0xf0};
  out[0] = static_cast<char>(kLead[n] | code);
  return n;
}

// The character that "lt", "#65" or "#x41" stands for.
std::uint32_t Referred(std::string_view name) noexcept {
  constexpr std::pair<std::string_view, char> kNames[] = {
      {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [known, c] : kNames) {
    if (name == known) return static_cast<std::uint32_t>(c);
  }
  if (!name.starts_with('#')) return 0;
  name.remove_prefix(1);
  const bool hex = name.starts_with('x');
  if (hex) name.remove_prefix(1);
  std::uint32_t code = 0;
  for (const char c : name) {
    const char lower = static_cast<char>(c | 0x20);
    const unsigned digit = c >= '0' && c <= '9'              ? static_cast<unsigned>(c - '0')
                           : hex && lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a' + 10)
                                                             : 99;
    if (digit == 99 || code > 0x10ffff) return 0;
    code = code * (hex ? 16 : 10) + digit;
  }
  return code;
}

bool IsNameStart(char c) noexcept {
  const int lower = c | 0x20;
  return (lower >= 'a' && lower <= 'z') || c == '_' || c == ':' || (c & 0x80) != 0;
}

}  // namespace

XmlReader::Step XmlReader::Next(Bytes& in) noexcept {
  if (given_) Drop();
  while (!in.empty()) {
    switch (at_) {
      case At::kText: {
        const std::string_view rest = AsText(in);
        if (rest[0] == '<' || rest[0] == '&') {
          at_ = rest[0] == '<' ? At::kTag : At::kReference;
          TakeFront(in, 1);
          break;
        }
        text_ = AsText(TakeFront(in, std::min(rest.find_first_of("<&"), rest.size())));
        return Step::kText;
      }
      case At::kLost: {
        const std::string_view rest = AsText(in);
        TakeFront(in, std::min(rest.find('<'), rest.size()));
        if (!in.empty()) at_ = At::kText;
        break;
      }
      case At::kTag: {
        const std::string_view front = AsText(in);
        if (!ReadTag(in)) break;
        const std::string_view tag = given_ ? std::string_view(held_) : front.substr(0, front.size() - in.size() - 1);
        const Step step = FinishTag(tag);
        if (step != Step::kNeedMore) return step;
        Drop();
        break;
      }
      case At::kReference:
        if (ReadReference(in) == Step::kText) return Step::kText;
        break;
      case At::kCdata:
        if (ReadCdata(in) == Step::kText) return Step::kText;
        break;
      case At::kComment: SkipComment(in); break;
    }
  }
  return Step::kNeedMore;
}

// True when the tag is whole: in held_ when given_, else what was taken, its '>' behind it.
bool XmlReader::ReadTag(Bytes& in) noexcept {
  const std::string_view rest = AsText(in);
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    const char c = rest[i];
    // What a mark declares is known by its first characters, and does not end at a '>' alone.
    if (held_.size() + i < kCdata.size()) {
      const std::size_t n = held_.size() + i + 1;
      char begun[8];
      std::copy(held_.begin(), held_.end(), begun);
      std::copy(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(i + 1), begun + held_.size());
      const std::string_view mark(begun, n);
      if (mark == kCdata || mark == kComment) {
        TakeFront(in, i + 1);
        held_.clear();
        matched_ = 0;
        quote_ = 0;
        at_ = mark == kCdata ? At::kCdata : At::kComment;
        return false;
      }
    }
    if (quote_ != 0) {
      if (c == quote_) quote_ = 0;
    } else if (c == '"' || c == '\'') {
      quote_ = c;
    } else if (c == '>') {
      if (!held_.empty()) {
        Hold(rest.substr(0, i));
        given_ = true;
      }
      TakeFront(in, i + 1);
      at_ = At::kText;
      return true;
    }
  }
  Hold(rest);
  TakeFront(in, rest.size());
  return false;
}

void XmlReader::Drop() noexcept {
  given_ = false;
  held_.clear();
  if (held_.capacity() > kKeptBuffer) std::string().swap(held_);
}

void XmlReader::Hold(std::string_view bytes) noexcept {
  const std::size_t room = kMaxTag - held_.size();
  held_ += bytes.substr(0, room);
  if (bytes.size() > room) dropped_ += bytes.size() - room;
}

XmlReader::Step XmlReader::FinishTag(std::string_view tag) noexcept {
  if (tag.size() > kMaxTag) {
    dropped_ += tag.size() - kMaxTag;
    tag = tag.substr(0, kMaxTag);
  }
  if (tag.starts_with('?') || tag.starts_with('!')) return Step::kNeedMore;  // declarations say nothing here
  const bool end = tag.starts_with('/');
  if (end) tag.remove_prefix(1);
  if (tag.empty() || !IsNameStart(tag[0])) return Step::kBad;
  closes_ = !end && tag.ends_with('/');
  if (closes_) tag.remove_suffix(1);
  name_ = tag.substr(0, tag.find_first_of(kBlanks));
  attributes_ = tag.substr(name_.size());
  name_ = name_.substr(name_.find(':') + 1);
  return end ? Step::kClose : Step::kOpen;
}

std::string_view XmlReader::attribute(std::string_view name) const noexcept {
  std::string_view rest = attributes_;
  for (;;) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return {};
    std::string_view found = rest.substr(0, equals);
    found = found.substr(0, found.find_last_not_of(kBlanks) + 1);
    rest.remove_prefix(equals + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
    if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return {};
    const std::size_t end = std::min(rest.find(rest[0], 1), rest.size());
    if (found == name) return rest.substr(1, end - 1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

// What is no reference after all is text as it stands.
XmlReader::Step XmlReader::ReadReference(Bytes& in) noexcept {
  if (held_.empty()) held_ = '&';
  while (!in.empty()) {
    const char c = AsText(in)[0];
    const bool ends = c == ';';
    const bool goes_on = ends || c == '#' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    if (goes_on) held_ += AsText(TakeFront(in, 1));
    if (!ends && goes_on && held_.size() <= kMaxReference) continue;
    at_ = At::kText;
    given_ = true;
    text_ = held_;
    if (!ends) return Step::kText;
    const std::size_t n = WriteUtf8(Referred(std::string_view(held_).substr(1, held_.size() - 2)), decoded_);
    if (n > 0) text_ = std::string_view(decoded_, n);
    return Step::kText;
  }
  return Step::kNeedMore;
}

XmlReader::Step XmlReader::ReadCdata(Bytes& in) noexcept {
  static constexpr std::string_view kBrackets = "]]";
  const std::string_view rest = AsText(in);
  if (rest[0] == ']') {
    TakeFront(in, 1);
    if (matched_ < 2) {
      ++matched_;
      return Step::kNeedMore;
    }
    text_ = kBrackets.substr(0, 1);  // "]]]": the first of them is text
    return Step::kText;
  }
  if (rest[0] == '>' && matched_ == 2) {
    TakeFront(in, 1);
    at_ = At::kText;
    return Step::kNeedMore;
  }
  if (const std::size_t held = std::exchange(matched_, 0); held > 0) {
    text_ = kBrackets.substr(0, held);
    return Step::kText;
  }
  text_ = AsText(TakeFront(in, std::min(rest.find(']'), rest.size())));
  return Step::kText;
}

void XmlReader::SkipComment(Bytes& in) noexcept {
  while (!in.empty()) {
    const char c = AsText(TakeFront(in, 1))[0];
    if (c == '>' && matched_ == 2) {
      at_ = At::kText;
      return;
    }
    matched_ = c != '-' ? 0 : static_cast<std::uint8_t>(std::min(matched_ + 1, 2));
  }
}

std::uint64_t XmlReader::TakeDropped() noexcept { return std::exchange(dropped_, 0); }

void XmlReader::Resync() noexcept {
  Reset();
  at_ = At::kLost;
}

void XmlReader::Reset() noexcept { Renew(*this); }

}  // namespace gander::protocol::xmpp
