// SPDX-License-Identifier: Apache-2.0
#include "protocol/rtp/rtp.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"
#include "protocol/rtp/packet.h"

namespace gander::protocol {
namespace {

using testing::Client;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::Play;
using testing::Player;
using testing::RecordingSink;
using testing::Server;
using testing::Talk;

std::string Be(std::uint64_t v, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(v >> 8 * i);
  return out;
}

std::string Rtp(std::uint8_t type, std::uint16_t sequence, const std::string& payload, std::uint32_t ssrc = 0xa1b2c3d4,
                std::uint32_t timestamp = 0) {
  return "\x80" + Be(type, 1) + Be(sequence, 2) + Be(timestamp != 0 ? timestamp : sequence * 160u, 4) + Be(ssrc, 4) +
         payload;
}

std::string Voice(std::uint16_t sequence) { return Rtp(0, sequence, std::string(160, 'v')); }

std::string Item(std::uint8_t kind, const std::string& value) { return Be(kind, 1) + Be(value.size(), 1) + value; }

// An empty receiver report and a description of one source.
std::string Description(const std::string& items) {
  std::string chunk = Be(0xa1b2c3d4, 4) + items + '\0';
  chunk.append((4 - chunk.size() % 4) % 4, '\0');
  return Be(0x80c90001, 4) + Be(0xa1b2c3d4, 4) + Be(0x81ca, 2) + Be(chunk.size() / 4, 2) + chunk;
}

Probe AskPorts(const std::string& datagram, std::uint16_t server, std::uint16_t client) {
  return kRtp.probe({AsBytes(datagram), Direction::kToServer, server, ip_proto::kUdp, client});
}

TEST(RtpTest, AStreamIsToldAtItsEnd) {
  Talk talk;
  for (int i = 0; i < 5; ++i) talk.push_back(Client(Voice(static_cast<std::uint16_t>(65534 + i))));
  talk.push_back(Client(Voice(5)));  // two are missing
  for (int i = 0; i < 3; ++i) talk.push_back(Server(Rtp(8, static_cast<std::uint16_t>(i), std::string(160, 'w'), 7)));
  RecordingSink sink = Play(kRtp, talk, true);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(rtp #0 > "rtp":{"ssrc":2712847316,"payload_type":0,"codec":"PCMU","packets":6,"bytes":960,"lost":2,"encrypted":false})",
          R"(rtp #1 < "rtp":{"ssrc":7,"payload_type":8,"codec":"PCMA","packets":3,"bytes":480,"lost":0,"encrypted":false})"));
  EXPECT_EQ(sink.fates[ByteFate::kOpaqueBinary], 9 * 160u);
}

// What only begins like RTP is left to whoever can read it.
TEST(RtpTest, PacketsOutOfLineAreSomethingElse) {
  for (const std::string& second :
       {Voice(9000), Voice(1), Rtp(0, 2, "x", 99), std::string("clear text"), std::string()}) {
    Player player(kRtp, true);
    EXPECT_EQ(player.Feed(Direction::kToServer, Voice(1)), ParseStatus::kContinue);
    EXPECT_EQ(player.Feed(Direction::kToServer, second), ParseStatus::kNotThis);
    player.End();
    EXPECT_THAT(player.sink.events, IsEmpty());
  }
}

TEST(RtpTest, AnAnnouncedFlowNeedsNoProof) {
  Player player(kRtp, true);
  ExpectedFlow announced;
  announced.command = "RTP/SAVP";
  player.parser().SetExpectation(announced);
  player.Feed({Client(Voice(1)), Client("\x16\xfe\xff handshake"), Client(Voice(4000))});
  player.End();
  EXPECT_EQ(player.status(), ParseStatus::kContinue);
  EXPECT_THAT(player.sink.events, SizeIs(1));
  EXPECT_EQ(player.sink.fates[ByteFate::kEncrypted], 320u);
}

// Keys of a telephone: sent three times each, told once; the digits are scanned and leave in no event.
TEST(RtpTest, TelephoneEvents) {
  Talk talk;
  std::uint16_t sequence = 1;
  std::uint32_t pressed = 1000;
  for (const int digit : {4, 1, 1, 1, 10}) {
    pressed += 1000;
    for (int again = 0; again < 3; ++again) {
      talk.push_back(
          Client(Rtp(101, sequence++, Be(static_cast<unsigned>(digit), 1) + Be(0x0a, 1) + Be(160, 2), 5, pressed)));
    }
  }
  const RecordingSink sink = Play(kRtp, talk, true);
  EXPECT_THAT(sink.fields, ElementsAre("rtp.dtmf > dtmf=4111*"));
  EXPECT_THAT(sink.events, ElementsAre(::testing::HasSubstr(R"("dtmf_digits":5)")));
}

TEST(RtpTest, SourceDescriptionsAreScannedWhenTheyChange) {
  const std::string first = Description(Item(1, "anna@10.0.0.1") + Item(2, "Anna Berg") + Item(4, "+46 8 123 456"));
  const std::string second = Description(Item(1, "anna@10.0.0.1") + Item(3, "anna@example.org"));
  const RecordingSink sink = Play(kRtp, {Client(first), Client(first), Client(second)}, true);
  EXPECT_THAT(sink.fields, ElementsAre("rtcp.sdes > cname=anna@10.0.0.1", "rtcp.sdes > name=Anna Berg",
                                       "rtcp.sdes > phone=+46 8 123 456", "rtcp.sdes > cname=anna@10.0.0.1",
                                       "rtcp.sdes > email=anna@example.org"));
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(rtcp #0 > "rtcp":{"ssrc":2712847316,"cname":"anna@10.0.0.1","name":"Anna Berg","phone":"+46 8 123 456"})",
          R"(rtcp #1 > "rtcp":{"ssrc":2712847316,"cname":"anna@10.0.0.1","email":"anna@example.org"})"));
}

