// SPDX-License-Identifier: Apache-2.0
// One worker and the aggregator in one thread, as `gander scan` runs them, with the seams open to be
// measured.
#ifndef GANDER_BENCH_PIPELINE_H_
#define GANDER_BENCH_PIPELINE_H_

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "capture/packet_source.h"
#include "config/snapshot.h"
#include "runtime/aggregator.h"
#include "runtime/epoch_clock.h"
#include "runtime/worker.h"

namespace gander::bench {

// Settings as given to --set; the packs of the tree unless `rules` names others. Ends the process on an
// error.
std::shared_ptr<const config::Snapshot> LoadSnapshot(const std::vector<std::string>& set,
                                                     const std::vector<std::string>& rules);

// A capture in memory that can be sent again and again: each round later by `RoundSeconds`, from other
// clients.
class Replay {
 public:
  explicit Replay(const std::string& path);

  std::span<const capture::Packet> packets() const noexcept { return packets_; }
  std::uint64_t frame_bytes() const noexcept { return frames_.size(); }
  // Moves on to the next round: every address in 10.0.0.0/8 (inside VXLAN too) gets another second byte,
  // checksums mended as RFC 1624 says, and all stamps move by `step`.
  void NextRound(Duration step);
  // All stamps move by `step`.
  void Later(Duration step);

 private:
  std::vector<char> frames_;
  std::vector<capture::Packet> packets_;
  std::uint8_t round_ = 0;
};

enum class Phase { kPacket, kSeal, kAggregate };
inline constexpr int kPhases = 3;

class Pipeline {
 public:
  // `enter` is called when a phase begins; after it, kPacket begins again.
  Pipeline(std::shared_ptr<const config::Snapshot> snapshot, std::function<void(Phase)> enter);

  void Process(std::span<const capture::Packet> packets);
  report::RunState Finish();
  std::uint64_t epochs() const noexcept { return epochs_; }

 private:
  void Seal(Timestamp end, bool final);

  std::function<void(Phase)> enter_;
  runtime::Worker worker_;
  runtime::Aggregator aggregator_;
  runtime::EpochClock clock_;
  std::vector<std::unique_ptr<runtime::SealedEpoch>> parts_;
  capture::SourceCounters port_;
  std::uint64_t epochs_ = 0;
};

// Resident memory of this process, bytes: at the moment, and its peak.
std::uint64_t ResidentBytes();
std::uint64_t PeakResidentBytes();

}  // namespace gander::bench

#endif  // GANDER_BENCH_PIPELINE_H_
