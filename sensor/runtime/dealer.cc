// SPDX-License-Identifier: Apache-2.0
#include "runtime/dealer.h"

#include <cstring>
#include <thread>

#include "base/spsc_ring.h"
#include "runtime/worker.h"

namespace gander::runtime {
namespace {

constexpr std::size_t kBatchPackets = 256;
constexpr std::size_t kBatchBytes = 1 << 20;  // of copied frames
constexpr std::size_t kBatches = 16;          // in flight to one worker

// Packets for one worker, or the order to seal behind those before.
struct Batch {
  std::vector<capture::Packet> packets;
  std::vector<std::byte> frames;  // copies, when the source's own views do not last
  bool seal = false, final = false;
  Timestamp begin, end;

  void Clear() noexcept {
    packets.clear();
    frames.clear();
    seal = final = false;
  }
};

template <class T>
void PushWaiting(SpscRing<T>& ring, T item) {
  while (!ring.TryPush(std::move(item))) std::this_thread::yield();
}

template <class T>
T PopWaiting(SpscRing<T>& ring) {
  T item;
  while (!ring.TryPop(item)) std::this_thread::yield();
  return item;
}

}  // namespace

class Dealer::Inline final : public Dealer::Hand {
 public:
  Inline(std::shared_ptr<const config::Snapshot> snapshot, const HashKey& key) : worker_(std::move(snapshot), key) {
    parts_.resize(1);
  }
  void Deal(std::span<const capture::Packet> packets, bool) override { worker_.Process(packets); }
  std::vector<std::unique_ptr<SealedEpoch>>& Seal(Timestamp begin, Timestamp end, bool final) override {
    auto next = parts_[0] != nullptr ? std::move(parts_[0]) : worker_.NewEpoch();
    parts_[0] = worker_.Seal(begin, end, final, std::move(next));
    return parts_;
  }

 private:
  Worker worker_;
  std::vector<std::unique_ptr<SealedEpoch>> parts_;
};

// The dealing thread waits where a worker lags; nothing is dropped. At a seal it waits for all workers, which makes
// an epoch the same whatever their number.
class Dealer::Threads final : public Dealer::Hand {
 public:
  Threads(const std::shared_ptr<const config::Snapshot>& snapshot, std::uint32_t count, const HashKey& key)
      : decode_(snapshot->settings.decode) {
    for (std::uint32_t i = 0; i < count; ++i) lanes_.push_back(std::make_unique<Lane>(snapshot, key));
    parts_.resize(count);
    for (auto& lane : lanes_) lane->thread = std::thread([&lane = *lane] { lane.Run(); });
  }

  ~Threads() override {
    for (auto& lane : lanes_) {
      PushWaiting(lane->in, std::unique_ptr<Batch>());
      lane->thread.join();
    }
  }

  void Deal(std::span<const capture::Packet> packets, bool stable) override {
    for (const capture::Packet& packet : packets) {
      decode::Decode(packet.link, packet.frame, decode_, counters_, decoded_);
      Lane& lane = *lanes_[decode::HostPairHash(decoded_) % lanes_.size()];
      Batch& batch = lane.Open();
      batch.packets.push_back(packet);
      if (!stable) CopyFrame(batch);
      if (batch.packets.size() == kBatchPackets || batch.frames.size() > kBatchBytes - kMaxFrame) lane.Send();
    }
  }

  std::vector<std::unique_ptr<SealedEpoch>>& Seal(Timestamp begin, Timestamp end, bool final) override {
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      Lane& lane = *lanes_[i];
      if (parts_[i] != nullptr) PushWaiting(lane.used, std::move(parts_[i]));
      Batch& batch = lane.Open();
      batch.seal = true;
      batch.final = final;
      batch.begin = begin;
      batch.end = end;
      lane.Send();
    }
    for (std::size_t i = 0; i < lanes_.size(); ++i) parts_[i] = PopWaiting(lanes_[i]->sealed);
    return parts_;
  }

 private:
  static constexpr std::size_t kMaxFrame = 262144;

  struct Lane {
    Lane(const std::shared_ptr<const config::Snapshot>& snapshot, const HashKey& key)
        : worker(snapshot, key), in(kBatches), free(kBatches), sealed(2), used(2) {
      for (std::size_t i = 0; i < kBatches - 1; ++i) PushWaiting(free, std::make_unique<Batch>());
    }

    Batch& Open() {
      if (open == nullptr) {
        open = PopWaiting(free);
        open->Clear();
        // Views into `frames` must not move.
        if (open->frames.capacity() < kBatchBytes) open->frames.reserve(kBatchBytes);
      }
      return *open;
    }
    void Send() { PushWaiting(in, std::move(open)); }

    void Run() {
      while (std::unique_ptr<Batch> batch = PopWaiting(in)) {
        worker.Process(batch->packets);
        if (batch->seal) {
          std::unique_ptr<SealedEpoch> next;
          if (!used.TryPop(next)) next = worker.NewEpoch();
          PushWaiting(sealed, worker.Seal(batch->begin, batch->end, batch->final, std::move(next)));
        }
        PushWaiting(free, std::move(batch));
      }
    }

    Worker worker;
    SpscRing<std::unique_ptr<Batch>> in, free;
    SpscRing<std::unique_ptr<SealedEpoch>> sealed, used;
    std::unique_ptr<Batch> open;
    std::thread thread;
  };

  static void CopyFrame(Batch& batch) {
    capture::Packet& packet = batch.packets.back();
    const std::size_t at = batch.frames.size();
    batch.frames.insert(batch.frames.end(), packet.frame.begin(), packet.frame.end());
    packet.frame = Bytes(batch.frames).subspan(at);
  }

  decode::Options decode_;
  decode::Counters counters_{};
  decode::Decoded decoded_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<std::unique_ptr<SealedEpoch>> parts_;
};

Dealer::Dealer(std::shared_ptr<const config::Snapshot> snapshot, std::uint32_t workers, const HashKey& tag_key,
               Aggregator& aggregator)
    : aggregator_(aggregator) {
  if (workers <= 1) {
    hand_ = std::make_unique<Inline>(std::move(snapshot), tag_key);
  } else {
    hand_ = std::make_unique<Threads>(snapshot, workers, tag_key);
  }
}

Dealer::~Dealer() = default;

void Dealer::Deal(std::span<const capture::Packet> packets, bool stable) { hand_->Deal(packets, stable); }

void Dealer::Seal(Timestamp begin, Timestamp end, bool final, Duration step_back,
                  const capture::SourceCounters& port) {
  auto& parts = hand_->Seal(begin, end, final);
  for (auto& part : parts) part->step_back = step_back;
  aggregator_.OnEpoch(parts, port);
}

}  // namespace gander::runtime
