// SPDX-License-Identifier: Apache-2.0
// What a flow event says beside the members all events share: {"flow": {...}}, {"tcp": {...}}, {"tunnel": {...}}.
#ifndef GANDER_RUNTIME_FLOW_EVENT_H_
#define GANDER_RUNTIME_FLOW_EVENT_H_

#include <array>
#include <cstdint>

#include "base/record.h"
#include "base/time.h"
#include "runtime/flow_annex.h"
#include "runtime/flow_state.h"

namespace gander::runtime {

// By Direction.
struct FlowSpan {
  std::array<std::uint64_t, 2> packets{}, bytes{};
  Timestamp first, last;

  // Of what has no connection.
  const char* state() const noexcept { return packets[0] > 0 && packets[1] > 0 ? "established" : "new"; }
};

void AppendFlow(Record& body, const FlowSpan& flow, const char* state, const char* reason);
// Suricata knows three states of a flow, and more of a connection.
const char* FlowStateOf(stream::TcpState state) noexcept;
void AppendTcp(Record& body, const FlowExtension& extension, const std::array<std::uint64_t, 2>& gap_bytes);
void AppendSctp(Record& body, const stream::SctpAssociation& association);
// The outermost carrier as Suricata writes it, then each layer, outermost first.
void AppendTunnels(Record& body, const FlowAnnex& annex);

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_FLOW_EVENT_H_
