// SPDX-License-Identifier: Apache-2.0
// The doorway of decode/: a frame in, the innermost five-tuple and transport payload out, as views.
#ifndef GANDER_DECODE_DECODED_H_
#define GANDER_DECODE_DECODED_H_

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/counters.h"
#include "base/link_type.h"
#include "base/net.h"
#include "base/overlap_policy.h"

namespace gander::decode {

inline constexpr std::size_t kMaxVlans = 3;
inline constexpr std::uint8_t kNoWindowScale = 255;  // the SYN offers none
inline constexpr std::size_t kMaxTunnels = 4;  // nesting depth; deeper is kTooDeep
inline constexpr std::size_t kMaxLabels = 8;   // of MPLS that are kept; all are read

enum class Status : std::uint8_t {
  kOk,           // tuple and payload are set
  kFragment,     // an IP fragment: hand it to the FragmentTable
  kNotIp,        // a readable frame that carries no IP (ARP, LLDP, 802.11 management ...)
  kMalformed,    // a header is cut or lies about its length
  kUnknownLink,  // link type without a decoder
  kTooDeep,      // more tunnels than kMaxTunnels; tuple is that of the innermost datagram read
};

enum class Tunnel : std::uint8_t {
  kGre,
  kErspan,
  kVxlan,
  kGeneve,
  kGtpU,
  kIpInIp,
  kTeredo,
  kL2tp,
  kPppoe,
  kMpls,
  kNvgre,
  kNsh,
  kTzsp
};
const char* NameOf(Tunnel t) noexcept;

struct TunnelLayer {
  Tunnel kind;
  std::uint8_t protocol;  // IP protocol that carries it; 0 for what lies on a link (kMpls, kPppoe, kNsh)
  std::uint16_t source_port, destination_port;  // outer UDP ports, else 0
  std::uint32_t id;  // VNI, TEID, GRE key, session id, last label; 0 when there is none
  std::uint32_t outside;  // bytes of the frame that are not of the datagram which carries this tunnel
  IpAddress source;  // outer addresses; all zero for what lies on a link
  IpAddress destination;
};

inline constexpr std::uint8_t kEsp = 50;  // IP protocol number

namespace tcp_flag {
inline constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16, kUrg = 32, kEce = 64, kCwr = 128;
}

// What every frame sets anew.
struct DecodedHeaders {
  Status status = Status::kMalformed;
  FiveTuple tuple;  // innermost; ports 0 where the protocol has none, and the halves of ESP's index
  std::uint8_t ip_version = 0;
  std::uint8_t ttl = 0;
  std::uint16_t ip_id = 0;  // IPv4's identification; 0 with IPv6

  // TCP
  std::uint32_t sequence = 0, acknowledgement = 0;
  std::uint16_t window = 0;
  std::uint8_t window_scale = kNoWindowScale;  // as a SYN offers it (RFC 7323 §2.2), at most 14
  std::uint8_t tcp_flags = 0;
  // ICMP
  std::uint8_t icmp_type = 0, icmp_code = 0;
  std::uint16_t icmp_id = 0, icmp_sequence = 0;  // of messages that have an identifier

  Bytes payload;  // transport payload; for kFragment the fragment's data
  // All captured bytes that are not payload; header_bytes + payload.size() == frame.size().
  std::uint32_t header_bytes = 0;
  // Payload bytes the IP header claims but the capture cut off.
  std::uint32_t payload_missing = 0;
  // Bytes of the frame that are not content of the innermost tunnel between two hosts.
  std::uint32_t outside = 0;
  bool bad_checksum = false;  // only when Options::checksums asks for it
  // The IP header lies behind a fabric's tag, a backbone's, MACsec's or SNAP's: where neither a NIC nor the kernel looks
  // for a pair of hosts to deal packets by. Tunnels, which hide theirs as well, are in `tunnels`.
  bool behind_shim = false;

  // kFragment: what reassembly needs (RFC 791, RFC 8200 §4.5).
  std::uint32_t fragment_id = 0;
  std::uint32_t fragment_offset = 0;  // bytes
  bool more_fragments = false;
  std::uint8_t fragment_protocol = 0;  // protocol or next header of the whole datagram

