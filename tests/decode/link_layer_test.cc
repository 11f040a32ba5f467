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
    {"Trill", LinkType::kEthernet, Ethernet(0x22f3, Hex("0040 0001 0002 00000000") + Ethernet(0x0800, kInner4))},
    {"MacsecAuthenticated", LinkType::kEthernet,
     Ethernet(0x88e5, Hex("2000 00000001 0200000000010001 0800") + kInner4 + Zeros(16))},
    {"MplsLink", LinkType::kMpls, Hex("00020140") + kInner4},
    {"CookedLlc", LinkType::kLinuxSll, Zeros(14) + Hex("0004") + kSnap4 + kInner4},
    {"CookedWifi", LinkType::kLinuxSll, Hex("0000 0321") + Zeros(12) + Hex("0801") + Zeros(22) + kSnap4 + kInner4},
    {"Ppi", LinkType::kPpi, Hex("0000 0800 01000000") + Ethernet(0x0800, kInner4)},
    {"PpiRadiotap", LinkType::kPpi,
     Hex("0000 0c00 7f000000 00000000") + Hex("0000 0800 00000000") + Hex("0802") + Zeros(22) + kSnap4 + kInner4},
    {"Prism", LinkType::kPrism, Hex("00000044 00000090") + Zeros(136) + Hex("0801") + Zeros(22) + kSnap4 + kInner4},
    {"PrismThatIsAvs", LinkType::kPrism,
     Hex("80211001 00000040") + Zeros(56) + Hex("0801") + Zeros(22) + kSnap4 + kInner4},
    {"Avs", LinkType::kAvs, Hex("80211002 00000040") + Zeros(56) + Hex("0801") + Zeros(22) + kSnap4 + kInner4},
    {"Nflog", LinkType::kNflog, Hex("0200 0000") + Hex("0500 0a00 41 000000") + Hex("2700 0900") + kInner4},
    {"NflogBigEndian", LinkType::kNflog, Hex("0200 0000") + Hex("0005 000a 41 000000") + Hex("0027 0009") + kInner4},
    {"Pflog", LinkType::kPflog, Hex("3d 02") + Zeros(62) + kInner4},
    {"Enc", LinkType::kEnc, Hex("02000000 00001001 00000000") + kInner4},
    {"Pktap", LinkType::kPktap, Hex("0c000000 01000000 01000000") + Ethernet(0x86dd, kInner6), 6},
    {"Erf", LinkType::kErf, Zeros(8) + Hex("02 00 0000 0000 0000") + Zeros(2) + Ethernet(0x0800, kInner4)},
    {"ErfExtended", LinkType::kErf,
     Zeros(8) + Hex("82 00 0000 0000 0000") + Zeros(8) + Zeros(2) + Ethernet(0x0800, kInner4)},
    {"TokenRing", LinkType::kTokenRing, Zeros(14) + kSnap4 + kInner4},
    {"TokenRingRouted", LinkType::kTokenRing,
     Zeros(8) + Hex("80") + Zeros(5) + Hex("0600 0010 0020") + kSnap4 + kInner4},
    {"Fddi", LinkType::kFddi, Zeros(13) + kSnap4 + kInner4},
    {"Atm", LinkType::kAtmRfc1483, kSnap4 + kInner4},
    {"IpOverFc", LinkType::kIpOverFc, Zeros(16) + kSnap4 + kInner4},
    {"PppWithDirection", LinkType::kPppWithDirection, Hex("00 ff03 0021") + kInner4},
    {"FrameRelayWithDirection", LinkType::kFrameRelayWithDirection, Hex("01 1841 03cc") + kInner4},
    {"NetAnalyzer", LinkType::kNetAnalyzer, Zeros(4) + Ethernet(0x0800, kInner4)},
    {"Mpacket", LinkType::kMpacket, Zeros(8) + Ethernet(0x0800, kInner4)},
    {"SwitchTag", LinkType::kDsaTagBroadcom, kMacs + Hex("00000001 0800") + kInner4},
    {"SwitchTagOfEight", LinkType::kDsaTagMarvellEther, kMacs + Hex("dada0000 00000001 0800") + kInner4},
    {"Wifi", LinkType::kIeee80211, Hex("0801") + Zeros(22) + kSnap4 + kInner4},
    {"WifiQosFourAddresses", LinkType::kIeee80211, Hex("8803") + Zeros(28) + Zeros(2) + kSnap4 + kInner4},
    {"Radiotap", LinkType::kRadiotap, Hex("0000 0800 00000000") + Hex("0802") + Zeros(22) + kSnap4 + kInner4},
    {"RadiotapPadded", LinkType::kRadiotap,  // TSFT and flags; a QoS header of 26 bytes is padded to 28
     Hex("0000 1900 03000000") + Zeros(8) + Hex("20") + Zeros(8) + Hex("8802") + Zeros(24) + Zeros(2) + kSnap4 +
         kInner4},
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

TEST_F(LinkOutcomeTest, WhatHidesThePairOfHostsFromANicIsTold) {
  EXPECT_TRUE(Read(Ethernet(0x8926, Hex("00000001 0800") + kInner4)).behind_shim);
  EXPECT_TRUE(Read(Ethernet(0x8100, Hex("0005 8903 0041") + Ethernet(0x0800, kInner4))).behind_shim);
  EXPECT_FALSE(Read(Ethernet(0x0800, kInner4)).behind_shim);
  EXPECT_FALSE(Read(Ethernet(0x88a8, Hex("0001 9200 0002 9100 0003 0800") + kInner4)).behind_shim);
  Decoded d;  // workers decode into what held another packet before
  Decode(LinkType::kEthernet, AsBytes(Ethernet(0x8926, Hex("00000001 0800") + kInner4)), {}, counters_, d);
  Decode(LinkType::kEthernet, AsBytes(Ethernet(0x0800, kInner4)), {}, counters_, d);
  EXPECT_FALSE(d.behind_shim);
}

TEST_F(LinkOutcomeTest, FramesWithoutIp) {
  EXPECT_EQ(Read(Ethernet(0x0806, Zeros(28))).status, Status::kNotIp);
  EXPECT_EQ(counters_.arp, 1u);
  EXPECT_EQ(Read(Ethernet(0x88cc, Zeros(28))).status, Status::kNotIp);
  EXPECT_EQ(counters_.lldp, 1u);
  EXPECT_EQ(Read(Ethernet(0x8100, Hex("0005 22f0") + Zeros(28))).status, Status::kNotIp);
  EXPECT_EQ(counters_.avtp, 1u);
  EXPECT_EQ(Read(Ethernet(0x88e5, Hex("2c00 00000001 0200000000010001") + Zeros(40))).status, Status::kNotIp)
      << "encrypted";
  EXPECT_EQ(counters_.macsec, 1u);
  EXPECT_EQ(Read(Ethernet(0xbeef, Zeros(28))).status, Status::kNotIp);
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

TEST_F(LinkOutcomeTest, NestingOfWrappingsIsBounded) {
  std::string frame = Ethernet(0x0800, kInner4);
  for (int i = 0; i < 2000; ++i) frame = Hex("0000 0800 c0000000") + frame;
  EXPECT_EQ(Read(frame, LinkType::kPpi).status, Status::kTooDeep);
}

TEST_F(LinkOutcomeTest, NestingOfLinkLayersIsBounded) {
  std::string frame = Ethernet(0x0800, kInner4);
  for (int i = 0; i < 2000; ++i) frame = Ethernet(0x8903, Hex("0041") + frame);
  EXPECT_EQ(Read(frame).status, Status::kTooDeep);
}

}  // namespace
}  // namespace gander::decode
