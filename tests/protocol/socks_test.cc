// SPDX-License-Identifier: Apache-2.0
#include "protocol/socks/socks.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

using namespace std::string_literals;

const Talk kByName = {Client("\5\1\0"s), Server("\5\0"s), Client("\5\1\0\3\x0b" "example.org\0\x50"s),
                      Server("\5\0\0\1\0\0\0\0\0\0"s)};
const Talk kWithPassword = {Client("\5\2\0\2"s), Server("\5\2"s), Client("\1\4anna\6geheim"s), Server("\1\0"s),
                            Client("\5\1\0\4\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1\1\xbb"s),
                            Server("\5\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"s)};
const Talk kFour = {Client("\4\1\0\x50\xc0\0\2\1" "anna\0"s), Server("\0\x5a\0\0\0\0\0\0"s)};
const Talk kFourA = {Client("\4\1\0\x50\0\0\0\1\0example.org\0"s), Server("\0\x5b\0\0\0\0\0\0"s)};

TEST(SocksTest, ConnectsByName) {
  const RecordingSink sink = Play(kSocks, kByName);
  EXPECT_THAT(sink.events, ElementsAre(R"(socks #0 > "socks":{"version":5,"command":"connect",)"
                                       R"("hostname":"example.org","port":80,"reply":"succeeded"})"));
  EXPECT_THAT(sink.names, ElementsAre("example.org"));
}

TEST(SocksTest, UserAndPasswordAreFields) {
  const RecordingSink sink = Play(kSocks, kWithPassword);
  EXPECT_THAT(sink.fields, Contains("socks.auth > user=anna"));
  EXPECT_THAT(sink.fields, Contains("socks.auth > password=geheim"));
  ASSERT_EQ(sink.events.size(), 1u);
  EXPECT_THAT(sink.events[0], ::testing::HasSubstr(R"("ip":"2001:db8::1","port":443,"reply":"succeeded")"));
}

TEST(SocksTest, VersionFour) {
  EXPECT_THAT(Play(kSocks, kFour).events,
              ElementsAre(R"(socks #0 > "socks":{"version":4,"user":"anna","command":"connect",)"
                          R"("ip":"192.0.2.1","port":80,"reply":"granted"})"));
  EXPECT_THAT(Play(kSocks, kFourA).events, ElementsAre(R"(socks #0 > "socks":{"version":4,"command":"connect",)"
                                                       R"("hostname":"example.org","port":80,"reply":"rejected"})"));
}

TEST(SocksTest, WhatFollowsIsAnotherProtocols) {
  Player player(kSocks);
  player.Feed({kByName[0], kByName[1], kByName[2]});
  EXPECT_EQ(player.Feed(Direction::kToClient, "\5\0\0\1\0\0\0\0\0\0SSH-2.0-x"s), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), 10u);
}

TEST(SocksTest, TheClientAloneIsEnough) {
  Player player(kSocks);
  player.Feed({kByName[0], kByName[2]});
  EXPECT_EQ(player.Feed(Direction::kToServer, "GET / HTTP/1.1\r\n"), ParseStatus::kSwitch);
  EXPECT_EQ(player.parser().consumed(), 0u);
}

TEST(SocksTest, ARefusalIsTheEndOfIt) {
  Player player(kSocks);
  player.Feed({kByName[0], kByName[1], kByName[2]});
  EXPECT_EQ(player.Feed(Direction::kToClient, "\5\5\0\1\0\0\0\0\0\0"s), ParseStatus::kNotThis);
  EXPECT_THAT(player.sink.events, ElementsAre(::testing::HasSubstr(R"("reply":"connection_refused")")));
}

TEST(SocksTest, CutsDoNotMatter) {
  for (const Talk* talk : {&kByName, &kWithPassword, &kFour, &kFourA}) ExpectSameAtEverySplit(kSocks, *talk);
}
TEST(SocksTest, SurvivesDamage) {
  for (const Talk* talk : {&kByName, &kWithPassword, &kFour, &kFourA}) ExpectSurvivesDamage(kSocks, *talk);
}

TEST(SocksTest, Probe) {
  EXPECT_EQ(Ask(kSocks, "\5"s), Probe::kNeedMore);
  EXPECT_EQ(Ask(kSocks, "\5\2\0\2"s), Probe::kYes);
  EXPECT_EQ(Ask(kSocks, "\5\1\x2a"s), Probe::kNo) << "no method of authentication";
  EXPECT_EQ(Ask(kSocks, "\5\x64\5\xc0\1\0\0\4"s), Probe::kNo) << "DNP3";
  EXPECT_EQ(Ask(kSocks, "\4\1\0\x50\xc0\0\2\1\0"s), Probe::kYes);
  EXPECT_EQ(Ask(kSocks, "\4\1\0\0\1\0\0\0\x16\0\1"s), Probe::kNo) << "Cassandra's STARTUP, compressed";
}

}  // namespace
}  // namespace gander::protocol
