// SPDX-License-Identifier: Apache-2.0
#include "protocol/mime/header_value.h"

#include <algorithm>
#include <array>
#include <utility>

#include "protocol/mime/encoded_word.h"

namespace gander::protocol::mime {
namespace {

constexpr std::size_t kMaxSections = 32;   // continuations of one parameter; real mailers write below ten
constexpr std::size_t kMaxFieldName = 76;  // longer "names" are text with a colon in it

constexpr char Lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr bool IsBlank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// One "name=value" of a header, as it stands there.
struct RawParameter {
  std::string_view name;
  std::string_view value;  // without quotes; may hold backslash escapes when `quoted`
  bool quoted = false;
};

// Takes the next parameter off `rest`, which begins behind a ';'. False at the end.
bool NextParameter(std::string_view& rest, RawParameter& out) noexcept {
  while (!rest.empty() && (rest.front() == ';' || IsBlank(rest.front()))) rest.remove_prefix(1);
  if (rest.empty()) return false;
  const std::size_t stop = rest.find_first_of("=;");
  out.name = Trim(rest.substr(0, stop));
  out.value = {};
  out.quoted = false;
  if (stop == std::string_view::npos || rest[stop] == ';') {
    rest.remove_prefix(std::min(stop, rest.size()));
    return true;
  }
  rest.remove_prefix(stop + 1);
  while (!rest.empty() && IsBlank(rest.front())) rest.remove_prefix(1);
  if (!rest.empty() && rest.front() == '"') {
    std::size_t end = 1;
    while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
    end = std::min(end, rest.size());
    out.value = rest.substr(1, end - 1);
    out.quoted = true;
    rest.remove_prefix(end);
    const std::size_t next = rest.find(';');
    rest.remove_prefix(std::min(next, rest.size()));
    return true;
  }
  const std::size_t end = std::min(rest.find(';'), rest.size());
  out.value = Trim(rest.substr(0, end));
  rest.remove_prefix(end);
  return true;
}

void AppendUnquoted(const RawParameter& p, std::string& out) {
  if (!p.quoted) {
    out.append(p.value);
    return;
  }
  for (std::size_t i = 0; i < p.value.size(); ++i) {
    // A lone backslash before a letter is a Windows path of a browser, not an escape.
    if (p.value[i] == '\\' && i + 1 < p.value.size() && (p.value[i + 1] == '"' || p.value[i + 1] == '\\'))
      ++i;
    out += p.value[i];
  }
}

int HexDigit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = Lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

void AppendPercentDecoded(std::string_view s, std::string& out) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && i + 2 < s.size() && HexDigit(s[i + 1]) >= 0 && HexDigit(s[i + 2]) >= 0) {
      out += static_cast<char>(HexDigit(s[i + 1]) << 4 | HexDigit(s[i + 2]));
      i += 2;
    } else {
      out += s[i];
    }
  }
}

// "charset'language'text" of the first extended section: only the text.
std::string_view WithoutCharset(std::string_view s, std::string_view& charset) noexcept {
  const std::size_t first = s.find('\'');
  if (first == std::string_view::npos) return s;
  const std::size_t second = s.find('\'', first + 1);
  if (second == std::string_view::npos) return s;
  charset = s.substr(0, first);
  return s.substr(second + 1);
}

// Encoded words have no place in a parameter (RFC 2047 §5), and stand there all the same.
void DecodeStandingWords(std::string& value, WordConverter* converter) {
  if (value.find("=?") == std::string::npos) {
    if (converter != nullptr) converter->ToUtf8({}, value, 0);
    return;
  }
  std::string decoded;
  DecodeWords(value, decoded, converter);
  value = std::move(decoded);
}

// The part of a parameter's name behind `name`: "" is the plain form, "*" extended, "*2" and "*2*" sections.
struct Section {
  RawParameter parameter;
  bool extended = false;
};

bool ParseSection(std::string_view suffix, std::size_t* index, bool* extended) noexcept {
  *index = 0;
  *extended = false;
  if (suffix.empty() || suffix.front() != '*') return false;
  suffix.remove_prefix(1);
  if (!suffix.empty() && suffix.back() == '*') {
    *extended = true;
    suffix.remove_suffix(1);
  } else if (suffix.empty()) {
    *extended = true;
  }
  if (suffix.size() > 2) return false;
  for (char c : suffix) {
    if (c < '0' || c > '9') return false;
    *index = *index * 10 + static_cast<std::size_t>(c - '0');
  }
  return *index < kMaxSections;
}

}  // namespace

std::string_view Trim(std::string_view s) noexcept {
  while (!s.empty() && IsBlank(s.front())) s.remove_prefix(1);
  while (!s.empty() && IsBlank(s.back())) s.remove_suffix(1);
  return s;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return Lower(x) == Lower(y); });
}

bool StartsWithIgnoreCase(std::string_view s, std::string_view prefix) noexcept {
  return s.size() >= prefix.size() && EqualsIgnoreCase(s.substr(0, prefix.size()), prefix);
}

std::string_view MainValue(std::string_view header) noexcept {
  return Trim(header.substr(0, std::min(header.find(';'), header.size())));
}

bool FindParameter(std::string_view header, std::string_view name, std::string& out, WordConverter* converter) {
  out.clear();
  std::array<Section, kMaxSections> sections;
  std::size_t sections_seen = 0;
  RawParameter plain;
  bool have_plain = false;
  std::string_view rest = header.substr(std::min(header.find(';'), header.size()));
  for (RawParameter p; NextParameter(rest, p);) {
    if (!StartsWithIgnoreCase(p.name, name)) continue;
    const std::string_view suffix = p.name.substr(name.size());
    std::size_t index;
    bool extended;
    if (suffix.empty()) {
      if (!have_plain) plain = p;
      have_plain = true;
    } else if (ParseSection(suffix, &index, &extended)) {
      sections[index] = {p, extended};
      sections_seen = std::max(sections_seen, index + 1);
    }
  }
  // RFC 2231 §3 lets a reader that knows the extended form prefer it.
  std::string_view charset;
  bool any_extended = false;
  for (std::size_t i = 0; i < sections_seen; ++i) {
    const Section& s = sections[i];
    any_extended = any_extended || s.extended;
    if (s.extended) {
      AppendPercentDecoded(i == 0 ? WithoutCharset(s.parameter.value, charset) : s.parameter.value, out);
    } else {
      AppendUnquoted(s.parameter, out);
    }
  }
  const bool words = sections_seen == 0 && plain.value.find("=?") != std::string_view::npos;
  if (words) {
    DecodeWords(plain.value, out, converter);
  } else if (sections_seen == 0 && have_plain) {
    AppendUnquoted(plain, out);
  }
  if (!any_extended && !words) {
    DecodeStandingWords(out, converter);
  } else if (any_extended && converter != nullptr) {
    converter->ToUtf8(charset, out, 0);
  }
  if (out.size() > kMaxParameter) out.resize(kMaxParameter);
  return have_plain || sections_seen > 0;
}

bool SplitField(std::string_view line, std::string_view* name, std::string_view* value) noexcept {
  const std::size_t colon = line.substr(0, kMaxFieldName + 1).find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view n = Trim(line.substr(0, colon));
  if (n.empty()) return false;
  for (char c : n) {
    if (c <= ' ' || c >= 0x7f) return false;
  }
  *name = n;
  *value = Trim(line.substr(colon + 1));
  return true;
}

}  // namespace gander::protocol::mime
