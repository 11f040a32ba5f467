// SPDX-License-Identifier: Apache-2.0
// Packets in: decode, fragments, flow, stream; and the end of an epoch.
#include "runtime/worker.h"

#include <algorithm>

#include "flow/community_id.h"
#include "flow/flow_key.h"

namespace gander::runtime {

// What the reassembler gives up never becomes a chunk: its fate goes to the ledger at once.
class Worker::ReassemblySink final : public stream::ChunkSink {
 public:
  explicit ReassemblySink(Inspector& inspector) : inspector_(inspector) {}
  void OnChunk(const stream::StreamChunk& chunk) noexcept override {
    chunk.datagram ? inspector_.OnDatagram(chunk) : inspector_.OnChunk(chunk);
  }
  void OnFate(ByteFate fate, std::uint64_t bytes) noexcept override { inspector_.totals().ledger.Add(fate, bytes); }
  void OnAlternate(Direction direction, stream::Alternate why, Bytes copy) noexcept override {
    inspector_.OnAlternate(direction, why, copy);
  }

 private:
  Inspector& inspector_;
};

Worker::Worker(std::shared_ptr<const config::Snapshot> snapshot, const RunContext& context, supervise::Seat* seat)
    : snapshot_(std::move(snapshot)),
      tag_key_(context.tag_key),
      fleet_(context.fleet),
      poison_(context.poison != nullptr && context.poison->size() > 0 ? context.poison : nullptr),
      hand_(seat),
      inspector_(snapshot_, context, hand_),
      sink_(std::make_unique<ReassemblySink>(inspector_)),
      flows_(snapshot_->settings.flow, context.flow_seed),
      extensions_(snapshot_->settings.flow.max_flows),
      annexes_(snapshot_->settings.flow.max_flows),
      traffic_(snapshot_->settings.flow.max_flows),
      outer_flows_(snapshot_->settings.flow.outer_flows),
      segments_(snapshot_->settings.stream),
      fragments_(snapshot_->settings.decode, context.KeyOf(RunContext::kFragments)),
      duplicates_(snapshot_->settings.flow.duplicate_window_us) {
  waiting_.reserve(segments_.capacity());  // who waits holds a block
  epoch_ = NewEpoch();
}

Worker::~Worker() = default;

std::unique_ptr<SealedEpoch> Worker::NewEpoch() const {
  auto epoch = std::make_unique<SealedEpoch>();
  epoch->transfers = std::make_unique<detect::TransferMeter>(snapshot_->settings.detect, fleet_);
  epoch->traffic = std::make_unique<detect::TrafficMeter>(snapshot_->settings.detect);
  detect::Options options = snapshot_->settings.detect;
  options.tag_key = tag_key_;  // what the workers of a run hash alike is alike
  for (const detect::DetectorInfo& info : detect::Detectors()) {
    epoch->meters.push_back(info.create(options)->NewMeter());
    detect::Meter* const meter = epoch->meters.back().get();
    const auto ends = meter != nullptr ? meter->flow_ends() : detect::Meter::FlowEnds::kNone;
    if (ends != detect::Meter::FlowEnds::kNone) epoch->tcp_ends.push_back(meter);
    if (ends == detect::Meter::FlowEnds::kAll) epoch->other_ends.push_back(meter);
    if (meter != nullptr && meter->reads_files()) epoch->file_readers.push_back(meter);
    for (std::size_t what = 0; meter != nullptr && what < epoch->observers.size(); ++what) {
      if ((meter->observes() >> what & 1) != 0) epoch->observers[what].push_back(meter);
    }
  }
  return epoch;
}

void Worker::Process(std::span<const capture::Packet> packets) noexcept {
  while (!packets.empty()) {
    const std::size_t n = std::min(packets.size(), kBatch);
    ProcessBatch(packets.first(n));
    packets = packets.subspan(n);
  }
}

// So many passes that the cache misses of sixteen lookups overlap: index, slot, extension and conversation, parser
// and body.
void Worker::ProcessBatch(std::span<const capture::Packet> packets) noexcept {
  for (std::size_t i = 0; i < packets.size(); ++i) {
    Pending& p = pending_[i];
    decode::Decode(packets[i].link, packets[i].frame, snapshot_->settings.decode, inspector_.totals().decode,
                   p.decoded);
    p.moves = distributor_ != nullptr && distributor_->Moves(p.decoded);
    Prepare(p);
  }
  Prefetch(packets.size());
  for (std::size_t i = 0; i < packets.size(); ++i) Handle(packets[i], pending_[i]);
  hand_.Take(0);
}

void Worker::ProcessMoved(std::span<const MovedPacket* const> packets) noexcept {
  while (!packets.empty()) {
    const std::size_t n = std::min(packets.size(), kBatch);
    for (std::size_t i = 0; i < n; ++i) {
      pending_[i].decoded = packets[i]->decoded;
      pending_[i].moves = false;
      Prepare(pending_[i]);
    }
    Prefetch(n);
    for (std::size_t i = 0; i < n; ++i) {
      const Pending& p = pending_[i];
      const capture::Packet packet{.time = packets[i]->time, .number = packets[i]->number};
      if (p.decoded.status == decode::Status::kFragment) {
        OnFragment(p.decoded, packet);
      } else {
        OnDecoded(p.decoded, p.key, p.hash, packet, packets[i]->wire);
      }
    }
    packets = packets.subspan(n);
    hand_.Take(0);
  }
}

void Worker::Prepare(Pending& p) noexcept {
  if (p.decoded.status != decode::Status::kOk || p.moves) return;
  p.key = KeyOf(p.decoded);
  p.hash = flows_.Hash(p.key);
  flows_.PrefetchIndex(p.hash);
}

void Worker::Prefetch(std::size_t pending) noexcept {
  std::array<const FlowState*, kBatch> states;
  for (std::size_t i = 0; i < pending; ++i) {
    const Pending& p = pending_[i];
    states[i] = p.decoded.status == decode::Status::kOk && !p.moves ? flows_.PrefetchSlot(p.hash) : nullptr;
  }
  for (std::size_t i = 0; i < pending; ++i) {
    if (states[i] == nullptr) continue;
    if (const FlowExtension* extension = ExtensionOf(*states[i])) extension->Prefetch();
    __builtin_prefetch(states[i]->conversation.get());
  }
  std::array<const Conversation*, kBatch> conversations;
  std::size_t count = 0;
  for (std::size_t i = 0; i < pending; ++i) {
    if (states[i] == nullptr || states[i]->conversation == nullptr) continue;
    if (states[i]->conversation->stage == Stage::kParsing) conversations[count++] = states[i]->conversation.get();
  }
  for (std::uint32_t step = 0; step < Conversation::kPrefetchSteps; ++step) {
    for (std::size_t i = 0; i < count; ++i) conversations[i]->Prefetch(step);
  }
}

// The ledger and the clock, for every packet whatever becomes of it.
void Worker::Arrive(const capture::Packet& packet) noexcept {
  ByteLedger& ledger = inspector_.totals().ledger;
  ++ledger.packets;
  const std::uint64_t wire = std::max<std::uint64_t>(packet.wire_length, packet.frame.size());
  ledger.received += wire;
  ledger.Add(ByteFate::kLostTruncated, wire - packet.frame.size());
  if (ledger.packets == 1) first_packet_ = last_packet_ = packet.time;
  if (packet.time < last_packet_) step_back_ = std::max(step_back_, last_packet_ - packet.time);
  first_packet_ = std::min(first_packet_, packet.time);
  last_packet_ = std::max(last_packet_, packet.time);
}

void Worker::Handle(const capture::Packet& packet, const Pending& pending) noexcept {
  WorkerTotals& totals = inspector_.totals();
  const decode::Decoded& d = pending.decoded;
  Arrive(packet);
  const std::uint64_t wire = std::max<std::uint64_t>(packet.wire_length, packet.frame.size());
  if (pending.moves) {
    totals.ledger.Add(ByteFate::kHeaders, d.header_bytes);
    return distributor_->Move({d, packet.time, packet.number, wire}, totals.ledger);
  }
  switch (d.status) {
    case decode::Status::kOk:
      totals.ledger.Add(ByteFate::kHeaders, d.header_bytes);
      OnDecoded(d, pending.key, pending.hash, packet, wire);
      break;
    case decode::Status::kFragment:
      totals.ledger.Add(ByteFate::kHeaders, d.header_bytes);
      OnFragment(d, packet);
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

void Worker::OnDecoded(const decode::Decoded& d, const flow::FlowKey& key, std::uint64_t hash,
                       const capture::Packet& packet, std::uint64_t wire) noexcept {
  WorkerTotals& totals = inspector_.totals();
  if (poison_ != nullptr && LeavesOut(d, hash, packet.time)) [[unlikely]] return;
  hand_.Take(hash);
  const bool tcp = d.tuple.protocol == ip_proto::kTcp;
  const bool syn = tcp && (d.tcp_flags & decode::tcp_flag::kSyn) != 0;
  Table::Found found = Lookup(d, key, hash, packet.time);
  if (found.state != nullptr && !found.created && syn && OpensAnother(*found.state, d, found.direction)) {
    EndFlow(flows_.Ending(found.id), "tcp_reuse");
    flows_.Erase(found.id);
    found = Lookup(d, key, hash, packet.time);
  }
  if (found.state == nullptr || (found.created && !StartFlow(*found.state, d, found.direction, packet.time))) {
    if (found.state != nullptr) {
      Release(*found.state);
      flows_.Erase(found.id);
    }
    ++totals.worker.flow_refused;
    totals.ledger.Add(ByteFate::kLostFlowTable, d.payload.size());
    return;
  }
  FlowState& flow = *found.state;
  CountPacket(flow, found.direction, wire - std::min<std::uint64_t>(wire, d.outside));
  NoteTraffic(found, flow, packet.time);
  if (d.tunnel_count > 0) {
    if (!outer_flows_.Note(d, packet.time, wire)) ++totals.worker.outer_flows_dropped;
    TellTunnel(d, packet.time, wire);
  }
  NoteDuplicate(d, key, hash, packet.time);
  FlowExtension* extension = ExtensionOf(flow);
  inspector_.Select(flow, extension, d.tuple, found.direction, packet.time, packet.number, *epoch_);
  if (d.bad_checksum) {
    totals.ledger.Add(ByteFate::kLostChecksum, d.payload.size());
  } else if (tcp) {
    DeliverTcp(found, *extension, d, packet.time);
  } else {
    if (found.direction == Direction::kToClient && flow.packets[1] == 1 && extension != nullptr) {
      extension->reply_type = d.icmp_type;
      extension->reply_code = d.icmp_code;
    }
    DeliverDatagram(flow, d, found.direction, packet.time);
    const bool converses = d.tuple.protocol == ip_proto::kUdp || d.tuple.protocol == ip_proto::kSctp;
    if (converses && flow.packets[0] > 0 && flow.packets[1] > 0) {
      flows_.SetTimeout(found.id, Duration::Seconds(snapshot_->settings.flow.udp_established_s));
    }
  }
}

// Of a flow that killed sensors before, nothing is touched: no table, no stream, no parser. True when it was of one.
bool Worker::LeavesOut(const decode::Decoded& d, std::uint64_t hash, Timestamp time) noexcept {
  const std::size_t place = poison_->Find(hash);
  if (place == PoisonList::kNone) return false;
  ++inspector_.totals().worker.poison_packets;
  inspector_.totals().ledger.Add(ByteFate::kLostPoison, d.payload.size());
  if (!poison_->TellNow(place)) return true;
  report::PoisonFlow& told = epoch_->poison.emplace_back();
  const bool syn = (d.tcp_flags & decode::tcp_flag::kSyn) != 0, ack = (d.tcp_flags & decode::tcp_flag::kAck) != 0;
  told.time = time;
  told.tuple = flow::SourceIsClient(d.tuple, syn, ack) ? d.tuple : d.tuple.Reversed();
  flow::AppendCommunityId(told.tuple, told.community_id);
  told.flow = poison_->shown(place);
  told.deaths = poison_->deaths(place);
  return true;
}

// Whether a SYN or SYN-ACK opens another connection on the ports of `flow`.
bool Worker::OpensAnother(const FlowState& flow, const decode::Decoded& d, Direction direction) noexcept {
  const stream::TcpStream& tcp = ExtensionOf(flow)->tcp;
  if ((d.tcp_flags & decode::tcp_flag::kAck) != 0) return tcp.ConfirmsReuse(direction, d.sequence, d.acknowledgement);
  return tcp.IsReuse(direction, d.sequence);
}

Worker::Table::Found Worker::Lookup(const decode::Decoded& d, const flow::FlowKey& key, std::uint64_t hash,
                                    Timestamp now) noexcept {
  return flows_.FindOrInsert(
      key, hash, now,
      [&] {
        const bool syn = (d.tcp_flags & decode::tcp_flag::kSyn) != 0, ack = (d.tcp_flags & decode::tcp_flag::kAck) != 0;
        return Table::Beginning{flow::SourceIsClient(d.tuple, syn, ack), FirstTimeout(d.tuple.protocol)};
      },
      [this](const Table::Ended& ended) {
        const bool evicted = ended.reason == flow::EndReason::kEvicted;
        if (evicted) ++inspector_.totals().worker.flow_evicted;
        EndFlow(ended, evicted ? "forced" : "timeout");
      });
}

// Without payload nothing could be counted twice, and pure acknowledgements repeat by nature.
void Worker::NoteDuplicate(const decode::Decoded& d, const flow::FlowKey& key, std::uint64_t hash,
                           Timestamp time) noexcept {
  if (d.payload.empty()) return;
  if (key.HasLink()) hash = flows_.Hash(flow::FlowKey::Of(d.tuple));  // what was routed comes again in another VLAN
  const flow::PacketIdentity packet{hash, key.source_is_first, d.ip_id, d.sequence, d.acknowledgement, d.payload};
  if (duplicates_.SeenBefore(flow::FingerprintOf(packet), time)) ++inspector_.totals().worker.mirror_duplicates;
}

void Worker::CountPacket(FlowState& flow, Direction direction, std::uint64_t wire) noexcept {
  const std::size_t side = Index(direction);
  flow.bytes[side] += wire;
  if (++flow.packets[side] != 0) [[likely]] return;
  // Four thousand million packets of one flow: the next digit stands in the extension.
  if (FlowExtension* extension = Extend(flow)) ++extension->packet_turns[side];
}

void Worker::NoteTraffic(const Table::Found& found, const FlowState& flow, Timestamp now) noexcept {
  const std::uint32_t packets = flow.packets[0] + flow.packets[1];
  if (packets < TrafficLog::kTold || (found.before >= epoch_began_ && packets > TrafficLog::kTold)) return;
  if (traffic_.Touch(found.id.slot, now)) return;
  TellTraffic();
  (void)traffic_.Touch(found.id.slot, now);
}

// What every flow did that moved in this epoch.
void Worker::TellTraffic() noexcept {
  constexpr std::size_t kAhead = 8;
  const std::vector<std::uint32_t>& moved = traffic_.moved();
  for (std::size_t i = 0; i < moved.size(); ++i) {
    if (i + kAhead < moved.size()) {
      flows_.PrefetchFlow(moved[i + kAhead]);
      traffic_.Prefetch(moved[i + kAhead]);
    }
    if (!flows_.Holds(moved[i])) continue;
    const Table::Ended flow = flows_.Ending(moved[i]);
    inspector_.Select(flow.state, ExtensionOf(flow.state), flow.tuple, Direction::kToServer, flow.last, 0, *epoch_);
    inspector_.MeterTraffic(traffic_.Take(flow.slot, flow.state, flow.last, false));
  }
  traffic_.ClearMoved();
}

// The outermost tunnel between two hosts.
void Worker::TellTunnel(const decode::Decoded& d, Timestamp now, std::uint64_t wire) noexcept {
  const auto& observers = epoch_->observers[static_cast<std::size_t>(Observation::kTunnelled)];
  if (observers.empty()) return;
  for (std::size_t i = 0; i < d.tunnel_count; ++i) {
    const decode::TunnelLayer& layer = d.tunnels[i];
    if (layer.protocol == 0) continue;
    TunnelledSeen seen{decode::NameOf(layer.kind), layer.source,           layer.destination,
                       layer.protocol,             layer.destination_port, d.tuple, wire, now};
    for (detect::Meter* meter : observers) meter->OnTunnelled(seen);
    return;
  }
}

void Worker::DeliverTcp(const Table::Found& found, FlowExtension& extension, const decode::Decoded& d,
                        Timestamp time) noexcept {
  extension.tcp_flags[Index(found.direction)] |= d.tcp_flags;
  const stream::TcpState before = extension.tcp.state();  // whose timeout is set
  const stream::Segment segment{d.sequence, d.acknowledgement, d.tcp_flags, d.payload,          time,
                                d.window,   d.window_scale,    d.ttl,       &d.tuple.destination};
  extension.tcp.OnSegment(found.direction, segment, segments_, snapshot_->settings.stream, inspector_.totals().stream,
                          *sink_);
  if (extension.tcp.state() != before) flows_.SetTimeout(found.id, TcpTimeout(extension.tcp.state()));
  if (extension.tcp.waits()) [[unlikely]] NoteWaiting(found.id, extension);
}

// One that finds no room, for those that ended in this epoch, waits for its next packet or its end.
void Worker::NoteWaiting(flow::FlowId flow, FlowExtension& extension) noexcept {
  if (extension.waiting || waiting_.size() == waiting_.capacity()) return;
  extension.waiting = true;
  waiting_.push_back(flow);
}

// For flows that fell silent while they waited for late data.
void Worker::PassTime(Timestamp now) noexcept {
  std::size_t kept = 0;
  for (const flow::FlowId id : waiting_) {
    if (!flows_.Holds(id)) continue;
    const Table::Ended flow = flows_.Ending(id);
    FlowExtension* extension = ExtensionOf(flow.state);
    if (extension == nullptr || !extension->waiting) continue;
    if (extension->tcp.waits()) {
      const supervise::HandGuard in_hand(hand_, flows_.HashOf(id.slot));
      inspector_.Select(flow.state, extension, flow.tuple, Direction::kToServer, flow.last, 0, *epoch_);
      extension->tcp.PassTime(now, flow.last, segments_, snapshot_->settings.stream, inspector_.totals().stream,
                              *sink_);
    }
    extension->waiting = extension->tcp.waits();
    if (extension->waiting) waiting_[kept++] = id;
  }
  waiting_.resize(kept);
}

void Worker::DeliverDatagram(FlowState& flow, const decode::Decoded& d, Direction direction,
                             Timestamp time) noexcept {
  if (d.payload.empty()) return;
  const std::uint8_t protocol = d.tuple.protocol;
  if (protocol == ip_proto::kSctp) {
    return AnnexOf(ExtensionOf(flow))
        ->sctp.OnPacket(direction, d.payload, time, sctp_memory_, inspector_.totals().sctp, *sink_);
  }
  if (protocol != ip_proto::kUdp && protocol != ip_proto::kIcmp && protocol != ip_proto::kIcmp6) {
    inspector_.totals().ledger.Add(protocol == decode::kEsp ? ByteFate::kEncrypted : ByteFate::kOpaqueTransport,
                                   d.payload.size());
    if (flow.payload[Index(direction)] == 0) inspector_.OnOpening({direction, d.payload});
    flow.payload[Index(direction)] += d.payload.size();
    return;
  }
  if (protocol != ip_proto::kUdp) {
    inspector_.OnIcmpMessage({direction, d.icmp_type, d.icmp_code, d.icmp_id, d.icmp_sequence, d.payload});
  }
  inspector_.OnDatagram({direction, 0, 0, d.payload, time, true});
}

void Worker::OnFragment(const decode::Decoded& first, const capture::Packet& packet) noexcept {
  WorkerTotals& totals = inspector_.totals();
  decode::Decoded fragment = first, inner;
  for (std::size_t level = 0; level < Defragmenter::kMaxLevels; ++level) {
    if (!fragments_.Add(fragment, packet.time, totals.decode, totals.ledger, inner)) return;
    const std::uint64_t size = inner.header_bytes + inner.payload.size();
    if (distributor_ != nullptr && distributor_->Moves(inner)) {
      return distributor_->Move({inner, packet.time, packet.number, size}, totals.ledger);
    }
    if (inner.status == decode::Status::kOk) {
      const flow::FlowKey key = KeyOf(inner);
      return OnDecoded(inner, key, flows_.Hash(key), packet, size);
    }
    fragment = inner;
  }
  totals.ledger.Add(ByteFate::kLostMalformed, fragment.payload.size());
}

void Worker::EndFlow(const Table::Ended& ended, const char* reason) noexcept {
  FlowState& flow = ended.state;
  FlowExtension* extension = ExtensionOf(flow);
  const supervise::HandGuard in_hand(hand_, flows_.HashOf(ended.slot));
  inspector_.Select(flow, extension, ended.tuple, Direction::kToServer, ended.last, 0, *epoch_);
  if (extension != nullptr && ended.tuple.protocol == ip_proto::kTcp) {
    extension->tcp.Flush(ended.last, segments_, inspector_.totals().stream, *sink_);
    // A gap at the very end has no chunk behind it that could have told.
    for (Direction d : {Direction::kToServer, Direction::kToClient}) {
      const std::uint64_t untold = extension->tcp.gap_bytes(d) - extension->gap_bytes[Index(d)];
      if (untold == 0) continue;
      extension->gap_bytes[Index(d)] += untold;
      inspector_.totals().ledger.gap_bytes += untold;
      ++inspector_.totals().ledger.gaps;
    }
  }
  FlowAnnex* annex = AnnexOf(extension);
  if (annex != nullptr) annex->sctp.DeliverHeld(sctp_memory_, inspector_.totals().sctp, *sink_);
  inspector_.EndFlow(reason, annex, traffic_.Take(ended.slot, flow, ended.last, true));
  Release(flow);
}

void Worker::PrefetchEnd(const FlowState& flow, std::uint32_t step) const noexcept {
  const Conversation* conversation = flow.conversation.get();
  if (step == 0) {
    if (flow.extension != Slab<FlowExtension>::kNone) extensions_[flow.extension].Prefetch();
    __builtin_prefetch(conversation);
  } else if (conversation != nullptr) {
    conversation->Prefetch(step - 1);
  }
}

std::unique_ptr<SealedEpoch> Worker::Seal(Timestamp begin, Timestamp end, bool final,
                                          std::unique_ptr<SealedEpoch> next) {
  WorkerTotals& totals = inspector_.totals();
  inspector_.EndEpoch(end);
  fragments_.Expire(end, final, totals.decode, totals.ledger);
  if (final) {
    flows_.Clear([this](const Table::Ended& flow) { EndFlow(flow, "shutdown"); },
                 [this](const FlowState& flow, std::uint32_t step) { PrefetchEnd(flow, step); });
  } else {
    flows_.Expire(end, [this](const Table::Ended& flow) { EndFlow(flow, "timeout"); });
    PassTime(end);
  }
  TellTraffic();  // of those that go on
  epoch_began_ = end;
  outer_flows_.MoveTo(epoch_->outer_flows);
  totals.flows_active = flows_.size();
  totals.identify = inspector_.identify_counters();

  std::unique_ptr<SealedEpoch> sealed = std::move(epoch_);
  epoch_ = std::move(next);
  sealed->begin = begin;
  sealed->end = end;
  sealed->final = final;
  sealed->snapshot = snapshot_;
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
