// SPDX-License-Identifier: Apache-2.0
#include "protocol/http_message/syntax.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace gander::protocol::http {
namespace {

// RFC 9110, WebDAV (RFC 4918, 3253, 5323), CalDAV, UPnP and the ones seen from large vendors.
constexpr std::string_view kMethods[] = {
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PATCH",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "REPORT",
    "SEARCH",
    "MKCALENDAR",
    "ACL",
    "CHECKOUT",
    "CHECKIN",
    "MERGE",
    "VERSION-CONTROL",
    "MKACTIVITY",
    "PURGE",
    "NOTIFY",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "M-SEARCH",
    "POLL",
    "BMOVE",
    "BCOPY",
    "BPROPFIND",
    "BPROPPATCH",
    "RPC_IN_DATA",
    "RPC_OUT_DATA",
    "BITS_POST",
    "CCM_POST",
    "LINK",
    "UNLINK",
    "LABEL",
    "UPDATE",
    "UNCHECKOUT",
    "QUERY",
    "ORDERPATCH",
    "BIND",
    "REBIND",
    "UNBIND",
    "BASELINE-CONTROL",
};

constexpr bool IsTokenChar(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '$';
}
constexpr bool IsBlank(char c) noexcept { return c == ' ' || c == '\t'; }
constexpr char Lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr int HexDigit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = Lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

Probe NeedMoreOrNo(std::string_view s) noexcept {
  return s.size() < kStartBytes && s.find('\n') == s.npos ? Probe::kNeedMore : Probe::kNo;
}

// First word of `s`, removed with the blanks behind it.
std::string_view TakeWord(std::string_view& s) noexcept {
  std::size_t end = 0;
  while (end < s.size() && !IsBlank(s[end])) ++end;
  const std::string_view word = s.substr(0, end);
  while (end < s.size() && IsBlank(s[end])) ++end;
  s.remove_prefix(end);
  return word;
}

// Value of `name` in a list of parameters "; name=value"; quotes removed, escapes left.
std::string_view Parameter(std::string_view value, std::string_view name) noexcept {
  std::size_t i = value.find(';');
  while (i < value.size()) {
    ++i;
    const std::size_t equals = value.find_first_of("=;", i);
    if (equals == value.npos) return {};
    const std::string_view key = Trim(value.substr(i, equals - i));
    i = equals;
    if (value[equals] == ';') continue;
    std::size_t begin = equals + 1;
    while (begin < value.size() && IsBlank(value[begin])) ++begin;
    std::size_t end;
    if (begin < value.size() && value[begin] == '"') {
      end = value.find('"', ++begin);
      while (end != value.npos && value[end - 1] == '\\') end = value.find('"', end + 1);
    } else {
      end = value.find(';', begin);
    }
    end = std::min(end, value.size());
    if (EqualsNoCase(key, name)) return Trim(value.substr(begin, end - begin));
    i = std::min(value.find(';', end), value.size());
  }
  return {};
}

}  // namespace

bool IsKnownMethod(std::string_view s) noexcept {
  return std::find(std::begin(kMethods), std::end(kMethods), s) != std::end(kMethods);
}

Probe RequestStart(std::string_view s, bool known_only) noexcept {
  // HTTP/0.9 without so much as a path: servers answer that, too.
  if (s == "GET \n" || s == "GET \r\n") return Probe::kYes;
  s = s.substr(0, kStartBytes);
  std::size_t i = 0;
  while (i < s.size() && IsTokenChar(s[i])) ++i;
  if (i == s.size()) return NeedMoreOrNo(s);
  if (i == 0 || !IsBlank(s[i])) return Probe::kNo;
  if (!known_only) return StartsWithNoCase(s, "HTTP") ? Probe::kNo : Probe::kYes;
  if (!IsKnownMethod(s.substr(0, i))) return Probe::kNo;
  if (i + 1 == s.size()) return NeedMoreOrNo(s);
  const char target = s[i + 1];
  const bool connect = s.substr(0, i) == "CONNECT" && IsTokenChar(target);
  const bool absolute = target == 'h' || target == 'H';  // a scheme is not case-sensitive (RFC 3986 §3.1)
  return target == '/' || target == '*' || absolute || connect ? Probe::kYes : Probe::kNo;
}

Probe ResponseStart(std::string_view s) noexcept {
  for (const std::string_view start : {"HTTP/", "ICY "}) {
    const std::size_t n = std::min(s.size(), start.size());
    if (EqualsNoCase(s.substr(0, n), start.substr(0, n))) {
      return n == start.size() ? Probe::kYes : Probe::kNeedMore;
    }
  }
  return Probe::kNo;
}

