// SPDX-License-Identifier: Apache-2.0
#include "content/charset/charset_declaration.h"

#include <algorithm>

#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

using protocol::mime::StartsWithIgnoreCase;

constexpr std::string_view kBlanks = " \t\r\n\f";
constexpr std::size_t kNpos = std::string_view::npos;

constexpr char Lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// `word` is lower case.
std::size_t FindIgnoreCase(std::string_view s, std::string_view word) noexcept {
  const auto at = std::search(s.begin(), s.end(), word.begin(), word.end(),
                              [](char a, char b) { return Lower(a) == b; });
  return at == s.end() ? kNpos : static_cast<std::size_t>(at - s.begin());
}

std::string_view SkipBlanks(std::string_view s) noexcept {
  return s.substr(std::min(s.find_first_not_of(kBlanks), s.size()));
}

// What `name` is set to within a tag: name = "value", or without quotes.
std::string_view ValueOf(std::string_view tag, std::string_view name) noexcept {
  for (std::size_t at = FindIgnoreCase(tag, name); at != kNpos; at = FindIgnoreCase(tag, name)) {
    tag = SkipBlanks(tag.substr(at + name.size()));
    if (tag.empty() || tag.front() != '=') continue;
    std::string_view value = SkipBlanks(tag.substr(1));
    if (!value.empty() && (value.front() == '"' || value.front() == '\'')) value.remove_prefix(1);
    return value.substr(0, value.find_first_of("\"'; \t\r\n/>?"));
  }
  return {};
}

}  // namespace

const Charset* FindDeclaration(Bytes head) noexcept {
  std::string_view s = AsText(head.first(std::min(head.size(), kDeclarationBytes)));
  for (std::size_t at = s.find('<'); at != kNpos; at = s.find('<')) {
    s.remove_prefix(at);
    const std::string_view tag = s.substr(0, s.find('>'));
    const Charset* found = nullptr;
    if (s.starts_with("<!--")) {
      const std::size_t end = s.find("-->");
      if (end == kNpos) return nullptr;
      s.remove_prefix(end);
    } else if (StartsWithIgnoreCase(s, "<?xml")) {
      found = FindCharset(ValueOf(tag, "encoding"));
    } else if (StartsWithIgnoreCase(s, "<meta")) {
      found = FindCharset(ValueOf(tag, "charset"));
    }
    if (found != nullptr) return found;
    s.remove_prefix(1);
  }
  return nullptr;
}

const Charset* CharsetParameter(std::string_view content_type) noexcept {
  const std::size_t parameters = content_type.find(';');
  if (parameters == kNpos) return nullptr;
  return FindCharset(ValueOf(content_type.substr(parameters), "charset"));
}

}  // namespace gander::content
