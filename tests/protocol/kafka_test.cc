// SPDX-License-Identifier: Apache-2.0
#include "protocol/kafka/kafka.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"
#include "protocol/rpc_messages.h"

namespace gander::protocol {
namespace {

using namespace testing;
using namespace std::string_literals;

std::string I64(std::int64_t v) { return U64(static_cast<std::uint64_t>(v)); }
std::string I32(std::int64_t v) { return I64(v).substr(4); }
std::string I16(int v) { return I64(v).substr(6); }
std::string S(const std::string& s) { return I16(static_cast<int>(s.size())) + s; }
std::string Varint(std::uint64_t v) {
  std::string out;
  for (; v >= 0x80; v >>= 7) out += static_cast<char>(v | 0x80);
  return out + static_cast<char>(v);
}
std::string Zig(std::int64_t v) { return Varint(static_cast<std::uint64_t>(v) << 1 ^ static_cast<std::uint64_t>(v >> 63)); }
std::string Compact(const std::string& s) { return Varint(s.size() + 1) + s; }
std::string Message(const std::string& body) { return I32(static_cast<std::int64_t>(body.size())) + body; }
std::string Request(int key, int version, int correlation, const std::string& body, const std::string& client = "billing", bool flexible = false) {
  return Message(I16(key) + I16(version) + I32(correlation) + S(client) + (flexible ? "\0"s : "") + body);
}
std::string Response(int correlation, const std::string& body) { return Message(I32(correlation) + body); }

std::string Record(const std::string& key, const std::string& value, const std::string& header = "") {
  const std::string headers = header.empty() ? Zig(0) : Zig(1) + Zig(5) + "trace" + Zig(static_cast<std::int64_t>(header.size())) + header;
  const std::string body = "\0"s + Zig(1) + Zig(0) + (key.empty() ? Zig(-1) : Zig(static_cast<std::int64_t>(key.size())) + key) +
                           Zig(static_cast<std::int64_t>(value.size())) + value + headers;
  return Zig(static_cast<std::int64_t>(body.size())) + body;
}
std::string Batch(const std::string& records, int count, int attributes = 0) {
  const std::string behind = I32(0) + "\2" + I32(0) + I16(attributes) + I32(count - 1) + I64(1) + I64(1) + I64(-1) + I16(-1) + I32(-1) + I32(count) + records;
  return I64(7) + I32(static_cast<std::int64_t>(behind.size())) + behind;
}
std::string OldMessage(int magic, const std::string& key, const std::string& value, int attributes = 0) {
  const std::string behind = I32(0) + static_cast<char>(magic) + static_cast<char>(attributes) + (magic == 1 ? I64(1) : "") +
                             (key.empty() ? I32(-1) : I32(static_cast<std::int64_t>(key.size())) + key) + I32(static_cast<std::int64_t>(value.size())) + value;
  return I64(7) + I32(static_cast<std::int64_t>(behind.size())) + behind;
}
std::string Produce3(int correlation, const std::string& topic, const std::string& records) {
  return Request(0, 3, correlation, I16(-1) + I16(1) + I32(1000) + I32(1) + S(topic) + I32(1) + I32(0) + I32(static_cast<std::int64_t>(records.size())) + records);
}
std::string Fetched4(int correlation, const std::string& topic, const std::string& records) {
  return Response(correlation, I32(0) + I32(1) + S(topic) + I32(1) + I32(0) + I16(0) + I64(9) + I64(9) + I32(1) + I64(4) + I64(2) +
                                   I32(static_cast<std::int64_t>(records.size())) + records);
}
std::string Fetch4(int correlation, const std::string& topic) {
  return Request(1, 4, correlation, I32(-1) + I32(500) + I32(1) + I32(1 << 20) + "\0"s + I32(1) + S(topic) + I32(1) + I32(0) + I64(7) + I32(1 << 20));
}

const std::string kLong(1500, 'v');
const Talk kSession = {
    Client(Request(18, 0, 1, "", "billing")), Server(Response(1, I16(0) + I32(0))),
    Client(Request(17, 1, 2, S("PLAIN"))), Server(Response(2, I16(0) + I32(1) + S("PLAIN"))),
    Client(Request(36, 0, 3, I32(11) + "\0ada\0geheim"s)), Server(Response(3, I16(58) + S("no such user") + I32(0))),
    Client(Produce3(4, "people", Batch(Record("k1", "Ada 078-05-1120", "span") + Record("", kLong) + Record("k3", "Bob"), 3) + Batch("zipped", 5, 1))),
    Server(Response(4, I32(1) + S("people") + I32(1) + I32(0) + I16(0) + I64(1) + I64(-1) + I32(0))),
    Client(Fetch4(5, "orders")), Server(Fetched4(5, "orders", OldMessage(0, "k", "old") + OldMessage(1, "", kLong) + OldMessage(1, "", "packed", 2) + Batch(Record("", "new"), 1).substr(0, 70))),
    Client(Request(10, 0, 6, S("group of ada"))), Server(Response(6, I16(0) + I32(1) + S("broker-1.example.org") + I32(9092))),
};

TEST(KafkaTest, RecordsTopicsAndLogins) {
  const RecordingSink sink = Play(kKafka, kSession);
  const auto event = [](int tx, char arrow, const char* type, const char* api, int version, int correlation, const char* more) {
    return "kafka #" + std::to_string(tx) + " " + arrow + R"( "kafka":{"type":")" + type + R"(","api":")" + api + R"(","version":)" + std::to_string(version) +
           R"(,"correlation_id":)" + std::to_string(correlation) + R"(,"client_id":"billing")" + more + "}";
  };
  EXPECT_THAT(sink.events,
              ElementsAre(event(0, '>', "request", "ApiVersions", 0, 1, ""), event(1, '<', "response", "ApiVersions", 0, 1, ""),
                          event(2, '>', "request", "SaslHandshake", 1, 2, R"(,"mechanism":"PLAIN")"), event(3, '<', "response", "SaslHandshake", 1, 2, ""),
                          event(4, '>', "request", "SaslAuthenticate", 0, 3, R"(,"mechanism":"PLAIN","user":"ada")"),
                          event(5, '<', "response", "SaslAuthenticate", 0, 3, R"(,"error_code":58)"),
                          event(6, '>', "request", "Produce", 3, 4, R"(,"topics":["people"],"records":8,"compression":"gzip")"), event(7, '<', "response", "Produce", 3, 4, ""),
                          event(8, '>', "request", "Fetch", 4, 5, R"(,"topics":["orders"])"),
                          event(9, '<', "response", "Fetch", 4, 5, R"(,"topics":["orders"],"records":4,"compression":"snappy")"),
                          event(10, '>', "request", "FindCoordinator", 0, 6, ""), event(11, '<', "response", "FindCoordinator", 0, 6, "")));
  EXPECT_THAT(sink.bodies, ElementsAre("kafka.value #6 > ||people|1500|" + kLong + "|complete", "kafka.batch #6 > |gzip|people|6|zipped|complete",
                                       "kafka.value #9 < ||orders|1500|" + kLong + "|complete", "kafka.batch #9 < |snappy|orders|6|packed|complete"));
  for (const char* field : {"kafka.auth > password=geheim", "kafka.auth > user=ada", "kafka.error < =no such user", "kafka.topic > =people", "kafka.key > people=k1",
                            "kafka.value > people=Ada 078-05-1120", "kafka.header > trace=span", "kafka.value > people=Bob", "kafka.key < orders=k", "kafka.value < orders=old",
                            "kafka.request > FindCoordinator=group of ada\n", "kafka.response < FindCoordinator=broker-1.example.org\n"}) {
    EXPECT_THAT(sink.fields, Contains(field));
  }
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(KafkaTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kKafka, kSession); }
TEST(KafkaTest, SurvivesDamage) {
  ExpectSurvivesDamage(kKafka, kSession);
  ExpectSurvivesGapsIn(kKafka, kSession, 6);
  ExpectSurvivesGapsIn(kKafka, kSession, 9);
  Talk swapped = kSession;
  for (auto& turn : swapped) turn.direction = Opposite(turn.direction);
  ExpectSurvivesDamage(kKafka, swapped);
  EXPECT_EQ(Play(kKafka, swapped).bodies.size(), 4u);
}

// Flexible versions (KIP-482), topics by number (KIP-516).
TEST(KafkaTest, FlexibleVersions) {
  const std::string id = "0123456789abcdef", tag = "\1\5\3abc"s, none = "\0"s;
  const std::string records = Batch(Record("k", "Ada 078-05-1120"), 1);
  const Talk talk = {
      Client(Request(3, 12, 1, Varint(2) + id + Compact("people") + none + "\1\0"s + none, "c", true)),
      Server(Response(1, none + I32(0) + Varint(2) + I32(1) + Compact("b1.example.org") + I32(9092) + Varint(0) + none + Compact("cluster") + I32(1) + Varint(2) + I16(0) +
                             Compact("people") + id + none + Varint(2) + I16(0) + I32(0) + I32(1) + I32(5) + Varint(2) + I32(1) + Varint(2) + I32(1) + Varint(1) + none + I32(0) +
                             none + tag)),
      Client(Request(0, 13, 2, Varint(0) + I16(1) + I32(10) + Varint(2) + id + Varint(2) + I32(0) + Varint(records.size() + 1) + records + tag + none + none, "c", true)),
      Server(Response(2, none + Varint(1) + I32(0) + none)),
      Client(Request(1, 13, 3, I32(-1) + I32(1) + I32(1) + I32(1) + none + I32(0) + I32(0) + Varint(2) + id + Varint(2) + I32(0) + I32(0) + I64(1) + I32(0) + I64(0) + I32(9) + none +
                                   none + Varint(1) + Compact("") + none, "c", true)),
      Server(Response(3, none + I32(0) + I16(0) + I32(0) + Varint(2) + id + Varint(2) + I32(0) + I16(0) + I64(1) + I64(1) + I64(0) + Varint(0) + I32(-1) + Varint(records.size() + 1) +
                             records + none + none + none)),
  };
  const RecordingSink sink = Play(kKafka, talk);
  EXPECT_THAT(sink.anomalies, IsEmpty());
  EXPECT_THAT(sink.fields, Contains("kafka.value > people=Ada 078-05-1120"));
  EXPECT_THAT(sink.fields, Contains("kafka.value < people=Ada 078-05-1120"));
  EXPECT_THAT(sink.events[4], HasSubstr(R"("api":"Fetch","version":13,"correlation_id":3,"client_id":"c","topics":["people"])"));
  EXPECT_THAT(sink.events[5], HasSubstr(R"("topics":["people"],"records":1)"));
  ExpectSameAtEverySplit(kKafka, talk);
  ExpectSurvivesDamage(kKafka, talk);
}

TEST(KafkaTest, TokensWithoutAHead) {
  const RecordingSink sink = Play(kKafka, {Client(Request(17, 0, 1, S("PLAIN"))), Server(Response(1, I16(0) + I32(0))), Client(Message("\0ada\0geheim"s)), Server(I32(0)),
                                           Client(Fetch4(2, "orders"))});
  EXPECT_THAT(sink.events, Contains(HasSubstr(R"("api":"SaslAuthenticate","version":0,"correlation_id":0,"mechanism":"PLAIN","user":"ada")")));
  EXPECT_THAT(sink.events.back(), HasSubstr("orders"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  const RecordingSink scram = Play(kKafka, {Client(Request(17, 1, 1, S("SCRAM-SHA-256")) + Request(36, 1, 2, I32(15) + "n,,n=ada,r=nonce"s.substr(0, 15)))});
  EXPECT_THAT(scram.fields, Contains("kafka.auth > user=ada"));
}

TEST(KafkaTest, TextOfResponsesAlone) {
  const RecordingSink sink = Play(kKafka, {Server(Fetched4(0x7fff0000, "orders", Batch(Record("", "Ada 078-05-1120"), 1)))});
  EXPECT_THAT(sink.fields, ElementsAre("kafka.response < =orders\nAda 078-05-1120\n"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(KafkaTest, WhatIsWrongIsNamedAndReadingGoesOn) {
  const std::string next = Fetch4(9, "orders");
  const auto anomalies = [&next](const std::string& records) {
    const RecordingSink sink = Play(kKafka, {Client(Produce3(1, "t", records) + next)});
    EXPECT_THAT(sink.events.back(), HasSubstr("orders"));
    return sink.anomalies;
  };
  EXPECT_THAT(anomalies(Batch(Record("", "x"), 1).substr(0, 80)), IsEmpty());  // cut, as fetches are
  std::string lies = Batch(Record("", "x"), 1);
  lies[61] = '\x7e';  // a record longer than its batch
  EXPECT_THAT(anomalies(lies), IsEmpty());
  lies[61] = '\x02';  // and one shorter than what is in it
  EXPECT_THAT(anomalies(lies), ElementsAre("malformed_data"));
  // Lengths at the ends of what a number holds.
  const std::string least = Varint(UINT64_MAX), most = Varint(UINT64_MAX - 1), start = "\0\2\0\1"s;
  EXPECT_THAT(anomalies(Batch(least + start + Zig(1) + "x", 1)), ElementsAre("malformed_data"));
  EXPECT_THAT(anomalies(Batch(Zig(9) + start + most + "x", 1)), ElementsAre("malformed_data"));
  lies[16] = '\x09';
  EXPECT_THAT(anomalies(lies), ElementsAre("malformed_data"));
  const RecordingSink absurd = Play(kKafka, {Client(next + I32(0x7fffffff) + "rubbish"), Client(next)});
  EXPECT_THAT(absurd.anomalies, ElementsAre("malformed_data"));
  EXPECT_EQ(absurd.events.size(), 2u);
}

TEST(KafkaTest, Probe) {
  EXPECT_EQ(Ask(kKafka, kSession[0].bytes), Probe::kYes);
  EXPECT_EQ(Ask(kKafka, Request(18, 0, 1, "", "")), Probe::kNo);
  EXPECT_EQ(Ask(kKafka, Request(18, 0, 1, "", ""), 9092), Probe::kYes);
  EXPECT_EQ(Ask(kKafka, Request(300, 0, 1, ""), 9092), Probe::kNo);
  EXPECT_EQ(Ask(kKafka, Request(3, 99, 1, ""), 9092), Probe::kNo);
  EXPECT_EQ(Ask(kKafka, "\0\0"s, 9092), Probe::kNeedMore);
  EXPECT_EQ(Ask(kKafka, Response(0x7fff0000, "broker"), 9092, Direction::kToClient), Probe::kYes);
  EXPECT_EQ(Ask(kKafka, Response(0x7fff0000, "broker") + "x", 9092, Direction::kToClient), Probe::kNo);
  EXPECT_EQ(Ask(kKafka, "GET / HTTP/1.1\r\n"), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
