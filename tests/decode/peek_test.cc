// SPDX-License-Identifier: Apache-2.0
// Peek against Decode: on whole frames of each kind, and on the same cut and damaged in every way.
#include "decode/peek.h"

#include <random>
#include <vector>

#include "decode_fixture.h"

namespace gander::decode {
namespace {

std::string Tcp(const std::string& payload, int words = 5) {
  return Be16(40000) + Be16(80) + Zeros(8) + static_cast<char>(words << 4) + Zeros(7) + payload;
}

std::string Vxlan(const std::string& inner) { return Udp(50000, 4789, Hex("08000000 00002a00") + inner); }

std::vector<std::string> Frames() {
  const std::string tcp = Tcp("GET / HTTP/1.1"), udp = Udp(1111, 53, "question or answer");
  const std::string inner4 =
      Ethernet(0x0800, Ip4(6, tcp, {.source = Hex("c0a80001"), .destination = Hex("c0a80102")}));
  const std::string inner6 = Ethernet(0x86dd, Ip6(17, udp));
  const std::string address_pair_ip =
      Ip4(17, udp, {.source = Hex("c0a80003"), .destination = Hex("c0a80104")});
  return {
      Ethernet(0x0800, Ip4(6, tcp)),
      Ethernet(0x0800, Ip4(17, udp)),
      Ethernet(0x0800, Ip4(1, Hex("0800000000010001") + "ping")),
      Ethernet(0x0800, Ip4(6, tcp, {.options = Zeros(4)})),
      Ethernet(0x0800, Ip4(6, tcp, {.fragment = 0x2000})),
      Ethernet(0x0800, Ip4(17, Zeros(16), {.fragment = 0x0010})),
      Ethernet(0x86dd, Ip6(6, tcp)),
      Ethernet(0x86dd, Ip6(0, Extension(17, 0, udp))),
      Ethernet(0x86dd, Ip6(44, Fragment6(17, 1, 7, udp))),
      Ethernet(0x8100, Be16(5) + Be16(0x0800) + Ip4(6, tcp)),
      Ethernet(0x8100, Be16(5) + Be16(0x8100) + Be16(6) + Be16(0x0800) + Ip4(6, tcp)),
      Ethernet(0x0806, Zeros(28)),
      Ethernet(0x0800, Ip4(17, Vxlan(inner4))),
      Ethernet(0x0800, Ip4(17, Vxlan(inner6))),
      Ethernet(0x0800, Ip4(17, Vxlan(Ethernet(0x0800, Ip4(17, Vxlan(inner4)))))),
      Ethernet(0x0800, Ip4(17, Vxlan(Ethernet(0x0806, Zeros(28))))),
      Ethernet(0x0800, Ip4(17, Udp(4789, 8472, Hex("08000000 00002a00") + inner4))),
      Ethernet(0x0800, Ip4(17, Udp(50000, 6081, Hex("01006558 00002a00 00000000") + inner4))),
      Ethernet(0x0800, Ip4(17, Udp(8472, 6081, Hex("00000800 00002a00") + address_pair_ip))),
      Ethernet(0x0800, Ip4(17, Udp(2152, 2152, Hex("30ff0040 00000007") + address_pair_ip))),
      Ethernet(0x0800, Ip4(17, Udp(2152, 2152, Hex("32ff0040 00000007 00010000") + address_pair_ip))),
      Ethernet(0x0800, Ip4(17, Udp(50000, 37008, Hex("01000001 01") + inner4))),
      Ethernet(0x0800, Ip4(17, Udp(3544, 9999, Ip6(17, udp)))),
      Ethernet(0x0800, Ip4(17, Udp(9998, 9999, Zeros(8) + Ip6(17, udp)))),
      Ethernet(0x0800, Ip4(47, Hex("00000800") + address_pair_ip)),
      Ethernet(0x0800, Ip4(4, address_pair_ip)),
      Ethernet(0x0800, Ip4(132, Zeros(20))),
  };
}

class PeekTest : public DecodeFixture {
 protected:
  void ExpectAgreement(const std::string& frame, LinkType link = LinkType::kEthernet) {
    const Decoded d = Read(frame, link);
    const Pair pair = Peek(link, AsBytes(frame), options_);
    const bool readable = d.status == Status::kOk || d.status == Status::kFragment;
    ASSERT_EQ(pair.hash, readable ? HostPairHash(d) : 0);
    ASSERT_EQ(pair.tunnel, readable && d.tunnel_count > 0);
    ASSERT_EQ(pair.fragment, d.status == Status::kFragment);
  }
};

TEST_F(PeekTest, AgreesWithDecode) {
  for (std::size_t i = 0; i < Frames().size(); ++i) {
    SCOPED_TRACE(i);
    ExpectAgreement(Frames()[i]);
  }
}

TEST_F(PeekTest, SeesTheInnerPairOfATunnel) {
  const std::string inner = Ethernet(0x0800, Ip4(6, Tcp("x"), {.source = Hex("c0a80001")}));
  const std::string outer = Ethernet(0x0800, Ip4(17, Vxlan(inner)));
  const Pair pair = Peek(LinkType::kEthernet, AsBytes(outer), options_);
  EXPECT_TRUE(pair.tunnel);
  EXPECT_EQ(pair.hash, Peek(LinkType::kEthernet, AsBytes(inner), options_).hash);
}

TEST_F(PeekTest, IsTheSameForBothDirections) {
  const std::string a = Hex("0a000001"), b = Hex("0a000002");
  const std::string there = Ethernet(0x0800, Ip4(6, Tcp("x"), {.source = a, .destination = b}));
  const std::string back = Ethernet(0x0800, Ip4(6, Tcp("y"), {.source = b, .destination = a}));
  EXPECT_EQ(Peek(LinkType::kEthernet, AsBytes(there), options_).hash,
            Peek(LinkType::kEthernet, AsBytes(back), options_).hash);
}

TEST_F(PeekTest, AgreesWhereverAFrameIsCut) {
  for (const std::string& frame : Frames()) {
    for (std::size_t size = 0; size < frame.size(); ++size) ExpectAgreement(frame.substr(0, size));
  }
}

TEST_F(PeekTest, AgreesOnDamagedFrames) {
  std::mt19937 random(3);
  const std::vector<std::string> frames = Frames();
  for (int i = 0; i < 200'000; ++i) {
    std::string frame = frames[random() % frames.size()];
    for (unsigned n = random() % 3 + 1; n > 0; --n) {
      char& c = frame[random() % frame.size()];
      c = static_cast<char>(random() % 2 == 0 ? c ^ 1 << random() % 8 : random());
    }
    ExpectAgreement(frame);
    if (HasFatalFailure()) return;
  }
}

TEST_F(PeekTest, LeavesOtherLinksToDecode) {
  const std::string packet = Ip4(6, Tcp("x"));
  ExpectAgreement(packet, LinkType::kRaw);
  ExpectAgreement(packet, LinkType::kNull);
}

}  // namespace
}  // namespace gander::decode
