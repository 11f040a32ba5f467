// SPDX-License-Identifier: Apache-2.0
// What a worker hands to the aggregator at the end of an epoch. Objects travel round: the aggregator gives them
// back cleared, so that a worker has two and allocates none.
#ifndef GANDER_RUNTIME_SEALED_EPOCH_H_
#define GANDER_RUNTIME_SEALED_EPOCH_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ledger.h"
#include "capture/packet_source.h"
#include "config/snapshot.h"
#include "content/body_reader.h"
#include "decode/decoded.h"
#include "detect/account/traffic_meter.h"
#include "detect/account/transfer_meter.h"
#include "detect/detector.h"
#include "identify/scanner.h"
#include "report/supervision.h"
#include "runtime/epoch_excerpts.h"
#include "runtime/load_governor.h"
#include "runtime/outer_flows.h"
#include "runtime/worker_counters.h"
#include "stream/sctp_association.h"
#include "stream/tcp_stream.h"

namespace gander::runtime {

// Rendered events of one worker. Lines are sorted by the aggregator through their keys.
struct EventLines {
  struct Line {
    Timestamp time;
    FiveTuple tuple;
    std::uint64_t sequence;
    const char* type;              // event_type, a static string
    std::uint64_t flow_id;         // 0 = of no single flow
    std::uint32_t offset, length;  // in text
  };
  std::string text;
  std::vector<Line> lines;
  std::uint64_t dropped = 0;

  void Clear() noexcept {
    text.clear();
    lines.clear();
    dropped = 0;
  }
};

// Messages of control protocols by protocol, function and category; all of them static strings from closed lists.
using FunctionCounts = std::map<std::array<std::string_view, 3>, std::uint64_t>;

// Sums since the start of the worker.
struct WorkerTotals {
  ByteLedger ledger;
  decode::Counters decode{};
  stream::Counters stream{};
  stream::SctpCounters sctp{};
  content::Counters content{};
  identify::Counters identify{};
  WorkerCounters worker{};
  std::vector<std::uint64_t> findings;   // [rule * 3 + {unproven, counted, test}]
  std::vector<std::uint64_t> app_flows;  // by index of protocol::Protocols(), last = plain text
  FunctionCounts functions;
  std::uint64_t flows_active = 0;
};

// What the lane of a live worker knows beside its packets: cumulative, but for `shed`.
struct LaneHealth {
  struct Queue {
    capture::Place place;
    capture::SourceCounters counters;
    std::string problem;  // "" while all is well
  };
  std::vector<Queue> queues;                       // that this worker polls
  std::uint64_t handed_over = 0, ring_full = 0;    // packets passed to other workers, packets lost on that way
  ShedLevel level = ShedLevel::kNone;
  std::vector<ShedSpan> shed;                      // of this epoch
};

struct SealedEpoch {
  Timestamp begin, end;
  bool final = false;
  std::shared_ptr<const config::Snapshot> snapshot;  // that judged last; earlier ones' rules have the same numbers
  Duration step_back;                   // the furthest that packet time went backwards
  Timestamp first_packet, last_packet;  // of the run so far; zero when none
  capture::SourceCounters port;          // live: the worker's own sources, cumulative
  std::uint32_t worker = 0;
  LaneHealth lane;                       // live only
  EventLines events;
  WorkerTotals totals;
  ByteLedger epoch_ledger;
  std::unique_ptr<detect::TransferMeter> transfers;
  std::vector<std::unique_ptr<detect::Meter>> meters;  // by detector, null where it has none
  std::vector<detect::Meter*> tcp_ends, other_ends;    // those of them that hear of ends of flows
  std::vector<detect::Meter*> file_readers;            // and of files
  std::array<std::vector<detect::Meter*>, static_cast<std::size_t>(Observation::kCount)> observers;
  std::unique_ptr<detect::TrafficMeter> traffic;
  std::vector<std::pair<detect::HostTag, std::string>> new_hosts;
  std::vector<OuterFlow> outer_flows;
  EpochExcerpts excerpts;
  std::vector<report::PoisonFlow> poison;  // of which the first packet was left out
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_SEALED_EPOCH_H_
