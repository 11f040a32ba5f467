// SPDX-License-Identifier: Apache-2.0
// The header of a syslog message.
#ifndef GANDER_PROTOCOL_SYSLOG_HEADER_H_
#define GANDER_PROTOCOL_SYSLOG_HEADER_H_

#include <cstdint>
#include <string_view>

namespace gander::protocol::syslog {

struct Header {
  int priority = -1;          // facility * 8 + severity, 0..191; -1 = there is none
  int version = 0;            // 1 = RFC 5424, 0 = the older form
  std::string_view timestamp, host, program, process_id, message_id;  // empty where absent or "-"
  std::string_view text;      // what is behind the header
};

// Of a message or of its first part. Views point into `message`.
Header ReadHeader(std::string_view message) noexcept;

const char* FacilityName(int priority) noexcept;  // "kern", "auth", "local0" ...
const char* SeverityName(int priority) noexcept;  // "emerg" ... "debug"

// "<0>" to "<191>": the length of the priority at the front, 0 when there is none, npos when it may still become one.
std::size_t PriorityLength(std::string_view message) noexcept;

}  // namespace gander::protocol::syslog

#endif  // GANDER_PROTOCOL_SYSLOG_HEADER_H_
