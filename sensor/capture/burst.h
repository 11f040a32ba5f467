// SPDX-License-Identifier: Apache-2.0
// The packets of one Poll() and the counts that grow with them.
#ifndef GANDER_CAPTURE_BURST_H_
#define GANDER_CAPTURE_BURST_H_

#include <algorithm>
#include <array>
#include <cstdint>

#include "capture/packet_source.h"

namespace gander::capture {

class Burst {
 public:
  void Clear() noexcept { size_ = 0; }
  bool empty() const noexcept { return size_ == 0; }
  bool full() const noexcept { return size_ == PacketSource::kMaxBurst; }
  std::span<const Packet> packets() const noexcept { return {packets_.data(), size_}; }

  // Only when not full(). A wire length below the frame's own is raised to it.
  void Add(Bytes frame, Timestamp time, std::uint32_t wire_length, LinkType link, std::uint16_t port,
           std::uint8_t hints = 0) noexcept {
    // Field by field: a Packet made aside and copied waits for its own stores.
    Packet& packet = packets_[size_++];
    packet.frame = frame;
    packet.time = time;
    packet.number = ++counters_.received;
    packet.wire_length = std::max(wire_length, static_cast<std::uint32_t>(frame.size()));
    packet.link = link;
    packet.port = port;
    packet.hints = hints;
    counters_.received_bytes += packet.wire_length;
  }

  const SourceCounters& counters() const noexcept { return counters_; }

 private:
  std::array<Packet, PacketSource::kMaxBurst> packets_{};
  std::size_t size_ = 0;
  SourceCounters counters_;  // received and received_bytes only
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_BURST_H_
