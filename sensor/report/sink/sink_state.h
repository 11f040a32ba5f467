// SPDX-License-Identifier: Apache-2.0
// What a sink says of itself: the ground of gander_sink_*, `stats` events and the summary. An event handed to a sink is
// either written, lost for one reason, or still waiting (queue, spool).
#ifndef GANDER_REPORT_SINK_SINK_STATE_H_
#define GANDER_REPORT_SINK_SINK_STATE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace gander::report {

// Why an event did not get out.
enum class Loss : std::uint8_t {
  kQueueFull,     // came faster than the sink takes them
  kDiskFull,      // the file system has no room, for longer than the queue could hold
  kWriteFailed,   // refused by write(2): a closed pipe, an input/output error
  kNotConnected,  // nobody at the other end, for longer than the queue could hold
  kStalled,       // connected, but the reader takes nothing, for longer than the queue could hold
  kRejected,      // refused for good by the other end
  kTooLong,       // larger than a datagram or a message may be
  kSpoolFull,     // given up to make room in the spool
  kLayout,        // could not be told in this layout
  kClosed,        // still waiting when the sensor ended
  kCount
};
inline constexpr std::size_t kLosses = static_cast<std::size_t>(Loss::kCount);
const char* NameOf(Loss loss) noexcept;  // "queue_full"

// By priority: high are alerts, transfers and what the sensor says of itself; low are records of flows, protocols and
// files, which are given up first.
struct LostEvents {
  std::uint64_t high = 0, low = 0;
  std::uint64_t sum() const noexcept { return high + low; }
};

struct SinkState {
  std::string name, type, layout;   // of the configuration: closed lists, fit for labels
  std::uint64_t written = 0, written_bytes = 0;  // events the other end has, as far as can be known
  std::array<LostEvents, kLosses> lost{};
  std::uint64_t queued_bytes = 0, queue_bytes_limit = 0;
  std::uint64_t spool_bytes = 0, spool_events = 0;
  std::uint64_t connects = 0;       // times a connection or a file was opened
  std::uint64_t failures = 0;       // tries to open, connect or write that failed
  bool connected = false;
  std::string problem;              // what is wrong now; empty = nothing

  std::uint64_t lost_events() const noexcept {
    std::uint64_t sum = 0;
    for (const LostEvents& l : lost) sum += l.sum();
    return sum;
  }
};

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_SINK_STATE_H_
