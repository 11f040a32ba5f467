// SPDX-License-Identifier: Apache-2.0
// The rules by which a port counts and drops flows for one queue: bounded, watched, taken back when idle.
#ifndef GANDER_CAPTURE_DPDK_FLOW_RULES_H_
#define GANDER_CAPTURE_DPDK_FLOW_RULES_H_

#include <cstdint>
#include <vector>

#include "base/net.h"

struct rte_flow;

namespace gander::capture {

class DpdkFlowRules {
 public:
  static constexpr std::uint32_t kMaxRules = 4096;   // of a port; a flow takes two
  static constexpr std::uint32_t kIdleSeconds = 30;  // without a packet: taken back

  // `capacity` rules at most; 0 = none are ever made.
  explicit DpdkFlowRules(std::uint32_t capacity);
  bool enabled() const noexcept { return capacity_ != 0; }

  // Both directions, or neither. At most one flow between two calls of Look(), since the driver takes its
  // time. A port that refuses the first, or cannot count what it drops, is not asked again.
  bool Add(std::uint16_t port, const FiveTuple& tuple) noexcept;
  // Once a burst: reads the count of one rule, each about once a second. `tsc` in ticks of which `hz` are a
  // second.
  void Look(std::uint16_t port, std::uint64_t tsc, std::uint64_t hz) noexcept;
  void RemoveAll(std::uint16_t port) noexcept;
  // The port is gone, its rules with it.
  void Forget() noexcept { rules_.clear(); }

  // Dropped and counted by the port, as of the last look.
  std::uint64_t packets() const noexcept { return packets_; }
  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  struct Rule {
    rte_flow* handle = nullptr;
    std::uint64_t packets = 0, bytes = 0;
    std::uint32_t idle_looks = 0;
  };

  rte_flow* Create(std::uint16_t port, const FiveTuple& tuple) noexcept;
  bool Count(std::uint16_t port, Rule& rule) noexcept;

  std::uint32_t capacity_;
  bool refused_ = false;
  bool added_ = false;  // since the last Look()
  std::vector<Rule> rules_;
  std::size_t next_ = 0;
  std::uint64_t next_look_ = 0;
  std::uint64_t packets_ = 0, bytes_ = 0;
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_FLOW_RULES_H_
