// SPDX-License-Identifier: Apache-2.0
#include "protocol/iec104/iec104.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Octets(std::initializer_list<int> octets) {
  std::string out;
  for (const int o : octets) out += static_cast<char>(o);
  return out;
}
std::string Information(std::string_view asdu) {
  return Octets({0x68, static_cast<int>(asdu.size()) + 4, 2, 0, 4, 0}).append(asdu);
}

const std::string kStart = Octets({0x68, 4, 7, 0, 0, 0}), kStarted = Octets({0x68, 4, 11, 0, 0, 0});
// Two single points, spontaneous; a single command with select; three scaled values in a sequence; a float.
const std::string kPoints = Information(Octets({1, 2, 3, 0, 5, 0, 1, 0, 0, 1, 2, 0, 0, 0}));
const std::string kCommand = Information(Octets({45, 1, 0x46, 7, 5, 0, 0x10, 0x27, 0, 0x81}));
const std::string kSequence = Information(Octets({11, 0x83, 20, 0, 5, 0, 100, 0, 0, 1, 0, 0, 0xff, 0xff, 0, 3, 0, 0}));
const std::string kFloat = Information(Octets({13, 1, 3, 0, 5, 0, 9, 0, 0, 0, 0, 0x80, 0x3f, 0}));
const std::string kSegment = Information(Octets({125, 1, 13, 0, 5, 0, 9, 0, 0, 1, 0, 1, 4}) + "text");
const std::string kLastSegment = Information(Octets({123, 1, 13, 0, 5, 0, 9, 0, 0, 1, 0, 1, 1, 0}));
const Talk kSession = {Client(kStart), Server(kStarted + kPoints), Client(kCommand + Octets({0x68, 4, 1, 0, 2, 0})),
                       Server(kSequence + kFloat + kSegment), Server(kSegment + kLastSegment)};

TEST(Iec104Test, ReadsAsdus) {
  const RecordingSink sink = Play(kIec104, kSession);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(iec104 #0 > "iec104":{"frame":"u","function":{"code":7,"name":"STARTDT_act","category":"diagnostic"}})",
          R"(iec104 #1 < "iec104":{"frame":"u","function":{"code":11,"name":"STARTDT_con","category":"diagnostic"}})",
          R"(iec104 #2 < "iec104":{"frame":"i","function":{"code":1,"name":"M_SP_NA_1","category":"read"},"cause":"spontaneous",)"
          R"("cause_code":3,"negative":false,"test":false,"originator":0,"asdu_address":5,"objects":2,)"
          R"("items":[{"address":1,"value":1},{"address":2,"value":0}]})",
          R"(iec104 #3 > "iec104":{"frame":"i","function":{"code":45,"name":"C_SC_NA_1","category":"control"},"cause":"activation",)"
          R"("cause_code":6,"negative":true,"test":false,"originator":7,"asdu_address":5,"objects":1,)"
          R"("items":[{"address":10000,"value":1,"select":true}]})",
          HasSubstr(R"("items":[{"address":100,"value":1},{"address":101,"value":-1},{"address":102,"value":3}])"),
          HasSubstr(R"("items":[{"address":9,"value":1.000000}])"), HasSubstr("F_SG_NA_1"), HasSubstr("F_SG_NA_1"),
          HasSubstr("F_LS_NA_1")));
  EXPECT_THAT(sink.functions, ::testing::Contains("C_SC_NA_1 control"));
  EXPECT_THAT(sink.bodies, ElementsAre("iec104.file #6 < |||-1|texttext|complete"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(Iec104Test, CutsDoNotMatter) { testing::ExpectSameAtEverySplit(kIec104, kSession); }
TEST(Iec104Test, SurvivesDamage) { testing::ExpectSurvivesDamage(kIec104, kSession); }

TEST(Iec104Test, WhatIsWrongIsTold) {
  const std::string lies = Information(Octets({1, 9, 3, 0, 5, 0, 1, 0, 0, 1}));
  const std::string type = Information(Octets({99, 1, 3, 0, 5, 0, 1})),
                    cause = Information(Octets({102, 1, 60, 0, 5, 0, 1, 0, 0}));
  EXPECT_THAT(Play(kIec104, {Client(kStart + lies + type + cause + Octets({0x68, 4, 3, 0, 0, 0}))}).anomalies,
              ElementsAre("malformed_asdu", "unknown_type", "unknown_cause", "unknown_control"));
  EXPECT_THAT(Play(kIec104, {Client(kStart + "\x68\x01zz"), Client(kStart)}).anomalies, ElementsAre("malformed_apdu"));
  Player player(kIec104);
  EXPECT_EQ(player.Feed(Direction::kToServer, "hello"), ParseStatus::kContinue);  // a length of 101
  EXPECT_EQ(player.Feed(Direction::kToClient, "other"), ParseStatus::kNotThis);
  EXPECT_THAT(player.sink.fates, IsEmpty());  // who reads the flow next tells of these bytes
  EXPECT_THAT(player.sink.anomalies, IsEmpty());
}

TEST(Iec104Test, Probe) {
  EXPECT_EQ(Ask(kIec104, kStart, 9999), Probe::kYes);
  EXPECT_EQ(Ask(kIec104, kPoints, 9999), Probe::kYes);
  EXPECT_EQ(Ask(kIec104, Octets({0x68, 4, 1, 0, 2, 0}), 9999), Probe::kNo);
  EXPECT_EQ(Ask(kIec104, Octets({0x68, 4, 1, 0, 2, 0}), iec104::kPort), Probe::kYes);
  EXPECT_EQ(Ask(kIec104, "hello world", 9999), Probe::kNo);
  EXPECT_EQ(Ask(kIec104, "\x68", iec104::kPort), Probe::kNeedMore);
}

}  // namespace
}  // namespace gander::protocol
