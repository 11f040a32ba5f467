// SPDX-License-Identifier: Apache-2.0
#include "protocol/mongodb/mongodb.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Le(std::uint64_t v, int octets = 4) {
  std::string out;
  for (int i = 0; i < octets; ++i) out += static_cast<char>(v >> (8 * i));
  return out;
}
std::string Z(std::string_view s) { return std::string(s) + '\0'; }
std::string Doc(const std::string& elements) { return Le(elements.size() + 5) + elements + '\0'; }
std::string Str(std::string_view key, std::string_view value) {
  return '\2' + Z(key) + Le(value.size() + 1) + Z(value);
}
std::string Int(std::string_view key, int value) { return '\x10' + Z(key) + Le(static_cast<std::uint32_t>(value)); }
std::string Sub(std::string_view key, const std::string& doc) { return '\3' + Z(key) + doc; }
std::string Arr(std::string_view key, const std::string& doc) { return '\4' + Z(key) + doc; }
std::string Message(int id, int to, int opcode, const std::string& body) {
  return Le(body.size() + 16) + Le(static_cast<std::uint32_t>(id)) + Le(static_cast<std::uint32_t>(to)) +
         Le(static_cast<std::uint32_t>(opcode)) + body;
}
std::string Person(const std::string& name, const std::string& ssn) {
  return Doc(Str("name", name) + Str("ssn", ssn) + "\x09" + Z("born") + Le(0xffffff8a3b8a8400ull, 8) + "\x05" +
             Z("photo") + Le(3) + '\0' + "\xff\xd8\xff" + "\x0b" + Z("re") + Z("a.*") + Z("i") + "\x01" + Z("phone") +
             std::string("\0\0\0\0\xd0\x12\x73\x41", 8) + "\x08" + Z("ok?") + "\1");
}

const Talk kSession = {
    Client(Message(
        1, 0, 2004,
        Le(4) + Z("admin.$cmd") + Le(0) + Le(1) + Doc(Int("isMaster", 1) + Sub("client", Doc(Str("name", "driver")))))),
    Server(Message(2, 1, 1,
                   Le(8) + Le(0, 8) + Le(0) + Le(1) +
                       Doc("\x08" + Z("ismaster") + "\1" + "\x01" + Z("ok") + std::string("\0\0\0\0\0\0\xf0\x3f", 8)))),
    Client(Message(
        3, 0, 2013,
        Le(0) + '\0' +
            Doc(Str("find", "people") + Sub("filter", Doc(Str("ssn", "078-05-1120"))) + Str("$db", "registry")))),
    Server(
        Message(4, 3, 2013,
                Le(1) + '\0' +
                    Doc(Sub("cursor", Doc(Arr("firstBatch", Doc(Sub("0", Person("Ada", "078-05-1120")) +
                                                                Sub("1", Person("Bob", "219-09-9999")))))) +
                        Int("ok", 1)) +
                    "sum!")),
    Client(Message(5, 0, 2013,
                   Le(0) + '\0' + Doc(Str("insert", "people") + Str("$db", "registry")) + '\1' +
                       Le(4 + 10 + Doc(Str("name", "Eve")).size() + Doc(Str("name", "Zed")).size()) + Z("documents") +
                       Doc(Str("name", "Eve")) + Doc(Str("name", "Zed")))),
    Client(Message(6, 0, 2012, "zipped rubbish")),
    Client(Message(7, 0, 2002,
                   Le(0) + Z("registry.people") + Doc(Str("name", "Old")) +
                       Doc(Arr("mails", Doc(Str("0", "a@b.example") + Str("1", "c@d.example"))))))};

TEST(MongodbTest, ReadsASession) {
  const RecordingSink sink = Play(kMongodb, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(mongodb #0 > "mongodb":{"opcode":"query","request_id":1,"response_to":0,"command":"isMaster","database":"admin","collection":"$cmd"})",
          R"(mongodb #1 < "mongodb":{"opcode":"reply","request_id":2,"response_to":1,"ok":true})",
          R"(mongodb #2 > "mongodb":{"opcode":"msg","request_id":3,"response_to":0,"command":"find","database":"registry","collection":"people"})",
          R"(mongodb #3 < "mongodb":{"opcode":"msg","request_id":4,"response_to":3,"ok":true})",
          R"(mongodb #4 > "mongodb":{"opcode":"msg","request_id":5,"response_to":0,"command":"insert","database":"registry","collection":"people"})",
          R"(mongodb #5 > "mongodb":{"opcode":"compressed","request_id":6,"response_to":0})",
          R"(mongodb #6 > "mongodb":{"opcode":"insert","request_id":7,"response_to":0,"database":"registry","collection":"people"})"));
  ASSERT_EQ(sink.bodies.size(), 6u);
  EXPECT_THAT(sink.bodies[3], HasSubstr("name: Ada\nssn: 078-05-1120\nborn: "));
  EXPECT_THAT(sink.bodies[3], HasSubstr("phone: 20000000\n\nname: Bob\nssn: 219-09-9999\n"));
  EXPECT_THAT(sink.bodies[4], HasSubstr("$db: registry\n\nname: Eve\n\nname: Zed\n\n|complete"));
  EXPECT_THAT(sink.bodies[5], HasSubstr("name: Old\n\nmails: a@b.example\nmails: c@d.example\n"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(MongodbTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kMongodb, kSession); }
TEST(MongodbTest, SurvivesDamage) { ExpectSurvivesDamage(kMongodb, kSession); }

TEST(MongodbTest, NestingAndLengthsAreBounded) {
  std::string deep = Doc("");
  for (int i = 0; i < 150; ++i) deep = Doc(Sub("d", deep));
  EXPECT_THAT(Play(kMongodb, {Client(Message(1, 0, 2013, Le(0) + '\0' + deep))}).anomalies,
              ElementsAre("malformed_data"));
  EXPECT_THAT(
      Play(kMongodb, {Client(Message(1, 0, 2013, Le(0) + '\0' + Doc('\2' + Z("k") + Le(0xfffffff0) + "x")))}).anomalies,
      ElementsAre("malformed_data"));
  EXPECT_THAT(Play(kMongodb, {Client(kSession[0].bytes + Le(3) + std::string(12, 'x'))}).anomalies,
              ElementsAre("malformed_data"));
}

TEST(MongodbTest, CredentialsAreNotText) {
  const RecordingSink sink = Play(
      kMongodb, {Client(Message(1, 0, 2013, Le(0) + '\0' + Doc(Str("createUser", "ada") + Str("pwd", "geheim"))))});
  for (const std::string& body : sink.bodies) EXPECT_THAT(body, Not(HasSubstr("geheim")));
}

TEST(MongodbTest, Probe) {
  for (const auto& turn : kSession) EXPECT_EQ(Ask(kMongodb, turn.bytes, 27017, turn.direction), Probe::kYes);
  EXPECT_EQ(Ask(kMongodb, kSession[0].bytes), Probe::kYes);
  EXPECT_EQ(Ask(kMongodb, kSession[2].bytes), Probe::kYes);
  EXPECT_EQ(Ask(kMongodb, kSession[0].bytes.substr(0, 10), 27017), Probe::kNeedMore);
  EXPECT_EQ(Ask(kMongodb, kSession[0].bytes.substr(0, 10)), Probe::kNo);
  EXPECT_EQ(Ask(kMongodb, std::string(64, '\1')), Probe::kNo);
  EXPECT_EQ(Ask(kMongodb, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
