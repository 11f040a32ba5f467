// SPDX-License-Identifier: Apache-2.0
// A report of one death, for whoever mends it: code offsets, counters and hashes, and nothing that the sensor held in
// its memory.
#ifndef GANDER_SUPERVISE_CRASH_REPORT_H_
#define GANDER_SUPERVISE_CRASH_REPORT_H_

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "supervise/death_book.h"

namespace gander::supervise {

struct ReportFacts {
  const Autopsy& autopsy;
  const FlightPage& page;      // as it was left
  const PastRun& past;         // with this death
  std::string version;
  Duration ran;                // the sensor that died
  std::span<const PoisonFlow> poison;  // that this death made so
};

// One JSON object (README.md of this room says what is in it), in lines.
std::string CrashReport(const ReportFacts& facts);

// The binary's own, "" where it has none: `addr2line -e` wants the file of this one.
std::string BuildId();

inline constexpr std::size_t kKeptReports = 20;

// Leaves it in `folder` as crash-<time>.json, mode 0640, the folder's owner's, and removes the oldest beyond
// kKeptReports. Follows no link in the folder: whoever took the sensor over may write there. Returns its path. Errors:
// the folder cannot be written.
Result<std::string> KeepReport(const std::string& folder, std::string_view report, std::int64_t now_ns);

}  // namespace gander::supervise

#endif  // GANDER_SUPERVISE_CRASH_REPORT_H_
