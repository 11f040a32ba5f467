// SPDX-License-Identifier: Apache-2.0
#include "protocol/dhcp/dhcp.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

using namespace std::string_literals;

constexpr auto kUdp = ip_proto::kUdp;

std::string Option(int code, const std::string& value) { return std::string{static_cast<char>(code), static_cast<char>(value.size())} + value; }
std::string Padded(std::string s, std::size_t size) {
  s.resize(size, '\0');
  return s;
}
// `yours` is the address that is given.
std::string Bootp(char op, const std::string& yours, const std::string& name = "", const std::string& file = "") {
  return std::string{op, 1, 6, 0} + "\x01\x02\x03\x04"s + "\0\0\0\0"s + "\0\0\0\0"s + yours + "\x0a\0\0\x01"s + "\0\0\0\0"s + Padded("\x00\x0c\x29\xaa\xbb\xcc"s, 16) +
         Padded(name, 64) + Padded(file, 128);
}
const std::string kCookie = "\x63\x82\x53\x63"s, kNone = "\0\0\0\0"s;
const std::string kRequest = Bootp(1, kNone) + kCookie + Option(53, "\x03") + Option(61, "\x01\x00\x0c\x29\xaa\xbb\xcc"s) + Option(50, "\x0a\0\0\x09"s) +
                             Option(12, "annas-laptop") + Option(60, "MSFT 5.0") + Option(81, "\0\0\0"s + "annas-laptop.example.org") +
                             Option(82, "\x01\x08"s + "line 17b") + "\0\0"s + Option(55, "\x01\x03\x06\x0f\x77"s) + "\xff";
const std::string kAck = Bootp(2, "\x0a\0\0\x09"s, "", "boot.img") + kCookie + Option(53, "\x05") + Option(51, "\0\0\x0e\x10"s) + Option(58, "\0\0\x07\x08"s) +
                         Option(59, "\0\0\x0c\x4e"s) + Option(1, "\xff\xff\xff\0"s) + Option(3, "\x0a\0\0\x01"s) + Option(6, "\x0a\0\0\x01\x0a\0\0\x02"s) +
                         Option(119, "\x07"s + "example\x03org\0"s) + "\xff";

