// SPDX-License-Identifier: Apache-2.0
// What a capturing machine puts in front of a frame (tcpdump.org/linktypes.html): a header that is skipped, or one that
// names the link layer behind it.
#include "decode/frame_walk.h"
#include "decode/numbers.h"
#include "decode/wire.h"

namespace gander::decode {
namespace {

constexpr int kMaxWrappings = 4;

std::uint16_t LoadLittle16(Bytes b, std::size_t at) noexcept { return __builtin_bswap16(Load16(b, at)); }
std::uint32_t LoadLittle32(Bytes b, std::size_t at) noexcept { return __builtin_bswap32(Load32(b, at)); }

// A number that the capturing machine wrote in its own byte order, and that is small.
std::uint32_t LoadNative32(Bytes b, std::size_t at) noexcept {
  const std::uint32_t big = Load32(b, at);
  return big > 0xffff ? __builtin_bswap32(big) : big;
}

constexpr std::size_t kMacs = 12;  // two Ethernet addresses, in front of a switch's tag

}  // namespace

Status FrameWalk::Wrapped(LinkType link, Bytes frame) noexcept {
  switch (link) {
    case LinkType::kPpi:
      return Ppi(frame);
    case LinkType::kPktap:
      return Pktap(frame);
    case LinkType::kNflog:
      return Nflog(frame);
    case LinkType::kPflog:
      return Pflog(frame);
    case LinkType::kErf:
      return Erf(frame);
    case LinkType::kTokenRing:
      return TokenRing(frame);
    case LinkType::kFddi:  // frame control and two addresses
      return frame.size() < 13 ? Status::kMalformed : Llc(frame.subspan(13));
    case LinkType::kAtmRfc1483:
      return Llc(frame);
    case LinkType::kIpOverFc:  // two addresses of eight bytes
      return frame.size() < 16 ? Status::kMalformed : Llc(frame.subspan(16));
    case LinkType::kEnc:  // address family, SPI, flags
      return frame.size() < 12 ? Status::kMalformed : AnyIp(frame.subspan(12));
    case LinkType::kPppWithDirection:
      return LinkBehind(LinkType::kPppHdlc, frame, 1);
    case LinkType::kCiscoHdlcWithDirection:
      return LinkBehind(LinkType::kCiscoHdlc, frame, 1);
    case LinkType::kFrameRelayWithDirection:
      return LinkBehind(LinkType::kFrameRelay, frame, 1);
    case LinkType::kNetAnalyzer:
    case LinkType::kDsaTagPrepended:
      return LinkBehind(LinkType::kEthernet, frame, 4);
    case LinkType::kNetAnalyzerPreamble:
      return LinkBehind(LinkType::kEthernet, frame, 12);
    case LinkType::kMpacket:
      return LinkBehind(LinkType::kEthernet, frame, 8);
    case LinkType::kDsaTagBroadcom:
    case LinkType::kDsaTagMarvell:
      return SkipShim(frame, kMacs + 4 + 2);
    case LinkType::kDsaTagMarvellEther:
      return SkipShim(frame, kMacs + 8 + 2);
    default:
      return Status::kUnknownLink;
  }
}

Status FrameWalk::LinkBehind(LinkType link, Bytes frame, std::size_t header) noexcept {
  if (frame.size() < header) return Status::kMalformed;
  if (++depth_ > kMaxWrappings) return Status::kTooDeep;
  return Link(link, frame.subspan(header));
}

// CACE's per-packet information: its length and the link type, little-endian.
Status FrameWalk::Ppi(Bytes b) noexcept {
  constexpr std::size_t kFixed = 8;
  if (b.size() < kFixed || LoadLittle16(b, 2) < kFixed) return Status::kMalformed;
  return LinkBehind(static_cast<LinkType>(LoadLittle32(b, 4)), b, LoadLittle16(b, 2));
}

// macOS: length and link type of what follows.
Status FrameWalk::Pktap(Bytes b) noexcept {
  if (b.size() < 12 || LoadNative32(b, 0) < 12) return Status::kMalformed;
  return LinkBehind(static_cast<LinkType>(LoadNative32(b, 8)), b, LoadNative32(b, 0));
}

// Linux's packet filter: attributes of native byte order, padded to four bytes; one of them is the packet.
Status FrameWalk::Nflog(Bytes b) noexcept {
  constexpr std::uint16_t kPayload = 9;
  constexpr std::size_t kAttribute = 4;
  if (b.size() < kAttribute || Load8(b, 1) != 0) return Status::kMalformed;  // family, version 0, resource
  b = b.subspan(kAttribute);
  // A length in the other order would be at least 256 times as large.
  const bool swapped = b.size() >= kAttribute && LoadLittle16(b, 0) > b.size();
  while (b.size() >= kAttribute) {
    const std::size_t length = swapped ? Load16(b, 0) : LoadLittle16(b, 0);
    const std::uint16_t type = (swapped ? Load16(b, 2) : LoadLittle16(b, 2)) & 0x7fff;
    if (length < kAttribute || length > b.size()) return Status::kMalformed;
    if (type == kPayload) return AnyIp(b.subspan(kAttribute, length - kAttribute));
    const std::size_t padded = (length + 3) / 4 * 4;
    b = b.subspan(padded < b.size() ? padded : b.size());
  }
  return Status::kNotIp;
}

// OpenBSD's packet filter: the first byte is the header's length without its padding to four bytes.
Status FrameWalk::Pflog(Bytes b) noexcept {
  if (b.empty()) return Status::kMalformed;
  const std::size_t header = (std::size_t{Load8(b, 0)} + 3) / 4 * 4;
  if (header < 4 || b.size() < header) return Status::kMalformed;
  return AnyIp(b.subspan(header));
}

// Endace's extensible record format: 16 bytes, extensions of 8 while the type's top bit says so, then by type.
Status FrameWalk::Erf(Bytes b) noexcept {
  constexpr std::size_t kHeader = 16, kExtension = 8;
  constexpr std::uint8_t kMore = 0x80, kHdlc = 1, kEthernet = 2, kColorHdlc = 10, kColorEthernet = 11,
                         kDspColorEthernet = 16, kIpv4 = 22, kIpv6 = 23;
  if (b.size() < kHeader) return Status::kMalformed;
  const std::uint8_t type = Load8(b, 8) & 0x7f;
  std::size_t header = kHeader;
  for (bool more = (Load8(b, 8) & kMore) != 0; more; header += kExtension) {
    if (b.size() < header + kExtension) return Status::kMalformed;
    more = (Load8(b, header) & kMore) != 0;
  }
  switch (type) {
    case kHdlc:
    case kColorHdlc:
      return LinkBehind(LinkType::kPppHdlc, b, header);
    case kEthernet:
    case kColorEthernet:
    case kDspColorEthernet:
      return LinkBehind(LinkType::kEthernet, b, header + 2);  // offset and padding
    case kIpv4:
    case kIpv6:
      return LinkBehind(LinkType::kRaw, b, header);
    default:
      return Status::kNotIp;
  }
}

// IEEE 802.5: access and frame control, addresses, and a source route where the sender's first bit says so.
Status FrameWalk::TokenRing(Bytes b) noexcept {
  constexpr std::size_t kHeader = 14;
  if (b.size() < kHeader) return Status::kMalformed;
  std::size_t header = kHeader;
  if ((Load8(b, 8) & 0x80) != 0) {
    if (b.size() < kHeader + 2) return Status::kMalformed;
    header += Load8(b, kHeader) & 0x1fu;
  }
  return b.size() < header ? Status::kMalformed : Llc(b.subspan(header));
}

}  // namespace gander::decode
