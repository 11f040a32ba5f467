// SPDX-License-Identifier: Apache-2.0
#include "protocol/redis/redis.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Bulk(const std::string& s) { return "$" + std::to_string(s.size()) + "\r\n" + s + "\r\n"; }
std::string Array(const std::vector<std::string>& items, char type = '*') {
  std::string out = type + std::to_string(type == '%' ? items.size() / 2 : items.size()) + "\r\n";
  for (const std::string& s : items) out += Bulk(s);
  return out;
}

const Talk kSession = {Client(Array({"AUTH", "ada", "geheim"})),
                       Server("+OK\r\n"),
                       Client(Array({"SET", "user:7:ssn", "078-05-1120"}) +
                              Array({"HSET", "user:7", "name", "Ada", "mail", "ada@example.com"})),
                       Server("+OK\r\n:2\r\n"),
                       Client(Array({"GET", "user:7:ssn"}) + Array({"HGETALL", "user:7"}) +
                              Array({"hget", "user:7", "mail"}) + Array({"GET", "none"})),
                       Server(Bulk("078-05-1120") + Array({"name", "Ada", "mail", "ada@example.com"}) +
                              Bulk("ada@example.com") + "$-1\r\n"),
                       Client("PING\r\nbroken thing\r\n"),
                       Server("+PONG\r\n-ERR unknown command 'broken'\r\n"),
                       Client(Array({"MSET", "a:mail", "b@c.example", "d", "e"})),
                       Server("+OK\r\n"),
                       Client(Array({"EXEC"})),
                       Server("*3\r\n*2\r\n:1\r\n*0\r\n+OK\r\n" + Bulk("x")),
                       Server(Array({"message", "news", "hello"}, '>'))};

TEST(RedisTest, ReadsASession) {
  const RecordingSink sink = Play(kRedis, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(redis #0 > "redis":{"cmd":{"name":"AUTH"},"success":true,"reply":{"value":"OK"}})",
          R"(redis #1 > "redis":{"cmd":{"name":"SET","key":"user:7:ssn","value":"078-05-1120"},"success":true,"reply":{"value":"OK"}})",
          R"(redis #2 > "redis":{"cmd":{"name":"HSET","key":"user:7","value":"name"},"success":true,"reply":{"value":"2"}})",
          R"(redis #3 > "redis":{"cmd":{"name":"GET","key":"user:7:ssn"},"success":true,"reply":{"value":"078-05-1120"}})",
          R"(redis #4 > "redis":{"cmd":{"name":"HGETALL","key":"user:7"},"success":true,"reply":{"value":"name"}})",
          R"(redis #5 > "redis":{"cmd":{"name":"hget","key":"user:7","value":"mail"},"success":true,"reply":{"value":"ada@example.com"}})",
          R"(redis #6 > "redis":{"cmd":{"name":"GET","key":"none"},"success":true})",
          R"(redis #7 > "redis":{"cmd":{"name":"PING"},"success":true,"reply":{"value":"PONG"}})",
          R"(redis #8 > "redis":{"cmd":{"name":"broken","key":"thing"},"success":false,"reply":{"value":"ERR unknown command 'broken'"}})",
          R"(redis #9 > "redis":{"cmd":{"name":"MSET","key":"a:mail","value":"b@c.example"},"success":true,"reply":{"value":"OK"}})",
          R"(redis #10 > "redis":{"cmd":{"name":"EXEC"},"success":true,"reply":{"value":"1"}})"));
  ASSERT_EQ(sink.bodies.size(), 2u);
  EXPECT_THAT(sink.bodies[0], HasSubstr("redis.command #1 > text/tab-separated-values|||-1|ssn: 078-05-1120\n\nname: "
                                        "Ada\nmail: ada@example.com\n\nmail: b@c.example\nd: e\n\n|complete"));
  EXPECT_THAT(sink.bodies[1],
              HasSubstr("ssn: 078-05-1120\n\nname: Ada\nmail: ada@example.com\n\nmail: ada@example.com\n"));
  EXPECT_THAT(sink.fields, Contains("redis.auth > password=geheim"));
  EXPECT_THAT(sink.fields, Contains("redis.key > key=user:7:ssn"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
  for (const std::string& event : sink.events) EXPECT_THAT(event, Not(HasSubstr("geheim")));
}

TEST(RedisTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kRedis, kSession); }
TEST(RedisTest, SurvivesDamage) { ExpectSurvivesDamage(kRedis, kSession); }

TEST(RedisTest, SidesGuessedWrong) {
  Talk swapped = kSession;
  for (auto& turn : swapped) turn.direction = Opposite(turn.direction);
  EXPECT_EQ(Play(kRedis, swapped).events.size(), 11u);
}

TEST(RedisTest, LongValuesPassThrough) {
  const std::string large = std::string(60000, 'x') + " 078-05-1120 ";
  const RecordingSink sink = Play(kRedis, {Client(Array({"SET", "k", large})), Server("+OK\r\n"),
                                           Client(Array({"GET", "k"})), Server(Bulk(large))});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("k: " + large), HasSubstr("k: " + large)));
}

