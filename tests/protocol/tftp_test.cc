// SPDX-License-Identifier: Apache-2.0
#include "protocol/tftp/tftp.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

using namespace std::string_literals;

constexpr auto kUdp = ip_proto::kUdp;
const std::string kRead = "\0\1rfc1350.txt\0octet\0"s;
std::string Block(int number, const std::string& data) { return "\0\3"s + static_cast<char>(number >> 8) + static_cast<char>(number) + data; }
std::string Ack(int number) { return "\0\4"s + static_cast<char>(number >> 8) + static_cast<char>(number); }

TEST(TftpTest, ARequestAnnouncesATransfer) {
  EXPECT_EQ(Ask(kTftp, kRead, 69, Direction::kToServer, kUdp), Probe::kYes);
  const RecordingSink sink = Play(kTftp, {Client(kRead)}, true);
  EXPECT_THAT(sink.events, ElementsAre(R"(tftp #0 > "tftp":{"packet":"read","file":"rfc1350.txt","mode":"octet"})"));
  EXPECT_THAT(sink.expected, ElementsAre(IpAddress{}.ToString() + " 0 active read rfc1350.txt"));
  EXPECT_THAT(sink.fields, ElementsAre("tftp.file > file=rfc1350.txt"));
}

TEST(TftpTest, BlocksAreOneFile) {
  const std::string full(512, 'a');
  testing::Player player(kTftp, true);
  ExpectedFlow flow;
  flow.file_name = "list.csv";
  player.parser().SetExpectation(flow);
  for (const auto& [direction, bytes] : {std::pair{Direction::kToServer, Block(1, full)}, {Direction::kToClient, Ack(1)},
                                         {Direction::kToServer, Block(1, full)}, {Direction::kToServer, Block(2, "end")}}) {
    EXPECT_EQ(player.Feed(direction, bytes), ParseStatus::kContinue);
  }
  player.End();
  EXPECT_THAT(player.sink.bodies, ElementsAre("tftp.data #0 > ||list.csv|-1|" + full + "end|complete"));
  EXPECT_EQ(player.sink.fates.at(ByteFate::kDuplicate), 512u);
}

TEST(TftpTest, ANegotiatedBlockSizeSaysWhereTheFileEnds) {
  const std::string large(1024, 'b');
  const RecordingSink sink = Play(kTftp, {Server("\0\6blksize\0001024\0"s), Client(Ack(0)), Server(Block(1, large)), Server(Block(2, large)), Server(Block(3, ""))}, true);
  EXPECT_THAT(sink.bodies, ElementsAre("tftp.data #0 < |||-1|" + large + large + "|complete"));
}

TEST(TftpTest, AMissingBlockIsAGapAndAnErrorEndsIt) {
  const std::string full(512, 'a');
  const RecordingSink holed = Play(kTftp, {Server(Block(1, full)), Server(Block(3, "end"))}, true);
  EXPECT_THAT(holed.bodies, ElementsAre("tftp.data #0 < |||-1|" + full + "|gap", "tftp.data #1 < |||-1|part|end|complete"));
  const RecordingSink failed = Play(kTftp, {Server(Block(1, full)), Server("\0\5\0\1no\0"s)}, true);
  EXPECT_THAT(failed.bodies, ElementsAre("tftp.data #0 < |||-1|" + full + "|truncated"));
}

TEST(TftpTest, ProbeIsStrict) {
  for (const std::string& no : {"\0\1file"s, "\0\1file\0binary\0"s, "\0\1\0octet\0"s, Block(2, std::string(512, 'a')), Block(1, "short"), "\0\6tsize\0001\0"s, "\0"s}) {
    EXPECT_EQ(Ask(kTftp, no, 69, Direction::kToServer, kUdp), Probe::kNo);
  }
  EXPECT_EQ(Ask(kTftp, Block(1, std::string(512, 'a')), 50000, Direction::kToServer, kUdp), Probe::kYes);
  EXPECT_EQ(Ask(kTftp, "\0\2f\0NetASCII\0"s, 69, Direction::kToServer, kUdp), Probe::kYes);
}

TEST(TftpTest, SurvivesDamage) {
  testing::ExpectSurvivesDamage(kTftp, {Client(kRead), Server(Block(1, std::string(512, 'a'))), Client(Ack(1)), Server(Block(2, "end"))}, 5, true);
}

}  // namespace
}  // namespace gander::protocol
