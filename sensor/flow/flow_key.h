// SPDX-License-Identifier: Apache-2.0
// A five-tuple without direction.
#ifndef GANDER_FLOW_FLOW_KEY_H_
#define GANDER_FLOW_FLOW_KEY_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <tuple>

#include "base/net.h"

namespace gander::flow {

struct FlowKey {
  using Words = std::array<std::uint64_t, 5>;  // low address, high address, ports and protocol
  Words words{};
  bool source_is_first = true;  // whether the tuple's source is the low end; not part of the key

  static FlowKey Of(const FiveTuple& t) noexcept {
    const Ordered s(t.source), d(t.destination);
    FlowKey key;
    key.source_is_first = std::tie(s.high, s.low, t.source_port) <= std::tie(d.high, d.low, t.destination_port);
    const IpAddress& a = key.source_is_first ? t.source : t.destination;
    const IpAddress& b = key.source_is_first ? t.destination : t.source;
    const std::uint64_t port_a = key.source_is_first ? t.source_port : t.destination_port;
    const std::uint64_t port_b = key.source_is_first ? t.destination_port : t.source_port;
    std::memcpy(key.words.data(), a.octets.data(), 16);
    std::memcpy(key.words.data() + 2, b.octets.data(), 16);
    key.words[4] = port_a << 32 | port_b << 16 | std::uint64_t{t.protocol} << 1 | (t.source.v4 ? 1u : 0u);
    return key;
  }

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

  bool operator==(const FlowKey& o) const noexcept { return words == o.words; }

  // Keyed folding of 64x64-bit products (the construction of wyhash and MUM), the three of them independent: a sender
  // who does not know `seed` cannot choose tuples that collide.
  std::uint64_t Hash(std::uint64_t seed) const noexcept {
    const std::uint64_t low = Fold(words[0] ^ seed ^ 0xa0761d6478bd642fULL, words[1] ^ Turn(seed) ^ 0xe7037ed1a0b428dbULL);
    const std::uint64_t high = Fold(words[2] ^ seed ^ 0x8ebc6af09c88c6e3ULL, words[3] ^ Turn(seed) ^ 0x589965cc75374cc3ULL);
    return Fold(low ^ words[4] ^ 0x1d8e4e27c47d124fULL, high ^ seed);
  }

 private:
  struct Ordered {  // an address as two numbers that compare as its octets do
    std::uint64_t high, low;
    explicit Ordered(const IpAddress& a) noexcept {
      std::memcpy(&high, a.octets.data(), 8);
      std::memcpy(&low, a.octets.data() + 8, 8);
      high = __builtin_bswap64(high);
      low = __builtin_bswap64(low);
    }
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
