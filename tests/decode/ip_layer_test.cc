// SPDX-License-Identifier: Apache-2.0
// IP and transport headers, whole, cut and lying.
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <tuple>

#include "decode_fixture.h"

namespace gander::decode {
namespace {

class IpLayerTest : public DecodeFixture {
 protected:
  Decoded ReadIp(std::string datagram) {
    frame_ = std::move(datagram);
    return Read(frame_, LinkType::kRaw);
  }
  std::string frame_;
};

TEST_F(IpLayerTest, TcpFields) {
  const Decoded d = ReadIp(Ip4(6, Tcp(40000, 443, 0x18, "hello", Zeros(12)), {.options = Zeros(8)}));
  ASSERT_EQ(d.status, Status::kOk);
  EXPECT_EQ(d.tuple.source.ToString(), "10.0.0.1");
  EXPECT_EQ(d.tuple.destination.ToString(), "10.0.0.2");
  EXPECT_EQ(d.tuple.source_port, 40000);
  EXPECT_EQ(d.tuple.destination_port, 443);
  EXPECT_EQ(d.tuple.protocol, ip_proto::kTcp);
  EXPECT_EQ(d.sequence, 1000u);
  EXPECT_EQ(d.acknowledgement, 2000u);
  EXPECT_EQ(d.window, 8192);
  EXPECT_EQ(d.tcp_flags, tcp_flag::kAck | tcp_flag::kPsh);
  EXPECT_EQ(d.ttl, 64);
  EXPECT_EQ(Payload(d), "hello");
}

// The short way through a plain Ethernet frame says what the walk says, which takes the same datagram without its
// Ethernet header; also when bytes of the headers are wrong, and when the frame is cut or padded.
TEST_F(IpLayerTest, PlainFramesReadAsTheWalkReadsThem) {
  std::mt19937 random(11);
  int readable = 0;
  for (int i = 0; i < 50'000; ++i) {
    const std::string options(random() % 3 * 4, '\1');
    const std::string payload = std::string(1, static_cast<char>(random())) + std::string(random() % 20, 'x');
    const auto port = static_cast<std::uint16_t>(random() % 3 == 0 ? 4789 : random());
    const auto flags = static_cast<std::uint8_t>(random());
    std::string datagram = random() % 2 == 0 ? Ip4(6, Tcp(1234, port, flags, payload, options))
                                             : Ip4(17, Udp(1234, port, payload));
    for (unsigned wrong = random() % 3; wrong > 0; --wrong) {
      const std::size_t at = random() % std::min<std::size_t>(40, datagram.size());
      if (at == 0) continue;  // the version decides what a datagram without Ethernet is
      datagram[at] = static_cast<char>(random() % 4 == 0 ? random() : random() % 8);
    }
    if (random() % 4 == 0) datagram.resize(random() % (datagram.size() + 8), 'p');
    if (datagram.empty()) continue;
    const std::string frame = Ethernet(0x0800, datagram);
    Counters whole{}, inner{};
    Decoded a, b;
    Decode(LinkType::kEthernet, AsBytes(frame), options_, whole, a);
    Decode(LinkType::kRaw, AsBytes(datagram), options_, inner, b);
    ASSERT_EQ(a.status, b.status) << i;
    ASSERT_EQ(a.header_bytes, b.header_bytes + 14);
    ASSERT_EQ(Payload(a), Payload(b));
    ASSERT_EQ(a.payload_missing, b.payload_missing);
    ++inner.ethernet;
    inner.bytes += 14;
    ASSERT_EQ(std::memcmp(&whole, &inner, sizeof whole), 0) << i;
    if (a.status != Status::kOk) continue;
    ++readable;
    ASSERT_EQ(a.tuple, b.tuple);
    ASSERT_EQ(std::tie(a.ip_version, a.ttl, a.ip_id, a.sequence, a.acknowledgement, a.window, a.tcp_flags),
              std::tie(b.ip_version, b.ttl, b.ip_id, b.sequence, b.acknowledgement, b.window, b.tcp_flags));
  }
  EXPECT_GT(readable, 20'000);
}

TEST_F(IpLayerTest, NothingOfAnEarlierFrameStays) {
  Decoded d;
  const std::string full = Ethernet(0x8100, Hex("0005 0800") + Ip4(6, Tcp(1, 2, 0xff, "abc")));
  Decode(LinkType::kEthernet, AsBytes(full), options_, counters_, d);
  const std::string next = Ethernet(0x0800, Ip4(50, Hex("00000101 00000001") + "esp"));
  Decode(LinkType::kEthernet, AsBytes(next), options_, counters_, d);
  EXPECT_EQ(d.vlan_count, 0);
  EXPECT_EQ(d.tcp_flags, 0);
  EXPECT_EQ(d.sequence, 0u);
  EXPECT_EQ(d.tuple.source_port, 0);
  EXPECT_EQ(d.tuple.protocol, 50);
  EXPECT_EQ(Payload(d), "esp");
}

TEST_F(IpLayerTest, SegmentationOffloadLeavesTheLengthZero) {
  std::string datagram = Ip4(6, Tcp(1, 2, 0x10, "all of this"));
  datagram[2] = datagram[3] = 0;
  EXPECT_EQ(Payload(ReadIp(datagram)), "all of this");
}

TEST_F(IpLayerTest, CutPayloadIsMissing) {
  const std::string whole = Ip4(6, Tcp(1, 2, 0x10, "0123456789"));
  const Decoded d = ReadIp(whole.substr(0, whole.size() - 4));
  EXPECT_EQ(d.status, Status::kOk);
  EXPECT_EQ(Payload(d), "012345");
  EXPECT_EQ(d.payload_missing, 4u);
}

TEST_F(IpLayerTest, CutTcpOptionsLeaveThePorts) {
  const std::string whole = Ip4(6, Tcp(1, 2, 0x10, "0123456789", Zeros(20)));
  const Decoded d = ReadIp(whole.substr(0, 50));
  EXPECT_EQ(d.status, Status::kOk);
  EXPECT_EQ(d.tuple.destination_port, 2);
  EXPECT_TRUE(d.payload.empty());
  EXPECT_EQ(d.payload_missing, 10u);
}

TEST_F(IpLayerTest, LyingLengths) {
  std::string short_total = Ip4(6, Tcp(1, 2, 0x10, ""));
  short_total[3] = 19;
  EXPECT_EQ(ReadIp(short_total).status, Status::kMalformed);
  std::string short_header = Ip4(6, Tcp(1, 2, 0x10, ""));
  short_header[0] = 0x44;
  EXPECT_EQ(ReadIp(short_header).status, Status::kMalformed);
  std::string tcp_offset = Ip4(6, Tcp(1, 2, 0x10, "abc"));
  tcp_offset[20 + 12] = '\xf0';
  EXPECT_EQ(ReadIp(tcp_offset).status, Status::kMalformed);
  std::string extension = Ip6(0, Extension(6, 0, Tcp(1, 2, 0x10, "")));
  extension[41] = '\xc8';
  EXPECT_EQ(ReadIp(extension).status, Status::kMalformed);
  EXPECT_EQ(counters_.invalid, 4u);
}

TEST_F(IpLayerTest, UdpLength) {
  const std::string padded = Udp(1, 2, "abc") + "trailer";
  EXPECT_EQ(Payload(ReadIp(Ip4(17, padded))), "abc");
  std::string too_long = Udp(1, 2, "abc");
  too_long[5] = 100;
  EXPECT_EQ(Payload(ReadIp(Ip4(17, too_long))), "abc");
  std::string too_short = Udp(1, 2, "abc");
  too_short[5] = 7;
  EXPECT_EQ(ReadIp(Ip4(17, too_short)).status, Status::kMalformed);
}

TEST_F(IpLayerTest, Icmp) {
  const Decoded echo = ReadIp(Ip4(1, Hex("0800 0000 1234 0001") + "ping"));
  EXPECT_EQ(echo.icmp_type, 8);
  EXPECT_EQ(echo.icmp_id, 0x1234);
  EXPECT_EQ(echo.tuple.source_port, 0);
  EXPECT_EQ(Payload(echo), "ping");
  const Decoded unreachable = ReadIp(Ip4(1, Hex("0303 0000 1234 0001")));
  EXPECT_EQ(unreachable.icmp_code, 3);
  EXPECT_EQ(unreachable.icmp_id, 0);
  EXPECT_EQ(ReadIp(Ip6(58, Hex("8000 0000 0007 0001"))).icmp_id, 7);
}

TEST_F(IpLayerTest, Sctp) {
  const Decoded d = ReadIp(Ip4(132, Be16(5000) + Be16(36412) + Zeros(8) + "chunks"));
  EXPECT_EQ(d.tuple.destination_port, 36412);
  EXPECT_EQ(Payload(d), "chunks");
}

TEST_F(IpLayerTest, ExtensionHeaderChain) {
  const std::string tcp = Tcp(1, 2, 0x10, "deep");
  const std::string ah =
      Hex("3c 04 0000") + Zeros(20) + Extension(6, 2, tcp);  // authentication: 4-byte units
  const Decoded d =
      ReadIp(Ip6(0, Extension(43, 0, Extension(60, 1, Extension(139, 0, Extension(51, 0, ah))))));
  ASSERT_EQ(d.status, Status::kOk);
  EXPECT_EQ(d.tuple.protocol, ip_proto::kTcp);
  EXPECT_EQ(Payload(d), "deep");
}

TEST_F(IpLayerTest, AtomicFragmentIsAWholeDatagram) {
  const Decoded d = ReadIp(Ip6(44, Fragment6(17, 0, 7, Udp(1, 2, "whole"))));
  EXPECT_EQ(d.status, Status::kOk);
  EXPECT_EQ(Payload(d), "whole");
  EXPECT_EQ(counters_.fragments, 0u);
}

TEST_F(IpLayerTest, Fragments) {
  const Decoded v4 = ReadIp(Ip4(17, "01234567", {.id = 77, .fragment = 0x2000 | 3}));
  ASSERT_EQ(v4.status, Status::kFragment);
  EXPECT_EQ(v4.fragment_id, 77u);
  EXPECT_EQ(v4.fragment_offset, 24u);
  EXPECT_TRUE(v4.more_fragments);
  EXPECT_EQ(v4.fragment_protocol, 17);
  EXPECT_EQ(Payload(v4), "01234567");
  const Decoded v6 = ReadIp(Ip6(0, Extension(44, 0, Fragment6(6, 16, 0xabcdef01, "tail"))));
  ASSERT_EQ(v6.status, Status::kFragment);
  EXPECT_EQ(v6.fragment_id, 0xabcdef01u);
  EXPECT_EQ(v6.fragment_offset, 16u);
  EXPECT_FALSE(v6.more_fragments);
  EXPECT_EQ(v6.fragment_protocol, 6);
}

// A datagram with correct sums, and with one bit flipped.
TEST_F(IpLayerTest, ChecksumsWhenAsked) {
  const std::string good =
      Hex("4500002a00010000401166c00a0000010a00000204d200350016854b68656c6c6f2c20776f726c642121");
  options_.checksums = Checksums::kStrict;
  EXPECT_FALSE(ReadIp(good).bad_checksum);
  std::string payload = good, header = good;
  payload[30] ^= 1;
  header[8] ^= 1;
  EXPECT_TRUE(ReadIp(payload).bad_checksum);
  EXPECT_TRUE(ReadIp(header).bad_checksum);
  EXPECT_EQ(counters_.bad_checksum, 2u);
  EXPECT_FALSE(ReadIp(good.substr(0, 40)).bad_checksum) << "a cut packet cannot be judged";
  options_.checksums = Checksums::kIgnore;
  EXPECT_FALSE(ReadIp(payload).bad_checksum);
}

// A host that lets its NIC sum hands a capture on itself the pseudo-header's sum, or none at all.
TEST_F(IpLayerTest, ChecksumsLeftToTheNic) {
  std::string datagram = Hex("4500002a00010000401166c00a0000010a00000204d200350016854b68656c6c6f2c20776f726c642121");
  datagram.replace(26, 2, Be16(0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 17 + 22));
  datagram[10] = datagram[11] = 0;
  options_.checksums = Checksums::kStrict;
  EXPECT_TRUE(ReadIp(datagram).bad_checksum);
  options_.checksums = Checksums::kAuto;
  EXPECT_FALSE(ReadIp(datagram).bad_checksum);
  EXPECT_EQ(counters_.offloaded_checksum, 2u);
  datagram.replace(26, 2, Be16(0x1234));
  EXPECT_TRUE(ReadIp(datagram).bad_checksum) << "any other wrong sum is wrong";
}

TEST_F(IpLayerTest, EspHasAnIndexForPorts) {
  const Decoded d = ReadIp(Ip6(51, Hex("32 04 0000") + Zeros(20) + Hex("c0ffee01 00000007") + "cipher"));
  EXPECT_EQ(d.status, Status::kOk);
  EXPECT_EQ(d.tuple.protocol, 50);
  EXPECT_EQ(d.tuple.source_port, 0xc0ff);
  EXPECT_EQ(d.tuple.destination_port, 0xee01);
  EXPECT_EQ(Payload(d), "cipher");
  EXPECT_EQ(ReadIp(Ip4(50, Hex("c0ffee01"))).status, Status::kMalformed);
}

// RFC 6275 §6.1.1: nothing follows a mobility header, whatever it names.
TEST_F(IpLayerTest, MobilityHeaderIsTheLast) {
  const Decoded d = ReadIp(Ip6(60, Extension(135, 0, Extension(17, 0, Udp(1, 2, "x")))));
  EXPECT_EQ(d.status, Status::kOk);
  EXPECT_EQ(d.tuple.protocol, 135);
  EXPECT_EQ(d.tuple.source_port, 0);
  EXPECT_EQ(counters_.ipv6_extensions, 1u);
}

// A host drops what has an option that leaves its header.
TEST_F(IpLayerTest, OptionsEndWithTheirHeader) {
  const auto with = [&](const char* options) {
    return ReadIp(Ip6(60, Hex("11 00") + Hex(options) + Udp(1, 2, "x"))).status;
  };
  EXPECT_EQ(with("0104 00000000"), Status::kOk) << "PadN";
  EXPECT_EQ(with("0502 0000 0000"), Status::kOk) << "router alert and two Pad1";
  EXPECT_EQ(with("ca90 00000000"), Status::kMalformed);
  EXPECT_EQ(with("0103 000000 05"), Status::kOk) << "no length";
}

TEST_F(IpLayerTest, DatagramWithoutContent) {
  EXPECT_EQ(ReadIp(Ip6(59, "")).status, Status::kOk);
  EXPECT_EQ(counters_.no_next_header, 1u);
}

TEST_F(IpLayerTest, HostPairHashIgnoresDirectionAndPorts) {
  const Decoded a = ReadIp(Ip4(6, Tcp(1, 2, 0x10, "")));
  const Decoded b =
      ReadIp(Ip4(17, Udp(9, 8, ""), {.source = Hex("0a000002"), .destination = Hex("0a000001")}));
  const Decoded fragment = ReadIp(Ip4(17, "01234567", {.fragment = 0x2000}));
  const Decoded other = ReadIp(Ip4(6, Tcp(1, 2, 0x10, ""), {.source = Hex("0a000003")}));
  EXPECT_EQ(HostPairHash(a), HostPairHash(b));
  EXPECT_EQ(HostPairHash(a), HostPairHash(fragment));
  EXPECT_NE(HostPairHash(a), HostPairHash(other));
}

}  // namespace
}  // namespace gander::decode
