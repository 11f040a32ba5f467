// SPDX-License-Identifier: Apache-2.0
// What is kept of a flow that came through a tunnel and of SCTP: beside the extension, for few flows.
#ifndef GANDER_RUNTIME_FLOW_ANNEX_H_
#define GANDER_RUNTIME_FLOW_ANNEX_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "decode/decoded.h"
#include "stream/sctp_association.h"

namespace gander::runtime {

struct FlowAnnex {
  std::array<decode::TunnelLayer, decode::kMaxTunnels>
      tunnels;  // of the first packet, outermost first, as the client sends
  std::array<std::uint32_t, decode::kMaxLabels> labels;
  std::uint8_t tunnel_count = 0, label_count = 0;
  stream::SctpAssociation sctp;

  void Begin(const decode::Decoded& d, Direction direction) noexcept {
    tunnel_count = d.tunnel_count;
    label_count = d.label_count;
    std::copy_n(d.tunnels.begin(), tunnel_count, tunnels.begin());
    std::copy_n(d.labels.begin(), label_count, labels.begin());
    if (direction == Direction::kToServer) return;
    for (decode::TunnelLayer& t : tunnels) {
      std::swap(t.source, t.destination);
      std::swap(t.source_port, t.destination_port);
    }
  }
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_FLOW_ANNEX_H_
