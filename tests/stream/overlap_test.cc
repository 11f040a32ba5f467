// SPDX-License-Identifier: Apache-2.0
// Evasion by segments that disagree: which copy each kind of host keeps, and that the other is looked at too.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "recording_sink.h"
#include "stream/tcp_stream.h"

namespace gander::stream {
namespace {

constexpr std::uint8_t kSyn = 2, kAck = 16;
constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;

class OverlapTest : public testing::Test {
 protected:
  static constexpr std::uint8_t kTtl = 57;

  void Send(std::uint32_t sequence, std::string_view payload, std::uint8_t ttl = kTtl) {
    Segment s{sequence, 500, kAck, AsBytes(payload), {}};
    s.ttl = ttl;
    s.receiver = &server_;
    stream_.OnSegment(kUp, s, pool_, options_, counters_, sink_);
  }
  // The server offers `window` bytes, and scales that of later segments by 2^2.
  void Handshake(std::uint16_t window = 65535) {
    Segment syn{99, 0, kSyn, {}, {}, 1000, 2, kTtl, &server_};
    stream_.OnSegment(kUp, syn, pool_, options_, counters_, sink_);
    Segment answer{499, 100, kSyn | kAck, {}, {}, window, 2, 64, nullptr};
    stream_.OnSegment(kDown, answer, pool_, options_, counters_, sink_);
  }
  void Window(std::uint16_t window, std::uint32_t acknowledgement) {
    Segment update{500, acknowledgement, kAck, {}, {}, window};
    stream_.OnSegment(kDown, update, pool_, options_, counters_, sink_);
  }
  void TearDown() override {
    stream_.Flush({}, pool_, counters_, sink_);
    EXPECT_EQ(pool_.in_use(), 0u);
  }
  const std::string& Up() const { return sink_.text[0]; }
  const std::string& Alternates() const { return sink_.alternates[0]; }

