// SPDX-License-Identifier: Apache-2.0
// The number that ties the events of a flow together.
#ifndef GANDER_RUNTIME_FLOW_ID_H_
#define GANDER_RUNTIME_FLOW_ID_H_

#include <cstdint>

#include "base/net.h"
#include "base/time.h"

namespace gander::runtime {

// From the tuple, its source being the client, and the first packet's time, so that a flow has one id whatever the
// worker count. Never 0, and exact in a JavaScript number. `link`: FlowKey::LinkOf its VLANs.
std::uint64_t FlowIdOf(const FiveTuple& tuple, Timestamp first, std::uint16_t link = 0) noexcept;

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_FLOW_ID_H_
