// SPDX-License-Identifier: Apache-2.0
// Which protocol a flow speaks, when its beginning does not tell; and what becomes of copies that disagree.
#include <gtest/gtest.h>

#include "runtime/replay.h"
#include "runtime/traffic.h"
#include "runtime/wear.h"

namespace gander::runtime {
namespace {

std::uint64_t Counted(const Replayed& run) {
  std::uint64_t counted = 0;
  for (const auto& [key, n] : run.state.findings) counted += key.second == "counted" ? n : 0;
  return counted;
}

// No known method, but the answer is HTTP's.
TEST(Recognition, TheAnswerTellsWhatTheQuestionDoesNot) {
  People people(4);
  const std::string csv = people.Csv(10);
  const Session s{{test::Tuple("10.0.0.1", 4000, "198.51.100.1", 8080)},
                  {{Turn::kOpen, {}},
                   {Turn::kClient, "\1\2 FROBNICATE\r\n\r\n"},
                   {Turn::kServer, "HTTP/1.1 400 Bad\r\nContent-Type: text/csv\r\nContent-Length: " +
                                       std::to_string(csv.size()) + "\r\n\r\n" + csv},
                   {Turn::kClose, {}}}};
  const Replayed run = Replay(FramesOf({s}));
  const auto events = EventsOfType(run, "http");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_NE(events[0].find("\"status\":400"), std::string_view::npos);
  EXPECT_NE(EventsOfType(run, "flow").at(0).find("\"app_proto\":\"http\""), std::string_view::npos);
  EXPECT_GE(Counted(run), 20u);
  EXPECT_EQ(run.state.ledger.Sum(), run.state.ledger.received);
}

// Text that answers text stays text.
TEST(Recognition, AnUnknownAnswerChangesNothing) {
  People people(5);
  const Session s{{test::Tuple("10.0.0.1", 4000, "198.51.100.1", 9999)},
                  {{Turn::kOpen, {}},
                   {Turn::kClient, "give me people\n"},
                   {Turn::kServer, people.Csv(10)},
                   {Turn::kClose, {}}}};
  const Replayed run = Replay(FramesOf({s}));
  EXPECT_GE(Counted(run), 20u);
  EXPECT_EQ(run.state.app_flows.at(""), 1u);
}

// What is held until a protocol is known has a cap of pieces; a beginning cut small must not use it up.
TEST(Recognition, ABeginningInSegmentsOfOneByte) {
  People people(6);
  Session s{{test::Tuple("10.0.0.1", 4000, "198.51.100.1", 25)}, {{Turn::kOpen, {}}}};
  for (char c : std::string_view("220 mx.example.net ESMTP\r\n")) s.turns.push_back({Turn::kServer, std::string(1, c)});
  for (char c : std::string_view("EHLO a\r\n")) s.turns.push_back({Turn::kClient, std::string(1, c)});
  s.turns.push_back({Turn::kServer, "250 mx.example.net\r\n"});
  s.turns.push_back({Turn::kClient, "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"});
  s.turns.push_back({Turn::kServer, "250 ok\r\n250 ok\r\n354 go on\r\n"});
  s.turns.push_back({Turn::kClient, "Subject: list\r\n\r\n" + people.Csv(10) + "\r\n.\r\n"});
  s.turns.push_back({Turn::kClose, {}});
  const Replayed run = Replay(FramesOf({s}));
  EXPECT_EQ(run.state.app_flows.at("smtp"), 1u);
  EXPECT_GE(Counted(run), 20u);
  EXPECT_EQ(run.state.ledger.Sum(), run.state.ledger.received);
}

// Active FTP, where the direction with the commands comes late: the data connection is over before its PORT is seen.
TEST(Recognition, DataOfAServersPortWaitsForItsAnnouncement) {
  People people(7);
  const std::string csv = people.Csv(10);
  const Session s{{test::Tuple("10.0.0.1", 4000, "198.51.100.1", 21), test::Tuple("198.51.100.1", 20, "10.0.0.1", 40'003)},
                  {{Turn::kOpen, {}},
                   {Turn::kServer, "220 ready\r\n"},
                   {Turn::kOpen, {}, 1},
                   {Turn::kClient, csv, 1},
                   {Turn::kClient, "PORT 10,0,0,1,156,67\r\nRETR people.csv\r\n"},
                   {Turn::kServer, "200 PORT command successful.\r\n150 Opening\r\n"},
                   {Turn::kClose, {}, 1},
                   {Turn::kServer, "226 Transfer complete\r\n"},
                   {Turn::kClose, {}}}};
  const Replayed run = Replay(FramesOf({s}));
  EXPECT_EQ(run.state.app_flows.at("ftp-data"), 1u);
  ASSERT_EQ(EventsOfType(run, "ftp_data").size(), 1u);
  EXPECT_NE(EventsOfType(run, "ftp_data")[0].find("people.csv"), std::string_view::npos);
  EXPECT_GE(Counted(run), 20u);
  EXPECT_EQ(run.state.ledger.Sum(), run.state.ledger.received);
}

}  // namespace
}  // namespace gander::runtime
