// SPDX-License-Identifier: Apache-2.0
// Link layers as capture files number them, and what an EtherType leads to.
#include "decode/frame_walk.h"
#include "decode/numbers.h"
#include "decode/wire.h"

namespace gander::decode {
namespace {

constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kSll2Header = 20, kSllHeader = 16;
constexpr int kMaxDepth = 16;  // Ethernet inside PPP inside Ethernet ...

// RFC 1042: a SNAP header under an OUI that keeps EtherTypes, behind DSAP and SSAP 0xaa and UI control.
constexpr std::uint32_t kSnapLlc = 0xaaaa03;
constexpr std::size_t kSnapHeader = 8;

// Network layer protocol ids of RFC 2427.
constexpr std::uint8_t kNlpidSnap = 0x80, kNlpidIpv6 = 0x8e, kNlpidIpv4 = 0xcc, kUnnumbered = 0x03;

constexpr bool IsTag(std::uint16_t type) {
  return type == ethertype::kVlan || type == ethertype::kServiceVlan || type == ethertype::kVlanOld ||
         type == ethertype::kVlanOlder;
}

}  // namespace

Status FrameWalk::Link(LinkType link, Bytes frame) noexcept {
  switch (link) {
    case LinkType::kEthernet:
      return Ethernet(frame);
    case LinkType::kNull:
    case LinkType::kLoop:
      return AddressFamily(frame);
    case LinkType::kPpp:
      return Ppp(frame);
    case LinkType::kPppHdlc:
      return PppHdlc(frame);
    case LinkType::kPppoe:
      return Pppoe(frame);
    case LinkType::kCiscoHdlc:
      return CiscoHdlc(frame);
    case LinkType::kRawOld:
    case LinkType::kRaw:
    case LinkType::kIpv4:
    case LinkType::kIpv6:
      return AnyIp(frame);
    case LinkType::kIeee80211:
      return Wifi(frame, false);
    case LinkType::kRadiotap:
      return Radiotap(frame);
    case LinkType::kFrameRelay:
      return FrameRelay(frame);
    case LinkType::kLinuxSll:
      return Cooked(frame);
    case LinkType::kLinuxSll2:
      if (frame.size() < kSll2Header) return Status::kMalformed;
      return CookedPayload(Load16(frame, 8), Load16(frame, 0), frame.subspan(kSll2Header));
    case LinkType::kMpls:
      return Mpls(frame);
    case LinkType::kPrism:
    case LinkType::kAvs:
      return Prism(frame);
    default:
      return Wrapped(link, frame);
  }
}

// Linux cooked capture: what follows depends on the kind of hardware (ARPHRD_) and on a protocol, which is an EtherType
// or one of Linux's small numbers for frames that have none.
Status FrameWalk::Cooked(Bytes b) noexcept {
  if (b.size() < kSllHeader) return Status::kMalformed;
  return CookedPayload(Load16(b, 2), Load16(b, 14), b.subspan(kSllHeader));
}

Status FrameWalk::CookedPayload(std::uint16_t hardware, std::uint16_t protocol, Bytes b) noexcept {
  constexpr std::uint16_t kWifi = 801, kPrism = 802, kRadiotap = 803;  // hardware
  constexpr std::uint16_t kLlc = 4;
  switch (hardware) {
    case kWifi:
      return Wifi(b, false);
    case kPrism:
      return Prism(b);
    case kRadiotap:
      return Radiotap(b);
    default:
      break;
  }
  if (protocol == kLlc) return Llc(b);
  return protocol <= ethertype::kLargestLength ? Status::kNotIp : EtherType(protocol, b);
}

Status FrameWalk::Ethernet(Bytes b) noexcept {
  if (b.size() < kEthernetHeader) return Status::kMalformed;
  ++counters_.ethernet;
  return EtherType(Load16(b, 12), b.subspan(kEthernetHeader));
}

Status FrameWalk::EtherType(std::uint16_t type, Bytes b) noexcept {
  if (type == ethertype::kIpv4) return Ipv4(b);
  if (type == ethertype::kIpv6) return Ipv6(b);
  if (++depth_ > kMaxDepth) return Status::kTooDeep;
  if (IsTag(type)) return Vlan(b);
  out_.behind_shim = true;
  if (type <= ethertype::kLargestLength) return Llc(b.first(type < b.size() ? type : b.size()));
  switch (type) {
    case ethertype::kMpls:
    case ethertype::kMplsUpstream:
      return Mpls(b);
    case ethertype::kPppoeSession:
      return Pppoe(b);
    case ethertype::kPpp:
      return Ppp(b);
    case ethertype::kTransparentEthernet:
      return Ethernet(b);
    case ethertype::kNsh:
      return Nsh(b);
    case ethertype::kVnTag:
      return SkipShim(b, 6);
    case ethertype::kETag:
      return SkipShim(b, 8);
    case ethertype::kFabricPath:
      return InnerEthernet(b, 2);
    case ethertype::kProviderBackbone:
      return InnerEthernet(b, 4);
    case ethertype::kTrill:
      return Trill(b);
    case ethertype::kMacsec:
      return Macsec(b);
    default:
      return WithoutIp(type);
  }
}

// What carries no IP is counted by what it is.
Status FrameWalk::WithoutIp(std::uint16_t type) noexcept {
  struct Row {
    std::uint16_t type;
    std::uint64_t Counters::*cell;
  };
  static constexpr Row kRows[] = {
      {ethertype::kArp, &Counters::arp},
      {ethertype::kRarp, &Counters::rarp},
      {ethertype::kIpx, &Counters::ipx},
      {ethertype::kFlowControl, &Counters::flow_control},
      {ethertype::kSlowProtocols, &Counters::slow_protocols},
      {ethertype::kPppoeDiscovery, &Counters::pppoe_discovery},
      {ethertype::kEapol, &Counters::eapol},
      {ethertype::kAvtp, &Counters::avtp},
      {ethertype::kLldp, &Counters::lldp},
      {ethertype::kPtp, &Counters::ptp},
      {ethertype::kProfinet, &Counters::profinet},
      {ethertype::kEthercat, &Counters::ethercat},
      {ethertype::kGoose, &Counters::goose},
      {ethertype::kFcoe, &Counters::fcoe},
      {ethertype::kLoopback, &Counters::loopback},
  };
  for (const Row& row : kRows) {
    if (row.type != type) continue;
    ++(counters_.*row.cell);
    return Status::kNotIp;
  }
  ++counters_.unknown_ethertype;
  return Status::kNotIp;
}

Status FrameWalk::Vlan(Bytes b) noexcept {
  std::size_t tags = 0;
  for (;; ++tags) {
    if (b.size() < 4) return Status::kMalformed;
    if (out_.vlan_count < kMaxVlans) out_.vlans[out_.vlan_count++] = Load16(b, 0) & 0x0fff;
    const std::uint16_t type = Load16(b, 2);
    b = b.subspan(4);
    if (IsTag(type)) continue;
    ++(tags == 0 ? counters_.vlan : counters_.vlan_qinq);
    return EtherType(type, b);
  }
}

// IEEE 802.2. Without SNAP only IP's own service access point (0x06) is of interest.
Status FrameWalk::Llc(Bytes b) noexcept {
  if (b.size() < 3) return Status::kNotIp;
  const std::uint32_t llc = Load24(b, 0);
  if (llc == 0x060603) return Ipv4(b.subspan(3));
  if (llc != kSnapLlc || b.size() < kSnapHeader) return Status::kNotIp;
  const std::uint16_t type = Load16(b, 6);
  if (type <= ethertype::kLargestLength) return Status::kNotIp;
  return EtherType(type, b.subspan(kSnapHeader));
}

// BSD loopback: the address family in the byte order of the capturing machine, or big-endian (LINKTYPE_LOOP).
// Its small value tells the order.
Status FrameWalk::AddressFamily(Bytes b) noexcept {
  if (b.size() < 4) return Status::kMalformed;
  std::uint32_t family = Load32(b, 0);
  if (family > 0xffff) family = __builtin_bswap32(family);
  switch (family) {
    case 2:
      return Ipv4(b.subspan(4));
    case 10:  // Linux
    case 23:  // Windows
    case 24:  // NetBSD, OpenBSD
    case 28:  // FreeBSD
    case 30:
      return Ipv6(b.subspan(4));  // macOS
    default:
      return Status::kNotIp;
  }
}

// RFC 1661; address and control may be left out, and a protocol below 256 may take one byte.
Status FrameWalk::Ppp(Bytes b) noexcept {
  if (b.size() >= 2 && Load16(b, 0) == 0xff03) b = b.subspan(2);
  if (b.empty()) return Status::kMalformed;
  const bool compressed = (Load8(b, 0) & 1) != 0;
  if (!compressed && b.size() < 2) return Status::kMalformed;
  ++counters_.ppp;
  const std::uint16_t protocol = compressed ? Load8(b, 0) : Load16(b, 0);
  b = b.subspan(compressed ? 1 : 2);
  switch (protocol) {
    case ppp::kIpv4:
      return Ipv4(b);
    case ppp::kIpv6:
      return Ipv6(b);
    case ppp::kMpls:
      return Mpls(b);
    default:
      return Status::kNotIp;
  }
}

// LINKTYPE_PPP_HDLC: PPP in HDLC-like framing, or Cisco's framing on the same link.
Status FrameWalk::PppHdlc(Bytes b) noexcept {
  if (b.empty()) return Status::kMalformed;
  const std::uint8_t address = Load8(b, 0);
  return address == 0x0f || address == 0x8f ? CiscoHdlc(b) : Ppp(b);
}

Status FrameWalk::CiscoHdlc(Bytes b) noexcept {
  if (b.size() < 4) return Status::kMalformed;
  return EtherType(Load16(b, 2), b.subspan(4));
}

// Q.922 address of two to four bytes (its last has bit 0 set), then IETF's control and NLPID (RFC 2427) or
// Cisco's bare EtherType.
Status FrameWalk::FrameRelay(Bytes b) noexcept {
  std::size_t address = 1;
  while (address <= 4 && address <= b.size() && (Load8(b, address - 1) & 1) == 0) ++address;
  if (address < 2 || address > 4 || b.size() < address + 2) return Status::kMalformed;
  b = b.subspan(address);
  if (Load8(b, 0) != kUnnumbered) return EtherType(Load16(b, 0), b.subspan(2));
  b = b.subspan(1);
  if (Load8(b, 0) == 0) b = b.subspan(1);  // pad
  if (b.empty()) return Status::kMalformed;
  switch (Load8(b, 0)) {
    case kNlpidIpv4:
      return Ipv4(b.subspan(1));
    case kNlpidIpv6:
      return Ipv6(b.subspan(1));
    case kNlpidSnap:
      return b.size() < 6 ? Status::kMalformed : EtherType(Load16(b, 4), b.subspan(6));
    default:
      return Status::kNotIp;
  }
}

Status FrameWalk::AnyIp(Bytes b) noexcept {
  if (b.empty()) return Status::kMalformed;
  switch (Load8(b, 0) >> 4) {
    case 4:
      return Ipv4(b);
    case 6:
      return Ipv6(b);
    default:
      return Status::kMalformed;
  }
}

}  // namespace gander::decode
