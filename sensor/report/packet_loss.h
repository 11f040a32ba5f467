// SPDX-License-Identifier: Apache-2.0
// Packets lost before a worker saw them, by place and reason: the same list for metrics, summaries and the
// page. Their bytes are unknown, so they stand beside the byte ledger.
#ifndef GANDER_REPORT_PACKET_LOSS_H_
#define GANDER_REPORT_PACKET_LOSS_H_

#include <cstdint>
#include <vector>

#include "report/run_state.h"

namespace gander::report {

struct PacketLoss {
  const char* stage;  // nic, driver, kernel, ring
  const char* reason;
  const char* words;  // "the card's queue was full"
  const char* remedy;
  std::uint64_t packets = 0;
};

// All of them, in the order of a packet's way, zeros too.
std::vector<PacketLoss> PacketLosses(const RunState& state);
std::vector<PacketLoss> PacketLosses(const QueueState& queue);
std::uint64_t Total(const std::vector<PacketLoss>& losses) noexcept;

}  // namespace gander::report

#endif  // GANDER_REPORT_PACKET_LOSS_H_
