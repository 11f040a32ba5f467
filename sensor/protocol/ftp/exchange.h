// SPDX-License-Identifier: Apache-2.0
// A command and its replies: what becomes one ftp event.
#ifndef GANDER_PROTOCOL_FTP_EXCHANGE_H_
#define GANDER_PROTOCOL_FTP_EXCHANGE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/record.h"

namespace gander::protocol::ftp {

enum class Mode : std::uint8_t { kNone, kActive, kPassive };

struct Exchange {
  std::string command, argument;  // command in capitals; both empty for what the server says unasked
  std::string codes, replies;     // a line for each, in order
  std::uint32_t tx_id = 0;
  std::uint16_t dynamic_port = 0;
  Mode mode = Mode::kNone;

  // Adds a line of a reply; `code` is empty for the lines within a multi-line reply.
  void AddReply(std::string_view code, std::string_view text);
  // Members as Suricata's ftp events have them. A password never leaves.
  void Write(Record& out) const;
};

}  // namespace gander::protocol::ftp

#endif  // GANDER_PROTOCOL_FTP_EXCHANGE_H_
