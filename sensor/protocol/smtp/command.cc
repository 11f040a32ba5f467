// SPDX-License-Identifier: Apache-2.0
#include "protocol/smtp/command.h"

#include <algorithm>

#include "protocol/mime/header_value.h"

namespace gander::protocol::smtp {
namespace {

using mime::EqualsIgnoreCase;
using mime::Trim;

struct Word {
  std::string_view name;
  Verb verb;
};
constexpr Word kWords[] = {
    {"HELO", Verb::kHelo},     {"EHLO", Verb::kHelo},         {"LHLO", Verb::kHelo},
    {"MAIL", Verb::kMail},     {"RCPT", Verb::kRcpt},         {"DATA", Verb::kData},
    {"BDAT", Verb::kBdat},     {"RSET", Verb::kRset},         {"AUTH", Verb::kAuth},
    {"QUIT", Verb::kQuit},     {"STARTTLS", Verb::kStartTls}, {"X-ANONYMOUSTLS", Verb::kStartTls},
    {"NOOP", Verb::kOther},    {"VRFY", Verb::kOther},        {"EXPN", Verb::kOther},
    {"HELP", Verb::kOther},    {"ETRN", Verb::kOther},        {"TURN", Verb::kOther},
    {"XCLIENT", Verb::kOther}, {"XFORWARD", Verb::kOther},    {"SEND", Verb::kOther},
    {"SAML", Verb::kOther},    {"SOML", Verb::kOther},
};

constexpr std::size_t kMaxHostName = 255;  // RFC 1035 §2.3.4

}  // namespace

Command ParseCommand(std::string_view line) noexcept {
  Command out;
  line = Trim(line);
  const std::size_t space = std::min(line.find_first_of(" \t"), line.size());
  out.name = line.substr(0, space);
  out.argument = Trim(line.substr(space));
  for (const Word& w : kWords) {
    if (EqualsIgnoreCase(out.name, w.name)) out.verb = w.verb;
  }
  return out;
}

std::string_view AddressOf(std::string_view argument) noexcept {
  const std::size_t colon = argument.find(':');
  if (colon == std::string_view::npos) return {};
  argument = Trim(argument.substr(colon + 1));
  if (!argument.empty() && argument.front() == '<') {
    bool quoted = false;
    for (std::size_t i = 1; i < argument.size(); ++i) {
      if (argument[i] == '"' && argument[i - 1] != '\\') quoted = !quoted;
      if (argument[i] == '>' && !quoted) return argument.substr(0, i + 1);
    }
    return argument;
  }
  return argument.substr(0, argument.find(' '));
}

bool ParseReply(std::string_view line, Reply* out) noexcept {
  if (line.size() < 3) return false;
  out->code = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    if (line[i] < '0' || line[i] > '9') return false;
    out->code = out->code * 10 + (line[i] - '0');
  }
  if (out->code < 200 || out->code > 599) return false;
  if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return false;
  out->last = line.size() == 3 || line[3] == ' ';
  out->text = Trim(line.substr(std::min<std::size_t>(4, line.size())));
  return true;
}

bool LooksLikeHost(std::string_view name) noexcept {
  if (name.empty() || name.size() > kMaxHostName || name.find('.') == std::string_view::npos) return false;
  bool letter = false;
  for (const char c : name) {
    const bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!alpha && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_') return false;
    letter |= alpha;
  }
  return letter;
}

}  // namespace gander::protocol::smtp
