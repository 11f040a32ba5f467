// SPDX-License-Identifier: Apache-2.0
// Every tunnel around the same datagram; content that is none; nesting.
#include <gtest/gtest.h>

#include "decode_fixture.h"

namespace gander::decode {
namespace {

const std::string kInner = Ip4(6, Tcp(1111, 80, 0x18, "GET /"), {.source = Hex("c0000201")});
const std::string kInner6 = Ip6(6, Tcp(1111, 80, 0x18, "GET /"));
const std::string kFrame = Ethernet(0x0800, kInner);

struct TunnelCase {
  const char* name;
  Tunnel kind;
  std::uint32_t id;
  std::uint8_t protocol;  // of the outer IP header
  std::string header;     // UDP's included
  std::string inner;
};
void PrintTo(const TunnelCase& c, std::ostream* out) { *out << c.name; }

std::string InUdp(std::uint16_t port, const std::string& header) { return Udp(5000, port, header); }

class TunnelTest : public DecodeFixture, public testing::WithParamInterface<TunnelCase> {
 protected:
  static std::string Frame(const TunnelCase& c, const std::string& inner) {
    std::string content = c.header + inner;
    if (c.protocol == 17) {  // the length was that of the header alone
      const std::string length = Be16(content.size());
      content[4] = length[0];
      content[5] = length[1];
    }
    return Ethernet(0x0800, Ip4(c.protocol, content, {.source = Hex("0a090909")}));
  }
};

TEST_P(TunnelTest, InnermostDatagramIsReported) {
  const TunnelCase& c = GetParam();
  const std::string frame = Frame(c, c.inner);
  const Decoded d = Read(frame);
  ASSERT_EQ(d.status, Status::kOk);
  EXPECT_EQ(d.tuple.protocol, ip_proto::kTcp);
  EXPECT_EQ(d.tuple.source_port, 1111);
  EXPECT_EQ(Payload(d), "GET /");
  ASSERT_EQ(d.tunnel_count, 1);
  EXPECT_EQ(d.tunnels[0].kind, c.kind) << NameOf(d.tunnels[0].kind);
  EXPECT_EQ(d.tunnels[0].id, c.id);
  EXPECT_EQ(d.tunnels[0].source.ToString(), "10.9.9.9");
  EXPECT_EQ(d.tunnels[0].source_port, c.protocol == 17 ? 5000 : 0);
}

TEST_P(TunnelTest, ContentThatIsNoneLeavesTheOuterDatagram) {
  const TunnelCase& c = GetParam();
  const std::string frame = Frame(c, "this is no datagram, whatever the header in front of it claims");
  const Decoded d = Read(frame);
  ASSERT_EQ(d.status, Status::kOk);
  EXPECT_EQ(d.tuple.protocol, c.protocol);
  EXPECT_EQ(d.tuple.source.ToString(), "10.9.9.9");
  EXPECT_EQ(d.tunnel_count, 0);
  EXPECT_EQ(d.vlan_count, 0);
  EXPECT_EQ(Payload(d), frame.substr(14 + 20 + (c.protocol == 17 ? 8 : 0)));
  EXPECT_EQ(counters_.invalid, 0u);
}

TEST_P(TunnelTest, EveryCutIsAnOutcome) {
  const std::string frame = Frame(GetParam(), GetParam().inner);
  for (std::size_t n = 0; n <= frame.size(); ++n) {
    const std::string cut = frame.substr(0, n);
    Read(cut);
  }
}

const TunnelCase kCases[] = {
    {"Gre", Tunnel::kGre, 0, 47, Hex("0000 0800"), kInner},
    {"GreAllFields", Tunnel::kGre, 0x01020304, 47, Hex("b000 0800 00000000 01020304 00000001"), kInner},
    {"GreRouting", Tunnel::kGre, 0, 47, Hex("4000 86dd 00000000 08000004 0a000001 00000000"), kInner6},
    {"GrePptp", Tunnel::kGre, 0x00140001, 47, Hex("3081 880b 00140001 00000001 00000002 21"), kInner},
    {"GreWifi", Tunnel::kGre, 0, 47,
     Hex("0000 8200 8801 0000 001122334455 66778899aabb 021122334455 0000 0000 aaaa03 000000 0800"), kInner},
    {"GreWccp", Tunnel::kGre, 0, 47, Hex("0000 883e 00000000"), kInner},
    {"Nvgre", Tunnel::kNvgre, 0x001388, 47, Hex("2000 6558 00138801"), kFrame},
    {"Erspan1", Tunnel::kErspan, 0, 47, Hex("0000 88be"), kFrame},
    {"Erspan2", Tunnel::kErspan, 5, 47, Hex("1000 88be 00000001 1000 0005 00000000"), kFrame},
    {"Erspan3", Tunnel::kErspan, 5, 47, Hex("1000 22eb 00000001 2000 0005 00000000 00000001") + Zeros(8),
     kFrame},
    {"IpInIp", Tunnel::kIpInIp, 0, 4, "", kInner},
    {"Ip6InIp4", Tunnel::kIpInIp, 0, 41, "", kInner6},
    {"Vxlan", Tunnel::kVxlan, 100, 17, InUdp(4789, Hex("08000000 00006400")), kFrame},
    {"VxlanLinuxPort", Tunnel::kVxlan, 7, 17, InUdp(8472, Hex("08000000 00000700")), kFrame},
    {"VxlanReservedBits", Tunnel::kVxlan, 11, 17, InUdp(4789, Hex("ff01d1f2 00000b01")), kFrame},
    {"VxlanGpe", Tunnel::kVxlan, 7, 17, InUdp(4790, Hex("0c000002 00000700")), kInner6},
    {"Geneve", Tunnel::kGeneve, 9, 17, InUdp(6081, Hex("0200 6558 00000900 0102030101020304")), kFrame},
    {"GeneveIp", Tunnel::kGeneve, 9, 17, InUdp(6081, Hex("0000 0800 00000900")), kInner},
    {"GtpU", Tunnel::kGtpU, 0xdeadbeef, 17, InUdp(2152, Hex("30ff 0000 deadbeef")), kInner},
    {"GtpUExtension", Tunnel::kGtpU, 1, 17, InUdp(2152, Hex("36ff 0000 00000001 000000 85 01100900")),
     kInner6},
    {"Gtp0", Tunnel::kGtpU, 0x0007, 17, InUdp(3386, Hex("1eff 0000 0001 0007 ff ffffff") + Zeros(8)), kInner},
    {"L2tp", Tunnel::kL2tp, 0x00070009, 17, InUdp(1701, Hex("4002 0000 0007 0009 ff03 0021")), kInner},
    {"L2tpOffset", Tunnel::kL2tp, 0x00070009, 17, InUdp(1701, Hex("0a02 0007 0009 0001 0000 0002 0000 0057")),
     kInner6},
    {"L2tp3InUdp", Tunnel::kL2tp, 7, 17, InUdp(1701, Hex("0003 0000 00000007")), kFrame},
    {"L2tp3", Tunnel::kL2tp, 7, 115, Hex("00000007"), kFrame},
    {"L2tp3CookieAndSublayer", Tunnel::kL2tp, 7, 115, Hex("00000007 a1b2c3d4e5f60718 40000001"), kFrame},
    {"L2tp3Ppp", Tunnel::kL2tp, 7, 115, Hex("00000007 ff03 0021"), kInner},
    {"VxlanGpeEthernet", Tunnel::kVxlan, 7, 17, InUdp(4790, Hex("0c000003 00000700")), kFrame},
    {"Tzsp", Tunnel::kTzsp, 0, 17, InUdp(37008, Hex("01 00 0001 01")), kFrame},
    {"TzspFields", Tunnel::kTzsp, 0, 17, InUdp(37008, Hex("01 01 0001 0a01c4 00 00 3c0411223344 01")), kFrame},
    {"GreInUdp", Tunnel::kGre, 0, 17, InUdp(4754, Hex("0000 0800")), kInner},
    {"Teredo", Tunnel::kTeredo, 0, 17, InUdp(3544, ""),
     kInner6.substr(0, 8) + Hex("20010000") + kInner6.substr(12)},
    {"TeredoAuthenticationAndOrigin", Tunnel::kTeredo, 0, 17,
     InUdp(40000, Hex("0001 0000 0102030405060708 00") + Hex("0000 eeee ffffffff")),
     kInner6.substr(0, 8) + Hex("20010000") + kInner6.substr(12)},
};
INSTANTIATE_TEST_SUITE_P(Tunnels, TunnelTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

class NestedTunnelTest : public DecodeFixture {};

TEST_F(NestedTunnelTest, OutermostFirst) {
  const std::string frame = Ethernet(
      0x0800, Ip4(17, Udp(1, 2152, Hex("30ff 0000 00000005") + Ip4(47, Hex("0000 86dd") + kInner6))));
  const Decoded d = Read(frame);
  ASSERT_EQ(d.tunnel_count, 2);
  EXPECT_EQ(d.tunnels[0].kind, Tunnel::kGtpU);
  EXPECT_EQ(d.tunnels[1].kind, Tunnel::kGre);
  EXPECT_EQ(d.ip_version, 6);
}

// Each layer says what of the frame is not its carrier's, and the innermost content what is not its own.
TEST_F(NestedTunnelTest, BytesOfEachLayer) {
  const std::string gre = Ip4(47, Hex("0000 86dd") + kInner6);
  const std::string frame = Ethernet(0x0800, Ip4(17, Udp(1, 2152, Hex("30ff 0000 00000005") + gre)));
  const Decoded d = Read(frame);
  ASSERT_EQ(d.tunnel_count, 2);
  EXPECT_EQ(d.tunnels[0].outside, 0u);
  EXPECT_EQ(d.tunnels[0].protocol, ip_proto::kUdp);
  EXPECT_EQ(d.tunnels[1].outside, frame.size() - gre.size());
  EXPECT_EQ(d.tunnels[1].protocol, ip_proto::kGre);
  EXPECT_EQ(d.outside, frame.size() - kInner6.size());
}

TEST_F(NestedTunnelTest, VlanOfAMirroredPort) {
  const Decoded d = Read(Ethernet(0x0800, Ip4(47, Hex("1000 88be 00000001 1017 0005 00000000") + kFrame)));
  ASSERT_EQ(d.vlan_count, 1);
  EXPECT_EQ(d.vlans[0], 0x17);
}

TEST_F(NestedTunnelTest, LabelsOutermostFirst) {
  const Decoded d = Read(Ethernet(0x8847, Hex("00010040 00020140") + kInner));
  ASSERT_EQ(d.label_count, 2);
  EXPECT_EQ(d.labels[0], 16u);
  EXPECT_EQ(d.labels[1], 32u);
  EXPECT_EQ(d.outside, 0u) << "labels lie on the link of the same two hosts";
  std::string many;
  for (int i = 0; i < 20; ++i) many += Hex("00010040");
  EXPECT_EQ(Read(Ethernet(0x8847, many + Hex("00020140") + kInner)).label_count, kMaxLabels);
}

// Nothing but an IPv6 header: the datagram around it stands for the flow that it opens.
TEST_F(NestedTunnelTest, TeredoBubble) {
  const std::string bubble =
      Hex("60000000 0000 3b15 20010000000000000000000000000001 20010000000000000000000000000002");
  const Decoded d = Read(Ethernet(0x0800, Ip4(17, Udp(40000, 3544, bubble))));
  ASSERT_EQ(d.status, Status::kOk);
  EXPECT_EQ(d.tuple.protocol, ip_proto::kUdp);
  EXPECT_EQ(d.tuple.source.ToString(), "2001::1");
  EXPECT_EQ(d.tuple.source_port, 40000);
  EXPECT_EQ(d.tuple.destination_port, 3544);
  EXPECT_EQ(counters_.no_next_header, 1u);
  // RFC 6081: a nonce and a random port behind it; and something that is neither.
  const auto behind = [&](const char* trailer) {
    return Read(Ethernet(0x0800, Ip4(17, Udp(40000, 3544, bubble + Hex(trailer))))).tunnel_count;
  };
  EXPECT_EQ(behind("0104 77a05e76 0502 df78"), 1);
  EXPECT_EQ(behind("6304 77a05e"), 1) << "nobody reads what follows a bubble";
  const auto datagram = [&](const char* trailer) {
    const std::string ipv6 = kInner6.substr(0, 8) + Hex("20010000") + kInner6.substr(12);
    return Read(Ethernet(0x0800, Ip4(17, Udp(40000, 3544, ipv6 + Hex(trailer))))).tunnel_count;
  };
  EXPECT_EQ(datagram("0104 77a05e76"), 1);
  EXPECT_EQ(datagram("0104 77a05e"), 0);
  EXPECT_EQ(datagram("6304 77a05e76"), 0);
}

TEST_F(NestedTunnelTest, ServiceHeaderInsideVxlanGpe) {
  const std::string nsh = Hex("0c000004 00000700") + Hex("0fc2 0303 00000201") + kFrame;
  const Decoded d = Read(Ethernet(0x0800, Ip4(17, Udp(1, 4790, nsh))));
  ASSERT_EQ(d.tunnel_count, 2);
  EXPECT_EQ(d.tunnels[1].kind, Tunnel::kNsh);
  EXPECT_EQ(d.tuple.source_port, 1111);
}

TEST_F(NestedTunnelTest, TzspThatIsNoneIsAnOuterDatagram) {
  const auto tunnels = [&](const char* header, const std::string& content) {
    const Decoded d = Read(Ethernet(0x0800, Ip4(17, Udp(50000, 37008, Hex(header) + content))));
    EXPECT_EQ(d.status, Status::kOk) << header;
    return d.tunnel_count;
  };
  EXPECT_EQ(tunnels("01 00 0001 01", kFrame), 1);
  EXPECT_EQ(counters_.tzsp, 1u);
  for (const char* header : {"02 00 0001 01", "01 04 0001 01", "01 00 0002 01", "01 00 0001", "01 00 0001 0aff",
                             "01 00 0001 00 00", "01 00 0012 01"}) {
    EXPECT_EQ(tunnels(header, kFrame), 0) << header;
  }
  EXPECT_EQ(tunnels("01 00 0001 01", ""), 0);
  EXPECT_EQ(tunnels("01 00 0001 0a", ""), 0) << "a field without its length";
  EXPECT_EQ(tunnels("01 00 0001 00", std::string(1000, '\0')), 0) << "padding without end";
  EXPECT_EQ(counters_.tzsp, 1u);
}

TEST_F(NestedTunnelTest, FragmentInsideATunnel) {
  const std::string frame = Ethernet(0x0800, Ip4(4, Ip4(17, "01234567", {.fragment = 0x2000})));
  EXPECT_EQ(Read(frame).status, Status::kFragment);
}

TEST_F(NestedTunnelTest, ArpInsideVxlanIsAnOuterDatagram) {
  const std::string frame =
      Ethernet(0x0800, Ip4(17, Udp(1, 4789, Hex("08000000 00006400") + Ethernet(0x0806, Zeros(28)))));
  const Decoded d = Read(frame);
  EXPECT_EQ(d.status, Status::kOk);
  EXPECT_EQ(d.tuple.destination_port, 4789);
}

TEST_F(NestedTunnelTest, DepthIsBounded) {
  std::string datagram = kInner;
  for (std::size_t i = 0; i < kMaxTunnels; ++i) datagram = Ip4(4, datagram);
  EXPECT_EQ(Read(Ethernet(0x0800, datagram)).status, Status::kOk);
  for (int i = 0; i < 500; ++i) datagram = Ip4(4, datagram);
  EXPECT_EQ(Read(Ethernet(0x0800, datagram)).status, Status::kTooDeep);
  EXPECT_EQ(counters_.too_deep, 1u);
}

TEST_F(NestedTunnelTest, PortZeroSwitchesATunnelOff) {
  options_.gtpu_port = 0;
  const std::string frame = Ethernet(0x0800, Ip4(17, Udp(1, 2152, Hex("30ff 0000 00000005") + kInner)));
  EXPECT_EQ(Read(frame).tuple.protocol, ip_proto::kUdp);
}

}  // namespace
}  // namespace gander::decode
