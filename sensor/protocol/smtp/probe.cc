// SPDX-License-Identifier: Apache-2.0
// SMTP by its first line. "220 " greets in FTP too: the greeting's words decide, else the client's first
// command.
#include <algorithm>

#include "protocol/mime/header_value.h"
#include "protocol/smtp/command.h"
#include "protocol/smtp/parser.h"

namespace gander::protocol::smtp {
namespace {

constexpr std::string_view kOpenings[] = {"EHLO ",  "HELO ",      "LHLO ",   "EHLO\r",
                                          "HELO\r", "MAIL FROM:", "RCPT TO:"};
constexpr std::string_view kServerWords[] = {"SMTP", "LMTP", "Postfix", "Exim", "Sendmail"};
constexpr std::uint16_t kPorts[] = {25, 465, 587, 2525};

bool Contains(std::string_view s, std::string_view word) noexcept {
  for (std::size_t i = 0; i + word.size() <= s.size(); ++i) {
    if (mime::EqualsIgnoreCase(s.substr(i, word.size()), word)) return true;
  }
  return false;
}

Probe ProbeGreeting(std::string_view text, std::uint16_t port) noexcept {
  constexpr std::string_view kCodes[] = {"220", "421", "554"};
  const std::string_view code = text.substr(0, 3);
  const bool known = std::any_of(std::begin(kCodes), std::end(kCodes),
                                 [&](std::string_view c) { return c.substr(0, code.size()) == code; });
  if (!known || (text.size() > 3 && text[3] != ' ' && text[3] != '-')) return Probe::kNo;
  if (Contains(text, "FTP")) return Probe::kNo;
  for (std::string_view word : kServerWords) {
    if (Contains(text, word)) return Probe::kYes;
  }
  const bool port_says_so = std::find(std::begin(kPorts), std::end(kPorts), port) != std::end(kPorts);
  const bool whole_line = text.find('\n') != std::string_view::npos || text.size() >= kProbeBytes;
  if (!whole_line) return Probe::kNeedMore;
  // Without a word of either protocol the client's first command will tell.
  return port_says_so ? Probe::kYes : Probe::kNeedMore;
}

}  // namespace

Probe ProbeSmtp(const ProbeInput& input) noexcept {
  const std::string_view text = AsText(input.bytes);
  if (text.empty()) return Probe::kNeedMore;
  // Either side may be the one called client when the capture began late.
  if (text[0] >= '0' && text[0] <= '9') return ProbeGreeting(text, input.server_port);
  for (std::string_view opening : kOpenings) {
    const std::size_t n = std::min(text.size(), opening.size());
    if (!mime::EqualsIgnoreCase(text.substr(0, n), opening.substr(0, n))) continue;
    return n == opening.size() ? Probe::kYes : Probe::kNeedMore;
  }
  return Probe::kNo;
}

}  // namespace gander::protocol::smtp
