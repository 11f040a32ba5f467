// SPDX-License-Identifier: Apache-2.0
#include "protocol/snmp/snmp.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

using namespace std::string_literals;

std::string Tlv(int tag, const std::string& content) {
  std::string out(1, static_cast<char>(tag));
  if (content.size() >= 128) out += '\x82' + std::string(1, static_cast<char>(content.size() >> 8));
  return out + static_cast<char>(content.size()) + content;
}
std::string Int(int v) { return Tlv(2, std::string(1, static_cast<char>(v))); }
std::string Pair(const std::string& oid, const std::string& value) { return Tlv(0x30, Tlv(6, oid) + value); }
std::string Pdu(int tag, const std::string& variables, int error = 0) {
  return Tlv(tag, Int(7) + Int(error) + Int(0) + Tlv(0x30, variables));
}
std::string V2(const std::string& pdu) { return Tlv(0x30, Int(1) + Tlv(4, "public") + pdu); }
const std::string kUptime = "\x2b\x06\x01\x02\x01\x01\x03\x00"s, kContact = "\x2b\x06\x01\x02\x01\x01\x04\x00"s;
constexpr auto kUdp = ip_proto::kUdp;

TEST(SnmpTest, AsksAndAnswers) {
  const std::string ask = V2(Pdu(0xa0, Pair(kUptime, Tlv(5, "")) + Pair(kContact, Tlv(5, ""))));
  const std::string answer = V2(Pdu(0xa2, Pair(kUptime, Tlv(0x43, "\x01")) + Pair(kContact, Tlv(4, "mail anna.berg@example.org please"))));
  EXPECT_EQ(Ask(kSnmp, ask, 161, Direction::kToServer, kUdp), Probe::kYes);
  const RecordingSink sink = Play(kSnmp, {Client(ask), Server(answer)}, true);
  EXPECT_THAT(sink.events,
              ElementsAre(R"(snmp #0 > "snmp":{"version":2,"community":"public","pdu_type":"get_request","vars":["1.3.6.1.2.1.1.3.0","1.3.6.1.2.1.1.4.0"]})",
                          R"(snmp #1 < "snmp":{"version":2,"community":"public","pdu_type":"response","vars":["1.3.6.1.2.1.1.3.0","1.3.6.1.2.1.1.4.0"]})"));
  EXPECT_THAT(sink.fields, ElementsAre("snmp.value < =mail anna.berg@example.org please"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(SnmpTest, ErrorsAndTraps) {
  const RecordingSink refused = Play(kSnmp, {Server(V2(Pdu(0xa2, "", 2)))}, true);
  EXPECT_THAT(refused.events[0], HasSubstr(R"("error":"no_such_name")"));
  const std::string trap = Tlv(0x30, Int(0) + Tlv(4, "c") + Tlv(0xa4, Tlv(6, "\x2b\x06\x01"s) + Tlv(0x40, "\x0a\x00\x00\x07"s) + Int(2) + Int(0) + Tlv(0x43, "\x01") + Tlv(0x30, "")));
  const RecordingSink sink = Play(kSnmp, {Client(trap)}, true);
  EXPECT_THAT(sink.events, ElementsAre(R"(snmp #0 > "snmp":{"version":1,"community":"c","pdu_type":"trap_v1","trap_oid":"1.3.6.1","trap_address":"10.0.0.7","trap_type":"link_down","vars":[]})"));
}

TEST(SnmpTest, VersionThree) {
  const auto v3 = [](int flags, const std::string& data) {
    const std::string usm = Tlv(0x30, Tlv(4, "engine") + Int(1) + Int(2) + Tlv(4, "operator") + Tlv(4, "") + Tlv(4, ""));
    return Tlv(0x30, Int(3) + Tlv(0x30, Int(9) + Int(100) + Tlv(4, std::string(1, static_cast<char>(flags))) + Int(3)) + Tlv(4, usm) + data);
  };
  const std::string clear = v3(4, Tlv(0x30, Tlv(4, "engine") + Tlv(4, "") + Pdu(0xa0, Pair(kUptime, Tlv(5, "")))));
  const std::string sealed = v3(7, Tlv(4, "0123456789abcdef"));
  const RecordingSink sink = Play(kSnmp, {Client(clear), Server(sealed)}, true);
  EXPECT_THAT(sink.events, ElementsAre(R"(snmp #0 > "snmp":{"version":3,"usm":"operator","pdu_type":"get_request","vars":["1.3.6.1.2.1.1.3.0"]})",
                                       R"(snmp #1 < "snmp":{"version":3,"usm":"operator","pdu_type":"encrypted"})"));
  EXPECT_EQ(sink.fates.at(ByteFate::kEncrypted), sealed.size());
}

TEST(SnmpTest, ProbeWantsAWholeMessage) {
  const std::string ask = V2(Pdu(0xa0, Pair(kUptime, Tlv(5, ""))));
  for (std::size_t n = 0; n < ask.size(); ++n) EXPECT_EQ(Ask(kSnmp, ask.substr(0, n), 161, Direction::kToServer, kUdp), Probe::kNo) << n;
  std::string other = ask;
  other[4] = 7;  // a version that is none
  EXPECT_EQ(Ask(kSnmp, other, 161, Direction::kToServer, kUdp), Probe::kNo);
}

TEST(SnmpTest, SurvivesDamage) {
  const std::string ask = V2(Pdu(0xa0, Pair(kUptime, Tlv(5, "")) + Pair(kContact, Tlv(4, "abc"))));
  testing::ExpectSurvivesDamage(kSnmp, {Client(ask), Server(ask)}, 5, true);
  const RecordingSink sink = Play(kSnmp, {Client(ask), Server(ask.substr(0, 20)), Client(ask)}, true);
  EXPECT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.anomalies, ElementsAre("malformed_data"));
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 20u);
}

}  // namespace
}  // namespace gander::protocol
