// SPDX-License-Identifier: Apache-2.0
#include "protocol/rtp/packet.h"

#include <array>

#include "base/byte_reader.h"

namespace gander::protocol::rtp {
namespace {

constexpr std::uint8_t kVersionMask = 0xc0, kVersion2 = 0x80, kPadding = 0x20, kExtension = 0x10, kSources = 0x0f;
constexpr std::uint8_t kFirstControl = 192, kLastControl = 223;  // of RTCP (RFC 5761 §4)

struct Codec {
  std::uint8_t payload_type;
  std::uint8_t unit;  // a payload is a multiple of so many bytes; 0 = of any size
  const char* name;
};
// Ten milliseconds of a codec with samples, else its frame.
constexpr Codec kCodecs[] = {
    {0, 80, "PCMU"}, {3, 33, "GSM"},  {4, 4, "G723"},  {5, 1, "DVI4"},  {6, 1, "DVI4"},    {7, 1, "LPC"},
    {8, 80, "PCMA"}, {9, 80, "G722"}, {10, 4, "L16"},  {11, 2, "L16"},  {12, 1, "QCELP"},  {13, 1, "CN"},
    {14, 1, "MPA"},  {15, 1, "G728"}, {16, 1, "DVI4"}, {17, 1, "DVI4"}, {18, 2, "G729"},   {25, 1, "CelB"},
    {26, 1, "JPEG"}, {28, 1, "nv"},   {31, 1, "H261"}, {32, 1, "MPV"},  {33, 188, "MP2T"}, {34, 1, "H263"},
};

const Codec* Find(std::uint8_t payload_type) noexcept {
  for (const Codec& codec : kCodecs) {
    if (codec.payload_type == payload_type) return &codec;
  }
  return nullptr;
}

}  // namespace

bool ReadPacket(Bytes datagram, Packet& out) noexcept {
  ByteReader r(datagram);
  const std::uint8_t first = r.U8(), second = r.U8();
  if ((first & kVersionMask) != kVersion2 || (second >= kFirstControl && second <= kLastControl)) return false;
  out.payload_type = second & 0x7f;
  out.plain = first == kVersion2;
  out.sequence = r.U16();
  out.timestamp = r.U32();
  out.ssrc = r.U32();
  r.Skip(4u * (first & kSources));
  if ((first & kExtension) != 0) {
    r.Skip(2);
    const std::size_t words = r.U16();
    r.Skip(4 * words);
  }
  if (r.failed()) return false;
  out.payload = r.rest();
  if ((first & kPadding) == 0) return true;
  const std::size_t padding = out.payload.empty() ? 0 : Octets(out.payload)[out.payload.size() - 1];
  if (padding == 0 || padding > out.payload.size()) return false;
  out.payload = out.payload.first(out.payload.size() - padding);
  return true;
}

const char* CodecOf(std::uint8_t payload_type) noexcept {
  const Codec* codec = Find(payload_type);
  return codec != nullptr ? codec->name : nullptr;
}

bool SizeFits(std::uint8_t payload_type, std::size_t size) noexcept {
  const Codec* codec = Find(payload_type);
  return codec != nullptr && size > 0 && size % codec->unit == 0;
}

bool IsCompound(Bytes datagram) noexcept {
  ByteReader r(datagram);
  bool first = true;
  while (r.remaining() > 0) {
    const std::uint8_t head = r.U8(), type = r.U8();
    const std::size_t words = r.U16();
    if ((head & kVersionMask) != kVersion2 || type < kFirstControl || type > kLastControl) return false;
    if (first && type != kSenderReport && type != kReceiverReport) return false;
    // A sender report is 24 bytes, and each reception report in it or in a receiver's is as long.
    const std::size_t reports = (head & 0x1fu) * 6u + (type == kSenderReport ? 6u : 1u);
    if (first && words < reports) return false;
    r.Skip(4 * words);
    first = false;
  }
  return !first && !r.failed();
}

bool NextControl(Bytes& compound, ControlPacket& out) noexcept {
  ByteReader r(compound);
  out.count = r.U8() & 0x1f;
  out.type = r.U8();
  const std::size_t words = r.U16();
  out.content = r.Take(4 * words);
  if (r.failed()) return false;
  compound = r.rest();
  return true;
}

char DigitOf(Bytes payload) noexcept {
  constexpr char kDigits[] = "0123456789*#ABCD";
  constexpr std::uint8_t kReserved = 0x40;
  if (payload.size() != 4 || Octets(payload)[0] >= 16 || (Octets(payload)[1] & kReserved) != 0) return 0;
  return kDigits[Octets(payload)[0]];
}

}  // namespace gander::protocol::rtp
