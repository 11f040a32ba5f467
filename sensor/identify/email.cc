// SPDX-License-Identifier: Apache-2.0
// Mail addresses around an '@'.
#include "identify/char_class.h"
#include "identify/span_finders.h"

namespace gander::identify {
namespace {

constexpr std::size_t kMaxLocal = 64;  // RFC 5321 §4.5.3.1.1
constexpr std::size_t kMaxDomain = 253;
constexpr std::size_t kMaxLabel = 63;

// RFC 5322 atext without the characters that in practice delimit an address: / = ? ` { | } ' #
bool IsLocal(char c) noexcept {
  return IsAlnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%' || c == '&';
}

std::size_t LocalBegin(std::string_view text, std::size_t at) noexcept {
  if (at > 0 && text[at - 1] == '"') {  // a quoted local part
    for (std::size_t i = at - 1; i-- > 0 && at - i <= kMaxLocal;) {
      if (text[i] == '"') return at - i > 2 ? i : at;
      if (IsSpace(text[i]) || text[i] == ',') break;
    }
    return at;
  }
  std::size_t begin = at;
  while (begin > 0 && IsLocal(text[begin - 1])) {
    if (at - --begin > kMaxLocal) return at;
  }
  // A letter of another script goes on with the local part; it is not ours to cut. (CJK text borders
  // addresses.)
  if (begin > 0 && (static_cast<unsigned char>(text[begin - 1]) & 0xC0) == 0x80) {
    std::size_t lead = begin - 1;
    while (lead > 0 && IsContinuation(text[lead])) --lead;
    if (static_cast<unsigned char>(text[lead]) < 0xE0) return at;
  }
  while (begin < at && (text[begin] == '.' || text[begin] == '-' || text[begin] == '+' ||
                        text[begin] == '&' || text[begin] == '%')) {
    ++begin;
  }
  for (std::size_t i = begin + 1; i < at; ++i) {
    if (text[i] == '.' && text[i - 1] == '.') return at;
  }
  return at > 0 && text[at - 1] == '.' ? at : begin;
}

// Last labels that are file names' endings, not top-level domains ("icon@2x.png", "main@3.js").
bool IsFileEnding(std::string_view label) noexcept {
  if (label == "com" || label == "org" || label == "net" || label.size() > 7) return false;
  for (std::string_view e :
       {"png", "jpg", "jpeg", "gif",     "svg",    "webp",   "js",    "css", "html", "json", "ts",  "tsx",
        "jsx", "map", "txt",  "service", "target", "socket", "timer", "gz",  "zip",  "exe",  "dll", "so"}) {
    if (label.size() != e.size()) continue;
    std::size_t i = 0;
    while (i < e.size() && ToLower(label[i]) == e[i]) ++i;
    if (i == e.size()) return true;
  }
  return false;
}

std::size_t DomainEnd(std::string_view text, std::size_t begin) noexcept {
  std::size_t end = begin, label = begin, good_end = begin;
  const std::size_t stop = text.size() - begin > kMaxDomain ? begin + kMaxDomain : text.size();
  for (; end <= stop; ++end) {
    const char c = end < stop ? text[end] : '\0';
    if (IsAlnum(c) || (c == '-' && end > label)) continue;
    const std::string_view name = text.substr(label, end - label);
    if (name.empty() || name.size() > kMaxLabel || name.back() == '-') break;
    const bool letters =
        name.substr(0, 4) == "xn--" || name.find_first_of("0123456789-") == std::string_view::npos;
    if (label > begin && name.size() >= 2 && letters && !IsFileEnding(name)) {
      good_end = end;
    } else if (c != '.') {
      return begin;
    }
    if (c != '.') break;
    label = end + 1;
  }
  if (good_end < text.size() && (text[good_end] == '_' || text[good_end] == '@')) return begin;
  return good_end;
}

bool IsMachine(std::string_view local) noexcept {
  return local == "git" || local == "noreply" || local == "no-reply";
}

}  // namespace

Span FindEmail(std::string_view text, std::size_t at) noexcept {
  const std::size_t begin = LocalBegin(text, at);
  if (begin == at || IsMachine(text.substr(begin, at - begin))) return {};
  const std::size_t end = DomainEnd(text, at + 1);
  if (end == at + 1) return {};
  return {begin, end};
}

}  // namespace gander::identify
