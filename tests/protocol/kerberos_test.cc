// SPDX-License-Identifier: Apache-2.0
#include "protocol/kerberos/kerberos.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

using namespace std::string_literals;

std::string Tlv(int tag, const std::string& content) {
  std::string out(1, static_cast<char>(tag));
  if (content.size() >= 128) out += content.size() < 256 ? "\x81"s : "\x82"s + static_cast<char>(content.size() >> 8);
  return out + static_cast<char>(content.size()) + content;
}
std::string Member(int number, const std::string& content) { return Tlv(0xa0 + number, content); }
std::string Int(int v) { return Tlv(2, std::string(1, static_cast<char>(v))); }
std::string Str(const std::string& s) { return Tlv(0x1b, s); }
std::string Seq(const std::string& s) { return Tlv(0x30, s); }
std::string Name(const std::vector<std::string>& parts) {
  std::string list;
  for (const std::string& p : parts) list += Str(p);
  return Seq(Member(0, Int(1)) + Member(1, Seq(list)));
}
std::string Sealed(int encryption) { return Seq(Member(0, Int(encryption)) + Member(2, Tlv(4, std::string(40, 'c')))); }
std::string Ticket(int encryption) {
  return Tlv(0x61, Seq(Member(0, Int(5)) + Member(1, Str("EXAMPLE.ORG")) + Member(2, Name({"HTTP",
      "web.example.org"})) +
                       Member(3, Sealed(encryption))));
}

const std::string kAsReq =
    Tlv(0x6a, Seq(Member(1, Int(5)) + Member(2, Int(10)) +
                  Member(4, Seq(Member(0, Tlv(3, "\0\x40\0\0\0"s)) + Member(1, Name({"anna"})) + Member(2,
                      Str("EXAMPLE.ORG")) +
                                Member(3, Name({"krbtgt", "EXAMPLE.ORG"})) + Member(7, Int(7))))));
const std::string kError =
    Tlv(0x7e, Seq(Member(0, Int(5)) + Member(1, Int(30)) + Member(4, Tlv(0x18, "20261128200000Z")) + Member(5, Int(1)) +
                  Member(6, Int(25)) + Member(9, Str("EXAMPLE.ORG")) + Member(10, Name({"krbtgt", "EXAMPLE.ORG"})) +
                  Member(11, Str("need more"))));
const std::string kTgsRep =
    Tlv(0x6d, Seq(Member(0, Int(5)) + Member(1, Int(13)) + Member(3, Str("EXAMPLE.ORG")) + Member(4, Name({"anna"})) +
                  Member(5, Ticket(18)) + Member(6, Sealed(23))));

std::string Framed(const std::string& m) {
  return "\0\0"s + static_cast<char>(m.size() >> 8) + static_cast<char>(m.size()) + m;
}

TEST(KerberosTest, RequestsAnswersAndErrors) {
  const Talk talk = {Client(Framed(kAsReq)), Server(Framed(kError)), Server(Framed(kTgsRep))};
  const RecordingSink sink = Play(kKerberos, talk);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(krb5 #0 > "krb5":{"msg_type":"KRB_AS_REQ","cname":"anna","realm":"EXAMPLE.ORG","sname":"krbtgt/EXAMPLE.ORG",)"
          R"("encryption":"<none>","weak_encryption":false})",
          R"(krb5 #1 < "krb5":{"msg_type":"KRB_ERROR","failed_request":"KRB_AS_REQ","error_code":"KDC_ERR_PREAUTH_REQUIRED",)"
          R"("cname":"<empty>","realm":"<empty>","sname":"krbtgt/EXAMPLE.ORG","encryption":"<none>","weak_encryption":false})",
          R"(krb5 #2 < "krb5":{"msg_type":"KRB_TGS_REP","cname":"anna","realm":"EXAMPLE.ORG","sname":"HTTP/web.example.org",)"
          R"("encryption":"rc4-hmac","weak_encryption":true,"ticket_encryption":"aes256-cts-hmac-sha1-96","ticket_weak_encryption":false})"));
  EXPECT_THAT(sink.fields, Contains("krb5.cname > user=anna"));
  EXPECT_THAT(sink.fields, Contains("krb5.error < =need more"));
  EXPECT_THAT(sink.anomalies, ElementsAre("weak_encryption"));
  ExpectSameAtEverySplit(kKerberos, talk);
  ExpectSurvivesDamage(kKerberos, talk);
}

TEST(KerberosTest, Datagrams) {
  const Talk talk = {Client(kAsReq), Server(kError)};
  const RecordingSink sink = Play(kKerberos, talk, true);
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[1], HasSubstr(R"("failed_request":"KRB_AS_REQ")"));
  ExpectSurvivesDamage(kKerberos, talk, 5, true);
  Player player(kKerberos, true);
  player.Feed(Direction::kToServer, kAsReq);
  EXPECT_FALSE(player.parser().at_rest());
  player.Feed(Direction::kToClient, kError);
  EXPECT_TRUE(player.parser().at_rest());
  EXPECT_THAT(Play(kKerberos, {Server(kError)}, true).events, ElementsAre(HasSubstr(R"("failed_request":"UNKNOWN")")));
}

TEST(KerberosTest, WhatServicesExchangeIsNoEvent) {
  const std::string request = Tlv(0x6e, Seq(Member(0, Int(5)) + Member(1, Int(14)) + Member(2, Tlv(3, "\0\0\0\0\0"s)) +
                                            Member(3, Ticket(17)) + Member(4, Sealed(17))));
  const RecordingSink sink = Play(kKerberos, {Client(Framed(request))});
  EXPECT_THAT(sink.events, IsEmpty());
  EXPECT_THAT(sink.fields, Contains("krb5.sname > service=HTTP/web.example.org"));
}

TEST(KerberosTest, AbsurdLengths) {
  const RecordingSink sink = Play(kKerberos, {Client(Framed(kAsReq) + "\x7f\xff\xff\xff"s), Server(Framed(kError))});
  EXPECT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.anomalies, ElementsAre("malformed_data"));
  const std::string cut = "\0\2\0\0"s + kTgsRep;
  const RecordingSink capped = Play(kKerberos, {Client(Framed(kAsReq)), Server(cut +
      std::string(0x20000 - kTgsRep.size(), 'x') + Framed(kError))});
  EXPECT_EQ(capped.fates.at(ByteFate::kLostParserCap), 0x20000u + 4 - kerberos::kMaxMessage);
  EXPECT_THAT(capped.events.back(), HasSubstr("KRB_ERROR"));
}

TEST(KerberosTest, ProbeIsStrict) {
  EXPECT_EQ(Ask(kKerberos, Framed(kAsReq)), Probe::kYes);
  EXPECT_EQ(Ask(kKerberos, Framed(kAsReq).substr(0, 9)), Probe::kNeedMore);
  EXPECT_EQ(Ask(kKerberos, Framed(Tlv(0x6a, Seq(Member(1, Int(4)))))), Probe::kNo);
  EXPECT_EQ(Ask(kKerberos, kAsReq, 88, Direction::kToServer, ip_proto::kUdp), Probe::kYes);
  EXPECT_EQ(Ask(kKerberos, kAsReq + "x", 88, Direction::kToServer, ip_proto::kUdp), Probe::kNo);
  EXPECT_EQ(Ask(kKerberos, "\0\0\0\x10\xfeSMB"s), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
