// SPDX-License-Identifier: Apache-2.0
// The walk through the headers of one frame. Each member reads one layer, notes what it found in `out_` and
// goes on with the next; the status of the innermost comes back. Bounds: every layer consumes bytes, tunnels
// and nesting are limited, so a walk is linear in the frame.
#ifndef GANDER_DECODE_FRAME_WALK_H_
#define GANDER_DECODE_FRAME_WALK_H_

#include "decode/decoded.h"

namespace gander::decode {

class FrameWalk {
 public:
  FrameWalk(std::size_t frame_size, const Options& options, Counters& counters, Decoded& out) noexcept
      : options_(options), counters_(counters), out_(out), frame_size_(frame_size) {}

  // plain_frame.cc: a frame as most are, read in one piece. False: it is another, and nothing was noted.
  bool Plain(Bytes frame) noexcept;
  // link_layer.cc
  Status Link(LinkType link, Bytes frame) noexcept;
  // ip_layer.cc: an IP header's payload, behind all IPv6 extension headers. `claimed`: its length as the
  // header states.
  Status IpPayload(std::uint8_t protocol, Bytes payload, std::size_t claimed) noexcept;

 private:
  // Each notes nothing where it says false.
  bool PlainTcp(Bytes tcp) noexcept;
  bool PlainUdp(Bytes udp) noexcept;
  // link_layer.cc
  Status Ethernet(Bytes b) noexcept;
  Status EtherType(std::uint16_t type, Bytes b) noexcept;
  Status WithoutIp(std::uint16_t type) noexcept;
  Status Vlan(Bytes b) noexcept;
  Status Llc(Bytes b) noexcept;
  Status Cooked(Bytes b) noexcept;
  Status CookedPayload(std::uint16_t hardware, std::uint16_t protocol, Bytes b) noexcept;
  Status FrameRelay(Bytes b) noexcept;
  Status AddressFamily(Bytes b) noexcept;
  Status Ppp(Bytes b) noexcept;
  Status PppHdlc(Bytes b) noexcept;
  Status CiscoHdlc(Bytes b) noexcept;
  Status AnyIp(Bytes b) noexcept;
  // wrapped_link.cc: what a capturing machine puts in front of a link layer
  Status Wrapped(LinkType link, Bytes frame) noexcept;
  Status LinkBehind(LinkType link, Bytes frame, std::size_t header) noexcept;
  Status Ppi(Bytes b) noexcept;
  Status Pktap(Bytes b) noexcept;
  Status Nflog(Bytes b) noexcept;
  Status Pflog(Bytes b) noexcept;
  Status Erf(Bytes b) noexcept;
  Status TokenRing(Bytes b) noexcept;
  // wifi_layer.cc
  Status Radiotap(Bytes b) noexcept;
  Status Prism(Bytes b) noexcept;
  Status Wifi(Bytes b, bool padded) noexcept;
  // label_layer.cc: shims between link and network layer
  Status Mpls(Bytes b) noexcept;
  Status Pppoe(Bytes b) noexcept;
  Status Nsh(Bytes b) noexcept;
  Status Trill(Bytes b) noexcept;
  Status Macsec(Bytes b) noexcept;
  Status SkipShim(Bytes b, std::size_t header) noexcept;  // ends in an EtherType
  Status InnerEthernet(Bytes b, std::size_t header) noexcept;
  // ip_layer.cc
  Status Ipv4(Bytes b) noexcept;
  Status Ipv6(Bytes b) noexcept;
  void VerifyIpv4(Bytes header) noexcept;
  Status Fragment6(Bytes b, std::size_t claimed) noexcept;
  Status Transport(std::uint8_t protocol, Bytes b, std::size_t claimed) noexcept;
  Status IpInIp(std::uint8_t protocol, Bytes payload) noexcept;
  // transport_layer.cc
  Status Tcp(Bytes b) noexcept;
  static std::uint8_t WindowScale(Bytes options) noexcept;
  Status Udp(Bytes b, std::size_t claimed) noexcept;
  Status Icmp(Bytes b) noexcept;
  Status Sctp(Bytes b) noexcept;
  Status Esp(Bytes b) noexcept;
  void VerifyTransport(Bytes b, std::size_t sum_at) noexcept;
  // gre_tunnel.cc
  Status Gre(Bytes b) noexcept;
  Status Erspan(std::uint16_t type, bool sequenced, Bytes b) noexcept;
  // udp_tunnel.cc. True when the datagram was a tunnel and `status` is that of its content.
  bool UdpTunnel(Bytes b, Status& status) noexcept;
  bool UdpTeredo(Bytes b, Status& status) noexcept;
  static bool MayBeTeredo(Bytes b) noexcept;
  bool PortMayTunnel(std::uint16_t source, std::uint16_t destination) const noexcept;
  Status Vxlan(Bytes b) noexcept;
  Status Geneve(Bytes b) noexcept;
  Status GtpU(Bytes b) noexcept;
  Status Gtp0(Bytes b) noexcept;
  Status L2tp(Bytes b) noexcept;
  Status L2tp3(Bytes session) noexcept;
  Status Teredo(Bytes ipv6) noexcept;
  Status Tzsp(Bytes b) noexcept;

  // Notes a tunnel whose outer addresses are those at hand. False: too many, the content must not be read.
  bool Enter(Tunnel kind, std::uint32_t id, Bytes content) noexcept;
  bool EnterWithoutAddresses(Tunnel kind, std::uint32_t id) noexcept;
  // `read` walks what may be the content of a tunnel. Unless it finds IP, everything stands as it was before,
  // and the answer is false.
  template <class F>
  bool Attempt(Status& status, F&& read) noexcept {
    const Decoded outer = out_;
    const Counters counted = counters_;
    status = read();
    if (status == Status::kOk || status == Status::kFragment || status == Status::kTooDeep) return true;
    out_ = outer;
    counters_ = counted;
    return false;
  }
  // A datagram that stands as it is unless its content, read by `read`, carries IP.
  template <class F>
  Status DatagramOr(F&& read) noexcept {
    Status status;
    return Attempt(status, read) ? status : Status::kOk;
  }
  void SetPayload(Bytes payload, std::size_t claimed) noexcept {
    out_.payload = payload;
    out_.payload_missing =
        claimed > payload.size() ? static_cast<std::uint32_t>(claimed - payload.size()) : 0;
  }

  const Options& options_;
  Counters& counters_;
  Decoded& out_;
  const std::size_t frame_size_;
  int depth_ = 0;  // link layers inside link layers
};

}  // namespace gander::decode

#endif  // GANDER_DECODE_FRAME_WALK_H_
