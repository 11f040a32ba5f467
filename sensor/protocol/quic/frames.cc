// SPDX-License-Identifier: Apache-2.0
#include "protocol/quic/frames.h"

#include <algorithm>

namespace gander::protocol::quic {
namespace {

constexpr std::uint8_t kPadding = 0x00, kPing = 0x01, kAck = 0x02, kAckEcn = 0x03, kCrypto = 0x06;
constexpr std::uint8_t kGooglePing = 0x07, kGoogleCrypto = 0x08, kGoogleStream = 0x80;
constexpr std::uint32_t kQ039 = 0x51303339;  // numbers are big-endian from here on

void SkipAck(ByteReader& r, bool ecn) noexcept {
  ReadVarint(r);  // largest acknowledged
  ReadVarint(r);  // delay
  std::uint64_t ranges = ReadVarint(r);
  ReadVarint(r);  // first range
  for (; ranges > 0 && !r.failed(); --ranges) {
    ReadVarint(r);
    ReadVarint(r);
  }
  for (int i = 0; ecn && i < 3; ++i) ReadVarint(r);
}

}  // namespace

bool TakeCrypto(Bytes& frames, Family family, std::uint64_t& offset, Bytes& data) noexcept {
  ByteReader r(frames);
  while (r.remaining() > 0) {
    frames = r.rest();
    const std::uint8_t type = r.U8();
    if (type == kPadding || type == kPing) continue;
    if (family == Family::kGoogleSealed && type == kGooglePing) continue;
    if (type == kAck || type == kAckEcn) {
      SkipAck(r, type == kAckEcn);
      if (r.failed()) return false;
      continue;
    }
    if (type != kCrypto && !(family == Family::kGoogleSealed && type == kGoogleCrypto)) return false;
    offset = ReadVarint(r);
    const std::uint64_t length = ReadVarint(r);
    if (r.failed() || length > r.remaining()) return false;
    data = r.Take(static_cast<std::size_t>(length));
    frames = r.rest();
    return true;
  }
  frames = {};
  return false;
}

Bytes FindGoogleHello(Bytes frames, std::uint32_t version) noexcept {
  ByteReader r(frames);
  std::uint8_t type = kPadding;
  while (r.remaining() > 0 && (type == kPadding || type == kGooglePing)) type = r.U8();
  if ((type & kGoogleStream) == 0) return {};
  // 1 F D OOO SS: a length follows, octets of the offset (none, 2 to 8), octets of the stream's id less one.
  const bool has_length = (type & 0x20) != 0;
  const unsigned offset_code = type >> 2 & 7;
  const std::size_t id_length = (type & 3u) + 1, offset_length = offset_code == 0 ? 0 : offset_code + 1;
  r.Skip(id_length);
  const Bytes offset = r.Take(offset_length);
  if (std::any_of(offset.begin(), offset.end(), [](std::byte b) { return b != std::byte{0}; })) return {};
  if (!has_length) return r.rest();
  const std::uint16_t stated = r.U16();
  const std::uint16_t length = version >= kQ039 ? stated : static_cast<std::uint16_t>(stated << 8 | stated >> 8);
  return r.failed() ? Bytes{} : r.Take(std::min<std::size_t>(length, r.remaining()));
}

}  // namespace gander::protocol::quic
