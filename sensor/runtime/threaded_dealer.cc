// SPDX-License-Identifier: Apache-2.0
#include "runtime/threaded_dealer.h"

#include <algorithm>

#include "decode/peek.h"
#include "runtime/worker.h"

namespace gander::runtime {
namespace {

constexpr std::size_t kBatchPackets = 256;
constexpr std::size_t kBatchBytes = 1 << 20;  // of copies
constexpr std::size_t kBatches = 16;          // of one worker
constexpr std::size_t kEpochsAhead = 2;       // sealed and not yet judged, of one worker
constexpr std::size_t kLookAhead = 4;         // packets whose headers are fetched early
constexpr std::size_t kHashes = 4096;         // that pairs of hosts are told apart by

}  // namespace

// Packets for one worker, in order, and perhaps the order to seal behind them.
struct ThreadedDealer::Batch {
  // What came in fragments: behind so many of `packets`.
  struct Datagram {
    MovedPacket packet;
    std::size_t behind;
  };
  std::vector<capture::Packet> packets;
  std::vector<Datagram> datagrams;
  std::vector<std::byte> copies;  // of frames that do not last, and of datagrams; views into it must not move
  bool seal = false;
  EpochCut cut;

  void Clear() noexcept {
    packets.clear();
    datagrams.clear();
    copies.clear();
    seal = false;
  }
  bool HasRoomFor(std::size_t bytes) const noexcept { return copies.size() + bytes <= copies.capacity(); }
  Bytes Copy(Bytes bytes) {
    const std::size_t at = copies.size();
    copies.insert(copies.end(), bytes.begin(), bytes.end());
    return Bytes(copies).subspan(at);
  }
};

class ThreadedDealer::Lane {
 public:
  Lane(const std::shared_ptr<const config::Snapshot>& snapshot, const RunContext& context)
      : worker_(snapshot, context),
        in_(kBatches),
        free_(kBatches, kBatches / 2),
        sealed_(kEpochsAhead),
        used_(4) {
    for (std::size_t i = 0; i < kBatches; ++i) free_.Push(std::make_unique<Batch>());
    thread_ = std::thread([this] { Run(); });
  }
  ~Lane() {
    in_.Push(nullptr);
    thread_.join();
  }

  // The dealer's side.
  std::uint64_t dealt() const noexcept { return dealt_; }
  void Add(const capture::Packet& packet, bool stable) {
    dealt_ += packet.frame.size();
    Batch& batch = OpenFor(stable ? 0 : packet.frame.size());
    batch.packets.push_back(packet);
    if (!stable) batch.packets.back().frame = batch.Copy(packet.frame);
    if (batch.packets.size() == kBatchPackets) Send();
  }
  void Add(const MovedPacket& packet) {
    dealt_ += packet.decoded.payload.size();
    Batch& batch = OpenFor(packet.decoded.payload.size());
    batch.datagrams.push_back({packet, batch.packets.size()});
    batch.datagrams.back().packet.decoded.payload = batch.Copy(packet.decoded.payload);
  }
  void Seal(const EpochCut& cut) {
    Batch& batch = OpenFor(0);
    batch.seal = true;
    batch.cut = cut;
    Send();
  }

  // The judge's side.
  std::unique_ptr<SealedEpoch> TakeSealed() { return sealed_.Pop(); }
  void GiveBack(std::unique_ptr<SealedEpoch> used) { used_.Push(std::move(used)); }

 private:
  Batch& OpenFor(std::size_t bytes) {
    if (open_ != nullptr && bytes > 0 && open_->copies.capacity() > 0 && !open_->HasRoomFor(bytes)) Send();
    if (open_ == nullptr) {
      open_ = free_.Pop();
      open_->Clear();
    }
    if (bytes > 0 && open_->copies.empty()) open_->copies.reserve(std::max(kBatchBytes, bytes));
    return *open_;
  }
  void Send() { in_.Push(std::move(open_)); }

  void Run() {
    while (std::unique_ptr<Batch> batch = in_.Pop()) {
      Process(*batch);
      if (batch->seal) {
        std::unique_ptr<SealedEpoch> next;
        if (!used_.TryPop(next)) next = worker_.NewEpoch();
        const EpochCut& cut = batch->cut;
        auto sealed = worker_.Seal(cut.begin, cut.end, cut.final, std::move(next));
        sealed->step_back = cut.step_back;
        sealed_.Push(std::move(sealed));
      }
      free_.Push(std::move(batch));
    }
  }
  void Process(const Batch& batch) noexcept {
    const std::span<const capture::Packet> packets = batch.packets;
    std::size_t done = 0;
    for (const Batch::Datagram& d : batch.datagrams) {
      worker_.Process(packets.subspan(done, d.behind - done));
      done = d.behind;
      const MovedPacket* packet = &d.packet;
      worker_.ProcessMoved({&packet, 1});
    }
    worker_.Process(packets.subspan(done));
  }

