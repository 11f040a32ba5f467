// SPDX-License-Identifier: Apache-2.0
// Packets in: decode, fragments, flow, stream; and the end of an epoch.
#include "runtime/worker.h"

#include <algorithm>

#include "base/hash.h"
#include "flow/flow_key.h"

namespace gander::runtime {
namespace {

constexpr HashKey kFlowIdKey{0x67616e6465722d66ULL, 0x6c6f772d69642d31ULL};
constexpr std::uint64_t kFlowIdMask = (1ULL << 51) - 1;  // exact in a JavaScript number

// From the tuple and the first packet's time, so that a flow has one id whatever the worker count.
std::uint64_t MakeFlowId(const FiveTuple& tuple, Timestamp first) noexcept {
  struct {
    std::uint8_t source[16], destination[16];
    std::uint16_t ports[2];
    std::uint32_t protocol;
    std::int64_t first;
  } key{};
  std::copy(tuple.source.octets.begin(), tuple.source.octets.end(), key.source);
  std::copy(tuple.destination.octets.begin(), tuple.destination.octets.end(), key.destination);
  key.ports[0] = tuple.source_port;
  key.ports[1] = tuple.destination_port;
  key.protocol = tuple.protocol;
  key.first = first.ns;
  const std::uint64_t id = SipHash24(kFlowIdKey, std::as_bytes(std::span(&key, 1))) & kFlowIdMask;
  return id == 0 ? 1 : id;
}

}  // namespace

// What the reassembler gives up never becomes a chunk: its fate goes to the ledger at once.
class Worker::ReassemblySink final : public stream::ChunkSink {
 public:
  explicit ReassemblySink(Inspector& inspector) : inspector_(inspector) {}
  void OnChunk(const stream::StreamChunk& chunk) noexcept override { inspector_.OnChunk(chunk); }
  void OnFate(ByteFate fate, std::uint64_t bytes) noexcept override { inspector_.totals().ledger.Add(fate, bytes); }

