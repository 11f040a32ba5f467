// SPDX-License-Identifier: Apache-2.0
#include "protocol/proxy/proxy.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

using namespace std::string_literals;

const std::string kLine = "PROXY TCP4 192.0.2.1 198.51.100.2 4000 443\r\n";
const std::string kBinary =
    "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x10\xc0\0\2\1\xc6\x33\x64\2\x0f\xa0\1\xbb\4\0\1x"s;  // with a TLV

TEST(ProxyTest, BothVersionsSayTheSame) {
  const std::string ends = R"("transport":"TCP4","src_ip":"192.0.2.1","src_port":4000,)"
                           R"("dest_ip":"198.51.100.2","dest_port":443})";
  EXPECT_THAT(Play(kProxy, {Client(kLine)}).events, ElementsAre(R"(proxy #0 > "proxy":{"version":1,)" + ends));
  EXPECT_THAT(Play(kProxy, {Client(kBinary)}).events, ElementsAre(R"(proxy #0 > "proxy":{"version":2,)" + ends));
}

TEST(ProxyTest, WhatFollowsIsAnotherProtocols) {
  for (const std::string& header : {kLine, kBinary}) {
    Player player(kProxy);
    EXPECT_EQ(player.Feed(Direction::kToServer, header + "GET / HTTP/1.1\r\n"), ParseStatus::kSwitch);
    EXPECT_EQ(player.parser().consumed(), header.size());
  }
}

TEST(ProxyTest, WithoutAddresses) {
  EXPECT_THAT(Play(kProxy, {Client("PROXY UNKNOWN\r\n")}).events,
              ElementsAre(R"(proxy #0 > "proxy":{"version":1,"transport":"UNKNOWN"})"));
  EXPECT_THAT(Play(kProxy, {Client("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"s)}).events,
              ElementsAre(R"(proxy #0 > "proxy":{"version":2})"));
}

TEST(ProxyTest, ALineWithoutEndIsNone) {
  Player player(kProxy);
  EXPECT_EQ(player.Feed(Direction::kToServer, "PROXY TCP4 " + std::string(200, '1')), ParseStatus::kNotThis);
}

TEST(ProxyTest, CutsDoNotMatter) {
  ExpectSameAtEverySplit(kProxy, {Client(kLine)});
  ExpectSameAtEverySplit(kProxy, {Client(kBinary)});
}
TEST(ProxyTest, SurvivesDamage) {
  ExpectSurvivesDamage(kProxy, {Client(kLine)});
  ExpectSurvivesDamage(kProxy, {Client(kBinary)});
}

TEST(ProxyTest, Probe) {
  EXPECT_EQ(Ask(kProxy, "PRO"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kProxy, "PROPFIND / HTTP/1.1"), Probe::kNo);
  EXPECT_EQ(Ask(kProxy, kLine), Probe::kYes);
  EXPECT_EQ(Ask(kProxy, "\r\n\r\n"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kProxy, "\r\n\r\nGET / HTTP/1.1"), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
