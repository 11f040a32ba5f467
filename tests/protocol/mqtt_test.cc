// SPDX-License-Identifier: Apache-2.0
#include "protocol/mqtt/mqtt.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Str(std::string_view s) {
  return std::string{static_cast<char>(s.size() >> 8), static_cast<char>(s.size() & 255)} + std::string(s);
}

std::string Packet(int first, const std::string& body) {
  std::string out(1, static_cast<char>(first));
  std::size_t n = body.size();
  do {
    out += static_cast<char>((n & 0x7f) | (n > 0x7f ? 0x80 : 0));
    n >>= 7;
  } while (n > 0);
  return out + body;
}

std::string Connect(int version = 4, const std::string& properties = "") {
  return Packet(0x10, Str("MQTT") + std::string(1, static_cast<char>(version)) + "\xc6" + std::string("\0\x3c", 2) +
                          properties + Str("sensor-7") + (version == 5 ? std::string(1, '\0') : "") +
                          Str("will/topic") + Str("gone") + Str("ada") + Str("geheim"));
}

const std::string kId("\0\1", 2);
const std::string kBig = R"({"name": "Ada", "readings": [)" + std::string(20000, '1') + "]}";

const Talk kSession = {Client(Connect()),
                       Server(Packet(0x20, std::string("\1\0", 2))),
                       Client(Packet(0x82, kId + Str("patient/+/ssn") + '\1' + Str("a/#") + '\2')),
                       Server(Packet(0x90, kId + "\1\x80")),
                       Client(Packet(0x34, Str("patient/7/ssn") + kId + "078-05-1120") +
                              Packet(0x30, Str("doc") + R"({"mail":"a@b.example"})")),
                       Server(Packet(0x50, kId)),
                       Client(Packet(0x62, kId)),
                       Server(Packet(0x70, kId)),
                       Server(Packet(0x32, Str("down") + std::string("\0\7", 2) + "\x1f\x8b\x08 zipped")),
                       Client(Packet(0x40, std::string("\0\7", 2))),
                       Client(Packet(0x30, Str("big") + kBig)),
                       Client(Packet(0xa2, kId + Str("a/#"))),
                       Server(Packet(0xb0, kId)),
                       Client(std::string("\xc0\0", 2)),
                       Server(std::string("\xd0\0", 2)),
                       Client(std::string("\xe0\0", 2))};

TEST(MqttTest, ReadsASession) {
  const RecordingSink sink = Play(kMqtt, kSession);
  ASSERT_EQ(sink.events.size(), 10u);
  EXPECT_EQ(
      sink.events[0],
      R"(mqtt #0 > "mqtt":{"connect":{"qos":0,"retain":false,"dup":false,"protocol_string":"MQTT","protocol_version":4,)"
      R"("flags":{"username":true,"password":true,"will_retain":false,"will":true,"clean_session":true},)"
      R"("client_id":"sensor-7","will":{"topic":"will/topic","message":"gone"},"username":"ada","password":"geheim"},)"
      R"("connack":{"qos":0,"retain":false,"dup":false,"session_present":true,"return_code":0}})");
  EXPECT_EQ(sink.events[1],
            R"(mqtt #1 > "mqtt":{"subscribe":{"qos":1,"retain":false,"dup":false,"message_id":1,"topics":[)"
            R"({"topic":"patient/+/ssn","qos":1},{"topic":"a/#","qos":2}]},)"
            R"("suback":{"qos":0,"retain":false,"dup":false,"message_id":1,"qos_granted":[1,128]}})");
  EXPECT_THAT(sink.events[2],
              HasSubstr(R"(mqtt #3 > "mqtt":{"publish":{"qos":0,"retain":false,"dup":false,"topic":"doc")"));
  EXPECT_EQ(sink.events[3],
            R"(mqtt #2 > "mqtt":{"publish":{"qos":2,"retain":false,"dup":false,"topic":"patient/7/ssn","message_id":1,)"
            R"("message":"078-05-1120"},"pubrec":{"qos":0,"retain":false,"dup":false,"message_id":1},)"
            R"("pubrel":{"qos":1,"retain":false,"dup":false,"message_id":1},)"
            R"("pubcomp":{"qos":0,"retain":false,"dup":false,"message_id":1}})");
  EXPECT_THAT(sink.events[4], HasSubstr("\"message_id\":7,\"message\":\"\x1f\\x8b\x08 zipped\"},\"puback\":"));
  EXPECT_THAT(sink.fields, Contains("mqtt.publish.message > ssn=078-05-1120"));
  EXPECT_THAT(sink.fields, Contains("mqtt.connect > username=ada"));
  ASSERT_EQ(sink.bodies.size(), 3u);
  EXPECT_EQ(sink.bodies[0], R"(mqtt.publish.message #3 > |||22|{"mail":"a@b.example"}|complete)");
  EXPECT_EQ(sink.bodies[2], "mqtt.publish.message #5 > |||" + std::to_string(kBig.size()) + "|" + kBig + "|complete");
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

Talk Small() {
  Talk talk = kSession;
  talk.erase(talk.begin() + 10);
  return talk;
}

TEST(MqttTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kMqtt, Small()); }
TEST(MqttTest, SurvivesDamage) { ExpectSurvivesDamage(kMqtt, Small()); }

TEST(MqttTest, LongPayloadsCutAnyhow) {
  testing::ExpectSurvivesGapsIn(kMqtt, kSession, 10);
  for (std::size_t piece : {1460u, 4096u, 16384u, 16385u}) {
    Player player(kMqtt);
    player.Feed(kSession, piece);
    player.End();
    EXPECT_EQ(player.sink.Summary(), Play(kMqtt, kSession).Summary()) << piece;
  }
}

