// SPDX-License-Identifier: Apache-2.0
// Evasion below the protocols: what the receiver reads names people, and frames beside it try to keep the sensor from
// seeing that. Each test says who is fooled otherwise.
#include <gtest/gtest.h>

#include <algorithm>

#include "runtime/replay.h"
#include "runtime/traffic.h"
#include "support/pcap_builder.h"

namespace gander::runtime {
namespace {

constexpr std::uint8_t kUsualTtl = 64;

// A connection to a server that nobody knows the protocol of, frame by frame.
class EvasionTest : public ::testing::Test {
 protected:
  EvasionTest() {
    const Person p = People(9).Next();
    truth_ = "mail=" + p.email + " ssn=" + p.ssn + " card=" + p.card + "\n";
    decoy_ = std::string(truth_.size() - 1, 'x') + "\n";
    size_ = static_cast<std::uint32_t>(truth_.size());
    Open(65535);
  }
  // The server offers `window` bytes; of later segments too, as both scale by nothing.
  void Open(std::uint16_t window) {
    const std::string scale("\3\3\0", 3);
    frames_.clear();
    Add(test::TcpFrame(tuple_, {999, 0, test::flag::kSyn, 65535, scale}));
    Add(test::TcpFrame(tuple_.Reversed(), {4999, 1000, test::flag::kSyn | test::flag::kAck, window, scale}));
  }
  void Add(std::string frame) {
    frames_.push_back({kStart + Duration::Millis(static_cast<std::int64_t>(frames_.size())), std::move(frame)});
  }
  // `at` counts from the stream's first byte.
  void Client(std::uint32_t at, std::string_view text, std::uint8_t ttl = kUsualTtl) {
    Add(WithTtl(test::TcpFrame(tuple_, {1000 + at, 5000}, text), ttl));
  }
  void Server(std::uint32_t acknowledged, std::uint16_t window) {
    Add(test::TcpFrame(tuple_.Reversed(), {5000, 1000 + acknowledged, test::flag::kAck, window, {}}));
  }
  static std::string WithTtl(std::string frame, std::uint8_t ttl) {
    frame[14 + 8] = static_cast<char>(ttl);
    frame[14 + 10] = frame[14 + 11] = '\0';
    std::uint32_t sum = 0;
    for (std::size_t i = 14; i < 34; i += 2) {
      sum += static_cast<std::uint32_t>(static_cast<unsigned char>(frame[i]) << 8 |
                                        static_cast<unsigned char>(frame[i + 1]));
    }
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    frame[14 + 10] = static_cast<char>(~sum >> 8);
    frame[14 + 11] = static_cast<char>(~sum);
    return frame;
  }
  // People found, as values counted.
  std::uint64_t Counted(config::Settings settings = SmallSettings()) {
    run_ = Replay(frames_, std::move(settings));
    std::uint64_t counted = 0;
    for (const auto& [key, n] : run_.state.findings) counted += key.second == "counted" ? n : 0;
    EXPECT_EQ(run_.state.ledger.Sum(), run_.state.ledger.received);
    return counted;
  }
  bool Anomaly(const char* name) const {
    const auto events = EventsOfType(run_, "anomaly");
    return std::any_of(events.begin(), events.end(), [&](std::string_view e) { return e.find(name) != e.npos; });
  }

  const FiveTuple tuple_ = test::Tuple("10.0.0.9", 4000, "198.51.100.9", 9999);
  std::string truth_, decoy_;  // of one length
  std::uint32_t size_ = 0;
  std::vector<TimedFrame> frames_;
  Replayed run_;
};

TEST_F(EvasionTest, WithoutEvasion) {
  Client(0, truth_);
  EXPECT_EQ(Counted(), 3u);
}

// The decoy waits, the truth overlaps it, the hole is filled: a sensor that keeps what came first reads the decoy, a
// Linux server the truth, as it begins earlier.
TEST_F(EvasionTest, OverlappingSegmentsThatDisagree) {
  Client(1 + 8, decoy_.substr(8));
  Client(1, truth_);
  Client(0, "\n");
  EXPECT_GE(Counted(), 3u);
  EXPECT_TRUE(Anomaly("reassembly_overlap_different_data"));
}

// The same for a server that keeps the first copy, while the sensor believes it to be a Linux.
TEST_F(EvasionTest, TheCopyThatLostIsReadToo) {
  Client(1, truth_);
  Client(0, "\n" + decoy_);
  EXPECT_GE(Counted(), 3u);
}

// The decoy dies one hop before the server.
TEST_F(EvasionTest, DecoyWithFewHopsLeft) {
  Client(0, decoy_, 2);
  Client(0, truth_);
  EXPECT_GE(Counted(), 3u);
}

// The server has no room, drops the decoy, and gets the truth when it has.
TEST_F(EvasionTest, DecoyBeyondTheWindow) {
  Open(4);
  Client(0, "\n");
  Client(1, decoy_);
  Server(1, 1000);
  Client(1, truth_);
  EXPECT_GE(Counted(), 3u);
}

// The server drops what is summed wrongly; so does the sensor where it is told to look.
TEST_F(EvasionTest, DecoyWithAWrongChecksum) {
  std::string decoy = test::TcpFrame(tuple_, {1000, 5000}, decoy_);
  decoy[14 + 20 + 16] = static_cast<char>(decoy[14 + 20 + 16] ^ 0x55);
  Add(decoy);
  Client(0, truth_);
  config::Settings settings = SmallSettings();
  settings.decode.checksums = decode::Checksums::kStrict;
  EXPECT_EQ(Counted(settings), 3u);
  EXPECT_EQ(run_.state.ledger.Of(ByteFate::kInspected), truth_.size());
}

// A reset and a FIN that the server does not believe.
TEST_F(EvasionTest, ForgedEndOfTheConnection) {
  Client(0, truth_.substr(0, 10));
  Add(test::TcpFrame(tuple_, {1000 + 5000, 0, test::flag::kRst}));
  Add(test::TcpFrame(tuple_, {1000 + 9000, 5000, test::flag::kFin | test::flag::kAck}));
  Client(10, truth_.substr(10));
  EXPECT_EQ(Counted(), 3u);
}

TEST_F(EvasionTest, TinySegmentsBackwards) {
  for (std::uint32_t at = size_; at-- > 0;) Client(at, truth_.substr(at, 1));
  EXPECT_EQ(Counted(), 3u);
}

// Eight octets a fragment, the header alone in the first ones, the last first.
TEST_F(EvasionTest, TinyFragmentsBackwards) {
  const std::string packet = test::TcpPacket(tuple_, {1000, 5000}, truth_).substr(20);  // without its IP header
  for (std::size_t at = (packet.size() - 1) / 8 * 8 + 8; at > 0;) {
    at -= 8;
    const test::IpFields fields{kUsualTtl, 77, static_cast<std::uint32_t>(at), at + 8 < packet.size()};
    Add(test::EthernetFrame(
        test::IpPacket(tuple_.source, tuple_.destination, ip_proto::kTcp, packet.substr(at, 8), fields)));
  }
  EXPECT_EQ(Counted(), 3u);
}

// Data in the SYN (TCP Fast Open), and the same bytes again behind the handshake.
TEST_F(EvasionTest, DataInTheSyn) {
  frames_.clear();
  Add(test::TcpFrame(tuple_, {999, 0, test::flag::kSyn}, truth_));
  Add(test::TcpFrame(tuple_.Reversed(), {4999, 1000, test::flag::kSyn | test::flag::kAck}));
  Client(0, truth_);
  EXPECT_EQ(Counted(), 3u);
}

}  // namespace
}  // namespace gander::runtime
