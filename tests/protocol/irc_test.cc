// SPDX-License-Identifier: Apache-2.0
#include "protocol/irc/irc.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

const Talk kSession = {
    Server(":irc.example.org NOTICE * :*** Looking up your host\r\n"),
    Client("CAP LS 302\r\nPASS geheim\r\nNICK ada\r\nUSER ada 0 * :Ada Lovelace\r\n"),
    Server(":irc.example.org 001 ada :Welcome\r\n:irc.example.org 311 ada bob b host.example * :Bob Kahn\r\n"),
    Client("JOIN #lab,#ward key\r\nPING :x\r\n"),
    Server(":bob!b@host.example PRIVMSG #lab :my mail is bob@example.org\r\n"),
    Client("@label=1;time=2 PRIVMSG bob :\x01" "DCC SEND \"a b.txt\" 3232235777 5000 1024\x01\r\n"),
    Client("PRIVMSG NickServ :IDENTIFY geheim2\nQUIT :gone\r\n"),
};

TEST(IrcTest, ReadsASession) {
  const RecordingSink sink = Play(kIrc, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(irc #0 < "irc":{"command":"NOTICE","nick":"irc.example.org","target":"*","text":"*** Looking up your host"})",
          R"(irc #1 > "irc":{"command":"PASS","password":"geheim"})",
          R"(irc #2 > "irc":{"command":"NICK","nick":"ada","target":"ada"})",
          R"(irc #3 > "irc":{"command":"USER","nick":"ada","user":"ada","realname":"Ada Lovelace"})",
          R"(irc #4 > "irc":{"command":"JOIN","nick":"ada","target":"#lab,#ward","password":"key"})",
          R"(irc #5 < "irc":{"command":"PRIVMSG","nick":"bob","user":"b","host":"host.example","target":"#lab","text":"my mail is bob@example.org"})",
          R"(irc #6 > "irc":{"command":"PRIVMSG","nick":"ada","target":"bob","dcc":{"type":"SEND","file":"a b.txt","address":"192.168.1.1","port":5000,"size":1024}})",
          R"(irc #7 > "irc":{"command":"PRIVMSG","nick":"ada","target":"NickServ","text":"IDENTIFY geheim2"})",
          R"(irc #8 > "irc":{"command":"QUIT","nick":"ada","text":"gone"})"));
  EXPECT_THAT(sink.fields, Contains("irc.message < =my mail is bob@example.org"));
  EXPECT_THAT(sink.fields, Contains("irc.command > realname=Ada Lovelace"));
  EXPECT_THAT(sink.fields, Contains("irc.reply < realname=Bob Kahn"));
  EXPECT_THAT(sink.fields, Contains("irc.dcc > file=a b.txt"));
  EXPECT_THAT(sink.fields, Not(Contains(HasSubstr("geheim2"))));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(IrcTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kIrc, kSession); }
TEST(IrcTest, SurvivesDamage) { ExpectSurvivesDamage(kIrc, kSession); }

TEST(IrcTest, SwappedSidesSayTheSame) {
  Talk swapped = kSession;
  for (auto& turn : swapped) turn.direction = Opposite(turn.direction);
  EXPECT_EQ(Play(kIrc, swapped).events.size(), 9u);
}

TEST(IrcTest, LongLinesAreCutAndTold) {
  const RecordingSink sink =
      Play(kIrc, {Client("NICK a\r\nPRIVMSG b :" + std::string(20000, 'x') + "\r\nQUIT :c\r\n")});
  EXPECT_THAT(sink.anomalies, ElementsAre("line_too_long"));
  EXPECT_EQ(sink.events.size(), 3u);
  EXPECT_EQ(sink.fates.at(ByteFate::kLostParserCap), 20000u + 12 - 12 * 1024);
}

TEST(IrcTest, SaslAndStartTls) {
  Player player(kIrc);
  player.Feed({Client("AUTHENTICATE PLAIN\r\n"), Server("AUTHENTICATE +\r\n"),
               Client("AUTHENTICATE YWRhAGFkYQBnZWhlaW0=\r\n"), Client("STARTTLS\r\n")});
  EXPECT_THAT(player.sink.events[0], HasSubstr(R"("user":"ada","password":"geheim")"));
  EXPECT_EQ(player.Feed(Direction::kToClient, ":s 670 ada :go on\r\n\x16\x03"), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), 19u);
}

TEST(IrcTest, WhatIsNoIrcIsGivenUp) {
  Player player(kIrc);
  EXPECT_EQ(player.Feed(Direction::kToServer, "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n"), ParseStatus::kNotThis);
}

TEST(IrcTest, Probe) {
  EXPECT_EQ(Ask(kIrc, "NICK ada\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kIrc, "PASS x\r\nNICK ada\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kIrc, "PASS x\r\n"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kIrc, "PASS x\r\nLIST\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kIrc, "USER ada 0 * :Ada\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kIrc, "USER ada\r\n", 21), Probe::kNo);
  EXPECT_EQ(Ask(kIrc, ":irc.example.org NOTICE AUTH :*** hi\r\n", 0, Direction::kToClient), Probe::kYes);
  EXPECT_EQ(Ask(kIrc, ":irc.example.org 001", 0, Direction::kToClient), Probe::kNeedMore);
  EXPECT_EQ(Ask(kIrc, "PING :abc\r\n", 6667), Probe::kYes);
  EXPECT_EQ(Ask(kIrc, "PING :abc\r\n", 80), Probe::kNo);
  EXPECT_EQ(Ask(kIrc, "GET / HTTP/1.1\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kIrc, "some words of a text\n", 9000), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