  Worker worker_;
  WaitingRing<std::unique_ptr<Batch>> in_, free_;
  WaitingRing<std::unique_ptr<SealedEpoch>> sealed_, used_;
  std::unique_ptr<Batch> open_;
  std::uint64_t dealt_ = 0;  // bytes
  std::thread thread_;
};

ThreadedDealer::ThreadedDealer(const std::shared_ptr<const config::Snapshot>& snapshot, std::uint32_t workers,
                               const RunContext& context, Aggregator& aggregator)
    : options_(snapshot->settings.decode),
      aggregator_(aggregator),
      lane_of_(kHashes),
      defragmenter_(options_, context.KeyOf(RunContext::kFragments)),
      due_(kEpochsAhead) {
  for (std::uint32_t i = 0; i < workers; ++i) lanes_.push_back(std::make_unique<Lane>(snapshot, context));
  judge_ = std::thread([this] { Judge(); });
}

ThreadedDealer::~ThreadedDealer() {
  if (!judge_.joinable()) return;
  due_.Push(nullptr);
  judge_.join();
}

ThreadedDealer::Lane& ThreadedDealer::LaneOf(std::uint32_t hash) {
  Lane*& lane = lane_of_[hash % kHashes];
  if (lane == nullptr) {
    const auto less = [](const auto& a, const auto& b) { return a->dealt() < b->dealt(); };
    lane = std::min_element(lanes_.begin(), lanes_.end(), less)->get();
  }
  return *lane;
}

void ThreadedDealer::Deal(std::span<const capture::Packet> packets, bool stable) {
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (i + kLookAhead < packets.size()) __builtin_prefetch(packets[i + kLookAhead].frame.data());
    const capture::Packet& packet = packets[i];
    const decode::Pair pair = decode::Peek(packet.link, packet.frame, options_);
    if (pair.fragment) {
      OnFragment(packet);
    } else {
      LaneOf(pair.hash).Add(packet, stable);
    }
  }
}

// Accounts the frame here, as a worker would; what it completes goes to the worker of the pair inside.
void ThreadedDealer::OnFragment(const capture::Packet& packet) {
  ByteLedger& ledger = fragments_.ledger;
  const std::uint64_t wire = std::max<std::uint64_t>(packet.wire_length, packet.frame.size());
  ++ledger.packets;
  ledger.received += wire;
  ledger.Add(ByteFate::kLostTruncated, wire - packet.frame.size());
  fragments_.first_packet = std::min(fragments_.first_packet, packet.time);
  fragments_.last_packet = std::max(fragments_.last_packet, packet.time);

  decode::Decoded fragment, inner;
  decode::Decode(packet.link, packet.frame, options_, fragments_.decode, fragment);
  ledger.Add(ByteFate::kHeaders, fragment.header_bytes);
  for (std::size_t level = 0; level < Defragmenter::kMaxLevels; ++level) {
    if (!defragmenter_.Add(fragment, packet.time, fragments_.decode, ledger, inner)) return;
    if (inner.status == decode::Status::kOk) {
      const std::uint64_t size = inner.header_bytes + inner.payload.size();
      return LaneOf(decode::HostPairHash(inner)).Add({inner, packet.time, packet.number, size});
    }
    fragment = inner;
  }
  ledger.Add(ByteFate::kLostMalformed, fragment.payload.size());
}

void ThreadedDealer::Seal(const EpochCut& cut) {
  defragmenter_.Expire(cut.end, cut.final, fragments_.decode, fragments_.ledger);
  auto due = std::make_unique<Due>(Due{cut, fragments_, fragments_.ledger, std::move(warnings_)});
  due->epoch_fragments.Subtract(sealed_fragments_);
  sealed_fragments_ = fragments_.ledger;
  warnings_.clear();
  for (const auto& lane : lanes_) lane->Seal(cut);
  due_.Push(std::move(due));
  if (cut.final) judge_.join();
}

void ThreadedDealer::Judge() {
  std::vector<std::unique_ptr<SealedEpoch>> parts(lanes_.size());
  while (std::unique_ptr<Due> due = due_.Pop()) {
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      parts[i] = lanes_[i]->TakeSealed();
      parts[i]->worker = static_cast<std::uint32_t>(i);
    }
    AddFragments(*due, *parts[0]);
    for (std::string& warning : due->warnings) aggregator_.AddWarning(std::move(warning));
    aggregator_.OnEpoch(parts, due->cut.port);
    for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i]->GiveBack(std::move(parts[i]));
    if (due->cut.final) return;
  }
}

// As if the first worker had seen them.
void ThreadedDealer::AddFragments(const Due& due, SealedEpoch& part) {
  const Account& a = due.fragments;
  if (a.ledger.packets == 0) return;
  const bool alone = part.totals.ledger.packets == 0;
  part.first_packet = alone ? a.first_packet : std::min(part.first_packet, a.first_packet);
  part.last_packet = alone ? a.last_packet : std::max(part.last_packet, a.last_packet);
  part.totals.ledger.Merge(a.ledger);
  part.epoch_ledger.Merge(due.epoch_fragments);
  AddCounters(part.totals.decode, a.decode);
}

}  // namespace gander::runtime
