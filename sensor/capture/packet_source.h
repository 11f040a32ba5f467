// SPDX-License-Identifier: Apache-2.0
// The doorway of capture/: bursts of packets from a file, an interface, DPDK or memory.
#ifndef GANDER_CAPTURE_PACKET_SOURCE_H_
#define GANDER_CAPTURE_PACKET_SOURCE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/link_type.h"
#include "base/result.h"
#include "base/time.h"

namespace gander::capture {

struct Packet {
  Bytes frame;                    // captured bytes; may be fewer than were on the wire
  Timestamp time;
  std::uint64_t number = 0;       // 1-based position in its source
  std::uint32_t wire_length = 0;  // bytes on the wire, >= frame.size()
  LinkType link = LinkType::kEthernet;
  std::uint16_t port = 0;         // index of the interface or file it came from
};

// In the driver's own words; all since the start of the source.
struct SourceCounters {
  std::uint64_t received = 0;        // packets handed to us
  std::uint64_t received_bytes = 0;  // their length on the wire
  std::uint64_t kernel_drops = 0;    // ps_drop of libpcap, rx_nombuf of an ethdev: arrived, not read
  std::uint64_t interface_drops = 0; // ps_ifdrop, imissed: lost in the NIC
  std::uint64_t errors = 0;          // ierrors of an ethdev
};

class PacketSource {
 public:
  virtual ~PacketSource() = default;
  // The next burst (at most kMaxBurst), empty when idle or exhausted. The span and, unless
  // `frames_outlive_poll()`, the frames are valid until the next Poll().
  virtual std::span<const Packet> Poll() noexcept = 0;
  virtual bool exhausted() const noexcept = 0;
  virtual SourceCounters counters() const noexcept = 0;
  // True when frames stay valid as long as the source lives (a mapped file).
  virtual bool frames_outlive_poll() const noexcept { return false; }
  // Set once a source broke after it had started: a truncated file (cause says packet and byte), a
  // vanished interface. What was read before it stands.
  virtual const Error* problem() const noexcept { return nullptr; }
  // What to call it in events: interface name, file name.
  virtual const std::string& name() const noexcept = 0;
  // Bytes done and in all, for a progress bar; {0,0} when unknown.
  struct Progress { std::uint64_t done = 0, total = 0; };
  virtual Progress progress() const noexcept { return {}; }

  static constexpr std::size_t kMaxBurst = 64;
};

struct LiveOptions {
  std::string interface;
  std::string bpf;                        // libpcap filter expression, empty = everything
  std::uint32_t snap_length = 262144;     // bytes, 68..262144
  std::uint32_t buffer_bytes = 64 << 20;  // kernel ring, 1 MiB..1 GiB
  bool promiscuous = true;
};

// EAL arguments come from the configuration only; there is no pass-through from the command line.
struct DpdkOptions {
  std::vector<std::string> eal;      // e.g. {"--no-huge", "-m", "256", "--no-pci", "--vdev=net_pcap0,rx_pcap=x.pcap"}
  std::vector<std::uint16_t> ports;  // ethdev port ids; empty = all
  std::uint16_t rx_queues = 1;       // per port, 1..64
  std::uint16_t rx_descriptors = 1024;
  std::uint32_t mempool_size = 8191;  // mbufs; 2^n - 1 is optimal
  std::uint16_t mempool_cache = 256;
  std::uint16_t mtu = 0;              // 0 = leave as it is
  bool promiscuous = true;
  std::uint32_t idle_limit_ms = 0;    // exhausted() after so long without a packet; 0 = never (tests)
};

// pcap (micro- and nanosecond, both byte orders) and pcapng. "-" is standard input. Regular files are
// mapped. Errors: not found, empty, no capture file, unknown format.
Result<std::unique_ptr<PacketSource>> OpenFile(const std::string& path);

// Errors: no such interface, no permission, bad filter.
Result<std::unique_ptr<PacketSource>> OpenLive(const LiveOptions& options);

// One source per receive queue. Starts the EAL once per process. Errors: built without DPDK, EAL refused,
// no port, more queues than the port has.
Result<std::vector<std::unique_ptr<PacketSource>>> OpenDpdk(const DpdkOptions& options);
bool BuiltWithDpdk() noexcept;

// Packets held in memory, replayed `times` times; for tests and benchmarks.
std::unique_ptr<PacketSource> OpenMemory(std::vector<Packet> packets, std::string name, int times = 1);

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_PACKET_SOURCE_H_
