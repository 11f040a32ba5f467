// SPDX-License-Identifier: Apache-2.0
#include "decode/decoded.h"

#include <algorithm>
#include <cstring>

#include "base/host_pair.h"
#include "decode/frame_walk.h"

namespace gander::decode {
namespace {

// In the order of Tunnel.
constexpr const char* kTunnelNames[] = {"gre",    "erspan", "vxlan", "geneve", "gtp_u", "ip_in_ip",
                                        "teredo", "l2tp",   "pppoe", "mpls",   "nvgre", "nsh", "tzsp"};

// The lists stay as they are: their counts say how much of them is valid. A copy takes a few wide moves.
constexpr DecodedHeaders kNothing;
void Clear(Decoded& out) noexcept { static_cast<DecodedHeaders&>(out) = kNothing; }

Status Finish(Status status, std::size_t size, Counters& counters, Decoded& out) noexcept {
  const bool readable = status == Status::kOk || status == Status::kFragment;
  if (!readable) {
    out.payload = {};
    out.payload_missing = 0;
    if (status == Status::kMalformed) ++counters.invalid;
  }
  if (out.bad_checksum) ++counters.bad_checksum;
  out.header_bytes = static_cast<std::uint32_t>(size - out.payload.size());
  out.status = status;
  return status;
}

AddressWords WordsOf(const IpAddress& a) noexcept {
  AddressWords words;
  std::memcpy(&words, a.octets.data(), sizeof words);
  return words;
}

std::uint32_t EndOf(const AddressWords& a) noexcept {
  const std::uint64_t high = __builtin_bswap64(a.high), low = __builtin_bswap64(a.low);
  return host_pair::End(static_cast<std::uint32_t>(high >> 32), static_cast<std::uint32_t>(high),
                        static_cast<std::uint32_t>(low >> 32), static_cast<std::uint32_t>(low));
}

}  // namespace

const char* NameOf(Tunnel t) noexcept { return kTunnelNames[static_cast<std::size_t>(t)]; }

Status Decode(LinkType link, Bytes frame, const Options& options, Counters& counters, Decoded& out) noexcept {
  Clear(out);
  ++counters.pkts;
  counters.bytes += frame.size();
  FrameWalk walk(frame.size(), options, counters, out);
  const bool plain = link == LinkType::kEthernet && walk.Plain(frame);
  return Finish(plain ? Status::kOk : walk.Link(link, frame), frame.size(), counters, out);
}

Status DecodeReassembled(const Datagram& datagram, const Decoded& from, const Options& options,
                         Counters& counters, Decoded& out) noexcept {
  const std::size_t size = datagram.payload.size();
  out = from;
  out.payload = {};
  out.payload_missing = out.outside = 0;
  FrameWalk walk(size, options, counters, out);
  return Finish(walk.IpPayload(datagram.protocol, datagram.payload, size), size, counters, out);
}

std::uint32_t HostPairHash(const Decoded& d) noexcept {
  return HostPairHash(WordsOf(d.tuple.source), WordsOf(d.tuple.destination));
}

std::uint32_t HostPairHash(const AddressWords& source, const AddressWords& destination) noexcept {
  return host_pair::Hash(EndOf(source), EndOf(destination));
}

#define GANDER_COUNTER(cell, help) \
  { #cell, help, &Counters::cell }
const CounterName<Counters> Counters::kNames[56] = {
    GANDER_COUNTER(pkts, "frames"),
    GANDER_COUNTER(bytes, "captured bytes of frames"),
    GANDER_COUNTER(ipv4, "IPv4 headers, tunnels counted at each level"),
    GANDER_COUNTER(ipv6, "IPv6 headers, tunnels counted at each level"),
    GANDER_COUNTER(ipv6_extensions, "IPv6 extension headers"),
    GANDER_COUNTER(tcp, "TCP segments"),
    GANDER_COUNTER(udp, "UDP datagrams, outer ones of tunnels included"),
    GANDER_COUNTER(sctp, "SCTP packets"),
    GANDER_COUNTER(icmpv4, "ICMP messages"),
    GANDER_COUNTER(icmpv6, "ICMPv6 messages"),
    GANDER_COUNTER(esp, "ESP packets"),
    GANDER_COUNTER(no_next_header, "IPv6 datagrams without content"),
    GANDER_COUNTER(ethernet, "Ethernet headers, tunnels counted at each level"),
    GANDER_COUNTER(wifi, "IEEE 802.11 data frames"),
    GANDER_COUNTER(vlan, "frames with one VLAN tag"),
    GANDER_COUNTER(vlan_qinq, "frames with two or more VLAN tags"),
    GANDER_COUNTER(mpls, "MPLS label stacks"),
    GANDER_COUNTER(ppp, "PPP headers"),
    GANDER_COUNTER(pppoe, "PPPoE session frames"),
    GANDER_COUNTER(nsh, "network service headers"),
    GANDER_COUNTER(trill, "TRILL headers"),
    GANDER_COUNTER(macsec, "MACsec tags"),
    GANDER_COUNTER(gre, "GRE headers"),
    GANDER_COUNTER(erspan, "ERSPAN headers"),
    GANDER_COUNTER(vxlan, "VXLAN headers"),
    GANDER_COUNTER(geneve, "GENEVE headers"),
    GANDER_COUNTER(gtp, "GTP-U headers"),
    GANDER_COUNTER(teredo, "Teredo headers"),
    GANDER_COUNTER(l2tp, "L2TP data headers"),
    GANDER_COUNTER(tzsp, "TZSP headers"),
    GANDER_COUNTER(ipip, "IP in IP"),
    GANDER_COUNTER(arp, "ARP frames"),
    GANDER_COUNTER(rarp, "RARP frames"),
    GANDER_COUNTER(ipx, "IPX frames"),
    GANDER_COUNTER(flow_control, "Ethernet flow control frames"),
    GANDER_COUNTER(slow_protocols, "IEEE 802.3 slow protocols, LACP among them"),
    GANDER_COUNTER(eapol, "IEEE 802.1X frames"),
    GANDER_COUNTER(avtp, "IEEE 1722 audio and video frames"),
    GANDER_COUNTER(lldp, "LLDP frames"),
    GANDER_COUNTER(ptp, "IEEE 1588 frames"),
    GANDER_COUNTER(profinet, "PROFINET real-time frames"),
    GANDER_COUNTER(ethercat, "EtherCAT frames"),
    GANDER_COUNTER(goose, "IEC 61850 GOOSE frames"),
    GANDER_COUNTER(fcoe, "Fibre Channel over Ethernet"),
    GANDER_COUNTER(loopback, "Ethernet configuration testing frames"),
    GANDER_COUNTER(pppoe_discovery, "PPPoE discovery frames"),
    GANDER_COUNTER(unknown_ethertype, "EtherTypes without a decoder or a counter of their own"),
    GANDER_COUNTER(invalid, "frames whose headers cannot be read"),
    GANDER_COUNTER(too_deep, "frames with more tunnels than are followed"),
    GANDER_COUNTER(bad_checksum, "wrong checksums, when they are verified"),
    GANDER_COUNTER(offloaded_checksum,
                   "checksums left to the sending host's NIC, when they are verified but for those"),
    GANDER_COUNTER(fragments, "IP fragments"),
    GANDER_COUNTER(fragments_reassembled, "datagrams put together from fragments"),
    GANDER_COUNTER(fragments_overlapping, "fragments that repeat bytes with other content"),
    GANDER_COUNTER(fragments_timed_out, "datagrams whose fragments never completed"),
    GANDER_COUNTER(fragments_dropped, "fragments and held datagrams dropped: cap reached or contradictory"),
};
#undef GANDER_COUNTER

}  // namespace gander::decode
