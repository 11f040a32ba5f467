// SPDX-License-Identifier: Apache-2.0
// Sends the packets of a live worker that belong to another one there, by their innermost pair of hosts.
// Fragments go by the pair they show; put together, what they hold may go on once more.
#ifndef GANDER_RUNTIME_DISTRIBUTOR_H_
#define GANDER_RUNTIME_DISTRIBUTOR_H_

#include <vector>

#include "base/ledger.h"
#include "runtime/handover_ring.h"

namespace gander::runtime {

class Distributor {
 public:
  enum class Scope : std::uint8_t {
    kTunnels,  // the port dealt by the outer pair: only what is in a tunnel or behind a shim can be in the wrong place
    kAll,      // packets arrive anywhere
  };
  // `queues`: of the port, whose queue q is read by worker q modulo their number. What is moved comes to where a port that
  // deals by the same hash brings the pair's other packets. `outward`: the ring to each worker, null for `self`. They live
  // longer than this.
  Distributor(Scope scope, std::size_t queues, std::size_t self, std::vector<HandoverRing*> outward)
      : scope_(scope), queues_(queues), self_(self), outward_(std::move(outward)) {}

  bool Moves(const decode::Decoded& d) const noexcept {
    if (d.status != decode::Status::kOk && d.status != decode::Status::kFragment) return false;
    if (scope_ == Scope::kTunnels && d.tunnel_count == 0 && !d.behind_shim) return false;
    return HomeOf(d) != self_;
  }
  // For a packet that Moves. What finds no room on the way is counted, and its payload is lost in `ledger`.
  void Move(const MovedPacket& packet, ByteLedger& ledger) noexcept {
    HandoverRing& ring = *outward_[HomeOf(packet.decoded)];
    if (ring.Push(packet)) {
      ++handed_over_;
    } else {
      ++ring_full_;
      ledger.Add(ByteFate::kLostRing, packet.decoded.payload.size());
    }
  }
  // Lets the others see what was moved.
  void Publish() noexcept {
    for (HandoverRing* ring : outward_) {
      if (ring != nullptr) ring->Publish();
    }
  }

  std::uint64_t handed_over() const noexcept { return handed_over_; }
  std::uint64_t ring_full() const noexcept { return ring_full_; }

 private:
  std::size_t HomeOf(const decode::Decoded& d) const noexcept {
    return decode::HostPairHash(d) % queues_ % outward_.size();
  }

  Scope scope_;
  std::size_t queues_;
  std::size_t self_;
  std::vector<HandoverRing*> outward_;
  std::uint64_t handed_over_ = 0, ring_full_ = 0;  // packets
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_DISTRIBUTOR_H_
