// SPDX-License-Identifier: Apache-2.0
// What a flow gets when it begins, how long it may be silent, and what it gives back.
#include <algorithm>
#include <utility>

#include "runtime/worker.h"

namespace gander::runtime {

Duration Worker::FirstTimeout(std::uint8_t protocol) const noexcept {
  const flow::Options& o = snapshot_->settings.flow;
  switch (protocol) {
    case ip_proto::kTcp: return Duration::Seconds(o.tcp_new_s);
    case ip_proto::kUdp: return Duration::Seconds(o.udp_new_s);
    case ip_proto::kIcmp:
    case ip_proto::kIcmp6: return Duration::Seconds(o.icmp_s);
    default: return Duration::Seconds(o.other_s);
  }
}

Duration Worker::TcpTimeout(stream::TcpState state) const noexcept {
  const flow::Options& o = snapshot_->settings.flow;
  switch (state) {
    case stream::TcpState::kNew: return Duration::Seconds(o.tcp_new_s);
    case stream::TcpState::kClosed:
    case stream::TcpState::kReset: return Duration::Seconds(o.tcp_closed_s);
    default: return Duration::Seconds(o.tcp_established_s);
  }
}

// False when there is no room for what the flow needs.
bool Worker::StartFlow(FlowState& flow, const decode::Decoded& d, Direction direction, Timestamp time) noexcept {
  const bool tcp = d.tuple.protocol == ip_proto::kTcp;
  const bool icmp = d.tuple.protocol == ip_proto::kIcmp || d.tuple.protocol == ip_proto::kIcmp6;
  flow.first = time;
  const bool annexed = d.tunnel_count > 0 || d.tuple.protocol == ip_proto::kSctp;
  if (tcp || icmp || d.vlan_count > 0 || annexed) {
    FlowExtension* extension = Extend(flow);
    if (extension == nullptr) return false;
    extension->icmp_type = d.icmp_type;
    extension->icmp_code = d.icmp_code;
    extension->vlan_count = std::min<std::uint8_t>(d.vlan_count, static_cast<std::uint8_t>(extension->vlans.size()));
    std::copy_n(d.vlans.begin(), extension->vlan_count, extension->vlans.begin());
    if (annexed && !Annex(*extension, d, direction)) return false;
  }
  WorkerCounters& c = inspector_.totals().worker;
  ++c.flows;
  switch (d.tuple.protocol) {
    case ip_proto::kTcp: ++c.flows_tcp; break;
    case ip_proto::kUdp: ++c.flows_udp; break;
    default: ++(icmp ? c.flows_icmp : c.flows_other);
  }
  return true;
}

FlowExtension* Worker::Extend(FlowState& flow) noexcept {
  if (flow.extension == Slab<FlowExtension>::kNone) {
    flow.extension = extensions_.Take();
    if (flow.extension == Slab<FlowExtension>::kNone) return nullptr;
    extensions_[flow.extension] = {};
  }
  return &extensions_[flow.extension];
}

bool Worker::Annex(FlowExtension& extension, const decode::Decoded& d, Direction direction) noexcept {
  extension.annex = annexes_.Take();
  if (extension.annex == Slab<FlowAnnex>::kNone) return false;
  annexes_[extension.annex].Begin(d, direction);
  return true;
}

// Gives back what belongs to the flow but lies elsewhere.
void Worker::Release(FlowState& flow) noexcept {
  FlowExtension* extension = ExtensionOf(flow);
  if (extension == nullptr) return;
  if (FlowAnnex* annex = AnnexOf(extension)) {
    annex->sctp.Reset();
    annexes_.Give(extension->annex);
  }
  extensions_.Give(std::exchange(flow.extension, Slab<FlowExtension>::kNone));
}

}  // namespace gander::runtime
