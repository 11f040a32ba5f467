// SPDX-License-Identifier: Apache-2.0
#include "protocol/amqp/amqp.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Be(std::uint64_t v, int octets) {
  std::string out;
  for (int i = octets - 1; i >= 0; --i) out += static_cast<char>(v >> (8 * i));
  return out;
}
std::string S(std::string_view s) { return Be(s.size(), 1) + std::string(s); }
std::string L(std::string_view s) { return Be(s.size(), 4) + std::string(s); }
std::string Frame(int type, int channel, const std::string& payload) {
  return Be(static_cast<std::uint64_t>(type), 1) + Be(static_cast<std::uint64_t>(channel), 2) + L(payload) + "\xce";
}
std::string Method(int channel, int of_class, int method, const std::string& arguments) {
  return Frame(1, channel,
               Be(static_cast<std::uint64_t>(of_class), 2) + Be(static_cast<std::uint64_t>(method), 2) + arguments);
}
std::string Header(int channel, std::size_t size, const std::string& properties) {
  return Frame(2, channel, Be(60, 2) + Be(0, 2) + Be(size, 8) + properties);
}
std::string Table(const std::string& fields) { return L(fields); }

const std::string kProtocolHeader("AMQP\0\0\x09\x01", 8);
const std::string kMessage = R"({"name": "Ada", "ssn": "078-05-1120"})";

const Talk kSession = {
    Client(kProtocolHeader),
    Server(Method(0, 10, 10,
                  std::string("\0\x09", 2) + Table(S("product") + "S" + L("RabbitMQ")) + L("PLAIN") + L("en_US"))),
    Client(Method(0, 10, 11,
                  Table(S("capabilities") + "F" + Table(S("x") + "t\1") + S("list") + "A" +
                        Table("S" + L("one") + "I" + Be(7, 4))) +
                      S("PLAIN") + L(std::string("\0ada\0geheim", 11)) + S("en_US"))),
    Client(Method(0, 10, 40, S("/people") + S("") + "\0")),
    Client(Method(1, 50, 10, Be(0, 2) + S("tasks") + "\1" + Table(""))),
    Client(Method(1, 60, 40, Be(0, 2) + S("ex") + S("person.created") + std::string(1, '\0')) +
           Header(1, kMessage.size(),
                  Be(0xa000, 2) + S("application/json") + Table(S("user-mail") + "S" + L("ada@example.com"))) +
           Frame(3, 1, kMessage.substr(0, 10)) + Frame(8, 0, "") + Frame(3, 1, kMessage.substr(10))),
    Server(Method(1, 60, 60, S("ctag") + Be(1, 8) + std::string(1, '\0') + S("ex") + S("person.created")) +
           Header(1, 5, Be(0x4000, 2) + S("utf-8")) + Frame(3, 1, "hello")),
    Server(Method(1, 60, 60, S("ctag") + Be(2, 8) + std::string(1, '\0') + S("ex") + S("empty")) +
           Header(1, 0, Be(0, 2))),
    Client(Method(0, 10, 50, Be(200, 2) + S("Goodbye") + Be(0, 4)))};

