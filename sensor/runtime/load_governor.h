// SPDX-License-Identifier: Apache-2.0
// Decides, from how its receive queue fills, what a worker must leave out, and remembers for how long it did.
// One per worker, asked between bursts; reads no clock and takes no lock itself.
#ifndef GANDER_RUNTIME_LOAD_GOVERNOR_H_
#define GANDER_RUNTIME_LOAD_GOVERNOR_H_

#include <cstdint>
#include <vector>

#include "base/shed.h"
#include "base/time.h"

namespace gander::runtime {

// A stretch of time in which something was left out.
struct ShedSpan {
  Timestamp begin, end;           // packet time; `end` is the time at hand while it lasts
  ShedLevel highest = ShedLevel::kNone;
  std::uint64_t packets = 0;      // packets read meanwhile
  std::uint64_t bytes = 0;        // payload bytes left out (kLostShed)
  std::uint64_t lost_packets = 0; // lost before the worker meanwhile: NIC, kernel, ring
  bool over = false;
};

class LoadGovernor {
 public:
  struct Options {
    bool enabled = true;
    std::uint32_t raise_after_ms = 20;    // of pressure, for each level
    std::uint32_t recover_after_ms = 500;  // without pressure, for each level back
  };
  // What one round of polling saw.
  struct Round {
    std::uint32_t packets = 0;         // of this burst
    bool full = false;                 // the burst was as large as a burst can be
    std::int64_t backlog = -1;         // packets still waiting, -1 = the source cannot tell
    std::int64_t capacity = -1;        // of the queue they wait in
    std::uint64_t lost_packets = 0;    // cumulative: NIC, kernel, hand-over ring
    std::uint64_t shed_bytes = 0;      // cumulative: the worker's kLostShed
    std::int64_t monotonic_ns = 0;     // steady clock, read by the caller once a round
    Timestamp packet_time;             // newest packet
  };

  explicit LoadGovernor(const Options& options) noexcept : options_(options) {}

  // The level for the next burst.
  ShedLevel Observe(const Round& round) noexcept;
  ShedLevel level() const noexcept { return level_; }
  // Spans since the last call: those that ended, and the one that lasts (over = false), oldest first; bounded.
  void TakeSpans(std::vector<ShedSpan>& out);

 private:
  Options options_;
  ShedLevel level_ = ShedLevel::kNone;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_LOAD_GOVERNOR_H_
