// SPDX-License-Identifier: Apache-2.0
#include "protocol/telnet/telnet.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

const std::string kTerminal("\xff\xfa\x18\0XTERM\xff\xf0", 11);

const Talk kSession = {
    Server("\xff\xfd\x18\xff\xfb\x01"),
    Client("\xff\xfb\x18\xff\xfd\x01"),
    Server(std::string("\xff\xfa\x18\x01\xff\xf0", 6)),
    Client(kTerminal),
    Server("Debian 12\r\nlogin: "),
    Client("a"),
    Server("a"),
    Client("dx\x7f" "a"),
    Server("da"),
    Client(std::string("\r\0", 2)),
    Server("\r\nPassword: "),
    Client("geheim\r\n"),
    Server("\r\nLast login: Fri\r\n$ "),
    Client("cat mail\r\n"),
    Server("cat mail\r\nbob@example.org \xff\xff\r\n"),
};

TEST(TelnetTest, ReadsASession) {
  const RecordingSink sink = Play(kTelnet, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(telnet #0 > "telnet":{"login":{"username":"ada","password":"geheim"},"terminal_type":"XTERM"})",
          R"(telnet #1 > "telnet":{"session":{"logins":1,"options":["echo","terminal_type"]},"terminal_type":"XTERM"})"));
  EXPECT_THAT(sink.fields, ElementsAre("telnet.login > user=ada", "telnet.login > password=geheim"));
  EXPECT_THAT(
      sink.bodies,
      ElementsAre("telnet.text #0 > |||-1|\r\r\ncat mail\r\n|complete",
                  "telnet.text #0 < |||-1|Debian 12\r\nlogin: ada\r\nPassword: \r\nLast login: Fri\r\n$ cat mail\r\n"
                  "bob@example.org \xff\r\n|complete"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(TelnetTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kTelnet, kSession); }
TEST(TelnetTest, SurvivesDamage) { ExpectSurvivesDamage(kTelnet, kSession); }

TEST(TelnetTest, NamesAndNegotiationsWithoutEnd) {
  const RecordingSink sink = Play(kTelnet, {Server("login: "), Client(std::string(100000, 'a')), Client("\r\n"),
                                            Client("\xff\xfa\x18" + std::string(100000, 'b'))});
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[0], HasSubstr("\"" + std::string(telnet::kMaxLine, 'a') + "\""));
}

TEST(TelnetTest, WhatIsEncryptedOrCompressedIsNotText) {
  const RecordingSink sink = Play(kTelnet, {Server("hello\xff\xfa\x56\xff\xf0\x78\x9c\x01\x02"), Client("plain\r\n"),
                                            Client("\xff\xfa\x26\x03\x01\xff\xf0" "abc")});
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueUndecodable), 4u);
  EXPECT_EQ(sink.fates.at(ByteFate::kEncrypted), 3u);
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("|hello|complete"), HasSubstr("|plain\r\n|complete")));
}

TEST(TelnetTest, Probe) {
  EXPECT_EQ(Ask(kTelnet, "\xff\xfd\x18"), Probe::kYes);
  EXPECT_EQ(Ask(kTelnet, "\xff\xfd"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kTelnet, "\xff\xd8\xff"), Probe::kNo);
  EXPECT_EQ(Ask(kTelnet, "\xff\xfd\x99"), Probe::kNo);
  EXPECT_EQ(Ask(kTelnet, "login: ", 23), Probe::kYes);
  EXPECT_EQ(Ask(kTelnet, "login: ", 2323), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
