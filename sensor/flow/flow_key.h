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
  std::array<std::uint64_t, 5> words{};  // low address, high address, ports and protocol
  bool source_is_first = true;           // whether the tuple's source is the low end; not part of the key

  static FlowKey Of(const FiveTuple& t) noexcept {
    const auto low = std::tie(t.source.octets, t.source_port);
    const auto high = std::tie(t.destination.octets, t.destination_port);
    FlowKey key;
    key.source_is_first = low <= high;
    const IpAddress& a = key.source_is_first ? t.source : t.destination;
    const IpAddress& b = key.source_is_first ? t.destination : t.source;
    const std::uint64_t port_a = key.source_is_first ? t.source_port : t.destination_port;
    const std::uint64_t port_b = key.source_is_first ? t.destination_port : t.source_port;
    std::memcpy(key.words.data(), a.octets.data(), 16);
    std::memcpy(key.words.data() + 2, b.octets.data(), 16);
    key.words[4] = port_a << 32 | port_b << 16 | std::uint64_t{t.protocol} << 1 | (t.source.v4 ? 1u : 0u);
    return key;
  }

  bool operator==(const FlowKey& o) const noexcept { return words == o.words; }

  // Keyed folding of 64x64-bit products (the construction of wyhash and MUM): a sender who does not know `seed`
  // cannot choose tuples that collide.
  std::uint64_t Hash(std::uint64_t seed) const noexcept {
    std::uint64_t h = seed;
    for (std::uint64_t w : words) h = Fold(h ^ w ^ 0xa0761d6478bd642fULL, seed ^ w << 32 ^ w >> 32 ^ 0xe7037ed1a0b428dbULL);
    return Fold(h ^ seed, 0x8ebc6af09c88c6e3ULL);
  }

 private:
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
