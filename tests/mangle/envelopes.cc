// SPDX-License-Identifier: Apache-2.0
// Tags, labels and tunnels around whole frames.
#include "base/bytes.h"
#include "decode/decoded.h"
#include "decode/numbers.h"
#include "mangle/layers.h"
#include "mangle/operations.h"
#include "support/pcap_builder.h"
#include "support/tunnel_builder.h"

namespace gander::mangle {
namespace {

constexpr std::size_t kAddresses = 12, kEthernetHeader = 14, kMostWrapped = 65'000;

template <class Change>
Packets OfEthernet(const Packets& packets, Change change) {
  Packets out = packets;
  for (TimedPacket& p : out) {
    if (p.link != LinkType::kEthernet || p.frame.size() < kEthernetHeader) continue;
    const auto before = static_cast<std::uint32_t>(p.frame.size());
    change(p);
    p.wire_length += static_cast<std::uint32_t>(p.frame.size()) - before;
  }
  return out;
}

// {identifier, its type}
Packets Vlan(const Packets& packets, const Arguments& a, Random&) {
  const std::string tag = test::Be16(static_cast<std::uint16_t>(a[1])) + test::Be16(static_cast<std::uint16_t>(a[0]));
  return OfEthernet(packets, [&](TimedPacket& p) { p.frame.insert(kAddresses, tag); });
}

// {label}: at the bottom of the stack, in place of the type, before what is IP.
Packets Mpls(const Packets& packets, const Arguments& a, Random&) {
  const std::string entry = test::Be32(a[0] << 12 | 1u << 8 | 64);
  return OfEthernet(packets, [&](TimedPacket& p) {
    const auto ip = FindIp(p);
    if (!ip || ip->begin != kEthernetHeader) return;
    p.frame.replace(kAddresses, 2, test::Be16(decode::ethertype::kMpls) + entry);
  });
}

// Whether it holds a packet, or a fragment of one. In a tunnel, what holds none is payload of the datagram that carries
// it, and is read as such: not what was said outside.
bool IsReadable(const TimedPacket& p) {
  decode::Options options;
  options.checksums = decode::Checksums::kAuto;
  decode::Counters counters{};
  decode::Decoded d;
  const decode::Status status = decode::Decode(p.link, AsBytes(p.frame), options, counters, d);
  return status == decode::Status::kOk || status == decode::Status::kFragment;
}

// A frame that was cut cannot be told within a tunnel, and what is no Ethernet, or no IP where the tunnel carries IP,
// stays outside.
Packets InTunnel(const Packets& packets, const Arguments& a, test::Wrapping wrapping) {
  Packets out;
  std::uint32_t id = 0;
  test::Taps taps;
  taps.mtu = a[0];
  for (const TimedPacket& p : packets) {
    const auto ip = FindIp(p);
    const bool fits = p.link == LinkType::kEthernet && p.frame.size() == p.wire_length &&
                      p.frame.size() >= kEthernetHeader && p.frame.size() <= kMostWrapped;
    const bool readable = fits && IsReadable(p);
    if (fits && !readable) ++LeftAsTheyAre()["outside the tunnel: without a readable packet it would be payload there"];
    if (!readable || (wrapping == test::Wrapping::kGtpU && (!ip || ip->begin != kEthernetHeader))) {
      out.push_back(p);
      continue;
    }
    id = id % 0xffff + 1;
    const bool there = !ip || ip->hosts.source < ip->hosts.destination;
    for (std::string& frame : test::Wrap(wrapping, p.frame, there, id, taps)) {
      const auto size = static_cast<std::uint32_t>(frame.size());
      out.push_back({p.time, std::move(frame), size, p.link});
    }
  }
  return out;
}

template <test::Wrapping kWrapping>
Packets Tunnel(const Packets& packets, const Arguments& a, Random&) {
  return InTunnel(packets, a, kWrapping);
}

const Operation kOperations[] = {
    {"vlan", "ID,TYPE: an 802.1Q tag, of TYPE 0x8100 unless another is given", {42, decode::ethertype::kVlan}, Vlan},
    {"mpls", "LABEL: one label", {1'000}, Mpls},
    {"vxlan", "MTU: in VXLAN, in fragments where it grows beyond MTU", {9'000}, Tunnel<test::Wrapping::kVxlan>},
    {"geneve", "MTU: in GENEVE", {9'000}, Tunnel<test::Wrapping::kGeneve>},
    {"gre", "MTU: Ethernet in GRE", {9'000}, Tunnel<test::Wrapping::kGre>},
    {"gtpu", "MTU: the IP packet in GTP-U", {9'000}, Tunnel<test::Wrapping::kGtpU>},
};

}  // namespace

std::span<const Operation> EnvelopeOperations() { return kOperations; }

}  // namespace gander::mangle
