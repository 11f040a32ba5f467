// SPDX-License-Identifier: Apache-2.0
#include "protocol/imap/imap.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

const Talk kSession = {Server("* OK IMAP4rev1 ready\r\n"),
                       Client("a1 LOGIN \"ada\" geheim\r\n"),
                       Server("a1 OK done\r\n"),
                       Client("a2 FETCH 1 (RFC822.SIZE BODY[])\r\n"),
                       Server("* 1 FETCH (RFC822.SIZE 21 BODY[] {21}\r\nSubject: s\r\n\r\nbody)\r\n)\r\n* 2 "
                              "FETCH (BODY[TEXT] {3}\r\nabc)\r\na2 OK\r\n"),
                       Client("a3 APPEND Sent {15}\r\n"),
                       Server("+ go on\r\n"),
                       Client("Subject: t\r\n\r\nx\r\na4 LOGOUT\r\n"),
                       Server("a3 OK\r\n")};

TEST(ImapTest, ReadsASession) {
  const RecordingSink sink = Play(kImap, kSession);
  EXPECT_THAT(sink.bodies,
              ElementsAre("imap.literal #0 < message/rfc822|||-1|Subject: s\r\n\r\nbody)\r\n|complete",
                          "imap.literal #0 < |||-1|abc|complete",
                          "imap.literal #0 > message/rfc822|||-1|Subject: t\r\n\r\nx|complete"));
  EXPECT_THAT(sink.fields, Contains("imap.command > user=ada"));
  EXPECT_THAT(sink.fields, Contains("imap.command > password=geheim"));
  EXPECT_THAT(sink.fields, Contains("imap.command > =a4 LOGOUT"));
}

TEST(ImapTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kImap, kSession); }
TEST(ImapTest, SurvivesDamage) { ExpectSurvivesDamage(kImap, kSession); }

TEST(ImapTest, StartTlsHandsOverAndChallengesAreSecret) {
  Player player(kImap);
  player.Feed({Server("* OK hi\r\n"), Client("a1 STARTTLS\r\n")});
  EXPECT_EQ(player.Feed(Direction::kToClient, "a1 OK go\r\n\x16\x03"), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), 10u);
  const RecordingSink sink =
      Play(kImap, {Client("a1 AUTHENTICATE PLAIN\r\n"), Server("+ \r\n"), Client("AGFkYQBnZWhlaW0=\r\n"),
                   Server("a1 OK\r\n"), Client("a2 NOOP\r\n")});
  for (const std::string& s : sink.fields) EXPECT_THAT(s, Not(HasSubstr("AGFk")));
  EXPECT_THAT(sink.fields, Contains("imap.command > =a2 NOOP"));
}

TEST(ImapTest, GapsAreMeasuredAgainstTheLiteral) {
  const RecordingSink sink = Play(
      kImap, {Server("* OK hi\r\n* 1 FETCH (BODY[] {20}\r\n01234"), Server("56789)\r\n* 2 EXISTS\r\n", 10)});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("01234|gap"), HasSubstr("|56789|complete")));
  EXPECT_THAT(sink.fields, Contains(HasSubstr("* 2 EXISTS")));
}

TEST(ImapTest, Probe) {
  EXPECT_EQ(Ask(kImap, "* OK ready", 0, Direction::kToClient), Probe::kYes);
  EXPECT_EQ(Ask(kImap, "* ", 0, Direction::kToClient), Probe::kNeedMore);
  EXPECT_EQ(Ask(kImap, "a001 CAPABILITY\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kImap, "GET / HTTP/1.1\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kImap, "USER x\r\n"), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
