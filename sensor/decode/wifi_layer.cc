// SPDX-License-Identifier: Apache-2.0
// IEEE 802.11 data frames, bare or behind a header of radiotap (radiotap.org), Prism or AVS.
#include "decode/frame_walk.h"
#include "decode/wire.h"

namespace gander::decode {
namespace {

constexpr std::uint8_t kTypeMask = 0x0c, kTypeData = 0x08;
constexpr std::uint8_t kSubtypeNoData = 0x40, kSubtypeQos = 0x80;
constexpr std::uint8_t kToDistribution = 0x01, kFromDistribution = 0x02, kProtected = 0x40, kOrder = 0x80;
constexpr std::uint8_t kQosAggregate = 0x80;
constexpr std::size_t kDataHeader = 24;

constexpr std::uint32_t kPresentTsft = 1, kPresentFlags = 2, kPresentMore = 1u << 31;
constexpr std::uint8_t kFlagPadded = 0x20;
constexpr std::size_t kFixedRadiotap = 8;

std::uint32_t LoadLittle32(Bytes b, std::size_t at) noexcept { return __builtin_bswap32(Load32(b, at)); }

}  // namespace

Status FrameWalk::Radiotap(Bytes b) noexcept {
  if (b.size() < kFixedRadiotap) return Status::kMalformed;
  const std::size_t length = __builtin_bswap16(Load16(b, 2));
  if (length < kFixedRadiotap || length > b.size()) return Status::kMalformed;
  const std::uint32_t present = LoadLittle32(b, 4);
  std::size_t at = 8;
  for (std::uint32_t word = present; (word & kPresentMore) != 0; at += 4) {
    if (at + 4 > length) return Status::kMalformed;
    word = LoadLittle32(b, at);
  }
  bool padded = false;
  if ((present & kPresentFlags) != 0) {
    // TSFT, eight bytes on an eight-byte boundary, is the only field before the flags.
    if ((present & kPresentTsft) != 0) at = (at + 7) / 8 * 8 + 8;
    padded = at < length && (Load8(b, at) & kFlagPadded) != 0;
  }
  return Wifi(b.subspan(length), padded);
}

// The Prism monitor header has one length; AVS begins with its version and states its own, big-endian.
Status FrameWalk::Prism(Bytes b) noexcept {
  constexpr std::size_t kPrismHeader = 144;
  constexpr std::uint32_t kAvsVersion = 0x80211000, kAvsMask = 0xfffff000;
  if (b.size() < 8) return Status::kMalformed;
  const bool avs = (Load32(b, 0) & kAvsMask) == kAvsVersion;
  const std::size_t header = avs ? Load32(b, 4) : kPrismHeader;
  return b.size() < header ? Status::kMalformed : Wifi(b.subspan(header), false);
}

// `padded`: the header is followed by bytes up to a four-byte boundary. A frame check sequence at the end
// falls to the IP header's length.
Status FrameWalk::Wifi(Bytes b, bool padded) noexcept {
  if (b.size() < 2) return Status::kMalformed;
  const std::uint8_t kind = Load8(b, 0), flags = Load8(b, 1);
  if ((kind & kTypeMask) != kTypeData || (kind & kSubtypeNoData) != 0) return Status::kNotIp;
  if ((flags & kProtected) != 0) return Status::kNotIp;
  ++counters_.wifi;
  std::size_t header = kDataHeader;
  if ((flags & kToDistribution) != 0 && (flags & kFromDistribution) != 0) header += 6;
  if ((kind & kSubtypeQos) != 0) {
    if (b.size() < header + 2) return Status::kMalformed;
    if ((Load8(b, header) & kQosAggregate) != 0) return Status::kNotIp;  // several frames in one
    header += (flags & kOrder) != 0 ? 6 : 2;
  }
  if (padded) header = (header + 3) / 4 * 4;
  if (b.size() < header) return Status::kMalformed;
  return Llc(b.subspan(header));
}

}  // namespace gander::decode
