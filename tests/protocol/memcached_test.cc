// SPDX-License-Identifier: Apache-2.0
#include "protocol/memcached/memcached.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Binary(int magic, int opcode, const std::string& extras, const std::string& key, const std::string& value) {
  const std::size_t total = extras.size() + key.size() + value.size();
  return std::string{static_cast<char>(magic),
                     static_cast<char>(opcode),
                     0,
                     static_cast<char>(key.size()),
                     static_cast<char>(extras.size()),
                     0,
                     0,
                     0,
                     0,
                     0,
                     static_cast<char>(total >> 8),
                     static_cast<char>(total)} +
         std::string(12, '\0') + extras + key + value;
}

const Talk kText = {Client("set user:7:ssn 0 3600 11\r\n078-05-1120\r\nget user:7:ssn\r\nincr n 1\r\n"),
                    Server("STORED\r\nVALUE user:7:ssn 0 11\r\n078-05-1120\r\nEND\r\n5\r\n"),
                    Client("set empty 0 0 0\r\n\r\nquit\r\n")};
const Talk kBinary = {Client(Binary(0x80, 1, std::string(8, '\0'), "user:7:mail", "ada@example.com")),
                      Server(Binary(0x81, 1, "", "", "")), Client(Binary(0x80, 0x0c, "", "user:7:mail", "")),
                      Server(Binary(0x81, 0x0c, std::string(4, '\0'), "user:7:mail", "ada@example.com"))};

TEST(MemcachedTest, ReadsText) {
  const RecordingSink sink = Play(kMemcached, kText);
  EXPECT_THAT(sink.events, ElementsAre(R"(memcached #0 > "memcached":{"command":"set","key":"user:7:ssn","bytes":11})",
                                       R"(memcached #1 > "memcached":{"command":"get","key":"user:7:ssn"})",
                                       R"(memcached #2 > "memcached":{"command":"incr","key":"n"})",
                                       R"(memcached #6 > "memcached":{"command":"set","key":"empty"})",
                                       R"(memcached #7 > "memcached":{"command":"quit"})"));
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr(" > text/tab-separated-values|||-1|ssn: 078-05-1120\n\n|complete"),
                                       HasSubstr(" < text/tab-separated-values|||-1|ssn: 078-05-1120\n\n|complete")));
  EXPECT_THAT(sink.fields, Contains("memcached.key > key=user:7:ssn"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(MemcachedTest, ReadsBinary) {
  const RecordingSink sink = Play(kMemcached, kBinary);
  EXPECT_THAT(sink.events, ElementsAre(R"(memcached #0 > "memcached":{"command":"set","key":"user:7:mail","bytes":15})",
                                       R"(memcached #2 > "memcached":{"command":"getk","key":"user:7:mail"})"));
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("mail: ada@example.com\n"), HasSubstr("mail: ada@example.com\n")));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(MemcachedTest, CutsDoNotMatter) {
  ExpectSameAtEverySplit(kMemcached, kText);
  ExpectSameAtEverySplit(kMemcached, kBinary);
}
TEST(MemcachedTest, SurvivesDamage) {
  ExpectSurvivesDamage(kMemcached, kText);
  ExpectSurvivesDamage(kMemcached, kBinary);
}

TEST(MemcachedTest, RubbishIsToldOnceAndCounted) {
  const RecordingSink sink = Play(kMemcached, {Client("get a\r\nrubbish one\r\nrubbish two\r\nget b\r\n")});
  EXPECT_THAT(sink.anomalies, ElementsAre("malformed_data"));
  EXPECT_GT(sink.fates.at(ByteFate::kOpaqueBinary), 20u);
  EXPECT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(Play(kMemcached, {Client("get a\r\nset k 0 0 99999999999999\r\n")}).anomalies,
              ElementsAre("malformed_data"));
}

TEST(MemcachedTest, Probe) {
  EXPECT_EQ(Ask(kMemcached, kText[0].bytes), Probe::kYes);
  EXPECT_EQ(Ask(kMemcached, "VALUE k 0 11\r\n", 0, Direction::kToClient), Probe::kYes);
  EXPECT_EQ(Ask(kMemcached, kBinary[0].bytes), Probe::kYes);
  EXPECT_EQ(Ask(kMemcached, "get k\r\n", 11211), Probe::kYes);
  EXPECT_EQ(Ask(kMemcached, "get k\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kMemcached, "set thing to value\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kMemcached, "se", 11211), Probe::kNeedMore);
}

}  // namespace
}  // namespace gander::protocol
