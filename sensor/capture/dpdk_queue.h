// SPDX-License-Identifier: Apache-2.0
// One receive queue of a DPDK port as a packet source. Buffers of a burst go back to their pool at the next
// Poll().
#ifndef GANDER_CAPTURE_DPDK_QUEUE_H_
#define GANDER_CAPTURE_DPDK_QUEUE_H_

#include <array>
#include <optional>

#include "capture/burst.h"
#include "capture/dpdk_flow_rules.h"
#include "capture/dpdk_port.h"

struct rte_mbuf;
struct rte_ring;

namespace gander::capture {

class DpdkQueue final : public PacketSource {
 public:
  DpdkQueue(std::shared_ptr<DpdkPort> port, std::uint16_t queue, Steering steering);
  ~DpdkQueue() override;

  std::span<const Packet> Poll() noexcept override;
  bool exhausted() const noexcept override { return exhausted_; }
  SourceCounters counters() const noexcept override;
  const Error* problem() const noexcept override { return problem_ ? &*problem_ : nullptr; }
  const std::string& name() const noexcept override { return name_; }
  Place place() const override;
  Backlog backlog() const noexcept override;
  bool Offload(const FiveTuple& tuple) noexcept override;

 private:
  void Attach();
  void Add(rte_mbuf& mbuf) noexcept;
  Bytes FrameOf(const rte_mbuf& mbuf) noexcept;
  void OnIdle() noexcept;
  void OnLost() noexcept;
  void ReportProblem(const char* cause, const char* remedy) noexcept;

  std::shared_ptr<DpdkPort> port_;
  std::uint16_t number_;  // of the port, at the start
  std::uint16_t queue_;
  Steering steering_;
  std::string name_;
  bool restore_tags_;

  std::uint16_t id_ = 0;  // of the port, now
  DpdkClock clock_;
  rte_ring* ring_ = nullptr;  // behind a net_ring device
  DpdkFlowRules rules_;

  std::array<rte_mbuf*, kMaxBurst> held_{};
  unsigned held_count_ = 0;
  Burst burst_;
  // Frames of several buffers, put together. Of its pages only those ever used become resident.
  std::unique_ptr<std::byte[]> joined_;
  std::size_t joined_used_ = 0;

  std::uint64_t tsc_hz_;
  std::uint64_t idle_limit_;      // in TSC ticks, 0 = none
  std::uint64_t idle_since_ = 0;  // 0 = not idle
  std::uint64_t next_check_ = 0;
  bool exhausted_ = false;
  std::optional<Error> problem_;
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_QUEUE_H_
