// SPDX-License-Identifier: Apache-2.0
// Tunnels in UDP: VXLAN (RFC 7348) and its GPE, GENEVE (RFC 8926), GTP-U (3GPP TS 29.281), L2TP (RFC 2661),
// GRE (RFC 8086), MPLS (RFC 7510), Teredo (RFC 4380), TZSP (as sniffers and routers send it). A port makes a datagram
// only a candidate: what does not hold readable IP stays plain UDP.
#include "decode/frame_walk.h"
#include "decode/numbers.h"
#include "decode/wire.h"

namespace gander::decode {
namespace {

constexpr std::size_t kVxlanHeader = 8, kGeneveHeader = 8, kGtpHeader = 8, kGtpOptional = 4;
constexpr std::uint8_t kVxlanHasVni = 0x08, kVxlanHasNext = 0x04;
constexpr std::uint8_t kGtpVersion0 = 0x10, kGtpVersion1 = 0x30, kGtpVersionMask = 0xf0, kGtpAnyOptional = 0x07,
                       kGtpExtension = 0x04;
constexpr std::uint8_t kGtpDatagram = 0xff;
constexpr std::uint16_t kL2tpControl = 0x8000, kL2tpLength = 0x4000, kL2tpSequence = 0x0800,
                        kL2tpOffset = 0x0200;
constexpr std::size_t kIpv6Header = 40;

// Either end's port is `port`; a port of 0 switches the tunnel off.
bool Uses(const FiveTuple& t, std::uint16_t port) noexcept {
  return port != 0 && (t.source_port == port || t.destination_port == port);
}

// RFC 6081 §4: what may follow the IPv6 packet, each a type, a length and as many bytes.
bool AreTeredoTrailers(Bytes b) noexcept {
  constexpr std::uint8_t kNonce = 1, kRandomPort = 5;  // the first and the last of the types
  while (b.size() >= 2) {
    const std::size_t length = 2u + Load8(b, 1);
    if (Load8(b, 0) < kNonce || Load8(b, 0) > kRandomPort || length > b.size()) return false;
    b = b.subspan(length);
  }
  return b.empty();
}

// Teredo between two clients uses any port. Both ends of its IPv6 packets are Teredo (2001::/32), or one is,
// or they are link-local: together with an exact length that is no accident.
bool LooksLikeTeredo(Bytes ipv6) noexcept {
  if (ipv6.size() < kIpv6Header || Load8(ipv6, 0) >> 4 != 6) return false;
  const std::size_t length = kIpv6Header + Load16(ipv6, 4);
  if (length > ipv6.size()) return false;
  const bool bubble = Load8(ipv6, 6) == next_header::kNone;
  if (!bubble && !AreTeredoTrailers(ipv6.subspan(length))) return false;
  constexpr std::uint32_t kTeredoPrefix = 0x20010000;
  constexpr std::uint32_t kLinkLocal = 0xfe80;
  return Load32(ipv6, 8) == kTeredoPrefix || Load32(ipv6, 24) == kTeredoPrefix ||
         (Load16(ipv6, 8) == kLinkLocal && Load16(ipv6, 24) == 0xff02) ||
         (Load16(ipv6, 8) == kLinkLocal && Load16(ipv6, 24) == kLinkLocal);
}

// RFC 4380 §5.1.1: an authentication and an origin header may come before the IPv6 packet. Empty when they
// are broken.
Bytes BehindTeredoHeaders(Bytes b) noexcept {
  constexpr std::uint16_t kAuthentication = 0x0001, kOrigin = 0x0000;
  if (b.size() >= 4 && Load16(b, 0) == kAuthentication) {
    const std::size_t header = 4u + Load8(b, 2) + Load8(b, 3) + 8u + 1u;
    b = header <= b.size() ? b.subspan(header) : Bytes{};
  }
  if (b.size() >= 8 && Load16(b, 0) == kOrigin) b = b.subspan(8);
  return b;
}

}  // namespace

bool FrameWalk::UdpTunnel(Bytes b, Status& status) noexcept {
  const FiveTuple& t = out_.tuple;
  if (b.size() < 8) return false;
  if (!PortMayTunnel(t.source_port, t.destination_port)) return UdpTeredo(b, status);
  if (Uses(t, options_.vxlan_port) || Uses(t, udp_port::kVxlanLinux) || Uses(t, udp_port::kVxlanGpe)) {
    if (Attempt(status, [&] { return Vxlan(b); })) return true;
  }
  if (Uses(t, options_.geneve_port) && Attempt(status, [&] { return Geneve(b); })) return true;
  const bool gtp = Uses(t, options_.gtpu_port) || (options_.gtpu_port != 0 && Uses(t, udp_port::kGtp0));
  if (gtp && Attempt(status, [&] { return GtpU(b); })) return true;
  if (Uses(t, udp_port::kL2tp) && Attempt(status, [&] { return L2tp(b); })) return true;
  if (Uses(t, udp_port::kGreInUdp) && Attempt(status, [&] { return Gre(b); })) return true;
  if (Uses(t, udp_port::kMplsInUdp) && Attempt(status, [&] { return Mpls(b); })) return true;
  if (Uses(t, udp_port::kTzsp) && Attempt(status, [&] { return Tzsp(b); })) return true;
  return UdpTeredo(b, status);
}

// Most datagrams are told to be none by two bits of a set with a few members.
bool FrameWalk::PortMayTunnel(std::uint16_t source, std::uint16_t destination) const noexcept {
  const auto bit = [](std::uint16_t p) { return 1ULL << (p ^ p >> 3) % 64; };  // of well-known ports syslog's meets one
  const std::uint64_t tunnels = bit(options_.vxlan_port) | bit(options_.geneve_port) | bit(options_.gtpu_port) |
                                bit(udp_port::kVxlanLinux) | bit(udp_port::kVxlanGpe) | bit(udp_port::kL2tp) |
                                bit(udp_port::kGreInUdp) | bit(udp_port::kMplsInUdp) | bit(udp_port::kGtp0) |
                                bit(udp_port::kTzsp);
  return (tunnels & (bit(source) | bit(destination))) != 0;
}

// At a glance: IPv6, or one of the headers before it.
bool FrameWalk::MayBeTeredo(Bytes b) noexcept {
  return b.size() >= 8 && (Load8(b, 0) >> 4 == 6 || Load16(b, 0) <= 1);
}

bool FrameWalk::UdpTeredo(Bytes b, Status& status) noexcept {
  if (options_.teredo_port == 0 || out_.ip_version != 4) return false;
  const Bytes ipv6 = BehindTeredoHeaders(b);
  if (!LooksLikeTeredo(ipv6)) return false;
  return Attempt(status, [&] { return Teredo(ipv6.first(kIpv6Header + Load16(ipv6, 4))); });
}

Status FrameWalk::Vxlan(Bytes b) noexcept {
  if (b.size() < kVxlanHeader) return Status::kMalformed;
  const std::uint8_t flags = Load8(b, 0);
  if ((flags & kVxlanHasVni) == 0) return Status::kMalformed;
  ++counters_.vxlan;
  // Elsewhere the bit is reserved, and whatever is there ignored (RFC 7348 §5).
  const bool names_next = (flags & kVxlanHasNext) != 0 && Uses(out_.tuple, udp_port::kVxlanGpe);
  const Bytes content = b.subspan(kVxlanHeader);
  if (!Enter(Tunnel::kVxlan, Load24(b, 4), content)) return Status::kTooDeep;
  if (!names_next) return Ethernet(content);
  switch (Load8(b, 3)) {
    case 1:
      return Ipv4(content);
    case 2:
      return Ipv6(content);
    case 3:
      return Ethernet(content);
    case 4:
      return Nsh(content);
    case 5:
      return Mpls(content);
    default:
      return Status::kNotIp;
  }
}

Status FrameWalk::Geneve(Bytes b) noexcept {
  if (b.size() < kGeneveHeader || Load8(b, 0) >> 6 != 0) return Status::kMalformed;
  const std::size_t header = kGeneveHeader + (Load8(b, 0) & 0x3fu) * 4;
  if (header > b.size()) return Status::kMalformed;
  ++counters_.geneve;
  if (!Enter(Tunnel::kGeneve, Load24(b, 4), b.subspan(header))) return Status::kTooDeep;
  return EtherType(Load16(b, 2), b.subspan(header));
}

Status FrameWalk::GtpU(Bytes b) noexcept {
  if (b.size() < kGtpHeader) return Status::kMalformed;
  const std::uint8_t flags = Load8(b, 0);
  if ((flags & kGtpVersionMask) == kGtpVersion0) return Gtp0(b);
  if ((flags & kGtpVersionMask) != kGtpVersion1 || Load8(b, 1) != kGtpDatagram) return Status::kNotIp;
  std::size_t header = kGtpHeader;
  if ((flags & kGtpAnyOptional) != 0) {
    header += kGtpOptional;
    if (header > b.size()) return Status::kMalformed;
    std::uint8_t next = (flags & kGtpExtension) != 0 ? Load8(b, header - 1) : 0;
    while (next != 0) {
      if (header >= b.size()) return Status::kMalformed;
      const std::size_t length = std::size_t{Load8(b, header)} * 4;
      if (length == 0 || header + length > b.size()) return Status::kMalformed;
      header += length;
      next = Load8(b, header - 1);
    }
  }
  ++counters_.gtp;
  if (!Enter(Tunnel::kGtpU, Load32(b, 4), b.subspan(header))) return Status::kTooDeep;
  return AnyIp(b.subspan(header));
}

// GTP version 0 (3GPP TS 09.60): a fixed header, in which a flow label stands for the tunnel.
Status FrameWalk::Gtp0(Bytes b) noexcept {
  constexpr std::size_t kHeader = 20;
  if (b.size() < kHeader) return Status::kMalformed;
  if (Load8(b, 1) != kGtpDatagram) return Status::kNotIp;
  ++counters_.gtp;
  if (!Enter(Tunnel::kGtpU, Load16(b, 6), b.subspan(kHeader))) return Status::kTooDeep;
  return AnyIp(b.subspan(kHeader));
}

// Data messages of version 2, and of version 3 over UDP (RFC 3931 §4.1.2.1).
Status FrameWalk::L2tp(Bytes b) noexcept {
  if (b.size() < 6) return Status::kMalformed;
  const std::uint16_t flags = Load16(b, 0);
  if ((flags & 0x800f) == 3) return L2tp3(b.subspan(4));
  if ((flags & 0x000f) != 2 || (flags & kL2tpControl) != 0) return Status::kNotIp;
  std::size_t header = (flags & kL2tpLength) != 0 ? 4 : 2;
  if (b.size() < header + 4) return Status::kMalformed;
  const std::uint32_t session = Load32(b, header);
  header += 4;
  if ((flags & kL2tpSequence) != 0) header += 4;
  if ((flags & kL2tpOffset) != 0) {
    if (b.size() < header + 2) return Status::kMalformed;
    header += 2u + Load16(b, header);
  }
  if (header > b.size()) return Status::kMalformed;
  ++counters_.l2tp;
  if (!Enter(Tunnel::kL2tp, session, b.subspan(header))) return Status::kTooDeep;
  return Ppp(b.subspan(header));
}

// RFC 3931 from the session id on. Neither the cookie (0, 4 or 8 bytes) nor the sublayer (0 or 4) nor the kind of frame
// is said in the packet: they were agreed upon when the session was opened. What reads as IP is it.
Status FrameWalk::L2tp3(Bytes b) noexcept {
  constexpr std::size_t kSession = 4, kMostBetween = 12;
  if (b.size() < kSession) return Status::kMalformed;
  const std::uint32_t session = Load32(b, 0);
  if (session == 0) return Status::kNotIp;  // control
  for (std::size_t header = kSession; header <= kSession + kMostBetween && header < b.size(); header += 4) {
    const Bytes content = b.subspan(header);
    const auto as = [&](auto&& read) {
      return [this, session, content, read] {
        ++counters_.l2tp;
        return Enter(Tunnel::kL2tp, session, content) ? read(content) : Status::kTooDeep;
      };
    };
    Status status;
    if (Attempt(status, as([this](Bytes c) { return Ethernet(c); }))) return status;
    if (Attempt(status, as([this](Bytes c) { return Ppp(c); }))) return status;
  }
  return Status::kNotIp;
}

// TaZmen Sniffer Protocol: version, type, what is carried; then fields with a type and, but for the two without
// content, a length, up to an end mark.
Status FrameWalk::Tzsp(Bytes b) noexcept {
  constexpr std::uint8_t kVersion = 1, kReceived = 0, kToSend = 1, kPadding = 0, kEnd = 1;
  constexpr std::uint16_t kEthernet = 1, kWifi = 18, kPrism = 119;
  if (b.size() < 4 || Load8(b, 0) != kVersion) return Status::kMalformed;
  if (Load8(b, 1) != kReceived && Load8(b, 1) != kToSend) return Status::kNotIp;
  const std::uint16_t carried = Load16(b, 2);
  b = b.subspan(4);
  while (!b.empty() && Load8(b, 0) != kEnd) {
    const std::size_t field = Load8(b, 0) == kPadding ? 1 : b.size() < 2 ? b.size() + 1 : 2u + Load8(b, 1);
    if (field > b.size()) return Status::kMalformed;
    b = b.subspan(field);
  }
  if (b.empty()) return Status::kMalformed;
  b = b.subspan(1);
  ++counters_.tzsp;
  if (!Enter(Tunnel::kTzsp, 0, b)) return Status::kTooDeep;
  switch (carried) {
    case kEthernet: return Ethernet(b);
    case kWifi: return Wifi(b, false);
    case kPrism: return Prism(b);
    default: return Status::kNotIp;
  }
}

// A bubble (RFC 4380 §2.8) is an IPv6 header that opens a way; what may follow is for nobody. Its flow is that of the
// datagram around it, between the Teredo addresses: it is the beginning of whatever they will say to each other.
Status FrameWalk::Teredo(Bytes ipv6) noexcept {
  ++counters_.teredo;
  if (!Enter(Tunnel::kTeredo, 0, ipv6)) return Status::kTooDeep;
  const TunnelLayer& carrier = out_.tunnels[out_.tunnel_count - 1];
  const Status status = Ipv6(ipv6);
  if (status == Status::kOk && out_.tuple.protocol == next_header::kNone) {
    out_.tuple.protocol = carrier.protocol;
    out_.tuple.source_port = carrier.source_port;
    out_.tuple.destination_port = carrier.destination_port;
  }
  return status;
}

}  // namespace gander::decode
