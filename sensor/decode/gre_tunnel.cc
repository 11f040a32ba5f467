// SPDX-License-Identifier: Apache-2.0
// GRE (RFC 2784, 2890, PPTP's version of RFC 2637), NVGRE (RFC 7637), ERSPAN (draft-foschiano-erspan).
#include "decode/frame_walk.h"
#include "decode/numbers.h"
#include "decode/wire.h"

namespace gander::decode {
namespace {

constexpr std::uint16_t kChecksum = 0x8000, kRouting = 0x4000, kKey = 0x2000, kSequence = 0x1000;
constexpr std::uint16_t kAcknowledgement = 0x0080, kVersionMask = 0x0007;
constexpr std::size_t kErspan2Header = 8, kErspan3Header = 12, kErspan3Extension = 8;
constexpr std::size_t kWccpRedirect = 4;
constexpr std::uint16_t kWifiTypes = 0x82;  // 0x8200 to 0x82ff, not registered

// Length of the source route entries (RFC 1701) at `at`, or more than there is when they are cut.
std::size_t RouteLength(Bytes b, std::size_t at) noexcept {
  const std::size_t begin = at;
  for (;;) {
    if (b.size() < at + 4) return b.size() + 1;
    const std::size_t length = Load8(b, at + 3);
    const bool last = Load16(b, at) == 0 && length == 0;
    at += 4 + length;
    if (last) return at - begin;
  }
}

}  // namespace

Status FrameWalk::Gre(Bytes b) noexcept {
  if (b.size() < 4) return Status::kMalformed;
  const std::uint16_t flags = Load16(b, 0), type = Load16(b, 2);
  const std::uint16_t version = flags & kVersionMask;
  if (version > 1) return Status::kMalformed;
  std::size_t header = 4;
  if (version == 0 && (flags & (kChecksum | kRouting)) != 0) header += 4;
  std::uint32_t key = 0;
  if ((flags & kKey) != 0) {
    if (b.size() < header + 4) return Status::kMalformed;
    key = Load32(b, header);
    header += 4;
  }
  if ((flags & kSequence) != 0) header += 4;
  if (version == 1 && (flags & kAcknowledgement) != 0) header += 4;
  if (version == 0 && (flags & kRouting) != 0) header += RouteLength(b, header);
  if (header > b.size()) return Status::kMalformed;
  const Bytes content = b.subspan(header);
  if (type == ethertype::kErspan2 || type == ethertype::kErspan3) {
    return Erspan(type, (flags & kSequence) != 0, content);
  }
  ++counters_.gre;
  const bool nvgre = type == ethertype::kTransparentEthernet && (flags & kKey) != 0;
  if (!Enter(nvgre ? Tunnel::kNvgre : Tunnel::kGre, nvgre ? key >> 8 : key, content)) return Status::kTooDeep;
  // Wireless controllers of one vendor tunnel frames of 802.11 to their access points.
  if (type >> 8 == kWifiTypes) return Wifi(content, false);
  if (type != ethertype::kWccp) return EtherType(type, content);
  // WCCP version 2 puts a redirect header before the datagram, version 1 does not.
  const bool bare = !content.empty() && Load8(content, 0) >> 4 == 4;
  return bare || content.size() < kWccpRedirect ? Ipv4(content) : Ipv4(content.subspan(kWccpRedirect));
}

// Type I has no header and no GRE sequence number, type II eight bytes, type III twelve and perhaps eight
// more.
Status FrameWalk::Erspan(std::uint16_t type, bool sequenced, Bytes b) noexcept {
  ++counters_.erspan;
  std::size_t header = 0;
  std::uint32_t session = 0;
  if (type == ethertype::kErspan3 || sequenced) {
    header = type == ethertype::kErspan3 ? kErspan3Header : kErspan2Header;
    if (b.size() < header) return Status::kMalformed;
    session = Load16(b, 2) & 0x03ffu;
    // The VLAN of the mirrored port, whose tag the frame may have lost.
    const std::uint16_t vlan = Load16(b, 0) & 0x0fff;
    if (vlan != 0 && out_.vlan_count < kMaxVlans) out_.vlans[out_.vlan_count++] = vlan;
    if (type == ethertype::kErspan3 && (Load8(b, 11) & 1) != 0) header += kErspan3Extension;
  }
  if (b.size() < header) return Status::kMalformed;
  if (!Enter(Tunnel::kErspan, session, b)) return Status::kTooDeep;
  return InnerEthernet(b, header);
}

}  // namespace gander::decode
