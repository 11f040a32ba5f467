// SPDX-License-Identifier: Apache-2.0
#include "protocol/radius/radius.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

using namespace std::string_literals;

constexpr auto kUdp = ip_proto::kUdp;
std::string Attribute(int type, const std::string& value) { return std::string{static_cast<char>(type), static_cast<char>(value.size() + 2)} + value; }
std::string Packet(int code, const std::string& attributes) {
  const std::size_t size = 20 + attributes.size();
  return std::string{static_cast<char>(code), '\x09', static_cast<char>(size >> 8), static_cast<char>(size)} + std::string(16, 'a') + attributes;
}
const std::string kRequest = Packet(4, Attribute(1, "anna.berg@example.org") + Attribute(8, "\x0a\x01\x02\x03"s) + Attribute(31, "4790012345") + Attribute(40, "\0\0\0\1"s) +
                                           Attribute(26, "\0\0\x28\xaf"s + Attribute(1, "242011234567890")) + Attribute(2, "cipher"));

TEST(RadiusTest, SaysWhoIsOnLine) {
  EXPECT_EQ(Ask(kRadius, kRequest, 1813, Direction::kToServer, kUdp), Probe::kYes);
  const RecordingSink sink = Play(kRadius, {Client(kRequest), Server(Packet(5, ""))}, true);
  EXPECT_THAT(sink.events, ElementsAre(R"(radius #0 > "radius":{"code":"accounting_request","id":9,"user_name":"anna.berg@example.org","framed_ip_address":"10.1.2.3",)"
                                       R"("calling_station_id":"4790012345","acct_status_type":1,"imsi":"242011234567890"})",
                                       R"(radius #1 < "radius":{"code":"accounting_response","id":9})"));
  EXPECT_THAT(sink.fields, ElementsAre("radius.attribute > username=anna.berg@example.org", "radius.attribute > phone=4790012345", "radius.attribute > imsi=242011234567890"));
}

TEST(RadiusTest, ProbeWantsAttributesThatFillThePacket) {
  for (std::size_t n = 0; n < kRequest.size(); ++n) EXPECT_EQ(Ask(kRadius, kRequest.substr(0, n), 1813, Direction::kToServer, kUdp), Probe::kNo) << n;
  EXPECT_EQ(Ask(kRadius, kRequest + "x", 1813, Direction::kToServer, kUdp), Probe::kNo);
  EXPECT_EQ(Ask(kRadius, Packet(5, ""), 1813, Direction::kToServer, kUdp), Probe::kNo);
  EXPECT_EQ(Ask(kRadius, Packet(4, "\x01\x01"s), 1813, Direction::kToServer, kUdp), Probe::kNo);
}

TEST(RadiusTest, SurvivesDamage) {
  testing::ExpectSurvivesDamage(kRadius, {Client(kRequest), Server(Packet(5, ""))}, 5, true);
  const RecordingSink sink = Play(kRadius, {Client(kRequest), Client("short")}, true);
  EXPECT_THAT(sink.anomalies, ElementsAre("malformed_data"));
  // A vendor's attributes may lie about their lengths.
  EXPECT_EQ(Play(kRadius, {Client(Packet(4, Attribute(26, "\0\0\x28\xaf\x01\xff"s + "x")))}, true).events.size(), 1u);
}

}  // namespace
}  // namespace gander::protocol
