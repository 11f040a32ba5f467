// SPDX-License-Identifier: Apache-2.0
// One worker: packets to flows to streams; the Inspector reads the payload. Shares nothing.
#ifndef GANDER_RUNTIME_WORKER_H_
#define GANDER_RUNTIME_WORKER_H_

#include <array>
#include <memory>
#include <span>

#include "capture/packet_source.h"
#include "config/snapshot.h"
#include "flow/duplicate_filter.h"
#include "flow/flow_table.h"
#include "runtime/defragmenter.h"
#include "runtime/distributor.h"
#include "runtime/inspector.h"
#include "runtime/outer_flows.h"
#include "runtime/run_context.h"
#include "runtime/sealed_epoch.h"
#include "runtime/traffic_log.h"
#include "supervise/hand.h"

namespace gander::runtime {

class Worker {
 public:
  // `seat` is where the worker notes what it is at; null = nobody asks.
  Worker(std::shared_ptr<const config::Snapshot> snapshot, const RunContext& context, supervise::Seat* seat = nullptr);
  ~Worker();

  void Process(std::span<const capture::Packet> packets) noexcept;
  // Packets that somebody else has decoded for this worker.
  void ProcessMoved(std::span<const MovedPacket* const> packets) noexcept;
  // From now on, packets of other workers go there, once decoded. It lives longer than the worker.
  void SetDistributor(Distributor* distributor) noexcept { distributor_ = distributor; }
  // Other rules from the next packet on; what they replace is in `change` afterwards.
  void Adopt(RuleChange& change) noexcept {
    snapshot_ = change.snapshot;
    inspector_.Adopt(change);
  }
  // What to leave out from the next packet on.
  void SetShedLevel(ShedLevel level) noexcept { inspector_.SetShedLevel(level); }

  // Ends the epoch: expires flows and fragments by `end`, and returns what was gathered. With `final`, all flows
  // end and everything held is delivered or given its fate, so that the ledger sums. `next` gathers from now on.
  std::unique_ptr<SealedEpoch> Seal(Timestamp begin, Timestamp end, bool final, std::unique_ptr<SealedEpoch> next);

  // Since the start.
  const ByteLedger& ledger() noexcept { return inspector_.totals().ledger; }
  // An empty epoch of the right shape, for the first and for whoever recycles them.
  std::unique_ptr<SealedEpoch> NewEpoch() const;

 private:
  using Table = flow::FlowTable<FlowState>;

  // A packet between decoding and lookup.
  struct Pending {
    decode::Decoded decoded;
    flow::FlowKey key;
    std::uint64_t hash = 0;
    bool moves = false;  // to another worker
  };
  // So many packets are decoded and looked up together: enough to overlap their cache misses, few enough for L1.
  static constexpr std::size_t kBatch = 16;

  void ProcessBatch(std::span<const capture::Packet> packets) noexcept;
  void Prepare(Pending& pending) noexcept;
  flow::FlowKey KeyOf(const decode::Decoded& d) const noexcept {
    const bool tagged = d.vlan_count > 0 && snapshot_->settings.flow.vlans;
    return flow::FlowKey::Of(d.tuple,
                             tagged ? flow::FlowKey::LinkOf({d.vlans.data(), d.vlan_count}) : std::uint16_t{0});
  }
  void Prefetch(std::size_t pending) noexcept;
  void Arrive(const capture::Packet& packet) noexcept;
  void Handle(const capture::Packet& packet, const Pending& pending) noexcept;
  // `wire`: bytes the packet counts for in its flow.
  void OnDecoded(const decode::Decoded& d, const flow::FlowKey& key, std::uint64_t hash, const capture::Packet& packet,
                 std::uint64_t wire) noexcept;
  bool LeavesOut(const decode::Decoded& d, std::uint64_t hash, Timestamp time) noexcept;
  void OnFragment(const decode::Decoded& first, const capture::Packet& packet) noexcept;
  bool OpensAnother(const FlowState& flow, const decode::Decoded& d, Direction direction) noexcept;
  Table::Found Lookup(const decode::Decoded& d, const flow::FlowKey& key, std::uint64_t hash, Timestamp now) noexcept;
  Duration FirstTimeout(std::uint8_t protocol) const noexcept;
  Duration TcpTimeout(stream::TcpState state) const noexcept;
  bool StartFlow(FlowState& flow, const decode::Decoded& d, Direction direction, Timestamp time) noexcept;
  void NoteDuplicate(const decode::Decoded& d, const flow::FlowKey& key, std::uint64_t hash, Timestamp time) noexcept;
  void CountPacket(FlowState& flow, Direction direction, std::uint64_t wire) noexcept;
  FlowExtension* Extend(FlowState& flow) noexcept;
  FlowAnnex* AnnexOf(const FlowExtension* extension) noexcept {
    return extension == nullptr || extension->annex == Slab<FlowAnnex>::kNone ? nullptr : &annexes_[extension->annex];
  }
  bool Annex(FlowExtension& extension, const decode::Decoded& d, Direction direction) noexcept;
  void Release(FlowState& flow) noexcept;
  FlowExtension* ExtensionOf(const FlowState& flow) noexcept {
    return flow.extension == Slab<FlowExtension>::kNone ? nullptr : &extensions_[flow.extension];
  }
  void DeliverTcp(const Table::Found& found, FlowExtension& extension, const decode::Decoded& d,
                  Timestamp time) noexcept;
  void NoteWaiting(flow::FlowId flow, FlowExtension& extension) noexcept;
  void PassTime(Timestamp now) noexcept;
  void DeliverDatagram(FlowState& flow, const decode::Decoded& d, Direction direction, Timestamp time) noexcept;
  void EndFlow(const Table::Ended& flow, const char* reason) noexcept;
  void PrefetchEnd(const FlowState& flow, std::uint32_t step) const noexcept;
  void NoteTraffic(const Table::Found& found, const FlowState& flow, Timestamp now) noexcept;
  void TellTraffic() noexcept;
  void TellTunnel(const decode::Decoded& d, Timestamp now, std::uint64_t wire) noexcept;

  class ReassemblySink;  // chunks to the inspector, fates to the ledger

  std::shared_ptr<const config::Snapshot> snapshot_;
  const HashKey tag_key_;
  const detect::FleetKey* const fleet_;
  const PoisonList* const poison_;  // null where it is empty
  supervise::Hand hand_;
  std::unique_ptr<SealedEpoch> epoch_;
  Inspector inspector_;
  std::unique_ptr<ReassemblySink> sink_;
  Table flows_;
  Slab<FlowExtension> extensions_;
  Slab<FlowAnnex> annexes_;
  TrafficLog traffic_;
  OuterFlowTable outer_flows_;
  stream::SctpMemory sctp_memory_;
  stream::SegmentPool segments_;
  // Flows that hold data behind an acknowledged hole, and some that ended or no longer do.
  std::vector<flow::FlowId> waiting_;
  Defragmenter fragments_;
  flow::DuplicateFilter duplicates_;
  Distributor* distributor_ = nullptr;
  std::array<Pending, kBatch> pending_;
  ByteLedger sealed_ledger_;  // totals at the last seal
  Timestamp first_packet_, last_packet_;
  Timestamp epoch_began_ = kDistantPast;
  Duration step_back_;  // the furthest that packet time went backwards in this epoch
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_WORKER_H_
