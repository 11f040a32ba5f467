// SPDX-License-Identifier: Apache-2.0
// What a port lost, told apart by queue where its driver does.
#ifndef GANDER_CAPTURE_DPDK_LOSSES_H_
#define GANDER_CAPTURE_DPDK_LOSSES_H_

#include <array>
#include <mutex>
#include <vector>

#include "capture/packet_source.h"

namespace gander::capture {

// Drivers do not promise that their counters may be read by two threads at once, so a lock is held meanwhile;
// once an epoch and queue, never for a packet.
class DpdkLosses {
 public:
  // Counts from now on, in addition to what was lost before a Detach().
  void Attach(std::uint16_t port, std::uint16_t queues);
  void Detach() noexcept;

  // Adds the queue's losses. What the driver does not tell apart is added to queue 0, so that the sum over
  // queues is the port's.
  void AddTo(SourceCounters& counters, std::uint16_t queue) noexcept;

 private:
  enum Reason : std::size_t { kNoBuffer, kInterfaceDrops, kErrors, kReasons };
  using Counts = std::array<std::uint64_t, kReasons>;
  struct PerQueue {
    std::uint64_t id;  // of the extended statistic
    std::uint16_t queue;
    Reason reason;
  };

  void FindPerQueue(std::uint16_t queues);
  bool Read() noexcept;
  void Refresh() noexcept;

  std::mutex mutex_;
  bool attached_ = false;
  std::uint16_t port_ = 0;
  std::vector<PerQueue> per_queue_;
  std::vector<std::uint64_t> ids_, values_;  // of per_queue_, in the same order
  std::vector<Counts> now_;                  // by queue, as the device counts
  std::vector<Counts> start_;                // the same at Attach()
  std::vector<Counts> before_;               // lost until the last Detach()
  std::vector<Counts> lost_;                 // since the first Attach(), as of the last look
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_LOSSES_H_
