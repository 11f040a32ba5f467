// SPDX-License-Identifier: Apache-2.0
#include "protocol/pop3/pop3.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

const Talk kSession = {Server("+OK POP3 ready\r\n"),
                       Client("USER ada@example.org\r\n"),
                       Server("+OK\r\n"),
                       Client("PASS geheim\r\n"),
                       Server("+OK 2 messages\r\n"),
                       Client("LIST\r\nLIST 1\r\n"),
                       Server("+OK\r\n1 120\r\n2 7\r\n.\r\n+OK 1 120\r\n"),
                       Client("RETR 1\r\n"),
                       Server("+OK 120 octets\r\nSubject: s\r\n\r\n..dot\r\ntext\r\n.\r\n"),
                       Client("RETR 9\r\n"),
                       Server("-ERR no such message\r\n"),
                       Client("QUIT\r\n"),
                       Server("+OK bye\r\n")};

TEST(Pop3Test, ReadsASession) {
  const RecordingSink sink = Play(kPop3, kSession);
  ASSERT_EQ(sink.events.size(), 8u);
  EXPECT_EQ(
      sink.events[0],
      R"(pop3 #0 > "pop3":{"response":{"success":true,"status":"OK","header":"POP3 ready","data":[]}})");
  EXPECT_EQ(sink.events[3],
            R"(pop3 #3 > "pop3":{"request":{"command":"LIST","args":[]},"response":{"success":true,)"
            R"("status":"OK","header":"","data":["1 120","2 7"]}})");
  EXPECT_THAT(sink.events[4],
              HasSubstr(R"("args":["1"]},"response":{"success":true,"status":"OK","header":"1 120")"));
  EXPECT_THAT(sink.events[6], HasSubstr(R"("success":false,"status":"ERR","header":"no such message")"));
  EXPECT_THAT(sink.bodies,
              ElementsAre("pop3.retr #5 < message/rfc822|||-1|Subject: s\r\n\r\n.dot\r\ntext\r\n|complete"));
  EXPECT_THAT(sink.fields, Contains("pop3.command > user=ada@example.org"));
  EXPECT_THAT(sink.fields, Contains("pop3.command > password=geheim"));
}

TEST(Pop3Test, CutsDoNotMatter) { ExpectSameAtEverySplit(kPop3, kSession); }
TEST(Pop3Test, SurvivesDamage) { ExpectSurvivesDamage(kPop3, kSession); }

TEST(Pop3Test, ChallengesAreSecretAndStlsHandsOver) {
  const RecordingSink sink = Play(kPop3, {Server("+OK hi\r\n"), Client("AUTH PLAIN\r\n"), Server("+ \r\n"),
                                          Client("AGFkYQBnZWhlaW0=\r\n"), Server("+OK in\r\n"),
                                          Client("STAT\r\n"), Server("+OK 1 2\r\n")});
  for (const std::string& s : sink.fields) EXPECT_THAT(s, Not(HasSubstr("AGFk")));
  EXPECT_THAT(sink.events.back(), HasSubstr(R"("command":"STAT")"));
  Player player(kPop3);
  player.Feed({Server("+OK hi\r\n"), Client("STLS\r\n")});
  EXPECT_EQ(player.Feed(Direction::kToClient, "+OK go\r\n\x16\x03"), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), 8u);
}

TEST(Pop3Test, GapInAMessageEndsIt) {
  const RecordingSink sink = Play(kPop3, {Client("RETR 1\r\n"), Server("+OK\r\nSubject: s\r\n\r\nab"),
                                          Server("c\r\n.\r\n+OK bye\r\n", 9)});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("ab|gap")));
  EXPECT_THAT(sink.events.back(), HasSubstr("bye"));
}

TEST(Pop3Test, Probe) {
  EXPECT_EQ(Ask(kPop3, "+OK ready\r\n", 0, Direction::kToClient), Probe::kYes);
  EXPECT_EQ(Ask(kPop3, "+OK\r\n", 6379, Direction::kToClient), Probe::kNo);
  EXPECT_EQ(Ask(kPop3, "+O", 0, Direction::kToClient), Probe::kNeedMore);
  EXPECT_EQ(Ask(kPop3, "CAPA\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kPop3, "USER a\r\n", 110), Probe::kYes);
  EXPECT_EQ(Ask(kPop3, "USER a\r\n", 21), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