TEST(RedisTest, ManyCommandsWithoutRepliesAreBounded) {
  constexpr std::size_t kCommands = redis::kMaxOpen + 100;
  Talk talk;
  for (std::size_t i = 0; i < kCommands; ++i) talk.push_back(Client(Array({"SET", "k" + std::to_string(i), "v"})));
  for (std::size_t i = 0; i < kCommands; ++i) talk.push_back(Server("+R" + std::to_string(i) + "\r\n"));
  const RecordingSink sink = Play(kRedis, talk);
  ASSERT_EQ(sink.events.size(), kCommands);
  EXPECT_THAT(sink.events[0], Not(HasSubstr("reply")));
  EXPECT_THAT(sink.events[99], Not(HasSubstr("reply")));
  EXPECT_THAT(sink.events[100], HasSubstr(R"("key":"k100","value":"v"},"success":true,"reply":{"value":"R100"})"));
  EXPECT_THAT(sink.events.back(), HasSubstr("R" + std::to_string(kCommands - 1)));
}

TEST(RedisTest, BehindAGapReadingGoesOn) {
  const std::string set = Array({"SET", "k", std::string(100, 'x')});
  const RecordingSink inside = Play(
      kRedis, {Client(set.substr(0, 50)), Client(set.substr(70), 20), Client(Array({"SET", "ssn", "078-05-1120"}))});
  EXPECT_THAT(inside.bodies, ElementsAre(HasSubstr("ssn: 078-05-1120")));
  const RecordingSink beyond =
      Play(kRedis, {Client(set.substr(0, 50)), Client("rubbish", 500), Client(Array({"SET", "ssn", "078-05-1120"}))});
  EXPECT_THAT(beyond.bodies, Contains(HasSubstr("ssn: 078-05-1120")));
}

TEST(RedisTest, AbsurdLengthsAreTold) {
  for (const char* bad : {"*1\r\n$99999999999999999999\r\n", "*-7\r\n", "*1\r\n$x\r\n"}) {
    const RecordingSink sink = Play(kRedis, {Client(Array({"PING"})), Client(bad)});
    EXPECT_THAT(sink.anomalies, ElementsAre("malformed_data")) << bad;
  }
  std::string nested;
  for (int i = 0; i < 1000; ++i) nested += "*1\r\n";
  EXPECT_EQ(Play(kRedis, {Client(Array({"PING"})), Server(nested + ":1\r\n")}).events.size(), 1u);
}

TEST(RedisTest, Probe) {
  EXPECT_EQ(Ask(kRedis, Array({"GET", "x"})), Probe::kYes);
  EXPECT_EQ(Ask(kRedis, "*2\r\n$3\r\nGE"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kRedis, "* OK IMAP4 ready\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kRedis, "*** hello\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kRedis, "PING\r\n", 6379), Probe::kYes);
  EXPECT_EQ(Ask(kRedis, "PING\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kRedis, "+OK\r\n", 6379, Direction::kToClient), Probe::kYes);
  EXPECT_EQ(Ask(kRedis, "+OK POP3 ready\r\n", 110, Direction::kToClient), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
