// SPDX-License-Identifier: Apache-2.0
#include "protocol/ldap/ldap.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

using namespace std::string_literals;

std::string Tlv(int tag, const std::string& content) {
  std::string out(1, static_cast<char>(tag));
  if (content.size() >= 256) {
    out += '\x82';
    out += static_cast<char>(content.size() >> 8);
  } else if (content.size() >= 128) {
    out += '\x81';
  }
  return out + static_cast<char>(content.size()) + content;
}
std::string Int(int v) { return Tlv(2, std::string(1, static_cast<char>(v))); }
std::string Enum(int v) { return Tlv(10, std::string(1, static_cast<char>(v))); }
std::string Str(const std::string& s) { return Tlv(4, s); }
std::string Message(int id, int tag, const std::string& content) { return Tlv(0x30, Int(id) + Tlv(tag, content)); }
std::string Result(int id, int tag, int code) { return Message(id, tag, Enum(code) + Str("") + Str("")); }

const std::string kSearch =
    Message(2, 0x63, Str("dc=example,dc=com") + Enum(2) + Enum(0) + Int(100) + Int(30) + Tlv(1, "\x00"s) +
                         Tlv(0xa0, Tlv(0xa3, Str("uid") + Str("aberg")) + Tlv(0xa4, Str("cn") + Tlv(0x30, Tlv(0x80, "Anna")))) +
                         Tlv(0x30, Str("*") + Str("+")));
const std::string kEntry =
    Message(2, 0x64, Str("uid=aberg,dc=example,dc=com") +
                         Tlv(0x30, Tlv(0x30, Str("mail") + Tlv(0x31, Str("anna@example.org") + Str("ab@example.org"))) +
                                       Tlv(0x30, Str("userPassword") + Tlv(0x31, Str("geheim")))));
const std::string kDone = Result(2, 0x65, 0);

TEST(LdapTest, ASearchIsOneEvent) {
  EXPECT_EQ(Ask(kLdap, kSearch), Probe::kYes);
  const RecordingSink sink = Play(kLdap, {Client(kSearch), Server(kEntry + kDone)});
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(ldap #0 < "ldap":{"request":{"message_id":2,"operation":"search_request","search_request":{"base_object":"dc=example,dc=com",)"
          R"("scope":2,"deref_alias":0,"size_limit":100,"time_limit":30,"types_only":false,"attributes":["*","+"]}},)"
          R"("responses":[{"operation":"search_result_entry","search_result_entry":{"base_object":"uid=aberg,dc=example,dc=com",)"
          R"("attributes":[{"type":"mail","values":["anna@example.org","ab@example.org"]},{"type":"userPassword","values":["geheim"]}]}},)"
          R"({"operation":"search_result_done","search_result_done":{"result_code":"success","matched_dn":"","message":""}}]})"));
  EXPECT_THAT(sink.fields, ElementsAre("ldap.dn > =dc=example,dc=com", "ldap.attribute > uid=aberg", "ldap.attribute > cn=Anna",
                                       "ldap.dn < =uid=aberg,dc=example,dc=com", "ldap.attribute < mail=anna@example.org",
                                       "ldap.attribute < mail=ab@example.org", "ldap.attribute < userPassword=geheim"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(LdapTest, APasswordIsASecret) {
  testing::Player player(kLdap);
  struct Sink final : MessageSink {
    void OnEvent(const char*, std::uint32_t, Direction, const Record& body) noexcept override {
      for (const Record::Token& t : body.tokens()) {
        if (t.kind == Record::Kind::kString && body.text(t) == "geheim") secret = t.privacy == Privacy::kSecret;
      }
    }
    void OnField(const char*, std::string_view, Direction, Bytes) noexcept override {}
    void OnBodyBegin(const BodyMeta&) noexcept override {}
    void OnBodyPart(Direction, Bytes) noexcept override {}
    void OnBodyGap(Direction, std::uint64_t) noexcept override {}
    void OnBodyEnd(Direction, BodyEnd) noexcept override {}
    void OnFate(ByteFate, std::uint64_t) noexcept override {}
    void OnExpectedFlow(const ExpectedFlow&) noexcept override {}
    void OnServerName(std::string_view) noexcept override {}
    void OnAnomaly(const char*) noexcept override {}
    bool secret = false;
  } sink;
  for (const auto& [direction, bytes] : {std::pair{Direction::kToServer, kSearch}, {Direction::kToClient, kEntry + kDone}}) {
    stream::StreamChunk chunk;
    chunk.direction = direction;
    chunk.bytes = AsBytes(bytes);
    player.parser().OnChunk(chunk, sink);
  }
  EXPECT_TRUE(sink.secret);
}

TEST(LdapTest, BindsAndChanges) {
  const std::string bind = Message(1, 0x60, Int(3) + Str("cn=admin") + Tlv(0x80, "pass"));
  const std::string add = Message(3, 0x68, Str("uid=x") + Tlv(0x30, Tlv(0x30, Str("cn") + Tlv(0x31, Str("Xaver Young")))));
  const std::string modify = Message(4, 0x66, Str("uid=x") + Tlv(0x30, Tlv(0x30, Enum(2) + Tlv(0x30, Str("sn") + Tlv(0x31, Str("Old"))))));
  const std::string rename = Message(5, 0x6c, Str("uid=x") + Str("uid=y") + Tlv(1, "\xff") + Tlv(0x80, "dc=z"));
  const std::string remove = Message(6, 0x4a, "uid=y");
  const RecordingSink sink =
      Play(kLdap, {Client(bind), Server(Result(1, 0x61, 49)), Client(add + modify + rename + remove),
                   Server(Result(3, 0x69, 0) + Result(5, 0x6d, 0) + Result(4, 0x67, 68) + Result(6, 0x6b, 0)), Client(Message(7, 0x42, ""))});
  ASSERT_EQ(sink.events.size(), 6u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"("bind_request":{"version":3,"name":"cn=admin"})"));
  EXPECT_THAT(sink.events[0], HasSubstr(R"("result_code":"invalid_credentials")"));
  EXPECT_THAT(sink.events[0], Not(HasSubstr("pass\"")));
  EXPECT_THAT(sink.events[1], HasSubstr(R"("add_request":{"entry":"uid=x","attributes":[{"name":"cn","values":["Xaver Young"]}]})"));
  EXPECT_THAT(sink.events[2], HasSubstr(R"("mod_dn_request":{"entry":"uid=x","new_rdn":"uid=y","delete_old_rdn":true,"new_superior":"dc=z"})"));
  EXPECT_THAT(sink.events[3], HasSubstr(R"("changes":[{"operation":"replace","modification":{"attribute_type":"sn","attribute_values":["Old"]}}])"));
  EXPECT_THAT(sink.events[4], HasSubstr(R"("del_request":{"dn":"uid=y"})"));
  EXPECT_THAT(sink.events[5], HasSubstr("unbind_request"));
  EXPECT_THAT(sink.fields, Contains("ldap.bind.password > password=pass"));
}

TEST(LdapTest, StartTlsIsAChangeOfProtocol) {
  const std::string ask = Message(1, 0x77, Tlv(0x80, "1.3.6.1.4.1.1466.20037"));
  const std::string answer = Result(1, 0x78, 0);
  testing::Player player(kLdap);
  EXPECT_EQ(player.Feed(Direction::kToServer, ask), ParseStatus::kContinue);
  EXPECT_EQ(player.Feed(Direction::kToClient, answer + "\x16\x03\x03"), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), answer.size());
  testing::Player refused(kLdap);
  refused.Feed(Direction::kToServer, ask);
  EXPECT_EQ(refused.Feed(Direction::kToClient, Result(1, 0x78, 2)), ParseStatus::kContinue);
}

