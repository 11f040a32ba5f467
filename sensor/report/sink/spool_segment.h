// SPDX-License-Identifier: Apache-2.0
// One file of a spool: a magic number, then records, each with its length and a check.
#ifndef GANDER_REPORT_SINK_SPOOL_SEGMENT_H_
#define GANDER_REPORT_SINK_SPOOL_SEGMENT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace gander::report {

struct SpoolRecord {
  std::uint64_t key = 0;   // EventLine::key
  bool high = false;       // EventLine::high
  std::string_view text;   // of the event, newline included
};

inline constexpr std::string_view kSpoolMagic = "GNDSPL01";
inline constexpr std::size_t kSpoolHeader = 20;            // bytes before a record's text
inline constexpr std::size_t kMaxSpoolText = 16 << 20;     // a longer one is no record

// Numbers are in the machine's own byte order: a spool stays where it was written.
void AppendSpoolRecord(const SpoolRecord& record, std::string& out);

enum class SpoolRead : std::uint8_t { kRecord, kNeedMore, kDamaged };
// The record at the start of `bytes`; `size` is what it takes. kNeedMore: `bytes` ends before it does, and `size` is how
// many it needs at least. `record.text` lies in `bytes`.
SpoolRead ReadSpoolRecord(std::string_view bytes, SpoolRecord& record, std::size_t& size) noexcept;

// How far the records of a segment reach that are whole: what a crash cut short is not.
struct SpoolScan {
  std::uint64_t bytes = 0;            // of magic and whole records
  std::uint64_t high = 0, low = 0;    // records by priority
  std::uint64_t before_high = 0, before_low = 0;  // of them, those that end at or before `mark`
  bool mark_is_edge = false;          // a record ends at `mark`
};
// `path` is read from its start. Empty when it is no segment.
SpoolScan ScanSpoolSegment(const std::string& path, std::uint64_t mark);
SpoolScan ScanSpoolText(std::string_view bytes, std::uint64_t mark);

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_SPOOL_SEGMENT_H_
