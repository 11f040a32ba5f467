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
#include "base/net.h"
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
  std::uint8_t hints = 0;         // what the port found out, below; of the outermost headers only

  // The port has verified the checksum of TCP or UDP; it, or that of the IPv4 header, is right or wrong.
  static constexpr std::uint8_t kChecksumGood = 1, kChecksumBad = 2;
};

// In the driver's own words; all since the start of the source.
struct SourceCounters {
  std::uint64_t received = 0;        // packets handed to us
  std::uint64_t received_bytes = 0;  // their length on the wire
  std::uint64_t kernel_drops = 0;    // ps_drop of libpcap: arrived, kernel ring full
  std::uint64_t no_buffer = 0;       // rx_nombuf of an ethdev: arrived, no mbuf free
  std::uint64_t interface_drops = 0; // ps_ifdrop, imissed: lost in the NIC, its queue was full
  std::uint64_t errors = 0;          // ierrors of an ethdev: frames the NIC threw away (CRC, length)
  std::uint64_t outages = 0;         // times the port was gone or its link down, and came back or is awaited

  std::uint64_t Lost() const noexcept { return kernel_drops + no_buffer + interface_drops; }
  void Add(const SourceCounters& other) noexcept {
    received += other.received;
    received_bytes += other.received_bytes;
    kernel_drops += other.kernel_drops;
    no_buffer += other.no_buffer;
    interface_drops += other.interface_drops;
    errors += other.errors;
    outages += other.outages;
  }
};

// What a set of queues promises about which packets share one.
enum class Steering : std::uint8_t {
  kNone,      // packets fall into any queue (several ports, round robin): redistribute all
  // By the outermost address pair, alike in both directions and on every port: redistribute tunnels only. Packet sockets
  // take its hash (base/host_pair.h) modulo their number; of a NIC the function is its own.
  kHostPair,
};

// Which queue of which port a source reads.
struct Place {
  std::string port;                    // "eth0", "0000:3b:00.0"
  std::uint16_t queue = 0, queues = 1;
  Steering steering = Steering::kNone;
  int numa_node = -1;                  // of the port, -1 = unknown
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
  // What is wrong with a source that had started: a truncated file (cause says packet and byte), a vanished
  // interface. What was read before it stands. A live source that is not exhausted() tries again by itself, with
  // growing pauses, and takes the problem back once packets can arrive.
  virtual const Error* problem() const noexcept { return nullptr; }
  // What to call it in events: interface name, file name.
  virtual const std::string& name() const noexcept = 0;
  virtual Place place() const { return {name(), 0, 1, Steering::kNone, -1}; }
  // Packets that arrived and wait to be read, and how many can wait; -1 when the source cannot tell.
  struct Backlog { std::int64_t packets = -1, capacity = -1; };
  virtual Backlog backlog() const noexcept { return {}; }
  // Asks the port to count and drop a flow by itself from now on (rte_flow). False: it cannot, the flow goes on
  // arriving. Packets so dropped are in received and received_bytes all the same.
  virtual bool Offload(const FiveTuple&) noexcept { return false; }
  // Bytes done and in all, for a progress bar; {0,0} when unknown.
  struct Progress { std::uint64_t done = 0, total = 0; };
  virtual Progress progress() const noexcept { return {}; }

  static constexpr std::size_t kMaxBurst = 64;
};

struct LiveOptions {
  std::string interface;
  std::string bpf;                        // libpcap filter expression, empty = everything
  std::uint32_t snap_length = 262144;     // bytes, 68..262144
  std::uint32_t buffer_bytes = 64 << 20;  // kernel ring of each socket, 1 MiB..1 GiB
  bool promiscuous = true;
  std::uint32_t sockets = 1;              // 1..64 packet sockets that share the interface by host pair (PACKET_FANOUT)
  std::uint32_t retry_max_s = 30;         // longest pause between tries to reopen a vanished interface, 1..3600
};

// EAL arguments come from the configuration only; there is no pass-through from the command line.
struct DpdkOptions {
  std::vector<std::string> eal;      // e.g. {"--no-huge", "-m", "256", "--no-pci", "--vdev=net_pcap0,rx_pcap=x.pcap"}
  std::vector<std::uint16_t> ports;  // ethdev port ids; empty = all
  std::uint16_t rx_queues = 1;       // per port, 1..64
  std::uint16_t rx_descriptors = 1024;
  std::uint32_t mempool_size = 8191;  // mbufs of each queue; 2^n - 1 is optimal
  std::uint16_t mempool_cache = 256;
  std::uint16_t mtu = 0;              // 0 = leave as it is
  bool promiscuous = true;
  std::uint32_t idle_limit_ms = 0;    // exhausted() after so long without a packet; 0 = never (tests)
  std::vector<std::string> offloads = {"checksum", "vlan", "timestamp", "scatter"};  // used where the port has them
  std::string rss_key;                // hexadecimal, symmetric; empty = 6d5a repeated
  bool flow_offload = false;          // rte_flow rules for flows that have nothing more to tell
  std::uint32_t retry_max_s = 30;     // longest pause between tries to bring a lost port back
};

// How a regular file is read.
enum class FileAccess : std::uint8_t {
  kMapped,  // frames outlive Poll(): for threads that share them
  kPieces,  // through one buffer that stays in the core's cache: the least for a thread that reads by itself
};

// pcap (micro- and nanosecond, both byte orders) and pcapng. "-" is standard input. Errors: not found, empty, no
// capture file, unknown format.
Result<std::unique_ptr<PacketSource>> OpenFile(const std::string& path, FileAccess access = FileAccess::kMapped);

// One source per socket. Errors: no such interface, no permission, bad filter, no fanout.
Result<std::vector<std::unique_ptr<PacketSource>>> OpenLive(const LiveOptions& options);

// One source per receive queue. Starts the EAL once per process. Errors: built without DPDK, EAL refused,
// no port, more queues than the port has.
Result<std::vector<std::unique_ptr<PacketSource>>> OpenDpdk(const DpdkOptions& options);
bool BuiltWithDpdk() noexcept;

// Packets held in memory, replayed `times` times; for tests and benchmarks.
std::unique_ptr<PacketSource> OpenMemory(std::vector<Packet> packets, std::string name, int times = 1);

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_PACKET_SOURCE_H_
