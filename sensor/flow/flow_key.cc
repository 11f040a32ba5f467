// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_key.h"

namespace gander::flow {
namespace {

constexpr std::uint16_t kWellKnownPorts = 1024;  // RFC 6335 §6

}  // namespace

bool SourceIsClient(const FiveTuple& tuple, bool syn, bool ack) noexcept {
  if (tuple.protocol != ip_proto::kTcp) return true;
  if (syn) return !ack;
  const bool source_serves = tuple.source_port < kWellKnownPorts && tuple.destination_port >= kWellKnownPorts;
  return !source_serves;
}

}  // namespace gander::flow
