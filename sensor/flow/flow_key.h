// SPDX-License-Identifier: Apache-2.0
// A five-tuple without direction.
#ifndef GANDER_FLOW_FLOW_KEY_H_
#define GANDER_FLOW_FLOW_KEY_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/net.h"

namespace gander::flow {

struct FlowKey {
  using Words = std::array<std::uint64_t, 5>;  // low address, high address, link, ports and protocol
  Words words{};
  bool source_is_first = true;  // whether the tuple's source is the low end; not part of the key

  // Without a branch, since which end is the lower is a toss, and in halves as the decoder stores them: a load of
  // sixteen bytes would wait for two stores.
  static FlowKey Of(const FiveTuple& t, std::uint16_t link = 0) noexcept {
    const Halves s(t.source), d(t.destination);
    const Rank rank_s = s.Number(), rank_d = d.Number();
    const bool first = (rank_s < rank_d) | ((rank_s == rank_d) & (t.source_port <= t.destination_port));
    const std::uint64_t turn = first ? 0 : ~std::uint64_t{0};  // all ones where the ends change places
    const std::uint64_t low = (s.low ^ d.low) & turn, high = (s.high ^ d.high) & turn;
    const std::uint64_t port_s = t.source_port, port_d = t.destination_port, ports = (port_s ^ port_d) & turn;
    FlowKey key;
    key.source_is_first = first;
    key.words = {s.low ^ low, s.high ^ high, d.low ^ low, d.high ^ high,
                 std::uint64_t{link} << 48 | (port_s ^ ports) << 32 | (port_d ^ ports) << 16 |
                     std::uint64_t{t.protocol} << 1 | (t.source.v4 ? 1u : 0u)};
    return key;
  }

  // A number of the VLANs that a packet came in, so that equal addresses in two of them are two flows. 0 = none.
  static std::uint16_t LinkOf(std::span<const std::uint16_t> vlans) noexcept {
    std::uint32_t link = 0;
    for (const std::uint16_t id : vlans) link = link * 4099 + id + 1;
    return static_cast<std::uint16_t>(link ^ link >> 16);
  }
  bool HasLink() const noexcept { return words[4] >> 48 != 0; }

  // The tuple again, its source being the low or the high end.
  static FiveTuple TupleOf(const Words& words, bool low_is_source) noexcept {
    FiveTuple t;
    t.source.v4 = t.destination.v4 = (words[4] & 1) != 0;
    std::memcpy((low_is_source ? t.source : t.destination).octets.data(), words.data(), 16);
    std::memcpy((low_is_source ? t.destination : t.source).octets.data(), words.data() + 2, 16);
    const auto port_a = static_cast<std::uint16_t>(words[4] >> 32), port_b = static_cast<std::uint16_t>(words[4] >> 16);
    t.source_port = low_is_source ? port_a : port_b;
    t.destination_port = low_is_source ? port_b : port_a;
    t.protocol = static_cast<std::uint8_t>(words[4] >> 1);
    return t;
  }

  bool operator==(const FlowKey& o) const noexcept { return Equal(words, o.words); }
  static bool Equal(const Words& a, const Words& b) noexcept {
    return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3]) | (a[4] ^ b[4])) == 0;
  }

  // Keyed folding of 64x64-bit products (the construction of wyhash and MUM), the three of them independent: a sender
  // who does not know `seed` cannot choose tuples that collide.
  std::uint64_t Hash(std::uint64_t seed) const noexcept {
    const std::uint64_t low =
        Fold(words[0] ^ seed ^ 0xa0761d6478bd642fULL, words[1] ^ Turn(seed) ^ 0xe7037ed1a0b428dbULL);
    const std::uint64_t high =
        Fold(words[2] ^ seed ^ 0x8ebc6af09c88c6e3ULL, words[3] ^ Turn(seed) ^ 0x589965cc75374cc3ULL);
    return Fold(low ^ words[4] ^ 0x1d8e4e27c47d124fULL, high ^ seed);
  }

 private:
  using Rank = unsigned __int128;  // compares as the octets of an address do
  struct Halves {                  // of an address, as they lie in memory
    std::uint64_t low, high;
    explicit Halves(const IpAddress& a) noexcept {
      std::memcpy(&low, a.octets.data(), 8);
      std::memcpy(&high, a.octets.data() + 8, 8);
    }
    Rank Number() const noexcept { return Rank{__builtin_bswap64(low)} << 64 | __builtin_bswap64(high); }
  };

  static std::uint64_t Turn(std::uint64_t v) noexcept { return v << 32 | v >> 32; }
  static std::uint64_t Fold(std::uint64_t a, std::uint64_t b) noexcept {
    const auto product = static_cast<unsigned __int128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }
};

// Which end of the first packet seen is the client: a lone SYN-ACK comes from the server; in the middle of a
// connection the end with the well-known port serves; otherwise who speaks first is the client.
bool SourceIsClient(const FiveTuple& tuple, bool syn, bool ack) noexcept;

}  // namespace gander::flow

#endif  // GANDER_FLOW_FLOW_KEY_H_