TEST(DhcpTest, SaysWhichDeviceGetsWhichAddress) {
  const RecordingSink sink = Play(kDhcp, {Client(kRequest), Server(kAck)}, true);
  EXPECT_THAT(sink.events,
              ElementsAre(R"(dhcp #0 > "dhcp":{"type":"request","id":16909060,"client_mac":"00:0c:29:aa:bb:cc","assigned_ip":"0.0.0.0","client_ip":"0.0.0.0",)"
                          R"("dhcp_type":"request","client_id":"00:0c:29:aa:bb:cc","requested_ip":"10.0.0.9","hostname":"annas-laptop",)"
                          R"("vendor_class_identifier":"MSFT 5.0","params":["subnet_mask","router","dns_server","domain"]})",
                          R"(dhcp #1 < "dhcp":{"type":"reply","id":16909060,"client_mac":"00:0c:29:aa:bb:cc","assigned_ip":"10.0.0.9","client_ip":"0.0.0.0",)"
                          R"("relay_ip":"0.0.0.0","next_server_ip":"10.0.0.1","dhcp_type":"ack","lease_time":3600,"renewal_time":1800,"rebinding_time":3150,)"
                          R"("subnet_mask":"255.255.255.0","routers":["10.0.0.1"],"dns_servers":["10.0.0.1","10.0.0.2"]})"));
  EXPECT_THAT(sink.fields, ElementsAre("dhcp.client_mac > mac=00:0c:29:aa:bb:cc", "dhcp.option > host=annas-laptop", "dhcp.option > =MSFT 5.0",
                                       "dhcp.option > host=annas-laptop.example.org", "dhcp.option > subscriber=line 17b", "dhcp.client_mac < mac=00:0c:29:aa:bb:cc",
                                       "dhcp.option < domain=example.org", "dhcp.option < file=boot.img"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(DhcpTest, OptionsInPlaceOfNames) {
  const std::string both = Bootp(2, kNone, Option(3, "\x0a\0\0\x02"s) + "\xff", Option(6, "\x0a\0\0\x03"s) + "\xff");
  for (const auto& [overload, routers, servers] : {std::tuple{1, false, true}, {2, true, false}, {3, true, true}}) {
    const RecordingSink sink = Play(kDhcp, {Server(both + kCookie + Option(52, std::string(1, static_cast<char>(overload))) + "\xff")}, true);
    EXPECT_EQ(sink.events[0].find(R"("routers":["10.0.0.2"])") != std::string::npos, routers);
    EXPECT_EQ(sink.events[0].find(R"("dns_servers":["10.0.0.3"])") != std::string::npos, servers);
    EXPECT_THAT(sink.anomalies, IsEmpty());
  }
}

TEST(DhcpTest, WhatIsWrongIsNamed) {
  EXPECT_THAT(Play(kDhcp, {Client(kRequest.substr(0, kRequest.size() - 1))}, true).anomalies, ElementsAre("truncated_options"));
  EXPECT_THAT(Play(kDhcp, {Client(kRequest.substr(0, 250))}, true).anomalies, ElementsAre("truncated_options"));
  EXPECT_THAT(Play(kDhcp, {Client(Bootp(1, kNone) + kCookie + Option(51, "\1") + "\xff")}, true).anomalies, ElementsAre("malformed_options"));
  EXPECT_THAT(Play(kDhcp, {Client(kRequest), Client("short")}, true).anomalies, ElementsAre("malformed_data"));
  // An option a second time is read and not told.
  const RecordingSink twice = Play(kDhcp, {Client(Bootp(1, kNone) + kCookie + Option(12, "one") + Option(12, "two") + "\xff")}, true);
  EXPECT_THAT(twice.events, ElementsAre(Not(HasSubstr("two"))));
  EXPECT_THAT(twice.fields.back(), HasSubstr("two"));
  ExpectSurvivesDamage(kDhcp, {Client(kRequest), Server(kAck)}, 5, true);
}

TEST(DhcpTest, Probe) {
  const auto ask = [](const std::string& bytes, std::uint16_t port) { return kDhcp.probe({AsBytes(bytes), Direction::kToServer, port, kUdp, 68}); };
  EXPECT_EQ(ask(kRequest, 9999), Probe::kYes);
  EXPECT_EQ(ask(Padded(Bootp(1, kNone), 300), 67), Probe::kYes);
  EXPECT_EQ(ask(Padded(Bootp(1, kNone), 300), 69), Probe::kNo);
  EXPECT_EQ(ask(Padded(Bootp(1, kNone), 299), 67), Probe::kNo);
  EXPECT_EQ(ask(kRequest.substr(0, 239), 67), Probe::kNo);
  EXPECT_EQ(ask(Padded("", 300), 67), Probe::kNo);
}

// With an identifier of 1 a request without addresses looks like the reply of an RPC server.
TEST(DhcpTest, IsAskedBeforeWhatItMayBeTakenFor) {
  std::string first = kRequest;
  first.replace(4, 4, "\0\0\0\1"s);
  const auto all = Protocols();
  const auto taken = std::find_if(all.begin(), all.end(), [&](const ProtocolInfo& p) {
    return p.udp && p.probe != nullptr && p.probe({AsBytes(first), Direction::kToServer, 67, kUdp, 68}) == Probe::kYes;
  });
  EXPECT_STREQ(taken->name, "dhcp");
}

std::string Option6(int code, const std::string& value) {
  return std::string{static_cast<char>(code >> 8), static_cast<char>(code), static_cast<char>(value.size() >> 8), static_cast<char>(value.size())} + value;
}
const std::string kAddress6 = "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x07"s;
const std::string kDuid = "\0\x01\0\x01"s + "time" + "\x00\x0c\x29\xaa\xbb\xcc"s;
const std::string kAssociation = Option6(3, "iaid"s + "\0\0\x07\x08\0\0\x0c\x4e"s + Option6(5, kAddress6 + "\0\0\x0e\x10\0\0\x1c\x20"s));
const std::string kSolicit = "\x01\x01\x02\x03"s + Option6(1, kDuid) + Option6(39, "\0\x0c"s + "annas-laptop") + Option6(16, "\0\0\x01\x37\0\x08"s + "MSFT 5.0") + kAssociation;
const std::string kReply6 = "\x07\x01\x02\x03"s + Option6(1, kDuid) + kAssociation + Option6(23, kAddress6) + Option6(24, "\x07"s + "example\x03org\0"s) + Option6(13, "\0\0all well"s);

TEST(Dhcpv6Test, SaysWhichDeviceGetsWhichAddress) {
  const RecordingSink sink = Play(kDhcpv6, {Client(kSolicit), Server(kReply6)}, true);
  const std::string client = R"("client_id":"00:01:00:01:74:69:6d:65:00:0c:29:aa:bb:cc","client_mac":"00:0c:29:aa:bb:cc",)";
  EXPECT_THAT(sink.events, ElementsAre(R"(dhcp #0 > "dhcp":{"type":"request","id":66051,"dhcp_type":"solicit",)" + client +
                                           R"("hostname":"annas-laptop","vendor_class_identifier":"MSFT 5.0","requested_ip":"2001:db8::7"})",
                                       R"(dhcp #1 < "dhcp":{"type":"reply","id":66051,"dhcp_type":"reply",)" + client +
                                           R"("renewal_time":1800,"rebinding_time":3150,"assigned_ip":"2001:db8::7","lease_time":7200,"dns_servers":["2001:db8::7"]})"));
  EXPECT_THAT(sink.fields, ElementsAre("dhcp.client_mac > mac=00:0c:29:aa:bb:cc", "dhcp.option > host=annas-laptop", "dhcp.option > =MSFT 5.0",
                                       "dhcp.client_mac < mac=00:0c:29:aa:bb:cc", "dhcp.option < domain=example.org", "dhcp.option < =all well"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  ExpectSurvivesDamage(kDhcpv6, {Client(kSolicit), Server(kReply6)}, 5, true);
}

TEST(Dhcpv6Test, RelaysAreLookedThroughToADepth) {
  std::string message = kSolicit;
  for (int i = 0; i < 3; ++i) message = "\x0c"s + static_cast<char>(i) + kAddress6 + kAddress6 + Option6(37, "\0\0\0\x09line 17b"s) + Option6(9, message);
  const RecordingSink sink = Play(kDhcpv6, {Client(message)}, true);
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr(R"("relay_ip":"2001:db8::7","type":"request","id":66051,"dhcp_type":"solicit")")));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  for (int i = 0; i < 20; ++i) message = "\x0c"s + '\0' + kAddress6 + kAddress6 + Option6(9, message);
  EXPECT_THAT(Play(kDhcpv6, {Client(message)}, true).anomalies, ElementsAre("malformed_options"));
}

TEST(Dhcpv6Test, Probe) {
  const auto ask = [](const std::string& bytes, std::uint16_t port) { return kDhcpv6.probe({AsBytes(bytes), Direction::kToServer, port, kUdp, 546}); };
  EXPECT_EQ(ask(kSolicit, 9999), Probe::kYes);
  EXPECT_EQ(ask("\x0b\1\2\3"s + Option6(6, "\0\x17"s), 547), Probe::kYes);
  EXPECT_EQ(ask("\x0b\1\2\3"s + Option6(6, "\0\x17"s), 9999), Probe::kNo);
  EXPECT_EQ(ask(kSolicit + "x", 547), Probe::kNo);
  EXPECT_EQ(ask("\x0e\1\2\3"s + Option6(1, kDuid), 547), Probe::kNo);
  EXPECT_EQ(ask("\x01\1\2\3", 547), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
