// SPDX-License-Identifier: Apache-2.0
#include "decode/peek.h"

#include <cstring>

#include "decode/numbers.h"
#include "decode/wire.h"

namespace gander::decode {
namespace {

constexpr std::size_t kEthernetHeader = 14, kVlanTag = 4, kIpv4Header = 20, kIpv6Header = 40, kUdpHeader = 8;
constexpr std::size_t kTcpHeader = 20, kIcmpHeader = 4, kTunnelHeader = 8;

// What one level of headers leads to.
enum class Step : std::uint8_t {
  kFound,   // the innermost pair
  kTunnel,  // a candidate for a tunnel: `content` is its payload, the ports tell which
  kUnsure,  // leave it to Decode
};

// Reads the plain cases only, and those as strictly as FrameWalk does.
class Glance {
 public:
  explicit Glance(const Options& options) noexcept : options_(options) {}

  Step Ethernet(Bytes b) noexcept {
    if (b.size() < kEthernetHeader) return Step::kUnsure;
    std::uint16_t type = Load16(b, kEthernetHeader - 2);
    b = b.subspan(kEthernetHeader);
    if (type == ethertype::kVlan && b.size() >= kVlanTag) {
      type = Load16(b, 2);
      b = b.subspan(kVlanTag);
    }
    return Network(type, b);
  }

  Step Network(std::uint16_t type, Bytes b) noexcept {
    if (type == ethertype::kIpv4) return Ipv4(b);
    if (type == ethertype::kIpv6) return Ipv6(b);
    return Step::kUnsure;
  }

  // The content of the UDP datagram found last, where it is an everyday tunnel.
  Step Enter() noexcept {
    const Bytes b = content_;
    const bool other_vxlan = Uses(udp_port::kVxlanLinux) || Uses(udp_port::kVxlanGpe);
    if (b.size() < kTunnelHeader || other_vxlan) return Step::kUnsure;
    if (Uses(options_.vxlan_port)) {
      constexpr std::uint8_t kHasVni = 0x08, kHasNext = 0x04;
      if ((Load8(b, 0) & (kHasVni | kHasNext)) != kHasVni) return Step::kUnsure;
      return Ethernet(b.subspan(kTunnelHeader));
    }
    if (Uses(options_.geneve_port)) {
      const std::size_t header = kTunnelHeader + (Load8(b, 0) & 0x3fu) * 4;
      if (Load8(b, 0) >> 6 != 0 || header > b.size()) return Step::kUnsure;
      const std::uint16_t type = Load16(b, 2);
      if (type == ethertype::kTransparentEthernet) return Ethernet(b.subspan(header));
      return Network(type, b.subspan(header));
    }
    if (Uses(options_.gtpu_port)) {
      if (Load16(b, 0) != 0x30ff) return Step::kUnsure;  // version 1 without options, a datagram
      const Bytes inner = b.subspan(kTunnelHeader);
      if (inner.empty()) return Step::kUnsure;
      return Load8(inner, 0) >> 4 == 4 ? Ipv4(inner) : Ipv6(inner);
    }
    return Step::kUnsure;
  }

  std::uint32_t hash() const noexcept { return HostPairHash(source_, destination_); }

 private:
  Step Ipv4(Bytes b) noexcept {
    if (b.size() < kIpv4Header || Load8(b, 0) != 0x45) return Step::kUnsure;
    const std::size_t total = Load16(b, 2);
    if (total < kIpv4Header || (Load16(b, 6) & 0x3fff) != 0) return Step::kUnsure;
    constexpr std::uint64_t kMapped = 0xffff0000;  // ::ffff:a.b.c.d, little-endian
    std::uint32_t four[2];
    std::memcpy(four, b.data() + 12, sizeof four);
    source_ = {0, std::uint64_t{four[0]} << 32 | kMapped};
    destination_ = {0, std::uint64_t{four[1]} << 32 | kMapped};
    is_v4_ = true;
    const std::size_t captured = total < b.size() ? total : b.size();
    return Transport(Load8(b, 9), b.subspan(kIpv4Header, captured - kIpv4Header));
  }

