// SPDX-License-Identifier: Apache-2.0
// Commands of the client (MySQL Internals, "Command Phase").
#ifndef GANDER_PROTOCOL_MYSQL_COMMAND_H_
#define GANDER_PROTOCOL_MYSQL_COMMAND_H_

#include <cstdint>

namespace gander::protocol::mysql {

enum Command : std::uint8_t {
  kQuit = 0x01,
  kInitDb = 0x02,
  kQuery = 0x03,
  kFieldList = 0x04,
  kStatistics = 0x09,
  kChangeUser = 0x11,
  kBinlogDump = 0x12,
  kPrepare = 0x16,
  kExecute = 0x17,
  kSendLongData = 0x18,
  kCloseStatement = 0x19,
  kFetch = 0x1c,
  kBinlogDumpGtid = 0x1e,
  kLogin = 0xf0,
  kNone = 0xff  // the last two are not on the wire
};
inline constexpr std::uint8_t kLastCommand = 0x1f;

// Zeek's name; "unknown" for a code that is none.
const char* CommandName(std::uint8_t command) noexcept;

}  // namespace gander::protocol::mysql

#endif  // GANDER_PROTOCOL_MYSQL_COMMAND_H_
