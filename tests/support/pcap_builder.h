// SPDX-License-Identifier: Apache-2.0
// Frames with correct lengths and checksums, and the captures that hold them. Bytes are std::string: a test
// can compare, cut and corrupt them with what the language has.
#ifndef GANDER_TESTS_SUPPORT_PCAP_BUILDER_H_
#define GANDER_TESTS_SUPPORT_PCAP_BUILDER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/link_type.h"
#include "base/net.h"
#include "base/time.h"

namespace gander::test {

// Big-endian integers, for headers a test writes by hand.
std::string Be16(std::uint16_t v);
std::string Be32(std::uint32_t v);
std::string Hex(std::string_view hex_with_spaces);  // Hex("de ad be ef")

inline constexpr std::uint16_t kEtherIpv4 = 0x0800, kEtherIpv6 = 0x86dd, kEtherArp = 0x0806;

// Ethernet II with 802.1Q tags, outermost first. No padding to 60 bytes.
std::string EthernetFrame(std::uint16_t ether_type, std::string_view payload,
                          std::vector<std::uint16_t> vlans = {});
// EthernetFrame with the ether type of the packet's IP version.
std::string EthernetFrame(std::string_view ip_packet);

struct IpFields {
  std::uint8_t ttl = 64;              // hop limit
  std::uint32_t id = 1;               // of the datagram; IPv6 only when fragmented
  std::uint32_t fragment_offset = 0;  // bytes, a multiple of 8
  bool more_fragments = false;
};
// IPv4 or IPv6 by the addresses, which must be of one version. A fragmented IPv6 packet gets a fragment
// header.
std::string IpPacket(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                     std::string_view payload, const IpFields& fields = {});
std::string IpPacket(const char* source, const char* destination, std::uint8_t protocol,
                     std::string_view payload, const IpFields& fields = {});

namespace flag {
inline constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16, kUrg = 32;
}

struct TcpFields {
  std::uint32_t sequence = 0, acknowledgement = 0;
  std::uint8_t flags = flag::kAck;
  std::uint16_t window = 65535;
  std::string options;  // padded with zeros to a multiple of 4
};
// Whole Ethernet frames. `tuple.protocol` is not looked at.
std::string TcpFrame(const FiveTuple& tuple, const TcpFields& fields, std::string_view payload = {});
std::string UdpFrame(const FiveTuple& tuple, std::string_view payload);
// Their IP packets, for tunnels and for raw links.
std::string TcpPacket(const FiveTuple& tuple, const TcpFields& fields, std::string_view payload = {});
std::string UdpPacket(const FiveTuple& tuple, std::string_view payload);

// Tuple("10.0.0.1", 40000, "10.0.0.2", 80)
FiveTuple Tuple(const char* source, std::uint16_t source_port, const char* destination,
                std::uint16_t destination_port, std::uint8_t protocol = ip_proto::kTcp);

// A TCP connection as its frames, in order, numbers kept right.
class TcpDialog {
 public:
  explicit TcpDialog(const FiveTuple& client_to_server, std::uint32_t client_isn = 1000,
                     std::uint32_t server_isn = 9000);
  TcpDialog& Handshake();
  // Cut into segments of at most `segment` bytes.
  TcpDialog& ClientSays(std::string_view text, std::size_t segment = 1460);
  TcpDialog& ServerSays(std::string_view text, std::size_t segment = 1460);
  TcpDialog& Close();  // FIN both ways
  const std::vector<std::string>& frames() const { return frames_; }

 private:
  void Send(bool client, std::uint8_t flags, std::string_view payload);
  void Say(bool client, std::string_view text, std::size_t segment);

  FiveTuple tuple_;
  std::uint32_t next_[2];
  std::vector<std::string> frames_;
};

struct PcapOptions {
  std::uint32_t magic = 0xa1b2c3d4;  // a1b23c4d: nanoseconds; a1b2cd34: Kuznetsov
  bool big_endian = false;
  std::uint32_t link = 1;  // LINKTYPE_
  std::uint32_t snap_length = 262144;
  std::uint16_t major = 2, minor = 4;
};

class PcapWriter {
 public:
  explicit PcapWriter(const PcapOptions& options = {});
  // `wire_length` 0: the frame's own. The time is cut to the magic's resolution.
  PcapWriter& Add(Timestamp time, std::string_view frame, std::uint32_t wire_length = 0);
  const std::string& bytes() const { return bytes_; }

 private:
  PcapOptions options_;
  std::string bytes_;
};

// Frames a millisecond apart, the first at `start`, as a microsecond pcap.
std::string PcapOf(const std::vector<std::string>& frames,
                   Timestamp start = {1'700'000'000 * kNanosPerSecond});

// Blocks are written as told: nothing checks that a packet's interface exists.
class PcapngWriter {
 public:
  PcapngWriter& Section(bool big_endian = false, std::uint16_t major = 1);
  // `resolution` as in if_tsresol: 6 = microseconds, 9 = nanoseconds, 0x80 | n = 2^-n seconds.
  PcapngWriter& Interface(std::uint16_t link = 1, std::uint32_t snap_length = 0, std::uint8_t resolution = 6,
                          std::int64_t offset_seconds = 0);
  PcapngWriter& Enhanced(std::uint32_t interface, std::uint64_t ticks, std::string_view frame,
                         std::uint32_t wire_length = 0);
  PcapngWriter& Simple(std::string_view frame, std::uint32_t wire_length = 0);
  PcapngWriter& Obsolete(std::uint16_t interface, std::uint64_t ticks, std::string_view frame);
  PcapngWriter& Block(std::uint32_t type, std::string_view body);  // padded to a multiple of 4
  const std::string& bytes() const { return bytes_; }

 private:
  bool big_endian_ = false;
  std::string bytes_;
};

// A file that is gone when the test is. The name ends in `suffix`.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content, const std::string& suffix = ".pcap");
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace gander::test

#endif  // GANDER_TESTS_SUPPORT_PCAP_BUILDER_H_
