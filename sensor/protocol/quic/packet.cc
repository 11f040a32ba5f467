// SPDX-License-Identifier: Apache-2.0
#include "protocol/quic/packet.h"

#include <array>

#include "protocol/quic/quic.h"

namespace gander::protocol::quic {
namespace {

constexpr std::uint8_t kLongHeader = 0x80, kFixedBit = 0x40;
constexpr std::size_t kMinClientDatagram = 1200;
constexpr std::size_t kAuthenticationHash = 12;  // of clear Google packets: FNV-1a, 96 bits
// Public flags of Google's own header.
constexpr std::uint8_t kHasVersion = 0x01, kReset = 0x02, kHasId = 0x08, kGoogleReserved = 0xc0;
constexpr std::size_t kGoogleId = 8;
constexpr std::uint32_t kQ034 = 0x51303334, kQ044 = 0x51303434;

// RFC 9000 §17.2; version 2 turns them by one (RFC 9369 §3.2).
PacketType LongType(std::uint8_t first, Family family) noexcept {
  constexpr std::array<PacketType, 4> kTypes = {PacketType::kInitial, PacketType::kZeroRtt, PacketType::kHandshake,
                                                PacketType::kRetry};
  const unsigned code = first >> 4 & 3;
  return kTypes[family == Family::kV2 ? (code + 3) % 4 : code];
}

// Frames of an Initial packet without encryption stand behind the packet number and a hash.
void ReadClear(ByteReader& r, std::size_t number_length, Packet& out) noexcept {
  r.Skip(number_length + kAuthenticationHash);
  if (!r.failed()) out.clear = r.rest();
}

// A version negotiation has little that is its own: one of the versions it offers must be known here.
bool OffersKnownVersion(ByteReader& r) noexcept {
  if (r.remaining() % 4 != 0) return false;
  bool known = false;
  while (r.remaining() > 0) {
    const std::uint32_t version = r.U32();
    known = known || IsReserved(version) || Classify(version).family != Family::kUnknown;
  }
  return known;
}

// Q044 to Q049: the lengths of both ids share an octet, as in draft 13.
bool ReadGoogleLong(ByteReader& r, std::uint8_t first, Packet& out) noexcept {
  const std::uint8_t lengths = r.U8();
  const auto id_length = [](unsigned code) -> std::size_t { return code == 0 ? 0 : code + 3; };
  out.destination_id = r.Take(id_length(lengths >> 4));
  r.Skip(id_length(lengths & 0xf));
  if (r.failed()) return false;
  const bool old = out.number == kQ044;  // counts types down from 0x7f and packet numbers in four bytes
  out.type = old ? (first == 0xff ? PacketType::kInitial : PacketType::kOther) : LongType(first, out.version.family);
  if (out.type == PacketType::kInitial) ReadClear(r, old ? 4 : (first & 3u) + 1, out);
  return true;
}

bool ReadGoogleShort(ByteReader& r, std::uint8_t first, Packet& out) noexcept {
  if ((first & (kGoogleReserved | kReset)) != 0 || (first & kHasVersion) == 0 || (first & kHasId) == 0) return false;
  out.destination_id = r.Take(kGoogleId);
  out.number = r.U32();
  out.version = Classify(out.number);
  if (r.failed() || out.version.family != Family::kGoogleShort) return false;
  constexpr std::array<std::uint8_t, 4> kNumberLengths = {1, 2, 4, 6};
  out.type = PacketType::kInitial;
  const std::size_t private_flags = out.number < kQ034 ? 1 : 0;
  ReadClear(r, kNumberLengths[first >> 4 & 3] + private_flags, out);
  return true;
}

bool ReadLong(ByteReader& r, std::uint8_t first, Packet& out) noexcept {
  out.number = r.U32();
  out.version = Classify(out.number);
  if (out.version.family == Family::kGoogleLong) return ReadGoogleLong(r, first, out);
  out.destination_id = r.Take(r.U8());
  r.Skip(r.U8());
  if (r.failed()) return false;
  if (out.number == 0) {
    out.type = PacketType::kNegotiation;
    return OffersKnownVersion(r);
  }
  // Who provokes a negotiation is a client, and pads its first datagram (RFC 9000 §14.1).
  if (out.version.salt == nullptr) return IsReserved(out.number) && out.bytes.size() >= kMinClientDatagram;
  if (out.destination_id.size() > kMaxConnectionId) return false;
  out.type = LongType(first, out.version.family);
  if (out.type == PacketType::kRetry) return true;
  if (out.type == PacketType::kInitial) r.Skip(ReadVarint(r));  // token
  const std::uint64_t length = ReadVarint(r);
  if (r.failed() || length > r.remaining()) return false;
  out.packet_number_at = r.position();
  out.bytes = out.bytes.first(r.position() + static_cast<std::size_t>(length));
  return true;
}

}  // namespace

std::uint64_t ReadVarint(ByteReader& r) noexcept {
  const std::uint8_t first = r.U8();
  std::uint64_t value = first & 0x3f;
  for (int more = (1 << (first >> 6)) - 1; more > 0; --more) value = value << 8 | r.U8();
  return value;
}

bool TakePacket(Bytes& datagram, Packet& out) noexcept {
  if (datagram.empty()) return false;
  out = {};
  out.bytes = datagram;
  ByteReader r(datagram);
  const std::uint8_t first = r.U8();
  bool ok;
  if ((first & kLongHeader) != 0) {
    ok = ReadLong(r, first, out);
  } else if ((first & kFixedBit) != 0) {
    out.type = PacketType::kShort;
    ok = true;
  } else {
    ok = ReadGoogleShort(r, first, out);
  }
  datagram = ok ? datagram.subspan(out.bytes.size()) : Bytes{};
  return ok;
}

}  // namespace gander::protocol::quic