TEST(LdapTest, BehindASaslBindStandsCiphertext) {
  const std::string bind = Message(1, 0x60, Int(3) + Str("") + Tlv(0xa3, Str("GSSAPI") + Str("token")));
  testing::Player player(kLdap);
  player.Feed(Direction::kToServer, bind);
  player.Feed(Direction::kToClient, Result(1, 0x61, 0));
  EXPECT_EQ(player.Feed(Direction::kToServer, "\x00\x00\x00\x10"s + "0123456789abcdef"), ParseStatus::kEncrypted);
}

TEST(LdapTest, TooLongAMessageIsCounted) {
  const std::string head = "\x30\x84\x00\x10\x00\x00"s;
  const RecordingSink sink = Play(kLdap, {Client(kSearch), Server(head + std::string(1 << 20, 'x') + kDone)});
  EXPECT_EQ(sink.fates.at(ByteFate::kLostParserCap), (1u << 20) + 6);
  EXPECT_THAT(sink.anomalies, ElementsAre("ldap_message_too_long"));
  EXPECT_THAT(sink.events[0], HasSubstr("search_result_done"));
}

TEST(LdapTest, ManyOpenRequestsAreBounded) {
  std::string many;
  for (int i = 1; i < 40; ++i) many += Message(i, 0x4a, "uid=y");
  const RecordingSink sink = Play(kLdap, {Client(many)});
  EXPECT_EQ(sink.events.size(), 39u);
}

TEST(LdapTest, AnyCutSaysTheSame) {
  const std::string bind = Message(1, 0x60, Int(3) + Str("cn=admin") + Tlv(0x80, "pass"));
  const Talk talk = {Client(bind), Server(Result(1, 0x61, 0)), Client(kSearch), Server(kEntry + kDone), Client(Message(3, 0x42, ""))};
  testing::ExpectSameAtEverySplit(kLdap, talk);
  testing::ExpectSurvivesDamage(kLdap, talk);
}

TEST(LdapTest, ProbeIsStrict) {
  EXPECT_EQ(Ask(kLdap, "\x30"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kLdap, "\x30\x0c\x02\x01\x01\x07\x07\x04\x00\x04\x00\x04\x00\x04"s), Probe::kNo);
  EXPECT_EQ(Ask(kLdap, kSearch.substr(0, 20)), Probe::kYes);
  EXPECT_EQ(Ask(kLdap, kSearch, 389, Direction::kToServer, ip_proto::kUdp), Probe::kYes);
  EXPECT_EQ(Ask(kLdap, kSearch + "x", 389, Direction::kToServer, ip_proto::kUdp), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
