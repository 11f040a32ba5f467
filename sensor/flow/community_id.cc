// SPDX-License-Identifier: Apache-2.0
#include "flow/community_id.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace gander::flow {
namespace {

struct TypePair {
  std::uint8_t type, counterpart;
};

// Types that come in request and reply; their counterpart takes the place of the second port. All others are
// one-way.
constexpr TypePair kIcmpPairs[] = {{0, 8},   {8, 0},   {9, 10},  {10, 9},  {13, 14},
                                   {14, 13}, {15, 16}, {16, 15}, {17, 18}, {18, 17}};
constexpr TypePair kIcmp6Pairs[] = {{128, 129}, {129, 128}, {130, 131}, {131, 130}, {133, 134}, {134, 133},
                                    {135, 136}, {136, 135}, {139, 140}, {140, 139}, {144, 145}, {145, 144}};

template <std::size_t n>
bool FindCounterpart(const TypePair (&pairs)[n], std::uint16_t type, std::uint16_t& counterpart) noexcept {
  const auto* found = std::find_if(pairs, pairs + n, [&](const TypePair& p) { return p.type == type; });
  if (found == pairs + n) return false;
  counterpart = found->counterpart;
  return true;
}

// Puts the ICMP pseudo ports in place; true when the flow has one direction only and must not be ordered.
bool MapIcmp(FiveTuple& t) noexcept {
  if (t.protocol == ip_proto::kIcmp) return !FindCounterpart(kIcmpPairs, t.source_port, t.destination_port);
  if (t.protocol == ip_proto::kIcmp6) return !FindCounterpart(kIcmp6Pairs, t.source_port, t.destination_port);
  return false;
}

class Message {
 public:
  void Add16(std::uint16_t v) noexcept {
    bytes_[size_++] = static_cast<std::uint8_t>(v >> 8);
    bytes_[size_++] = static_cast<std::uint8_t>(v);
  }
  void Add8(std::uint8_t v) noexcept { bytes_[size_++] = v; }
  void Add(const IpAddress& a) noexcept {
    const std::size_t skip = a.v4 ? 12 : 0;
    std::memcpy(bytes_.data() + size_, a.octets.data() + skip, 16 - skip);
    size_ += 16 - skip;
  }
  std::array<std::uint8_t, SHA_DIGEST_LENGTH> Digest() const noexcept {
    std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest;
    SHA1(bytes_.data(), size_, digest.data());
    return digest;
  }

 private:
  std::array<std::uint8_t, 48> bytes_;
  std::size_t size_ = 0;
};

std::string Base64(const std::array<std::uint8_t, SHA_DIGEST_LENGTH>& digest) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t window = 0;
  int bits = 0;
  for (const std::uint8_t octet : digest) {
    window = window << 8 | octet;
    for (bits += 8; bits >= 6; bits -= 6) out += kAlphabet[window >> (bits - 6) & 63];
  }
  if (bits > 0) out += kAlphabet[window << (6 - bits) & 63];
  out.resize((out.size() + 3) / 4 * 4, '=');
  return out;
}

}  // namespace

std::string CommunityId(const FiveTuple& tuple, std::uint16_t seed) {
  FiveTuple t = tuple;
  const bool one_way = MapIcmp(t);
  const int order = std::memcmp(t.source.octets.data(), t.destination.octets.data(), 16);
  if (!one_way && (order > 0 || (order == 0 && t.source_port > t.destination_port))) t = t.Reversed();
  Message message;
  message.Add16(seed);
  message.Add(t.source);
  message.Add(t.destination);
  message.Add8(t.protocol);
  message.Add8(0);
  switch (t.protocol) {
    case ip_proto::kIcmp:
    case ip_proto::kTcp:
    case ip_proto::kUdp:
    case ip_proto::kIcmp6:
    case ip_proto::kSctp:
      message.Add16(t.source_port);
      message.Add16(t.destination_port);
      break;
    default:
      break;
  }
  return "1:" + Base64(message.Digest());
}

}  // namespace gander::flow