  IpAddress server_ = IpAddress::FromV4(0x0a140001);
  Options options_;
  SegmentPool pool_{1 << 20};
  Counters counters_{};
  RecordingSink sink_;
  TcpStream stream_;
};

// Capitals came first, small letters later; "....." is what lies before and is sent last.
struct PolicyCase {
  const char* name;
  std::uint32_t later_at;  // the earlier copy lies at 5..9
  const char* later;
  const char* first;  // what a host of each policy reads
  const char* bsd;
  const char* linux_;
  const char* solaris;
  const char* last;
};

class OverlapPolicyTest : public OverlapTest, public testing::WithParamInterface<PolicyCase> {
 protected:
  std::string Read(OverlapPolicy policy) {
    options_.hosts.fallback = policy;
    Handshake();
    Send(105, "ABCD");
    Send(100 + GetParam().later_at, GetParam().later);
    Send(100, std::string_view(".....").substr(0, std::min<std::size_t>(5, GetParam().later_at)));
    return Up();
  }
};

TEST_P(OverlapPolicyTest, First) { EXPECT_EQ(Read(OverlapPolicy::kFirst), GetParam().first); }
TEST_P(OverlapPolicyTest, WindowsSinceVista) { EXPECT_EQ(Read(OverlapPolicy::kWindows), GetParam().first); }
TEST_P(OverlapPolicyTest, Bsd) { EXPECT_EQ(Read(OverlapPolicy::kBsd), GetParam().bsd); }
TEST_P(OverlapPolicyTest, Linux) { EXPECT_EQ(Read(OverlapPolicy::kLinux), GetParam().linux_); }
TEST_P(OverlapPolicyTest, Solaris) { EXPECT_EQ(Read(OverlapPolicy::kSolaris), GetParam().solaris); }
TEST_P(OverlapPolicyTest, Last) { EXPECT_EQ(Read(OverlapPolicy::kLast), GetParam().last); }

INSTANTIATE_TEST_SUITE_P(
    Relations, OverlapPolicyTest,
    testing::Values(
        PolicyCase{"Same", 5, "abcd", ".....ABCD", ".....ABCD", ".....ABCD", ".....abcd", ".....abcd"},
        PolicyCase{"SameBeginEndsEarlier", 5, "ab", ".....ABCD", ".....ABCD", ".....ABCD", ".....ABCD", ".....abCD"},
        PolicyCase{"SameBeginEndsLater", 5, "abcde", ".....ABCDe", ".....ABCDe", ".....abcde", ".....abcde",
                   ".....abcde"},
        PolicyCase{"BeginsBeforeEndsInside", 3, "yzab", "...yzABCD", "...yzabCD", "...yzabCD", "...yzABCD",
                   "...yzabCD"},
        PolicyCase{"BeginsBeforeEndsTogether", 3, "yzabcd", "...yzABCD", "...yzabcd", "...yzabcd", "...yzabcd",
                   "...yzabcd"},
        PolicyCase{"Covers", 3, "yzabcde", "...yzABCDe", "...yzabcde", "...yzabcde", "...yzabcde", "...yzabcde"},
        PolicyCase{"Inside", 6, "bc", ".....ABCD", ".....ABCD", ".....ABCD", ".....ABCD", ".....AbcD"},
        PolicyCase{"BeginsInsideEndsTogether", 7, "cd", ".....ABCD", ".....ABCD", ".....ABCD", ".....ABCD",
                   ".....ABcd"},
        PolicyCase{"BeginsInsideEndsLater", 7, "cde", ".....ABCDe", ".....ABCDe", ".....ABCDe", ".....ABcde",
                   ".....ABcde"}),
    [](const auto& tested) { return tested.param.name; });

// A segment that is next in the stream is no exception: Linux reads it as it lies before what waits.
TEST_F(OverlapTest, TheSegmentThatFillsTheHoleMayReplaceWhatWaits) {
  Handshake();
  Send(103, "DEF");
  Send(100, "abcdefghi");
  EXPECT_EQ(Up(), "abcdefghi");
  EXPECT_EQ(Alternates(), "|DEF");
  EXPECT_EQ(counters_.overlaps_differing, 1u);
}

// Neighbours lie in one block; each keeps its own bounds.
TEST_F(OverlapTest, SegmentsThatShareABlockAreJudgedOneByOne) {
  Handshake();
  Send(105, "AB");
  Send(107, "CD");
  Send(109, "EF");
  Send(106, "bcdef");  // begins after AB, before CD and EF
  Send(100, ".....");
  EXPECT_EQ(Up(), ".....ABcdef");
  EXPECT_EQ(Alternates(), "|bcdef|CD|EF");
}

// Of a segment longer than a block the end counts, wherever it lies.
TEST_F(OverlapTest, SegmentsLongerThanABlock) {
  options_.hosts.fallback = OverlapPolicy::kSolaris;
  Handshake();
  const std::string early(SegmentPool::kBlockData + 100, 'E'), late(SegmentPool::kBlockData + 50, 'l');
  Send(101, early);
  Send(101, late);  // ends earlier: what came first stays, also in the first block
  Send(100, ".");
  EXPECT_EQ(Up(), "." + early);
}

TEST_F(OverlapTest, EqualCopiesAreNoAlternates) {
  Handshake();
  Send(105, "ABCD");
  Send(104, ".ABCDE");
  Send(100, "....");
  EXPECT_EQ(Up(), ".....ABCDE");
  EXPECT_EQ(Alternates(), "");
  EXPECT_EQ(counters_.overlaps_differing, 0u);
}

TEST_F(OverlapTest, TheReceiversNetworkDecides) {
  ASSERT_TRUE(options_.hosts.Add("10.20.0.0/16 last"));
  ASSERT_TRUE(options_.hosts.Add("10.0.0.0/8 first"));
  Handshake();
  Send(105, "ABCD");
  Send(105, "abcd");
  Send(100, ".....");
  EXPECT_EQ(Up(), ".....abcd");
}

// A decoy dies between the sensor and the host: the host has only the second copy.
TEST_F(OverlapTest, TtlDecoyThatIsNext) {
  Handshake();
  Send(100, "decoy", 3);
  Send(100, "truth");
  EXPECT_EQ(Up(), "decoy");
  EXPECT_EQ(Alternates(), "?truth");
  EXPECT_EQ(counters_.doubtful, 1u);
}

TEST_F(OverlapTest, TtlDecoyThatWaits) {
  Handshake();
  Send(105, "decoy", 3);
  Send(105, "truth");
  Send(100, ".....");
  EXPECT_EQ(Up(), ".....truth");
  EXPECT_EQ(Alternates(), "|decoy");
}

TEST_F(OverlapTest, AnotherRouteIsNotDoubted) {
  Handshake();
  Send(100, "north", kTtl - TcpSide::kRouteChange);
  Send(100, "north");
  EXPECT_EQ(counters_.doubtful, 0u);
  EXPECT_EQ(Alternates(), "");
}

// What lies beyond the receiver's window is dropped there, and sent again once there is room.
TEST_F(OverlapTest, OutOfWindowSegments) {
  Handshake(10);
  Send(108, "decoy");
  Window(5, 100);  // scaled: 20 bytes
  Send(108, "truth");
  Send(100, "........");
  EXPECT_EQ(Up(), "........truth");
  EXPECT_EQ(Alternates(), "|decoy");
  EXPECT_EQ(counters_.doubtful, 1u);
}

TEST_F(OverlapTest, ZeroWindowProbeWithAWrongByte) {
  Handshake(4);
  Send(100, "full");
  Window(0, 104);
  Send(104, "x");
  Window(100, 104);
  Send(104, "right");
  EXPECT_EQ(Up(), "fullxight");
  EXPECT_EQ(Alternates(), "?r");
}

TEST_F(OverlapTest, WithoutTheHandshakeNoWindowIsKnown) {
  Send(100, "begin");
  Window(0, 105);
  Send(105, "more");
  EXPECT_EQ(counters_.doubtful, 0u);
}

// Tiny segments: one octet each, from the last to the first.
TEST_F(OverlapTest, TinySegmentsBackwards) {
  Handshake();
  const std::string text = "every octet is a segment of its own";
  for (std::size_t i = text.size(); i-- > 0;)
    Send(100 + static_cast<std::uint32_t>(i), std::string_view(text).substr(i, 1));
  EXPECT_EQ(Up(), text);
}

}  // namespace
}  // namespace gander::stream