TEST(AmqpTest, ReadsASession) {
  const RecordingSink sink = Play(kAmqp, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(amqp #0 < "amqp":{"method":"connection.start","channel":0})",
          R"(amqp #1 > "amqp":{"method":"connection.start-ok","mechanism":"PLAIN","user":"ada","channel":0})",
          R"(amqp #2 > "amqp":{"method":"connection.open","virtual_host":"/people","channel":0})",
          R"(amqp #3 > "amqp":{"method":"queue.declare","queue":"tasks","channel":1})",
          R"(amqp #4 > "amqp":{"method":"basic.publish","exchange":"ex","routing_key":"person.created","channel":1,)"
          R"("content_type":"application/json","body_size":37})",
          R"(amqp #5 < "amqp":{"method":"basic.deliver","consumer_tag":"ctag","exchange":"ex","routing_key":"person.created","channel":1,"body_size":5})",
          R"(amqp #6 < "amqp":{"method":"basic.deliver","consumer_tag":"ctag","exchange":"ex","routing_key":"empty","channel":1,"body_size":0})",
          R"(amqp #7 > "amqp":{"method":"connection.close","reply_text":"Goodbye","channel":0})"));
  EXPECT_THAT(sink.bodies, ElementsAre("amqp.body #4 > application/json|||37|" + kMessage + "|complete",
                                       "amqp.body #5 < |||5|hello|complete"));
  EXPECT_THAT(sink.fields, Contains("amqp.login > password=geheim"));
  EXPECT_THAT(sink.fields, Contains("amqp.table > user-mail=ada@example.com"));
  EXPECT_THAT(sink.fields, Contains("amqp.table > list=one"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  for (const std::string& event : sink.events) EXPECT_THAT(event, Not(HasSubstr("geheim")));
}

TEST(AmqpTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kAmqp, kSession); }
TEST(AmqpTest, SurvivesDamage) { ExpectSurvivesDamage(kAmqp, kSession); }

TEST(AmqpTest, LongMessagesPassThrough) {
  const std::string large(100000, 'x');
  const Talk talk = {Client(kProtocolHeader + Method(1, 60, 40, Be(0, 2) + S("e") + S("k") + std::string(1, '\0')) +
                            Header(1, large.size(), Be(0, 2)) + Frame(3, 1, large.substr(0, 70000)) +
                            Frame(3, 1, large.substr(70000)))};
  const RecordingSink sink = Play(kAmqp, talk);
  EXPECT_THAT(sink.bodies, ElementsAre("amqp.body #0 > |||100000|" + large + "|complete"));
  EXPECT_THAT(sink.fates, IsEmpty());
  testing::ExpectSurvivesGapsIn(kAmqp, talk, 0);
  for (std::size_t piece : {1460u, 16391u, 16392u}) {
    Player player(kAmqp);
    player.Feed(talk, piece);
    player.End();
    EXPECT_EQ(player.sink.Summary(), sink.Summary());
  }
}

TEST(AmqpTest, WhatIsBrokenIsTold) {
  std::string no_end = Method(1, 60, 20, Be(0, 2) + S("q") + S("t"));
  no_end.back() = 'x';
  EXPECT_THAT(Play(kAmqp, {Client(kProtocolHeader + no_end)}).anomalies, ElementsAre("missing_frame_end"));
  EXPECT_THAT(Play(kAmqp, {Client(kProtocolHeader + Method(1, 60, 20, "\1"))}).anomalies,
              ElementsAre("malformed_data"));
  EXPECT_THAT(Play(kAmqp, {Client(kProtocolHeader + "\7\7\7")}).anomalies, ElementsAre("malformed_data"));
  std::string nested;
  for (int i = 0; i < 50; ++i) nested = S("n") + "F" + L(nested);
  EXPECT_THAT(Play(kAmqp, {Client(kProtocolHeader + Method(0, 10, 11, L(nested)))}).anomalies,
              ElementsAre("malformed_data"));
}

TEST(AmqpTest, Probe) {
  EXPECT_EQ(Ask(kAmqp, kProtocolHeader), Probe::kYes);
  EXPECT_EQ(Ask(kAmqp, "AMQP"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kAmqp, std::string("AMQP\0\1\0\0", 8)), Probe::kNo);
  EXPECT_EQ(Ask(kAmqp, kSession[6].bytes, 0, Direction::kToClient), Probe::kYes);
  // A connection whose beginning was not seen, in segments of any size.
  const std::string& publish = kSession[5].bytes;
  for (std::size_t n = 1; n <= 16; ++n) EXPECT_NE(Ask(kAmqp, publish.substr(0, n)), Probe::kNo) << n;
  EXPECT_EQ(Ask(kAmqp, publish), Probe::kYes);
  EXPECT_EQ(Ask(kAmqp, "A fine text"), Probe::kNo);
  EXPECT_EQ(Ask(kAmqp, std::string(64, '\1')), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
