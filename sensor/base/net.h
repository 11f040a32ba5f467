// SPDX-License-Identifier: Apache-2.0
// Addresses, five-tuples and the direction of a flow.
#ifndef GANDER_BASE_NET_H_
#define GANDER_BASE_NET_H_

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace gander {

// An IPv4 or IPv6 address. IPv4 is held in its mapped form (::ffff:a.b.c.d, RFC 4291 §2.5.5.2), so one
// comparison and one prefix trie serve both; `v4` tells them apart when printed.
struct IpAddress {
  std::array<std::uint8_t, 16> octets{};
  bool v4 = false;

  // The octets as two numbers, the first octet uppermost: these order as the octets do, in two comparisons instead of
  // a call of memcmp. The aggregator's tables and maps compare addresses more than anything else.
  std::uint64_t upper() const noexcept { return __builtin_bswap64(WordAt(0)); }
  std::uint64_t lower() const noexcept { return __builtin_bswap64(WordAt(8)); }

  friend bool operator==(const IpAddress& a, const IpAddress& b) noexcept {
    return ((a.WordAt(0) ^ b.WordAt(0)) | (a.WordAt(8) ^ b.WordAt(8)) | std::uint64_t{a.v4 != b.v4}) == 0;
  }
  friend std::strong_ordering operator<=>(const IpAddress& a, const IpAddress& b) noexcept {
    if (a.upper() != b.upper()) return a.upper() <=> b.upper();
    if (a.lower() != b.lower()) return a.lower() <=> b.lower();
    return a.v4 <=> b.v4;
  }

  static IpAddress FromV4(std::uint32_t host_order) noexcept;
  static IpAddress FromV4Octets(const std::uint8_t* four) noexcept;
  static IpAddress FromV6Octets(const std::uint8_t* sixteen) noexcept;
  // Dotted quad or RFC 4291 text. Returns false when `text` is neither.
  static bool Parse(std::string_view text, IpAddress& out) noexcept;

  std::uint32_t v4_host_order() const noexcept;
  std::string ToString() const;  // RFC 5952 for IPv6

 private:
  std::uint64_t WordAt(std::size_t octet) const noexcept {
    std::uint64_t word;
    std::memcpy(&word, octets.data() + octet, sizeof word);
    static_assert(std::endian::native == std::endian::little);
    return word;
  }
};

// A network prefix. `length` counts bits of the mapped form: 10.0.0.0/8 is held as length 104.
struct IpPrefix {
  IpAddress address;
  std::uint8_t length = 0;

  auto operator<=>(const IpPrefix&) const = default;

  // "10.20.0.0/16", "fd20::/48", or a bare address for a host. Returns false when malformed or when
  // bits are set behind the prefix length.
  static bool Parse(std::string_view text, IpPrefix& out) noexcept;
  bool Contains(const IpAddress& a) const noexcept;
  std::string ToString() const;
};

namespace ip_proto {  // IANA protocol numbers
inline constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kGre = 47, kIcmp6 = 58, kSctp = 132;
}  // namespace ip_proto

// For ICMP the ports hold type and code, as EVE and Community ID expect.
struct FiveTuple {
  IpAddress source;
  IpAddress destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint8_t protocol = 0;

  auto operator<=>(const FiveTuple&) const = default;
  FiveTuple Reversed() const noexcept {
    return {destination, source, destination_port, source_port, protocol};
  }
};

// Client is who sent the first packet seen, or the side without the well-known port when the flow was
// picked up in the middle.
enum class Direction : std::uint8_t { kToServer = 0, kToClient = 1 };

constexpr Direction Opposite(Direction d) noexcept {
  return d == Direction::kToServer ? Direction::kToClient : Direction::kToServer;
}
constexpr std::size_t Index(Direction d) noexcept { return static_cast<std::size_t>(d); }

// "TCP", "UDP", "ICMP", "IPv6-ICMP", "SCTP", else the number in decimal (EVE's `proto`).
std::string ProtocolName(std::uint8_t protocol);

}  // namespace gander

#endif  // GANDER_BASE_NET_H_
