// SPDX-License-Identifier: Apache-2.0
// What may stand between link and network layer: MPLS labels, PPPoE, service chaining, switch fabrics' tags.
#include "decode/checksum.h"
#include "decode/frame_walk.h"
#include "decode/numbers.h"
#include "decode/wire.h"

namespace gander::decode {
namespace {

constexpr std::uint32_t kBottomOfStack = 0x100;
constexpr std::size_t kControlWord = 4;
constexpr std::size_t kPppoeHeader = 6;
constexpr std::size_t kNshFixed = 8;

bool HasIpv4Sum(Bytes b) noexcept {
  const std::size_t header = (Load8(b, 0) & 0x0fu) * 4;
  return header <= b.size() && OnesSum(b.first(header)) == 0xffff;
}

}  // namespace

// RFC 3032. What follows the last label is not said: the first nibble tells IP, RFC 4385's control word of a
// pseudowire is zero there, and what remains may be Ethernet without one.
Status FrameWalk::Mpls(Bytes b) noexcept {
  std::uint32_t label;
  do {
    if (b.size() < 4) return Status::kMalformed;
    label = Load32(b, 0);
    if (out_.label_count < kMaxLabels) out_.labels[out_.label_count++] = label >> 12;
    b = b.subspan(4);
  } while ((label & kBottomOfStack) == 0);
  ++counters_.mpls;
  if (!EnterWithoutAddresses(Tunnel::kMpls, label >> 12)) return Status::kTooDeep;
  if (b.empty()) return Status::kMalformed;
  Status status;
  const auto ethernet = [&] { return Ethernet(b); };
  switch (Load8(b, 0) >> 4) {
    case 0:
      if (b.size() > kControlWord && Attempt(status, [&] { return InnerEthernet(b, kControlWord); }))
        return status;
      break;
    case 4:  // or a hardware address that begins so: a router's IPv4 header has a correct sum
      if (!HasIpv4Sum(b) && Attempt(status, ethernet)) return status;
      if (Attempt(status, [&] { return Ipv4(b); })) return status;
      break;
    case 6:
      if (Attempt(status, [&] { return Ipv6(b); })) return status;
      break;
    default:
      break;
  }
  return Attempt(status, ethernet) ? status : Status::kNotIp;
}

// RFC 2516, session stage.
Status FrameWalk::Pppoe(Bytes b) noexcept {
  if (b.size() < kPppoeHeader) return Status::kMalformed;
  if (Load8(b, 0) != 0x11) return Status::kMalformed;
  if (Load8(b, 1) != 0) return Status::kNotIp;  // discovery
  ++counters_.pppoe;
  if (!EnterWithoutAddresses(Tunnel::kPppoe, Load16(b, 2))) return Status::kTooDeep;
  return Ppp(b.subspan(kPppoeHeader));
}

// RFC 8300.
Status FrameWalk::Nsh(Bytes b) noexcept {
  if (b.size() < kNshFixed) return Status::kMalformed;
  const std::size_t length = std::size_t{Load8(b, 1) & 0x3fu} * 4;
  if (length < kNshFixed || length > b.size()) return Status::kMalformed;
  ++counters_.nsh;
  if (!EnterWithoutAddresses(Tunnel::kNsh, Load24(b, 4))) return Status::kTooDeep;
  const Bytes content = b.subspan(length);
  switch (Load8(b, 3)) {
    case 1:
      return Ipv4(content);
    case 2:
      return Ipv6(content);
    case 3:
      return InnerEthernet(content, 0);
    case 4:
      return Nsh(content);
    case 5:
      return Mpls(content);
    default:
      return Status::kNotIp;
  }
}

// RFC 6325: six bytes, options in words of four, an Ethernet frame.
Status FrameWalk::Trill(Bytes b) noexcept {
  constexpr std::size_t kFixed = 6;
  if (b.size() < kFixed) return Status::kMalformed;
  ++counters_.trill;
  return InnerEthernet(b, kFixed + (Load16(b, 0) >> 6 & 0x1fu) * 4);
}

// IEEE 802.1AE. A frame that is only authenticated stays readable: its EtherType follows the tag.
Status FrameWalk::Macsec(Bytes b) noexcept {
  constexpr std::uint8_t kHasChannel = 0x20, kEncrypted = 0x08, kChanged = 0x04;
  constexpr std::size_t kTag = 6, kChannel = 8;  // as they follow the EtherType
  if (b.size() < kTag) return Status::kMalformed;
  ++counters_.macsec;
  const std::uint8_t control = Load8(b, 0);
  if ((control & (kEncrypted | kChanged)) != 0) return Status::kNotIp;
  return SkipShim(b, kTag + ((control & kHasChannel) != 0 ? kChannel : 0) + 2);
}

Status FrameWalk::SkipShim(Bytes b, std::size_t header) noexcept {
  if (b.size() < header) return Status::kMalformed;
  return EtherType(Load16(b, header - 2), b.subspan(header));
}

Status FrameWalk::InnerEthernet(Bytes b, std::size_t header) noexcept {
  if (b.size() < header) return Status::kMalformed;
  return Ethernet(b.subspan(header));
}

}  // namespace gander::decode