  // How much of the lists of Decoded is valid.
  std::uint8_t vlan_count = 0, tunnel_count = 0, label_count = 0;
};

// Views point into the frame. Fields behind `status` are valid as the status says: tuple and what follows for
// kOk and kFragment; for all others the whole frame counts as header. A tunnel whose content cannot be read,
// or is not IP, is reported as the datagram that carries it.
struct Decoded : DecodedHeaders {
  std::array<std::uint16_t, kMaxVlans> vlans{};    // outermost first
  std::array<TunnelLayer, kMaxTunnels> tunnels{};  // outermost first
  std::array<std::uint32_t, kMaxLabels> labels{};  // of MPLS, outermost first
};

// What is done about checksums of IPv4, TCP, UDP and ICMP.
enum class Checksums : std::uint8_t {
  kIgnore,  // they are not looked at
  kAuto,    // verified, but for what a capture on the sending host sees before its NIC has summed
  kStrict,
};

struct Options {
  Checksums checksums = Checksums::kIgnore;  // a wrong sum sets bad_checksum
  std::uint16_t vxlan_port = 4789;  // UDP; 0 switches a tunnel off
  std::uint16_t geneve_port = 6081;
  std::uint16_t gtpu_port = 2152;
  std::uint16_t teredo_port = 3544;
  HostPolicies hosts;               // which of overlapping fragments a host keeps
  std::uint32_t fragment_memory = 4 << 20;  // bytes held per worker, 64 KiB..1 GiB
  std::uint32_t fragment_timeout_s = 30;    // RFC 1122 §3.3.2 asks for 60..120; hosts use 30
};

// Suricata's names where the meaning is the same; they become stats.decoder.*
struct Counters {
  std::uint64_t pkts, bytes, ipv4, ipv6, ipv6_extensions, tcp, udp, sctp, icmpv4, icmpv6, esp, no_next_header, ethernet,
      wifi, vlan, vlan_qinq, mpls, ppp, pppoe, nsh, trill, macsec, gre, erspan, vxlan, geneve, gtp, teredo, l2tp, tzsp,
      ipip, arp, rarp, ipx, flow_control, slow_protocols, eapol, avtp, lldp, ptp, profinet, ethercat, goose, fcoe,
      loopback, pppoe_discovery, unknown_ethertype, invalid, too_deep, bad_checksum, offloaded_checksum, fragments,
      fragments_reassembled, fragments_overlapping, fragments_timed_out, fragments_dropped;
  static const CounterName<Counters> kNames[56];
};

// Reads one frame. Pure: no state but the counters.
Status Decode(LinkType link, Bytes frame, const Options& options, Counters& counters, Decoded& out) noexcept;

// An IP payload put together from fragments.
struct Datagram {
  bool complete = false;
  Bytes payload;              // without IP header, which was accounted with each fragment's frame
  std::uint8_t protocol = 0;  // of its first fragment
};

// Reads a complete datagram. Addresses, VLANs and tunnels are taken from `from`, its last fragment. Here
// header_bytes + payload.size() == datagram.payload.size(). The result may itself be a fragment (kFragment):
// of a tunnel inside the datagram.
Status DecodeReassembled(const Datagram& datagram, const Decoded& from, const Options& options,
                         Counters& counters, Decoded& out) noexcept;

// Hash of the innermost host pair (base/host_pair.h), equal for both directions and for all fragments of a datagram. Files
// are dealt by it, and packets handed over: sharing by host pair (not five-tuple) keeps fragments, FTP control and data,
// and all parallel flows of one transfer in one worker.
std::uint32_t HostPairHash(const Decoded& d) noexcept;
// The same of two addresses as they lie in memory.
struct AddressWords {
  std::uint64_t high = 0, low = 0;
};
std::uint32_t HostPairHash(const AddressWords& a, const AddressWords& b) noexcept;

}  // namespace gander::decode

#endif  // GANDER_DECODE_DECODED_H_
