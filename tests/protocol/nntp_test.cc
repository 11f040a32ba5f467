// SPDX-License-Identifier: Apache-2.0
#include "protocol/nntp/nntp.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

const Talk kSession = {
    Server("200 news.example.org NNTP ready, posting allowed\r\n"),
    Client("MODE READER\r\n"),
    Server("200 ok\r\n"),
    Client("AUTHINFO USER ada\r\n"),
    Server("381 password\r\n"),
    Client("AUTHINFO PASS geheim\r\n"),
    Server("281 welcome\r\n"),
    Client("GROUP misc.test\r\nXOVER 1-2\r\nARTICLE 1\r\n"),
    Server("211 2 1 2 misc.test\r\n224 data\r\n1\tHello\tBob <bob@example.org>\r\n.\r\n"),
    Server("220 1 <1@x> article\r\nFrom: Bob <bob@example.org>\r\nSubject: Hi\r\n\r\n..text\r\n.\r\n"),
    Client("POST\r\n"),
    Server("340 send it\r\n"),
    Client("From: Ada <ada@example.org>\r\nSubject: Re\r\n\r\nbody\r\n.\r\n"),
    Server("240 thanks\r\n"),
    Client("TAKETHIS <2@x>\r\nSubject: Fed\r\n\r\nfeed\r\n.\r\nQUIT\r\n"),
    Server("239 <2@x>\r\n205 bye\r\n"),
};

TEST(NntpTest, ReadsASession) {
  const RecordingSink sink = Play(kNntp, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(nntp #0 > "nntp":{"response":{"code":200,"text":"news.example.org NNTP ready, posting allowed"}})",
          R"(nntp #1 > "nntp":{"request":{"command":"MODE","args":["READER"]},"response":{"code":200,"text":"ok"}})",
          R"(nntp #2 > "nntp":{"request":{"command":"AUTHINFO","args":["USER","ada"]},"response":{"code":381,"text":"password"}})",
          R"(nntp #3 > "nntp":{"request":{"command":"AUTHINFO","args":["PASS","geheim"]},"response":{"code":281,"text":"welcome"}})",
          R"(nntp #4 > "nntp":{"request":{"command":"GROUP","args":["misc.test"]},"response":{"code":211,"text":"2 1 2 misc.test"}})",
          R"(nntp #5 > "nntp":{"request":{"command":"XOVER","args":["1-2"]},"response":{"code":224,"text":"data"}})",
          R"(nntp #6 > "nntp":{"request":{"command":"ARTICLE","args":["1"]},"response":{"code":220,"text":"1 <1@x> article"}},)"
          R"("email":{"status":"PARSE_DONE","from":"Bob <bob@example.org>","subject":"Hi"})",
          R"(nntp #7 > "nntp":{"request":{"command":"POST","args":[]},"response":{"code":240,"text":"thanks"}},)"
          R"("email":{"status":"PARSE_DONE","from":"Ada <ada@example.org>","subject":"Re"})",
          R"(nntp #8 > "nntp":{"request":{"command":"TAKETHIS","args":["<2@x>"]},"response":{"code":239,"text":"<2@x>"}},)"
          R"("email":{"status":"PARSE_DONE","subject":"Fed"})",
          R"(nntp #9 > "nntp":{"request":{"command":"QUIT","args":[]},"response":{"code":205,"text":"bye"}})"));
  EXPECT_THAT(
      sink.bodies,
      ElementsAre(
          "nntp.lines #5 < text/plain|||-1|1\tHello\tBob <bob@example.org>\r\n|complete",
          "nntp.article #6 < message/rfc822|||-1|From: Bob <bob@example.org>\r\nSubject: Hi\r\n\r\n.text\r\n|complete",
          "nntp.article #7 > message/rfc822|||-1|From: Ada <ada@example.org>\r\nSubject: Re\r\n\r\nbody\r\n|complete",
          "nntp.article #8 > message/rfc822|||-1|Subject: Fed\r\n\r\nfeed\r\n|complete"));
  EXPECT_THAT(sink.fields, Contains("nntp.command > user=ada"));
  EXPECT_THAT(sink.fields, Contains("nntp.command > password=geheim"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(NntpTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kNntp, kSession); }
TEST(NntpTest, SurvivesDamage) { ExpectSurvivesDamage(kNntp, kSession); }

TEST(NntpTest, SwappedSidesSayTheSame) {
  Talk swapped = kSession;
  for (auto& turn : swapped) turn.direction = Opposite(turn.direction);
  EXPECT_EQ(Play(kNntp, swapped).events.size(), 10u);
}

TEST(NntpTest, AGapInAnArticleEndsItAlone) {
  const RecordingSink sink = Play(kNntp, {Client("ARTICLE 1\r\n"), Server("220 1 <1@x>\r\nSubject: s\r\n\r\nab"),
                                          Server("c\r\n.\r\n205 bye\r\n", 9)});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("ab|gap")));
  EXPECT_THAT(sink.events.back(), HasSubstr("\"code\":205"));
}

TEST(NntpTest, StartTlsAndCompression) {
  Player player(kNntp);
  player.Feed({Server("200 news\r\n"), Client("STARTTLS\r\n")});
  EXPECT_EQ(player.Feed(Direction::kToClient, "382 go on\r\n\x16\x03"), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), 11u);
  const RecordingSink sink =
      Play(kNntp, {Client("COMPRESS DEFLATE\r\n"), Server("206 active\r\n\x01\x02"), Client("\x01\x02\x03")});
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueUndecodable), 5u);
}

TEST(NntpTest, Probe) {
  EXPECT_EQ(Ask(kNntp, "200 news.example.org InterNetNews NNRP server ready\r\n", 0, Direction::kToClient),
            Probe::kYes);
  EXPECT_EQ(Ask(kNntp, "200 hello\r\n", 0, Direction::kToClient), Probe::kNo);
  EXPECT_EQ(Ask(kNntp, "200 hello\r\n", 119, Direction::kToClient), Probe::kYes);
  EXPECT_EQ(Ask(kNntp, "220 ftp ready\r\n", 0, Direction::kToClient), Probe::kNo);
  EXPECT_EQ(Ask(kNntp, "MODE READER\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kNntp, "MODE READER"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kNntp, "LIST\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kNntp, "LIST\r\n", 119), Probe::kYes);
  EXPECT_EQ(Ask(kNntp, "GET / HTTP/1.0\r\n", 119), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