TEST(RtpTest, ProbeAsksForMoreThanAVersion) {
  EXPECT_EQ(AskPorts(Voice(1), 20000, 30000), Probe::kYes);
  EXPECT_EQ(AskPorts(Voice(1), 443, 30000), Probe::kNo);
  EXPECT_EQ(AskPorts(Rtp(0, 1, "odd size"), 20000, 30000), Probe::kNo);
  EXPECT_EQ(AskPorts(Rtp(77, 1, std::string(160, 'x')), 20000, 30000), Probe::kNo);
  EXPECT_EQ(AskPorts(Rtp(96, 1, "any size"), 20000, 30000), Probe::kYes);
  EXPECT_EQ(AskPorts(Description(Item(1, "a")), 443, 30000), Probe::kYes);
  EXPECT_EQ(AskPorts(Description(Item(1, "a")) + "x", 20000, 30000), Probe::kNo);
  EXPECT_EQ(AskPorts("", 20000, 30000), Probe::kNo);
}

TEST(RtpTest, HeadersWithEverything) {
  rtp::Packet packet;
  const std::string full = Be(0xb1, 1) + Be(0x80, 1) + Be(1, 2) + Be(2, 4) + Be(3, 4) + Be(9, 4) + Be(0xbede0001, 4) +
                           Be(0, 4) + "media" + Be(0x000003, 3);
  ASSERT_TRUE(rtp::ReadPacket(AsBytes(full), packet));
  EXPECT_EQ(AsText(packet.payload), "media");
  EXPECT_FALSE(packet.plain);
  for (std::size_t n = 0; n < 24; ++n) EXPECT_FALSE(rtp::ReadPacket(AsBytes(full.substr(0, n)), packet)) << n;
}

TEST(RtpTest, Damage) {
  const std::string description = Description(Item(1, "anna@10.0.0.1") + Item(8, "own"));
  testing::ExpectSurvivesDamage(kRtp, {Client(Voice(1)), Client(Voice(2)), Server(description), Client(Voice(3))}, 5,
                                true);
  std::string lying = description;
  lying[17] = '\xff';  // an item longer than its packet
  EXPECT_THAT(Play(kRtp, {Client(lying)}, true).anomalies, ElementsAre("malformed_data"));
}

TEST(RtpTest, MoreStreamsThanAreKept) {
  Talk talk;
  for (std::uint16_t i = 0; i < 4; ++i) talk.push_back(Client(Voice(i)));
  for (std::uint32_t i = 1; i < 20; ++i) talk.push_back(Client(Rtp(0, 1, std::string(160, 'x'), i)));
  const RecordingSink sink = Play(kRtp, talk, true);
  EXPECT_EQ(sink.events.size(), rtp::kMaxStreams);
}

}  // namespace
}  // namespace gander::protocol
