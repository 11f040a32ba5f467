// SPDX-License-Identifier: Apache-2.0
// An event as a syslog message: RFC 5424, in frames that count octets (RFC 6587 §3.4.1, RFC 5425 §4.3).
#ifndef GANDER_REPORT_SINK_SYSLOG_FRAME_H_
#define GANDER_REPORT_SINK_SYSLOG_FRAME_H_

#include <memory>
#include <string>

#include "report/sink/stream_sink.h"

namespace gander::report {

struct SyslogHeader {
  std::uint32_t facility = 13;  // 0..23
  std::string host;             // HOSTNAME; empty = of the machine
  std::string app_name = "gander";
  std::string version;          // of the sensor, in structured data
  bool structured = false;
};

// SEVERITY of RFC 5424 table 2 for a finding's severity (EventLine): critical 2, high 3, medium 4, low 5, all else 6.
int SyslogSeverity(std::uint8_t severity) noexcept;

// "<PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID SD MSG", each frame behind its length and a space. TIMESTAMP is the
// event's time, MSGID its type, MSG the event without its newline: JSON in UTF-8 without the BOM that RFC 5424 §6.4
// would have before it, because readers of JSON stumble over one. What a field may not hold becomes `_`; a field that is
// empty is the nil value.
std::unique_ptr<Framer> NewSyslogFramer(const SyslogHeader& header);

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_SYSLOG_FRAME_H_
