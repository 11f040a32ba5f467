// SPDX-License-Identifier: Apache-2.0
#include "protocol/ftp/exchange.h"

#include "protocol/ftp/ftp.h"

namespace gander::protocol::ftp {
namespace {

Privacy ArgumentPrivacy(std::string_view command) noexcept {
  if (command == "PASS" || command == "ACCT" || command == "ADAT") return Privacy::kSecret;
  return command == "USER" ? Privacy::kPersonal : Privacy::kIdentifier;
}

void WriteLines(const char* key, std::string_view lines, Privacy privacy, Record& out) {
  if (lines.empty()) return;
  out.BeginArray(key);
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    out.String(nullptr, lines.substr(0, end), privacy);
    lines.remove_prefix(end + 1);
  }
  out.EndArray();
}

}  // namespace

void Exchange::AddReply(std::string_view code, std::string_view text) {
  if (codes.size() + replies.size() + text.size() > kMaxReply) return;
  if (!code.empty()) (codes += code) += '\n';
  (replies += text) += '\n';
}

void Exchange::Write(Record& out) const {
  out.BeginObject("ftp");
  if (!command.empty()) out.String("command", command);
  if (!argument.empty()) out.String("command_data", argument, ArgumentPrivacy(command));
  WriteLines("reply", replies, Privacy::kIdentifier, out);
  WriteLines("completion_code", codes, Privacy::kPublic, out);
  if (dynamic_port != 0) out.Integer("dynamic_port", dynamic_port);
  if (mode != Mode::kNone) out.String("mode", mode == Mode::kActive ? "active" : "passive");
  out.String("reply_received", codes.empty() ? "no" : "yes");
  out.EndObject();
}

}  // namespace gander::protocol::ftp
