// SPDX-License-Identifier: Apache-2.0
#include "protocol/syslog/header.h"

#include <algorithm>
#include <array>

namespace gander::protocol::syslog {
namespace {

constexpr std::array<const char*, 24> kFacilities = {"kern",   "user",   "mail",   "daemon", "auth",     "syslog",
                                                     "lpr",    "news",   "uucp",   "cron",   "authpriv", "ftp",
                                                     "ntp",    "audit",  "alert",  "clock",  "local0",   "local1",
                                                     "local2", "local3", "local4", "local5", "local6",   "local7"};
constexpr std::array<const char*, 8> kSeverities = {"emerg",   "alert",  "crit", "err",
                                                    "warning", "notice", "info", "debug"};
constexpr int kMaxPriority = 191;
constexpr std::size_t kMaxTag = 48;  // RFC 5424 §6: APP-NAME; the older form allows 32

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }

std::string_view TakeWord(std::string_view& text) noexcept {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word == "-" ? std::string_view() : word;
}

// "Oct 11 22:14:15", the day padded with a blank.
bool LooksLikeOldTime(std::string_view text) noexcept {
  return text.size() >= 16 && text[3] == ' ' && (IsDigit(text[4]) || text[4] == ' ') && IsDigit(text[5]) &&
         text[6] == ' ' && IsDigit(text[7]) && text[9] == ':' && text[12] == ':' && text[15] == ' ';
}
// "2003-10-11T22:14:15", as many programs write under the older form too.
bool LooksLikeIsoTime(std::string_view text) noexcept {
  return text.size() >= 20 && IsDigit(text[0]) && text[4] == '-' && text[7] == '-' && text[10] == 'T' &&
         text[13] == ':';
}

// "su[231]: " behind the host.
void ReadTag(std::string_view text, Header& out) noexcept {
  out.text = text;
  const std::size_t colon = text.substr(0, kMaxTag + 16).find(':');
  if (colon == text.npos || colon == 0) return;
  std::string_view tag = text.substr(0, colon);
  if (tag.find(' ') != tag.npos) return;
  if (const std::size_t open = tag.find('['); open != tag.npos && tag.back() == ']') {
    out.process_id = tag.substr(open + 1, tag.size() - open - 2);
    tag = tag.substr(0, open);
  }
  out.program = tag;
  out.text = text.substr(colon + 1);
}

void ReadOld(std::string_view text, Header& out) noexcept {
  if (LooksLikeOldTime(text)) {
    out.timestamp = text.substr(0, 15);
    text.remove_prefix(16);
    out.host = TakeWord(text);
  } else if (LooksLikeIsoTime(text)) {
    out.timestamp = TakeWord(text);
    out.host = TakeWord(text);
  }
  ReadTag(text, out);
}

}  // namespace

std::size_t PriorityLength(std::string_view message) noexcept {
  if (message.empty()) return message.npos;
  if (message[0] != '<') return 0;
  int value = 0;
  for (std::size_t i = 1; i < message.size() && i <= 4; ++i) {
    if (message[i] == '>') return i > 1 && value <= kMaxPriority ? i + 1 : 0;
    if (!IsDigit(message[i])) return 0;
    value = value * 10 + (message[i] - '0');
  }
  return message.size() <= 4 ? message.npos : 0;
}

Header ReadHeader(std::string_view message) noexcept {
  Header out;
  out.text = message;
  const std::size_t priority = PriorityLength(message);
  if (priority == 0 || priority == message.npos) return out;
  out.priority = 0;
  for (char c : message.substr(1, priority - 2)) out.priority = out.priority * 10 + (c - '0');
  std::string_view rest = message.substr(priority);
  out.text = rest;
  if (!rest.starts_with("1 ")) {
    ReadOld(rest, out);
    return out;
  }
  out.version = 1;
  rest.remove_prefix(2);
  out.timestamp = TakeWord(rest);
  out.host = TakeWord(rest);
  out.program = TakeWord(rest);
  out.process_id = TakeWord(rest);
  out.message_id = TakeWord(rest);
  out.text = rest;  // structured data is text too: its values are scanned with their names beside them
  return out;
}

const char* FacilityName(int priority) noexcept {
  return kFacilities[static_cast<std::size_t>(priority / 8) % kFacilities.size()];
}
const char* SeverityName(int priority) noexcept { return kSeverities[static_cast<std::size_t>(priority % 8)]; }

}  // namespace gander::protocol::syslog