bool ParseRequestLine(std::string_view line, RequestLine& out) noexcept {
  line = Trim(line);
  out.method = TakeWord(line);
  if (line.empty()) {
    out.target = out.words = out.version = {};
    return out.method == "GET";
  }
  // Targets with unencoded spaces happen: the version is the last word, if it is one at all.
  const std::size_t last = line.find_last_of(" \t");
  if (last != line.npos && StartsWithNoCase(line.substr(last + 1), "HTTP/")) {
    out.version = line.substr(last + 1);
    out.words = Trim(line.substr(0, last));
  } else {
    out.words = line;
    out.version = {};
  }
  out.target = out.words.substr(0, out.words.find_first_of(" \t"));
  return !out.target.empty();
}

bool ParseStatusLine(std::string_view line, StatusLine& out) noexcept {
  line = Trim(line);
  out.version = TakeWord(line);
  out.code = TakeWord(line);
  out.status = 0;
  const char* const end = out.code.data() + out.code.size();
  if (std::from_chars(out.code.data(), end, out.status).ptr != end || out.status < 100 || out.status > 999)
    out.status = 0;
  return out.status >= 100;
}

BodyRange ParseContentRange(std::string_view value) noexcept {
  BodyRange range;
  const std::string_view numbers = Trim(value.substr(std::min(value.find_first_of("0123456789*"), value.size())));
  const char* const end = numbers.data() + numbers.size();
  const char* at = std::from_chars(numbers.data(), end, range.start).ptr;
  if (at != end && *at == '-') at = std::from_chars(at + 1, end, range.end).ptr;
  const std::size_t slash = numbers.find('/');
  if (slash != numbers.npos) std::from_chars(numbers.data() + slash + 1, end, range.size);
  return range;
}

std::string_view TakeLine(std::string_view& text) noexcept {
  const void* lf = text.empty() ? nullptr : std::memchr(text.data(), '\n', text.size());
  const std::size_t end = lf == nullptr ? text.size() : static_cast<const char*>(lf) - text.data();
  std::string_view line = text.substr(0, end);
  text.remove_prefix(lf == nullptr ? end : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string_view TakeHeaderLine(std::string_view& text) noexcept {
  const std::string_view whole = text, line = TakeLine(text);
  for (std::size_t cr = line.find('\r'); cr != line.npos && cr + 1 < line.size(); cr = line.find('\r', cr + 1)) {
    if (IsBlank(line[cr + 1]) || line[cr + 1] == '\r') continue;
    text = whole.substr(cr + 1);
    return line.substr(0, cr);
  }
  return line;
}

std::string_view Trim(std::string_view s) noexcept {
  const auto drop = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!s.empty() && drop(s.front())) s.remove_prefix(1);
  while (!s.empty() && drop(s.back())) s.remove_suffix(1);
  return s;
}

bool EqualsNoCase(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return Lower(x) == Lower(y); });
}

bool StartsWithNoCase(std::string_view s, std::string_view prefix) noexcept {
  return s.size() >= prefix.size() && EqualsNoCase(s.substr(0, prefix.size()), prefix);
}

Authority SplitAuthority(std::string_view s) noexcept {
  Authority out{Trim(s), 0};
  const std::size_t bracket = out.host.rfind(']');
  const std::size_t colon = out.host.rfind(':');
  if (colon == out.host.npos || (bracket != out.host.npos && colon < bracket)) return out;
  const std::string_view port = out.host.substr(colon + 1);
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (parsed.ec != std::errc{} || parsed.ptr != port.data() + port.size()) {
    out.port = 0;
    if (!port.empty()) return out;
  }
  out.host = out.host.substr(0, colon);
  return out;
}

std::string_view AuthorityOf(std::string_view target) noexcept {
  const std::size_t scheme = target.find("://");
  if (scheme == target.npos || scheme > 10 || target.substr(0, scheme).find('/') != target.npos) return {};
  target.remove_prefix(scheme + 3);
  target = target.substr(0, target.find_first_of("/?#"));
  const std::size_t at = target.rfind('@');
  return at == target.npos ? target : target.substr(at + 1);
}

std::string_view PercentDecode(std::string_view s, bool form, std::string& scratch) {
  const std::size_t query = form ? std::min(s.find('?'), s.size()) : s.size();
  if (s.find('%') == s.npos && s.find('+', query) == s.npos) return s;
  scratch.clear();
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && i + 2 < s.size() && HexDigit(s[i + 1]) >= 0 && HexDigit(s[i + 2]) >= 0) {
      scratch += static_cast<char>(HexDigit(s[i + 1]) << 4 | HexDigit(s[i + 2]));
      i += 2;
    } else {
      scratch += s[i] == '+' && i > query ? ' ' : s[i];
    }
  }
  return scratch;
}

std::string_view DispositionFileName(std::string_view value, std::string& scratch) {
  // RFC 6266 §4.3: the extended form (RFC 8187, charset'language'text) is preferred.
  std::string_view extended = Parameter(value, "filename*");
  const std::size_t second = extended.find('\'', extended.find('\'') + 1);
  if (!extended.empty() && second != extended.npos) {
    return PercentDecode(extended.substr(second + 1), false, scratch);
  }
  return Parameter(value, "filename");
}

}  // namespace gander::protocol::http