 private:
  Inspector& inspector_;
};

Worker::Worker(std::shared_ptr<const config::Snapshot> snapshot, const HashKey& tag_key)
    : snapshot_(std::move(snapshot)),
      inspector_(snapshot_, tag_key),
      sink_(std::make_unique<ReassemblySink>(inspector_)),
      flows_(snapshot_->settings.flow, tag_key.k0 ^ tag_key.k1),
      segments_(snapshot_->settings.stream),
      fragments_(snapshot_->settings.decode) {
  epoch_ = NewEpoch();
}

Worker::~Worker() = default;

std::unique_ptr<SealedEpoch> Worker::NewEpoch() const {
  auto epoch = std::make_unique<SealedEpoch>();
  epoch->transfers = std::make_unique<detect::TransferMeter>(snapshot_->settings.detect);
  for (const detect::DetectorInfo& info : detect::Detectors()) {
    epoch->meters.push_back(info.create(snapshot_->settings.detect)->NewMeter());
  }
  return epoch;
}

void Worker::Process(std::span<const capture::Packet> packets) noexcept {
  for (const capture::Packet& packet : packets) ProcessOne(packet);
}

void Worker::ProcessOne(const capture::Packet& packet) noexcept {
  WorkerTotals& totals = inspector_.totals();
  const std::uint64_t wire = std::max<std::uint64_t>(packet.wire_length, packet.frame.size());
  ++totals.ledger.packets;
  totals.ledger.received += wire;
  totals.ledger.Add(ByteFate::kLostTruncated, wire - packet.frame.size());
  if (totals.ledger.packets == 1) first_packet_ = last_packet_ = packet.time;
  if (packet.time < last_packet_) step_back_ = std::max(step_back_, last_packet_ - packet.time);
  first_packet_ = std::min(first_packet_, packet.time);
  last_packet_ = std::max(last_packet_, packet.time);

  decode::Decode(packet.link, packet.frame, snapshot_->settings.decode, totals.decode, decoded_);
  switch (decoded_.status) {
    case decode::Status::kOk:
      totals.ledger.Add(ByteFate::kHeaders, decoded_.header_bytes);
      OnDecoded(decoded_, packet, wire);
      break;
    case decode::Status::kFragment:
      totals.ledger.Add(ByteFate::kHeaders, decoded_.header_bytes);
      OnFragment(packet);
      break;
    case decode::Status::kNotIp: totals.ledger.Add(ByteFate::kOpaqueNotIp, packet.frame.size()); break;
    case decode::Status::kUnknownLink:
      ++totals.worker.unknown_link;
      totals.ledger.Add(ByteFate::kOpaqueNotIp, packet.frame.size());
      break;
    case decode::Status::kMalformed:
    case decode::Status::kTooDeep: totals.ledger.Add(ByteFate::kLostMalformed, packet.frame.size()); break;
  }
}

void Worker::OnDecoded(const decode::Decoded& d, const capture::Packet& packet, std::uint64_t wire) noexcept {
  WorkerTotals& totals = inspector_.totals();
  const bool tcp = d.tuple.protocol == ip_proto::kTcp;
  const bool syn = tcp && (d.tcp_flags & decode::tcp_flag::kSyn) != 0;
  const bool ack = (d.tcp_flags & decode::tcp_flag::kAck) != 0;
  const bool from_client = flow::SourceIsClient(d.tuple, syn, ack);
  Table::Found found = Lookup(d, packet.time, from_client);
  if (found.state != nullptr && !found.created && syn && OpensAnother(*found.state, d, found.direction)) {
    EndFlow(*found.state, "tcp_reuse");
    flows_.Erase(found.id);
    found = Lookup(d, packet.time, from_client);
  }
  if (found.state == nullptr) {
    ++totals.worker.flow_refused;
    totals.ledger.Add(ByteFate::kLostFlowTable, d.payload.size());
    return;
  }
  FlowState& flow = *found.state;
  if (found.created) StartFlow(flow, d, packet, found.direction);
  const std::size_t side = Index(found.direction);
  flow.last = std::max(flow.last, packet.time);
  ++flow.totals.packets[side];
  flow.totals.bytes[side] += wire;
  inspector_.Select(flow, packet.time, packet.number, *epoch_);
  if (d.bad_checksum) {
    totals.ledger.Add(ByteFate::kLostChecksum, d.payload.size());
  } else if (tcp) {
    DeliverTcp(flow, d, found.direction, packet.time);
    flows_.SetTimeout(found.id, TcpTimeout(flow.tcp.state()));
  } else {
    DeliverDatagram(d, found.direction, packet.time);
    if (d.tuple.protocol == ip_proto::kUdp && flow.totals.packets[0] > 0 && flow.totals.packets[1] > 0) {
      flows_.SetTimeout(found.id, Duration::Seconds(snapshot_->settings.flow.udp_established_s));
    }
  }
}

// Whether a SYN or SYN-ACK opens another connection on the ports of `flow`.
bool Worker::OpensAnother(const FlowState& flow, const decode::Decoded& d, Direction direction) const noexcept {
  if ((d.tcp_flags & decode::tcp_flag::kAck) != 0) {
    return flow.tcp.ConfirmsReuse(direction, d.sequence, d.acknowledgement);
  }
  return flow.tcp.IsReuse(direction, d.sequence);
}

Worker::Table::Found Worker::Lookup(const decode::Decoded& d, Timestamp now, bool from_client) noexcept {
  return flows_.FindOrInsert(d.tuple, now, from_client, FirstTimeout(d.tuple.protocol),
                             [this](FlowState& ended, flow::EndReason reason) {
                               const bool evicted = reason == flow::EndReason::kEvicted;
                               if (evicted) ++inspector_.totals().worker.flow_evicted;
                               EndFlow(ended, evicted ? "forced" : "timeout");
                             });
}

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

void Worker::StartFlow(FlowState& flow, const decode::Decoded& d, const capture::Packet& packet,
                       Direction direction) noexcept {
  flow.tuple = direction == Direction::kToServer ? d.tuple : d.tuple.Reversed();
  const bool icmp = d.tuple.protocol == ip_proto::kIcmp || d.tuple.protocol == ip_proto::kIcmp6;
  flow.first = flow.last = packet.time;
  flow.flow_id = MakeFlowId(flow.tuple, packet.time);
  if (icmp) {
    flow.tuple.source_port = d.icmp_type;
    flow.tuple.destination_port = d.icmp_code;
  }
  flow.vlan_count = std::min<std::uint8_t>(d.vlan_count, static_cast<std::uint8_t>(flow.vlans.size()));
  std::copy_n(d.vlans.begin(), flow.vlan_count, flow.vlans.begin());
  flow.tunnel_depth = d.tunnel_count;
  WorkerCounters& c = inspector_.totals().worker;
  ++c.flows;
  switch (d.tuple.protocol) {
    case ip_proto::kTcp: ++c.flows_tcp; break;
    case ip_proto::kUdp: ++c.flows_udp; break;
    default: ++(icmp ? c.flows_icmp : c.flows_other);
  }
}

void Worker::DeliverTcp(FlowState& flow, const decode::Decoded& d, Direction direction, Timestamp time) noexcept {
  flow.tcp_flags[Index(direction)] |= d.tcp_flags;
  stream::Segment segment;
  segment.sequence = d.sequence;
  segment.acknowledgement = d.acknowledgement;
  segment.flags = d.tcp_flags;
  segment.payload = d.payload;
  segment.time = time;
  flow.tcp.OnSegment(direction, segment, segments_, snapshot_->settings.stream, inspector_.totals().stream, *sink_);
}

void Worker::DeliverDatagram(const decode::Decoded& d, Direction direction, Timestamp time) noexcept {
  if (d.payload.empty()) return;
  const std::uint8_t protocol = d.tuple.protocol;
  if (protocol != ip_proto::kUdp && protocol != ip_proto::kIcmp && protocol != ip_proto::kIcmp6) {
    inspector_.totals().ledger.Add(ByteFate::kOpaqueTransport, d.payload.size());
    return;
  }
  inspector_.OnChunk({direction, 0, 0, d.payload, time});
}

void Worker::OnFragment(const capture::Packet& packet) noexcept {
  WorkerTotals& totals = inspector_.totals();
  decode::Decoded fragment = decoded_;
  // A datagram may hold a tunnel whose content is a fragment again.
  for (std::size_t depth = 0; depth <= decode::kMaxTunnels; ++depth) {
    const decode::Datagram whole = fragments_.Insert(fragment, packet.time, totals.decode, totals.ledger);
    if (!whole.complete) return;
    decode::Decoded inner;
    decode::DecodeReassembled(whole, fragment, snapshot_->settings.decode, totals.decode, inner);
    if (inner.status != decode::Status::kOk && inner.status != decode::Status::kFragment) {
      totals.ledger.Add(ByteFate::kLostMalformed, whole.payload.size());
      return;
    }
    totals.ledger.Add(ByteFate::kHeaders, inner.header_bytes);
    if (inner.status == decode::Status::kOk) return OnDecoded(inner, packet, whole.payload.size());
    fragment = inner;
  }
  totals.ledger.Add(ByteFate::kLostMalformed, fragment.payload.size());
}

void Worker::EndFlow(FlowState& flow, const char* reason) noexcept {
  inspector_.Select(flow, flow.last, 0, *epoch_);
  flow.tcp.Flush(segments_, inspector_.totals().stream, *sink_);
  // A gap at the very end has no chunk behind it that could have told.
  for (Direction d : {Direction::kToServer, Direction::kToClient}) {
    const std::uint64_t untold = flow.tcp.gap_bytes(d) - flow.totals.gap_bytes[Index(d)];
    if (untold == 0) continue;
    flow.totals.gap_bytes[Index(d)] += untold;
    inspector_.totals().ledger.gap_bytes += untold;
    ++inspector_.totals().ledger.gaps;
  }
  inspector_.EndFlow(reason);
}

std::unique_ptr<SealedEpoch> Worker::Seal(Timestamp begin, Timestamp end, bool final,
                                          std::unique_ptr<SealedEpoch> next) {
  WorkerTotals& totals = inspector_.totals();
  fragments_.Expire(end, totals.decode, totals.ledger);
  if (final) {
    fragments_.Flush(totals.decode, totals.ledger);
    flows_.Clear([this](FlowState& flow, flow::EndReason) { EndFlow(flow, "shutdown"); });
  } else {
    flows_.Expire(end, [this](FlowState& flow, flow::EndReason) { EndFlow(flow, "timeout"); });
  }
  totals.flows_active = flows_.size();
  totals.identify = inspector_.identify_counters();

  std::unique_ptr<SealedEpoch> sealed = std::move(epoch_);
  epoch_ = std::move(next);
  sealed->begin = begin;
  sealed->end = end;
  sealed->final = final;
  sealed->step_back = step_back_;
  step_back_ = {};
  sealed->first_packet = first_packet_;
  sealed->last_packet = last_packet_;
  sealed->totals = totals;
  sealed->epoch_ledger = totals.ledger;
  sealed->epoch_ledger.Subtract(sealed_ledger_);
  sealed_ledger_ = totals.ledger;
  return sealed;
}

}  // namespace gander::runtime
