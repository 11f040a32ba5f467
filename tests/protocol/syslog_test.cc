// SPDX-License-Identifier: Apache-2.0
#include "protocol/syslog/syslog.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"
#include "protocol/syslog/header.h"

namespace gander::protocol {
namespace {

using namespace std::string_literals;

constexpr auto kUdp = ip_proto::kUdp;
const std::string kOld = "<34>Oct 11 22:14:15 mymachine su[231]: 'su root' failed for lonvick on /dev/pts/8";
const std::string kNew = "<165>1 2003-10-11T22:14:15.003Z host.example.org evntslog - ID47 [ex@1 iut=\"3\"] An entry";

TEST(SyslogHeader, OfBothForms) {
  const syslog::Header old = syslog::ReadHeader(kOld);
  EXPECT_EQ(old.priority, 34);
  EXPECT_EQ(old.version, 0);
  EXPECT_EQ(old.timestamp, "Oct 11 22:14:15");
  EXPECT_EQ(old.host, "mymachine");
  EXPECT_EQ(old.program, "su");
  EXPECT_EQ(old.process_id, "231");
  EXPECT_EQ(old.text, " 'su root' failed for lonvick on /dev/pts/8");
  const syslog::Header now = syslog::ReadHeader(kNew);
  EXPECT_EQ(now.version, 1);
  EXPECT_EQ(now.host, "host.example.org");
  EXPECT_EQ(now.program, "evntslog");
  EXPECT_EQ(now.process_id, "");
  EXPECT_EQ(now.message_id, "ID47");
  EXPECT_EQ(now.text, "[ex@1 iut=\"3\"] An entry");
}

TEST(SyslogHeader, OfWhatIsHardlyOne) {
  EXPECT_EQ(syslog::ReadHeader("<13>").text, "");
  EXPECT_EQ(syslog::ReadHeader("<192>x").priority, -1);
  EXPECT_EQ(syslog::ReadHeader("<>x").priority, -1);
  EXPECT_EQ(syslog::ReadHeader("no header at all").text, "no header at all");
  EXPECT_EQ(syslog::ReadHeader("<13>1 ").version, 1);
  EXPECT_STREQ(syslog::FacilityName(165), "local4");
  EXPECT_STREQ(syslog::SeverityName(165), "notice");
}

TEST(SyslogTest, ADatagramIsAMessage) {
  EXPECT_EQ(Ask(kSyslog, kOld, 514, Direction::kToServer, kUdp), Probe::kYes);
  const RecordingSink sink = Play(kSyslog, {Client(kOld), Client(kNew)}, true);
  EXPECT_THAT(sink.bodies, ElementsAre("syslog.message #0 > |||-1|" + kOld + "|complete",
                                       "syslog.message #1 > |||-1|" + kNew + "|complete"));
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(syslog #0 > "syslog":{"priority":34,"facility":"auth","severity":"crit","version":0,"timestamp":"Oct 11 22:14:15","hostname":"mymachine","appname":"su","procid":"231"})",
          R"(syslog #1 > "syslog":{"priority":165,"facility":"local4","severity":"notice","version":1,"timestamp":"2003-10-11T22:14:15.003Z","hostname":"host.example.org","appname":"evntslog","msgid":"ID47"})"));
}

TEST(SyslogTest, AStreamIsFramedByLinesOrCounts) {
  const std::string counted = std::to_string(kNew.size()) + " " + kNew + "6 <13>\nx";
  const RecordingSink sink = Play(kSyslog, {Client(kOld + "\n" + counted + kOld + "\0"s)});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr(kOld + "|complete"), HasSubstr(kNew + "|complete"),
                                       HasSubstr("<13>\nx|complete"), HasSubstr(kOld + "|complete")));
}

TEST(SyslogTest, BehindAGapItGoesOnWithTheNextLine) {
  const RecordingSink sink = Play(kSyslog, {Client(kOld), {Direction::kToServer, "ost line\n" + kOld + "\n", 5}});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("|gap"), HasSubstr(kOld + "|complete")));
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 8u);
}

TEST(SyslogTest, AnyCutSaysTheSame) {
  const Talk talk = {Client(kOld + "\n" + std::to_string(kNew.size()) + " " + kNew + kOld + "\n")};
  testing::ExpectSameAtEverySplit(kSyslog, talk);
  testing::ExpectSurvivesDamage(kSyslog, talk);
}

TEST(SyslogTest, ProbeWantsAPriority) {
  EXPECT_EQ(Ask(kSyslog, "<34"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kSyslog, "<34", 514, Direction::kToServer, kUdp), Probe::kNo);
  EXPECT_EQ(Ask(kSyslog, "<html>"), Probe::kNo);
  EXPECT_EQ(Ask(kSyslog, "<999>x"), Probe::kNo);
  EXPECT_EQ(Ask(kSyslog, "78 <34>x"), Probe::kYes);
  EXPECT_EQ(Ask(kSyslog, "220 ftp ready"), Probe::kNo);
  EXPECT_EQ(Ask(kSyslog, "78 <34>x", 514, Direction::kToServer, kUdp), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
