// SPDX-License-Identifier: Apache-2.0
// More keys than tables have room for, and keys that would meet in one place if the tables' keys were known.
#include <array>
#include <cstring>
#include <memory>

#include "attacks/attack.h"
#include "base/hash.h"
#include "base/net.h"
#include "corpus/conversation.h"
#include "flow/flow_key.h"

namespace gander::bench {
namespace {

void Syn(FrameWriter& out, Endpoint from, Endpoint to, Random& random) {
  out.Tcp({from, to, static_cast<std::uint32_t>(random.Next()), 0, kSyn}, {});
}

Endpoint AnyEndpoint(Random& random) {
  return {static_cast<std::uint32_t>(random.Next()) | 0x01000000u, static_cast<std::uint16_t>(random.Next() | 1)};
}

Sender SynFlood(Random random) {
  return [random](FrameWriter& out) mutable { Syn(out, AnyEndpoint(random), kVictim, random); };
}

Sender DatagramFlood(Random random) {
  return [random](FrameWriter& out) mutable { out.Udp(AnyEndpoint(random), {kVictim.address, 9}, random.Bytes(18)); };
}

// Handshakes that nobody ends, each with the beginning of a request.
Sender OpenFlood(Random random) {
  return [random](FrameWriter& out) mutable {
    TcpConnection connection(AnyEndpoint(random), kVictim, random);
    connection.Open(out);
    connection.SendOne(out, true, "GET / HTTP/1.1\r\nHost: a");
  };
}

// Tuples whose hash under no key has its index bits alike: chosen before, sent round and round.
Sender CollidingFlows(Random random) {
  constexpr std::size_t kTuples = 100'000;
  constexpr std::uint64_t kIndexBits = 0x3ff00000000ULL;  // ten of those that a table of 200,000 flows uses
  auto tuples = std::make_shared<std::vector<Endpoint>>();
  while (tuples->size() < kTuples) {
    const Endpoint from = AnyEndpoint(random);
    const FiveTuple tuple{IpAddress::FromV4(from.address), IpAddress::FromV4(kVictim.address), from.port, kVictim.port,
                          ip_proto::kTcp};
    if ((flow::FlowKey::Of(tuple).Hash(0) & kIndexBits) == 0) tuples->push_back(from);
  }
  return [random, tuples, n = std::size_t{0}](FrameWriter& out) mutable {
    Syn(out, (*tuples)[n++ % tuples->size()], kVictim, random);
  };
}

// As decode::FragmentTable hashes a datagram, under the key that this tree once had for all runs.
bool InFirstBucket(Endpoint from, std::uint16_t id) {
  constexpr HashKey kPublished{0x6f1d2c83a94be507ULL, 0x35d07f19e68a4bc2ULL};
  constexpr std::uint64_t kBuckets = 4096;
  std::array<std::byte, 40> text{};
  const IpAddress source = IpAddress::FromV4(from.address), target = IpAddress::FromV4(kVictim.address);
  std::memcpy(text.data(), source.octets.data(), 16);
  std::memcpy(text.data() + 16, target.octets.data(), 16);
  const std::uint32_t number = id;
  std::memcpy(text.data() + 32, &number, 4);
  text[36] = static_cast<std::byte>(ip_proto::kUdp);
  return SipHash24(kPublished, text) % kBuckets == 0;
}

Sender CollidingFragments(Random random) {
  constexpr std::size_t kDatagrams = 8'000;
  auto datagrams = std::make_shared<std::vector<std::pair<Endpoint, std::uint16_t>>>();
  while (datagrams->size() < kDatagrams) {
    const Endpoint from = AnyEndpoint(random);
    const auto id = static_cast<std::uint16_t>(random.Next());
    if (InFirstBucket(from, id)) datagrams->emplace_back(from, id);
  }
  return [datagrams, n = std::size_t{0}](FrameWriter& out) mutable {
    const auto& [from, id] = (*datagrams)[n++ % datagrams->size()];
    out.UdpFragment(from, kVictim, id, 8, true, "eightbyt");
  };
}

// The same without the choice.
Sender FragmentFlood(Random random) {
  return [random](FrameWriter& out) mutable {
    out.UdpFragment(AnyEndpoint(random), kVictim, static_cast<std::uint16_t>(random.Next()), 8, true, "eightbyt");
  };
}

// Pieces that overlap each other by half, first to last and never all; then the next datagram.
Sender OverlappingFragments(Random random) {
  return [random](FrameWriter& out) mutable {
    const Endpoint from = AnyEndpoint(random);
    const auto id = static_cast<std::uint16_t>(random.Next());
    for (std::size_t n = 1; n < 64; ++n) out.UdpFragment(from, kVictim, id, n * 32 * 8, true, random.Bytes(512));
  };
}

void Ask(FrameWriter& out, Endpoint client, const std::string& host, Random& random) {
  TcpConnection connection(client, kVictim, random);
  connection.Open(out);
  connection.SendOne(out, true, "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  connection.SendOne(out, false, "HTTP/1.1 204 No Content\r\n\r\n");
  connection.Close(out);
}

Sender NewHosts(Random random) {
  return [random, n = 0u](FrameWriter& out) mutable {
    Ask(out, ClientOf(++n), random.Hex(12) + ".example.org", random);
  };
}

// Names that stand in sixteen neighbouring places of the table of names under the key that this tree once had.
Sender CollidingHosts(Random random) {
  constexpr HashKey kPublished{0x67616e6465722d68ULL, 0x6f73742d6e616d65ULL};
  constexpr std::size_t kNames = 20'000;
  auto names = std::make_shared<std::vector<std::string>>();
  while (names->size() < kNames) {
    std::string name = random.Hex(8) + ".example.org";
    if ((SipHash24(kPublished, AsBytes(name)) & 0xfff0) == 0) names->push_back(std::move(name));
  }
  return [random, names, n = 0u](FrameWriter& out) mutable {
    Ask(out, ClientOf(n), (*names)[n % names->size()], random);
    ++n;
  };
}

// A DNS query each for a name of its own under one domain, and no answer.
Sender NewNames(Random random) {
  return [random, n = 0u](FrameWriter& out) mutable {
    const std::string label = random.Hex(40);
    const std::string query = Be16(n & 0xffff) + Be16(0x0100) + Be16(1) + std::string(6, '\0') + '\x28' + label +
                              std::string("\7example\3org\0", 13) + Be16(16) + Be16(1);
    out.Udp(ClientOf(++n & 0xffff), {kVictim.address, 53}, query);
  };
}

// A person each between a new sender and a new recipient.
Sender NewPairs(Random random) {
  return [random](FrameWriter& out) mutable {
    const Endpoint from{0x0a000000 | (static_cast<std::uint32_t>(random.Next()) & 0xffffff), 40'000};
    TcpConnection connection(from, {static_cast<std::uint32_t>(random.Next()) | 0x80000000u, 80}, random);
    connection.Open(out);
    connection.SendOne(out, true, "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 41\r\n\r\nemail=" +
                                      random.Hex(16) + "@example.com&a=bcde");
    connection.Close(out);
  };
}

}  // namespace

Endpoint ClientOf(std::uint32_t n) {
  return {0x0a000000 | (n * 2654435761u & 0xffffff), static_cast<std::uint16_t>(1024 + n % 60'000)};
}

std::vector<Attack> FloodAttacks() {
  return {{"syn", "SYNs from everywhere", SynFlood},
          {"datagrams", "60-byte datagrams from everywhere", DatagramFlood},
          {"half-open", "handshakes and the beginning of a request, never ended", OpenFlood},
          {"colliding-flows", "SYNs whose tuples collide under no key", CollidingFlows},
          {"fragments", "a fragment of 8 bytes of a datagram each", FragmentFlood},
          {"colliding-fragments", "the same, of datagrams that collide under a published key", CollidingFragments},
          {"overlapping-fragments", "fragments that overlap by half, never whole", OverlappingFragments},
          {"hosts", "a host's name each", NewHosts},
          {"colliding-hosts", "names that collide under a published key", CollidingHosts},
          {"names", "a DNS name of 40 random characters each", NewNames},
          {"pairs", "a mail address between a new pair of hosts each", NewPairs}};
}

}  // namespace gander::bench