TEST(MqttTest, VersionFive) {
  const std::string properties("\x08\x21\0\x14\x26\0\1k\0\1v", 12);
  const std::string good = std::string(1, '\x0a') + std::string("\x21\0\x14\x26\0\1k\0\1v", 10);
  const RecordingSink sink =
      Play(kMqtt, {Client(Connect(5, good)), Server(Packet(0x20, std::string("\0\0\3\x22\0\x0a", 6))),
                   Client(Packet(0x30, Str("t") +
                                           std::string("\x0f\3\0\x0c"
                                                       "image/x-none",
                                                       16) +
                                           "body of the thing, which is not small but for sure longer than a single "
                                           "value of one hundred and twenty eight octets can be, is it not")),
                   Client(std::string("\xe0\0", 2))});
  ASSERT_EQ(sink.events.size(), 3u);
  EXPECT_THAT(sink.events[0],
              HasSubstr(R"("properties":{"receive_maximum":20,"user_property":{"name":"k","value":"v"}})"));
  EXPECT_THAT(sink.events[0], HasSubstr(R"("return_code":0,"properties":{"topic_alias_maximum":10}})"));
  EXPECT_THAT(sink.events[1], HasSubstr(R"("properties":{"content_type":"image/x-none"},"message":"body of)"));
  EXPECT_THAT(sink.events[2], HasSubstr(R"("disconnect":{"qos":0,"retain":false,"dup":false,"reason_code":0})"));
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr(" > image/x-none|||")));
  EXPECT_THAT(sink.fields, Contains("mqtt.user_property > k=v"));
}

TEST(MqttTest, SidesGuessedWrong) {
  Talk swapped = Small();
  for (auto& turn : swapped) turn.direction = Opposite(turn.direction);
  const RecordingSink sink = Play(kMqtt, swapped);
  ASSERT_EQ(sink.events.size(), Play(kMqtt, Small()).events.size());
  EXPECT_THAT(sink.events[0], HasSubstr("mqtt #0 < "));
}

TEST(MqttTest, GapInAPayloadCostsOnlyThat) {
  const std::string publish = Packet(0x30, Str("big") + kBig);
  const RecordingSink sink =
      Play(kMqtt, {Client(Connect() + publish.substr(0, 17000)), Client(publish.substr(17100), 100),
                   Client(Packet(0x30, Str("x/mail") + "a@b.example"))});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("|gap"), HasSubstr("|complete")));
  EXPECT_THAT(sink.fields, Contains("mqtt.publish.message > mail=a@b.example"));
}

TEST(MqttTest, FindsTheNextPacketBehindAGap) {
  const RecordingSink sink = Play(
      kMqtt, {Client(Connect()), Client("rubbish\1\2\3", 100), Client(Packet(0x30, Str("x/mail") + "a@b.example"))});
  EXPECT_THAT(sink.fields, Contains("mqtt.publish.message > mail=a@b.example"));
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 10u);
}

TEST(MqttTest, WhatIsForbiddenIsTold) {
  const RecordingSink sink =
      Play(kMqtt, {Client(Connect() + Connect()),
                   Server(Packet(0x40, std::string("\0\5", 2)) + Packet(0x20, std::string("\0\0", 2)) +
                          Packet(0x20, std::string("\0\0", 2)) + Packet(0x20, std::string("\0\0", 2)))});
  EXPECT_THAT(sink.anomalies, ElementsAre("double_connect", "missing_publish", "missing_connect"));
  EXPECT_EQ(Play(kMqtt, {Client(Connect() + Packet(0x36, Str("t") + kId))}).anomalies,
            std::vector<std::string>{"invalid_qos_level"});
  EXPECT_THAT(Play(kMqtt, {Client(Connect() + std::string("\x30\xff\xff\xff\xff", 5))}).anomalies,
              ElementsAre("malformed_traffic"));
}

TEST(MqttTest, OpenExchangesAreBounded) {
  Talk talk = {Client(Connect())};
  for (int i = 0; i < 40; ++i)
    talk.push_back(Client(Packet(0x32, Str("t") + std::string{'\1', static_cast<char>(i)} + "m")));
  Player player(kMqtt);
  player.Feed(talk);
  EXPECT_EQ(player.sink.events.size(), 41 - mqtt::kMaxOpen);
  player.End();
  EXPECT_EQ(player.sink.events.size(), 41u);
}

TEST(MqttTest, Probe) {
  EXPECT_EQ(Ask(kMqtt, Connect()), Probe::kYes);
  EXPECT_EQ(Ask(kMqtt, Packet(0x10, Str("MQIsdp") + "\3\2" + std::string("\0\x3c", 2) + Str("c"))), Probe::kYes);
  EXPECT_EQ(Ask(kMqtt, Connect().substr(0, 5)), Probe::kNeedMore);
  EXPECT_EQ(Ask(kMqtt, std::string("\x10\x20\0\5MQTT", 8)), Probe::kNo);
  EXPECT_EQ(Ask(kMqtt, std::string("\x20\2\0\0", 4), 1883, Direction::kToClient), Probe::kYes);
  EXPECT_EQ(Ask(kMqtt, std::string("\x20\2\0\0", 4), 80, Direction::kToClient), Probe::kNo);
  EXPECT_EQ(Ask(kMqtt, Packet(0x30, Str("a/b") + "x"), 1883), Probe::kYes);
  EXPECT_EQ(Ask(kMqtt, "0123456789", 1883), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
