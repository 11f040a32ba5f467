// SPDX-License-Identifier: Apache-2.0
#include "protocol/registry.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace gander::protocol {
namespace {

TEST(FirstOctets, HoldWhatTheyWereMadeOf) {
  constexpr FirstOctets set = FirstOctets::AnyOf("\x01z").Range(0xf0, 0xff);
  EXPECT_TRUE(set.Has(1) && set.Has('z') && set.Has(0xf0) && set.Has(0xff));
  EXPECT_FALSE(set.Has(0) || set.Has('y') || set.Has(0xef));
  EXPECT_TRUE(FirstOctets::Any().Has(0) && FirstOctets::Any().Has(255));
  EXPECT_FALSE(FirstOctets::Text().Has(0) || FirstOctets::Text().Has(0x80));
}

// What a protocol says of its first octets must be true of its probe, or flows of it would be missed.
TEST(FirstOctets, ProbeRefusesEveryOther) {
  std::mt19937_64 random(7);
  std::vector<std::byte> bytes;
  for (const ProtocolInfo& p : Protocols()) {
    if (p.probe == nullptr) continue;
    for (int octet = 0; octet < 256; ++octet) {
      if (p.opens.Has(static_cast<std::uint8_t>(octet))) continue;
      for (std::size_t size : {1u, 2u, 5u, 12u, 64u, 200u}) {
        bytes.resize(size);
        for (std::byte& b : bytes) b = static_cast<std::byte>(random());
        bytes[0] = static_cast<std::byte>(octet);
        for (std::uint8_t transport : {ip_proto::kTcp, ip_proto::kUdp}) {
          for (Direction d : {Direction::kToServer, Direction::kToClient}) {
            const ProbeInput input{bytes, d, static_cast<std::uint16_t>(random()), transport, 0};
            EXPECT_EQ(p.probe(input), Probe::kNo) << p.name << ", octet " << octet << ", " << size << " bytes";
          }
        }
      }
    }
  }
}

TEST(ProbesToAsk, NamesThoseOfTheTransportThatMayOpenSo) {
  const auto names = [](std::uint8_t transport, std::string_view text) {
    std::vector<std::string_view> out;
    const std::uint64_t ask = ProbesToAsk(transport, AsBytes(text));
    for (std::size_t i = 0; i < Protocols().size(); ++i) {
      if ((ask >> i & 1) != 0) out.emplace_back(Protocols()[i].name);
    }
    return out;
  };
  const auto has = [](const std::vector<std::string_view>& all, std::string_view name) {
    return std::find(all.begin(), all.end(), name) != all.end();
  };
  EXPECT_TRUE(has(names(ip_proto::kTcp, "\x16"), "tls"));
  EXPECT_FALSE(has(names(ip_proto::kTcp, "\x16"), "http"));
  EXPECT_FALSE(has(names(ip_proto::kTcp, "G"), "tls"));
  EXPECT_TRUE(has(names(ip_proto::kTcp, "G"), "http"));
  EXPECT_TRUE(has(names(ip_proto::kUdp, "\x16"), "dtls"));
  EXPECT_FALSE(has(names(ip_proto::kUdp, "\x16"), "tls"));
  EXPECT_TRUE(has(names(ip_proto::kTcp, ""), "tls") && has(names(ip_proto::kTcp, ""), "http"));
  EXPECT_FALSE(has(names(ip_proto::kTcp, ""), "websocket"));
}

}  // namespace
}  // namespace gander::protocol
