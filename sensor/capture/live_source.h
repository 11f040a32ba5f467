// SPDX-License-Identifier: Apache-2.0
// One packet socket of an interface as a packet source.
#ifndef GANDER_CAPTURE_LIVE_SOURCE_H_
#define GANDER_CAPTURE_LIVE_SOURCE_H_

#include <optional>

#include "capture/burst.h"
#include "capture/live_handle.h"
#include "capture/packet_fanout.h"
#include "capture/retry_pause.h"

namespace gander::capture {

// Within one pcap_dispatch() libpcap gives a ring block back to the kernel as soon as its last packet was
// handed out and goes on with the next, so a burst over two blocks would point into memory the kernel writes
// again. Frames are therefore copied. The arena is sized for the worst burst; of its pages only those ever
// used become resident.
class LiveSource final : public PacketSource {
 public:
  // `fanout` is null when the interface has one socket; else `handle` has joined it.
  LiveSource(const LiveOptions& options, std::uint16_t socket, LiveHandle handle,
             std::shared_ptr<PacketFanout> fanout);

  std::span<const Packet> Poll() noexcept override;
  bool exhausted() const noexcept override { return false; }
  const Error* problem() const noexcept override { return problem_ ? &*problem_ : nullptr; }
  const std::string& name() const noexcept override { return name_; }
  SourceCounters counters() const noexcept override;
  Place place() const override;

  // Packets stamped earlier arrived before all sockets shared the interface, at several of them perhaps.
  void BeginAt(Timestamp time) noexcept { begin_ = time; }

 private:
  static void OnPacket(u_char* self, const pcap_pkthdr* header, const u_char* data) noexcept;
  void Keep(const pcap_pkthdr& header, const u_char* data) noexcept;
  void Attach(LiveHandle handle);
  void UpdateDrops() const noexcept;
  void LookAfterInterface() noexcept;
  void Break(const std::string& cause, const char* remedy) noexcept;
  void OnBroken() noexcept;
  void TryToReopen() noexcept;

  // A 32-bit counter of the kernel's, continued beyond its wrap and over handles.
  struct WideCounter {
    std::uint64_t total = 0;
    std::uint32_t last = 0;
    void Update(std::uint32_t now) noexcept {
      total += now - last;
      last = now;
    }
  };

  const LiveOptions options_;
  const std::uint16_t socket_;
  const std::uint32_t snap_length_;
  std::string name_;
  std::shared_ptr<PacketFanout> fanout_;

  LiveHandle handle_;  // null while the interface is gone
  LinkType link_ = LinkType::kEthernet;
  std::int64_t nanos_per_tick_ = 1;
  Timestamp begin_;

  std::unique_ptr<std::byte[]> arena_;
  std::size_t used_ = 0;
  Burst burst_;

  std::optional<Error> problem_;
  RetryPause::Clock::time_point next_look_;
  RetryPause pause_;
  std::uint64_t outages_ = 0;
  std::uint64_t overrun_ = 0;
  mutable WideCounter kernel_drops_, interface_drops_;  // asking libpcap is what moves them on
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_LIVE_SOURCE_H_
