// SPDX-License-Identifier: Apache-2.0
// The same datagram behind every link layer and every shim.
#include <gtest/gtest.h>

#include "decode_fixture.h"

namespace gander::decode {
namespace {

const std::string kInner4 = Ip4(17, Udp(1111, 2222, "payload"));
const std::string kInner6 = Ip6(17, Udp(1111, 2222, "payload"));
const std::string kMacs = Hex("020000000002 020000000001");
const std::string kSnap4 = Hex("aaaa03 000000 0800");

struct LinkCase {
  const char* name;
  LinkType link;
  std::string frame;
  int version = 4;
};
void PrintTo(const LinkCase& c, std::ostream* out) { *out << c.name; }

class LinkLayerTest : public DecodeFixture, public testing::WithParamInterface<LinkCase> {};

TEST_P(LinkLayerTest, FindsTheDatagram) {
  const Decoded d = Read(GetParam().frame, GetParam().link);
  ASSERT_EQ(d.status, Status::kOk);
  EXPECT_EQ(d.ip_version, GetParam().version);
  EXPECT_EQ(d.tuple.source_port, 1111);
  EXPECT_EQ(d.tuple.destination_port, 2222);
  EXPECT_EQ(Payload(d), "payload");
}

TEST_P(LinkLayerTest, EveryCutIsAnOutcome) {
  for (std::size_t n = 0; n < GetParam().frame.size(); ++n) {
    const std::string cut = GetParam().frame.substr(0, n);
    const Decoded d = Read(cut, GetParam().link);
    if (d.status != Status::kOk || d.tuple.source_port != 1111) continue;
    EXPECT_EQ(d.payload.size() + d.payload_missing, 7u) << n;
  }
}

const LinkCase kCases[] = {
    {"Ethernet", LinkType::kEthernet, Ethernet(0x0800, kInner4)},
    {"Ethernet6", LinkType::kEthernet, Ethernet(0x86dd, kInner6), 6},
    {"Padding", LinkType::kEthernet, Ethernet(0x0800, kInner4 + Zeros(11))},
    {"LlcSnap", LinkType::kEthernet, kMacs + Be16(8 + kInner4.size()) + kSnap4 + kInner4},
    {"OneVlan", LinkType::kEthernet, Ethernet(0x8100, Hex("0005 0800") + kInner4)},
    {"FiveVlans", LinkType::kEthernet,
     Ethernet(0x88a8, Hex("0001 8100 0002 9100 0003 8100 0004 8100 0005 0800") + kInner4)},
    {"Mpls", LinkType::kEthernet, Ethernet(0x8847, Hex("00010040 00020140") + kInner4)},
    {"MplsIp6", LinkType::kEthernet, Ethernet(0x8847, Hex("00020140") + kInner6), 6},
    {"PseudowireWithControlWord", LinkType::kEthernet,
     Ethernet(0x8847, Hex("00020140 00000000") + Ethernet(0x0800, kInner4))},
    {"Pseudowire", LinkType::kEthernet,
     Ethernet(0x8847, Hex("00020140") + Hex("a2") + Ethernet(0x0800, kInner4).substr(1))},
    {"PseudowireThatLooksLikeIp", LinkType::kEthernet,
     Ethernet(0x8847, Hex("00020140") + Hex("46") + Ethernet(0x0800, kInner4).substr(1))},
    {"Pppoe", LinkType::kEthernet,
     Ethernet(0x8864, Hex("1100 0007") + Be16(2 + kInner4.size()) + Hex("0021") + kInner4)},
    {"PppoeLink", LinkType::kPppoe, Hex("1100 0007") + Be16(2 + kInner6.size()) + Hex("0057") + kInner6, 6},
    {"Nsh", LinkType::kEthernet, Ethernet(0x894f, Hex("0fc6 0101 00000201") + Zeros(16) + kInner4)},
    {"VnTag", LinkType::kEthernet, Ethernet(0x8926, Hex("00000001 0800") + kInner4)},
    {"ETag", LinkType::kEthernet, Ethernet(0x893f, Hex("000000010000 0800") + kInner4)},
    {"FabricPath", LinkType::kEthernet, Ethernet(0x8903, Hex("0041") + Ethernet(0x0800, kInner4))},
    {"ProviderBackbone", LinkType::kEthernet, Ethernet(0x88e7, Hex("00000001") + Ethernet(0x0800, kInner4))},
    {"Ppp", LinkType::kPpp, Hex("0021") + kInner4},
    {"PppCompressed", LinkType::kPpp, Hex("21") + kInner4},
    {"PppWithAddress", LinkType::kPpp, Hex("ff03 0057") + kInner6, 6},
    {"PppHdlc", LinkType::kPppHdlc, Hex("ff03 0021") + kInner4},
    {"PppHdlcCisco", LinkType::kPppHdlc, Hex("0f00 0800") + kInner4},
    {"CiscoHdlc", LinkType::kCiscoHdlc, Hex("0f00 86dd") + kInner6, 6},
    {"FrameRelayIetf", LinkType::kFrameRelay, Hex("1841 03cc") + kInner4},
    {"FrameRelaySnap", LinkType::kFrameRelay, Hex("1841 0300 80000000 0800") + kInner4},
    {"FrameRelayCisco", LinkType::kFrameRelay, Hex("1841 0800") + kInner4},
    {"FrameRelayLongAddress", LinkType::kFrameRelay, Hex("18400041 038e") + kInner6, 6},
    {"Cooked", LinkType::kLinuxSll, Zeros(14) + Hex("0800") + kInner4},
    {"CookedVlan", LinkType::kLinuxSll, Zeros(14) + Hex("8100 0005 0800") + kInner4},
    {"Cooked2", LinkType::kLinuxSll2, Hex("86dd") + Zeros(18) + kInner6, 6},
    {"Raw", LinkType::kRaw, kInner4},
    {"RawOld", LinkType::kRawOld, kInner6, 6},
    {"Ipv4", LinkType::kIpv4, kInner4},
    {"Ipv6", LinkType::kIpv6, kInner6, 6},
    {"NullLittleEndian", LinkType::kNull, Hex("02000000") + kInner4},
    {"NullBigEndian", LinkType::kNull, Hex("0000001e") + kInner6, 6},
    {"Loop", LinkType::kLoop, Hex("00000002") + kInner4},
    {"Wifi", LinkType::kIeee80211, Hex("0801") + Zeros(22) + kSnap4 + kInner4},
    {"WifiQosFourAddresses", LinkType::kIeee80211, Hex("8803") + Zeros(28) + Zeros(2) + kSnap4 + kInner4},
    {"Radiotap", LinkType::kRadiotap, Hex("0000 0800 00000000") + Hex("0802") + Zeros(22) + kSnap4 + kInner4},
    {"RadiotapPadded", LinkType::kRadiotap,  // TSFT and flags; a QoS header of 26 bytes is padded to 28
     Hex("0000 1900 03000000") + Zeros(8) + Hex("20") + Zeros(8) + Hex("8802") + Zeros(24) + Zeros(2) +
         kSnap4 + kInner4},
};
INSTANTIATE_TEST_SUITE_P(Links, LinkLayerTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

class LinkOutcomeTest : public DecodeFixture {};

TEST_F(LinkOutcomeTest, VlanIdsOutermostFirst) {
  const std::string frame = Ethernet(0x88a8, Hex("e001 8100 0002 8100 0003 8100 0004 0800") + kInner4);
  const Decoded d = Read(frame);
  ASSERT_EQ(d.vlan_count, 3);
  EXPECT_EQ(d.vlans, (std::array<std::uint16_t, 3>{1, 2, 3}));
  EXPECT_EQ(counters_.vlan_qinq, 1u);
}

TEST_F(LinkOutcomeTest, FramesWithoutIp) {
  EXPECT_EQ(Read(Ethernet(0x0806, Zeros(28))).status, Status::kNotIp);
  EXPECT_EQ(counters_.arp, 1u);
  EXPECT_EQ(Read(Ethernet(0x88cc, Zeros(28))).status, Status::kNotIp);
  EXPECT_EQ(counters_.unknown_ethertype, 1u);
  EXPECT_EQ(Read(Hex("0180c2000000 020000000001 0026 424203") + Zeros(35)).status, Status::kNotIp);
  EXPECT_EQ(Read(Hex("8000") + Zeros(40), LinkType::kIeee80211).status, Status::kNotIp) << "a beacon";
  EXPECT_EQ(Read(Hex("0841") + Zeros(40), LinkType::kIeee80211).status, Status::kNotIp) << "encrypted";
  EXPECT_EQ(Read(Hex("c021 0101 0004"), LinkType::kPpp).status, Status::kNotIp) << "LCP";
}

TEST_F(LinkOutcomeTest, UnreadableFrames) {
  EXPECT_EQ(Read(Hex("0200")).status, Status::kMalformed);
  EXPECT_EQ(counters_.invalid, 1u);
  EXPECT_EQ(Read(kInner4, static_cast<LinkType>(9999)).status, Status::kUnknownLink);
}

TEST_F(LinkOutcomeTest, NestingOfLinkLayersIsBounded) {
  std::string frame = Ethernet(0x0800, kInner4);
  for (int i = 0; i < 2000; ++i) frame = Ethernet(0x8903, Hex("0041") + frame);
  EXPECT_EQ(Read(frame).status, Status::kTooDeep);
}

}  // namespace
}  // namespace gander::decode
