// SPDX-License-Identifier: Apache-2.0
#include "protocol/sip/head.h"

#include <algorithm>
#include <iterator>

namespace gander::protocol::sip {
namespace {

constexpr std::string_view kVersion = "SIP/2.0";
// RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086.
constexpr std::string_view kMethods[] = {"INVITE", "ACK",     "BYE",    "CANCEL",  "OPTIONS", "REGISTER", "PRACK",
                                         "NOTIFY", "PUBLISH", "UPDATE", "MESSAGE", "REFER",   "SUBSCRIBE", "INFO"};

struct Compact {
  char letter;
  std::string_view name;
};
constexpr Compact kCompact[] = {{'i', "Call-ID"}, {'m', "Contact"}, {'e', "Content-Encoding"}, {'l', "Content-Length"},
                                {'c', "Content-Type"}, {'f', "From"}, {'s', "Subject"}, {'k', "Supported"}, {'t', "To"},
                                {'v', "Via"}, {'r', "Refer-To"}, {'o', "Event"}, {'b', "Referred-By"}};

char Lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view Trim(std::string_view s) noexcept {
  constexpr std::string_view kBlank = " \t\r\n";
  while (!s.empty() && kBlank.find(s.front()) != s.npos) s.remove_prefix(1);
  while (!s.empty() && kBlank.find(s.back()) != s.npos) s.remove_suffix(1);
  return s;
}

}  // namespace

bool ReadStartLine(std::string_view line, StartLine& out) noexcept {
  out.line = line;
  if (line.starts_with(kVersion) && line.size() >= kVersion.size() + 4 && line[kVersion.size()] == ' ') {
    out.request = false;
    out.code = line.substr(kVersion.size() + 1, 3);
    out.reason = Trim(line.substr(kVersion.size() + 4));
    return std::all_of(out.code.begin(), out.code.end(), [](char c) { return c >= '0' && c <= '9'; });
  }
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == line.npos || last == first || line.substr(last + 1) != kVersion) return false;
  out.request = true;
  out.method = line.substr(0, first);
  out.uri = Trim(line.substr(first, last - first));
  return !out.method.empty() &&
         std::all_of(out.method.begin(), out.method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

Probe MayStart(std::string_view text) noexcept {
  const auto either = [&](std::string_view begin) {
    return text.substr(0, begin.size()) == begin.substr(0, text.size())
               ? (text.size() >= begin.size() ? Probe::kYes : Probe::kNeedMore)
               : Probe::kNo;
  };
  if (const Probe p = either("SIP/2.0 "); p != Probe::kNo) return p;
  const std::size_t space = text.find(' ');
  const std::string_view method = text.substr(0, space);
  const bool known = std::any_of(std::begin(kMethods), std::end(kMethods), [&](std::string_view m) {
    return space == text.npos ? m.starts_with(method) : m == method;
  });
  if (!known) return Probe::kNo;
  if (space == text.npos) return Probe::kNeedMore;
  // HTTP has OPTIONS too: the URI's scheme tells, or the version.
  const std::string_view uri = text.substr(space + 1);
  for (std::string_view scheme : {"sip:", "sips:", "tel:"}) {
    if (uri.starts_with(scheme)) return Probe::kYes;
    if (scheme.starts_with(uri)) return Probe::kNeedMore;
  }
  const std::size_t end = text.find_first_of("\r\n");
  StartLine line;
  if (end != text.npos) return ReadStartLine(text.substr(0, end), line) ? Probe::kYes : Probe::kNo;
  return Probe::kNo;
}

bool NextField(std::string_view& head, std::string_view& name, std::string_view& value) noexcept {
  while (!head.empty()) {
    std::size_t end = head.find('\n');
    // A line that begins with a blank goes on with the field before it.
    while (end != head.npos && end + 1 < head.size() && (head[end + 1] == ' ' || head[end + 1] == '\t'))
      end = head.find('\n', end + 1);
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(line.size() + 1, head.size()));
    if (Trim(line).empty()) return false;
    const std::size_t colon = line.find(':');
    if (colon == line.npos) continue;
    name = Trim(line.substr(0, colon));
    value = Trim(line.substr(colon + 1));
    return true;
  }
  return false;
}

std::string_view LongName(std::string_view name) noexcept {
  if (name.size() != 1) return name;
  const auto found = std::find_if(std::begin(kCompact), std::end(kCompact),
                                  [&](const Compact& c) { return c.letter == Lower(name[0]); });
  return found != std::end(kCompact) ? found->name : name;
}

}  // namespace gander::protocol::sip