  Step Ipv6(Bytes b) noexcept {
    if (b.size() < kIpv6Header || Load8(b, 0) >> 4 != 6) return Step::kUnsure;
    const std::size_t length = Load16(b, 4), captured = b.size() - kIpv6Header;
    if (length == 0) return Step::kUnsure;
    std::memcpy(&source_, b.data() + 8, sizeof source_);
    std::memcpy(&destination_, b.data() + 24, sizeof destination_);
    is_v4_ = false;
    return Transport(Load8(b, 6), b.subspan(kIpv6Header, length < captured ? length : captured));
  }

  Step Transport(std::uint8_t protocol, Bytes b) noexcept {
    switch (protocol) {
      case ip_proto::kTcp: {
        // A header longer than its segment is malformed, and where that ends a capture may have cut off.
        const bool plain =
            b.size() >= kTcpHeader && Load8(b, 12) >> 4 >= 5 && (Load8(b, 12) >> 4) * 4u <= b.size();
        return plain ? Step::kFound : Step::kUnsure;
      }
      case ip_proto::kIcmp:
      case ip_proto::kIcmp6:
        return b.size() >= kIcmpHeader ? Step::kFound : Step::kUnsure;
      case ip_proto::kUdp:
        return Udp(b);
      default:
        return Step::kUnsure;
    }
  }

  Step Udp(Bytes b) noexcept {
    if (b.size() < kUdpHeader) return Step::kUnsure;
    const std::size_t length = Load16(b, 4);
    if (length < kUdpHeader) return Step::kUnsure;
    ports_[0] = Load16(b, 0);
    ports_[1] = Load16(b, 2);
    content_ = b.subspan(kUdpHeader, (length < b.size() ? length : b.size()) - kUdpHeader);
    if (content_.size() < kTunnelHeader) return Step::kFound;
    if (MayBeTunnel()) return Step::kTunnel;
    // Teredo takes any port: what could be IPv6, or a header in front of it (RFC 4380 §5.1.1), is for Decode.
    const bool teredo = is_v4_ && options_.teredo_port != 0 && content_.size() >= kIpv6Header &&
                        (Load8(content_, 0) >> 4 == 6 || Load8(content_, 0) == 0);
    return teredo ? Step::kUnsure : Step::kFound;
  }

  bool MayBeTunnel() const noexcept {
    return Uses(options_.vxlan_port) || Uses(options_.geneve_port) || Uses(options_.gtpu_port) ||
           Uses(udp_port::kVxlanLinux) || Uses(udp_port::kVxlanGpe) || Uses(udp_port::kL2tp) ||
           Uses(udp_port::kGreInUdp) || Uses(udp_port::kMplsInUdp) || Uses(udp_port::kGtp0) ||
           Uses(udp_port::kTzsp);
  }
  bool Uses(std::uint16_t port) const noexcept {
    return port != 0 && (ports_[0] == port || ports_[1] == port);
  }

  const Options& options_;
  AddressWords source_, destination_;
  bool is_v4_ = false;
  std::array<std::uint16_t, 2> ports_{};
  Bytes content_;
};

Pair Decoding(LinkType link, Bytes frame, const Options& options) noexcept {
  Counters counters{};
  Decoded d;
  const Status status = Decode(link, frame, options, counters, d);
  if (status != Status::kOk && status != Status::kFragment) return {};
  return {HostPairHash(d), d.tunnel_count > 0, status == Status::kFragment};
}

}  // namespace

Pair Peek(LinkType link, Bytes frame, const Options& options) noexcept {
  if (link != LinkType::kEthernet) return Decoding(link, frame, options);
  Glance glance(options);
  Step step = glance.Ethernet(frame);
  bool tunnel = false;
  for (std::size_t depth = 0; step == Step::kTunnel && depth < kMaxTunnels; ++depth) {
    step = glance.Enter();
    tunnel = true;
  }
  if (step != Step::kFound) return Decoding(link, frame, options);
  return {glance.hash(), tunnel, false};
}

}  // namespace gander::decode
