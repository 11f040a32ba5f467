// SPDX-License-Identifier: Apache-2.0
// The cases of TCP that a passive reader meets, one each.
#include "stream/tcp_stream.h"

#include <gtest/gtest.h>

#include <string>

#include "recording_sink.h"

namespace gander::stream {
namespace {

constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kAck = 16;
constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;

class TcpStreamTest : public testing::Test {
 protected:
  void Send(Direction d, std::uint32_t sequence, std::string_view payload, std::uint8_t flags = kAck,
            std::uint32_t acknowledgement = 0) {
    arrived_ += payload.size();
    stream_.OnSegment(d, {sequence, acknowledgement, flags, AsBytes(payload), {++time_}}, pool_, options_,
                      counters_, sink_);
  }
  void Handshake(std::uint32_t client = 99, std::uint32_t server = 499) {
    Send(kUp, client, "", kSyn);
    Send(kDown, server, "", kSyn | kAck, client + 1);
    Send(kUp, client + 1, "", kAck, server + 1);
  }
  void TearDown() override {
    stream_.Flush({time_}, pool_, counters_, sink_);
    EXPECT_EQ(sink_.delivered + sink_.FateSum(), arrived_);
    EXPECT_EQ(pool_.in_use(), 0u);
    EXPECT_TRUE(stream_.idle());
  }
  const std::string& Up() const { return sink_.text[0]; }
  const std::string& Down() const { return sink_.text[1]; }

  Options options_;
  SegmentPool pool_{1 << 20};
  Counters counters_{};
  RecordingSink sink_;
  TcpStream stream_;
  std::uint64_t arrived_ = 0;
  std::int64_t time_ = 0;
};

TEST_F(TcpStreamTest, HandshakeDataAndClose) {
  Handshake();
  EXPECT_EQ(stream_.state(), TcpState::kEstablished);
  Send(kUp, 100, "GET /");
  Send(kDown, 500, "200 OK");
  Send(kUp, 105, "", kFin | kAck, 506);
  EXPECT_EQ(stream_.state(), TcpState::kClosing);
  Send(kDown, 506, "", kFin | kAck, 106);
  EXPECT_EQ(stream_.state(), TcpState::kClosed);
  EXPECT_EQ(Up(), "GET /");
  EXPECT_EQ(Down(), "200 OK");
  EXPECT_EQ(stream_.delivered(kDown), 6u);
  EXPECT_EQ(counters_.midstream, 0u);
  EXPECT_EQ(counters_.gaps, 0u);
}

TEST_F(TcpStreamTest, InOrderPayloadIsNotCopied) {
  Handshake();
  Send(kUp, 100, "abc");
  EXPECT_EQ(Up(), "abc");
  EXPECT_EQ(pool_.in_use(), 0u);
}

TEST_F(TcpStreamTest, EarlySegmentsWaitForTheirTurn) {
  Handshake();
  Send(kUp, 106, "ghi");
  Send(kUp, 103, "def");
  EXPECT_EQ(Up(), "");
  Send(kUp, 100, "abc");
  EXPECT_EQ(Up(), "abcdefghi");
  EXPECT_EQ(counters_.out_of_order, 2u);
  EXPECT_TRUE(stream_.idle());
}

TEST_F(TcpStreamTest, SequenceNumbersWrap) {
  Handshake(0xfffffffc);
  Send(kUp, 2, "fgh");
  Send(kUp, 0xfffffffd, "abcde");
  EXPECT_EQ(Up(), "abcdefgh");
}

TEST_F(TcpStreamTest, RetransmissionsAreDuplicates) {
  Handshake();
  Send(kUp, 100, "abcdef");
  Send(kUp, 100, "abcdef");
  Send(kUp, 103, "defghi");
  EXPECT_EQ(Up(), "abcdefghi");
  EXPECT_EQ(sink_.fates[ByteFate::kDuplicate], 9u);
}

TEST_F(TcpStreamTest, FirstCopyOfAnOverlapStays) {
  options_.hosts.fallback = OverlapPolicy::kFirst;
  Handshake();
  Send(kUp, 103, "DEF");
  Send(kUp, 100, "abcdefghi");
  EXPECT_EQ(Up(), "abcDEFghi");
  EXPECT_EQ(sink_.fates[ByteFate::kDuplicate], 3u);
}

TEST_F(TcpStreamTest, DifferingOverlapOfHeldDataIsCounted) {
  options_.hosts.fallback = OverlapPolicy::kFirst;
  Handshake();
  Send(kUp, 103, "DEF");
  Send(kUp, 102, "cdefg");
  Send(kUp, 105, "FG");
  EXPECT_EQ(counters_.overlaps, 3u);  // DEF, F and g
  EXPECT_EQ(counters_.overlaps_differing, 2u);  // "def" and "G"
  Send(kUp, 100, "ab");
  EXPECT_EQ(Up(), "abcDEFg");
}

TEST_F(TcpStreamTest, HoleIsGivenUpWhenTheReceiverHasIt) {
  options_.late_grace_ms = 0;
  Handshake();
  Send(kUp, 105, "later");
  EXPECT_EQ(Up(), "");
  Send(kDown, 500, "", kAck, 104);  // the hole is not wholly acknowledged
  EXPECT_EQ(Up(), "");
  Send(kDown, 500, "", kAck, 110);
  EXPECT_EQ(Up(), "[5]later");
  EXPECT_EQ(stream_.gap_bytes(kUp), 5u);
  Send(kUp, 110, "more");
  EXPECT_EQ(Up(), "[5]latermore");
}

TEST_F(TcpStreamTest, AcknowledgementSeenBeforeTheDataBehindTheHole) {
  options_.late_grace_ms = 0;
  Handshake();
  Send(kDown, 500, "", kAck, 120);
  Send(kUp, 110, "after");
  EXPECT_EQ(Up(), "[10]after");
}

TEST_F(TcpStreamTest, HoleIsGivenUpWhenMuchWaits) {
  options_.gap_after_bytes = 10;
  Handshake();
  Send(kUp, 101, "0123456789");
  EXPECT_EQ(Up(), "");
  Send(kUp, 112, "x");
  EXPECT_EQ(Up(), "[1]0123456789");  // and no further: one byte waits
  Send(kUp, 100, "?");               // too late
  EXPECT_EQ(sink_.fates[ByteFate::kLostOutOfWindow], 1u);
}

TEST_F(TcpStreamTest, FlushDeliversWhatWaits) {
  Handshake();
  Send(kUp, 102, "bb");
  Send(kUp, 106, "cc");
  stream_.Flush({time_}, pool_, counters_, sink_);
  EXPECT_EQ(Up(), "[2]bb[2]cc");
  EXPECT_EQ(counters_.gaps, 2u);
}

TEST_F(TcpStreamTest, AcknowledgedBytesNobodySawAreAGap) {
  Handshake();
  Send(kUp, 100, "seen");
  Send(kDown, 500, "", kAck, 154);
  stream_.Flush({time_}, pool_, counters_, sink_);
  EXPECT_EQ(stream_.gap_bytes(kUp), 50u);
  EXPECT_EQ(stream_.delivered(kUp), 4u);
}

TEST_F(TcpStreamTest, AcknowledgedFinIsNoGap) {
  Handshake();
  Send(kUp, 100, "seen", kAck | kFin);
  Send(kDown, 500, "", kAck, 105);
  stream_.Flush({time_}, pool_, counters_, sink_);
  EXPECT_EQ(stream_.gap_bytes(kUp), 0u);
}

TEST_F(TcpStreamTest, MidstreamStartsAtTheFirstSegmentSeen) {
  Send(kUp, 5000, "middle", kAck, 1);
  EXPECT_EQ(counters_.midstream, 1u);
  EXPECT_EQ(stream_.state(), TcpState::kEstablished);
  Send(kUp, 4990, "before-it:middle and more");
  EXPECT_EQ(Up(), "middle and more");
  EXPECT_EQ(sink_.fates[ByteFate::kLostOutOfWindow], 10u);
  EXPECT_EQ(sink_.fates[ByteFate::kDuplicate], 6u);
}

TEST_F(TcpStreamTest, SynAckTellsWhereAMissedClientBegins) {
  Send(kDown, 499, "", kSyn | kAck, 100);
  Send(kUp, 103, "def");
  Send(kUp, 100, "abc");
  EXPECT_EQ(Up(), "abcdef");
}

TEST_F(TcpStreamTest, DataInSynIsDelivered) {
  Send(kUp, 99, "fast", kSyn);
  Send(kDown, 499, "open", kSyn | kAck, 104);
  Send(kUp, 104, "!");
  EXPECT_EQ(Up(), "fast!");
  EXPECT_EQ(Down(), "open");
}

TEST_F(TcpStreamTest, KeepAlivesAndWindowProbes) {
  Handshake();
  Send(kUp, 100, "abc");
  Send(kUp, 102, "c");  // keep-alive with the last byte
  Send(kUp, 102, "");   // and without
  Send(kUp, 103, "d");  // zero-window probe carries the next byte
  Send(kUp, 103, "def");
  EXPECT_EQ(Up(), "abcdef");
  EXPECT_EQ(sink_.fates[ByteFate::kDuplicate], 2u);
}

TEST_F(TcpStreamTest, SimultaneousOpen) {
  Send(kUp, 99, "", kSyn);
  Send(kDown, 499, "", kSyn);
  Send(kUp, 99, "", kSyn | kAck, 500);
  Send(kDown, 499, "", kSyn | kAck, 100);
  Send(kUp, 100, "hello");
  Send(kDown, 500, "world");
  EXPECT_EQ(Up(), "hello");
  EXPECT_EQ(Down(), "world");
}

TEST_F(TcpStreamTest, SynTriedAnewWithAnotherNumber) {
  Send(kUp, 99, "", kSyn);
  Send(kUp, 7777, "", kSyn);
  Send(kUp, 7778, "data");
  EXPECT_EQ(Up(), "data");
}

TEST_F(TcpStreamTest, FarAheadIsOutOfWindow) {
  Handshake();
  Send(kUp, 100 + (1u << 30) + 1, "far");
  EXPECT_EQ(sink_.fates[ByteFate::kLostOutOfWindow], 3u);
  Send(kUp, 100, "near");
  EXPECT_EQ(Up(), "near");
}

TEST_F(TcpStreamTest, ResetChangesTheStateButNotTheDelivery) {
  Handshake();
  Send(kDown, 500 + (1u << 25), "", kRst);  // far from the window: forged
  EXPECT_EQ(stream_.state(), TcpState::kEstablished);
  Send(kDown, 500, "", kRst);
  EXPECT_EQ(stream_.state(), TcpState::kReset);
  Send(kUp, 100, "still here");
  EXPECT_EQ(Up(), "still here");
}

TEST_F(TcpStreamTest, ForgedResetAndFinBeforeTheAnswer) {
  Send(kUp, 99, "", kSyn);
  Send(kDown, 0, "", kRst | kAck, 100);
  Send(kDown, 0, "", kFin | kAck, 100);
  Send(kDown, 26175, "", kSyn | kAck, 100);
  Send(kUp, 100, "GET /", kAck, 26176);
  Send(kDown, 26176, "200 OK", kAck, 105);
  EXPECT_EQ(Up(), "GET /");
  EXPECT_EQ(Down(), "200 OK");
  EXPECT_EQ(stream_.state(), TcpState::kEstablished);
}

TEST_F(TcpStreamTest, RefusedConnection) {
  Send(kUp, 99, "", kSyn);
  Send(kDown, 0, "", kRst | kAck, 100);
  EXPECT_EQ(stream_.state(), TcpState::kReset);
}

TEST_F(TcpStreamTest, NewSynReusesPortsOnlyOnceTheConnectionIsOver) {
  Handshake();
  Send(kUp, 100, "abc");
  EXPECT_FALSE(stream_.IsReuse(kUp, 99)) << "its own SYN again";
  EXPECT_FALSE(stream_.IsReuse(kUp, 70000000)) << "may be forged";
  Send(kUp, 70000000, "", kSyn);
  EXPECT_FALSE(stream_.ConfirmsReuse(kDown, 499, 100));
  EXPECT_TRUE(stream_.ConfirmsReuse(kDown, 888, 70000001));
  Send(kUp, 103, "def");
  EXPECT_EQ(Up(), "abcdef") << "a forged SYN must not stop delivery";
  Send(kUp, 106, "", kFin | kAck);
  EXPECT_TRUE(stream_.IsReuse(kUp, 70000000));
}

TEST_F(TcpStreamTest, OneWayCaptureReusesPortsAtOnce) {
  Send(kUp, 99, "", kSyn);
  Send(kUp, 100, "abc");
  EXPECT_TRUE(stream_.IsReuse(kUp, 70000000));
  EXPECT_FALSE(stream_.IsReuse(kUp, 99));
}

TEST_F(TcpStreamTest, FlowCapGivesUpTheHoleInsteadOfTheData) {
  options_.memory_per_flow = 2 * SegmentPool::kBlockBytes;
  Handshake();
  Send(kUp, 110, "a");
  Send(kUp, 120, "b");
  Send(kUp, 130, "c");
  EXPECT_EQ(Up(), "[10]a");
  EXPECT_GT(counters_.flow_cap, 0u);
  Send(kUp, 100, "0123456789");
  EXPECT_EQ(sink_.fates[ByteFate::kLostStreamCap], 10u);
}

TEST_F(TcpStreamTest, FullPoolDoesNotStallAStream) {
  while (pool_.Allocate() != SegmentPool::kNone) {
  }
  Handshake();
  Send(kUp, 110, "later");
  EXPECT_EQ(Up(), "[10]later");
  EXPECT_GT(counters_.pool_full, 0u);
  for (std::uint32_t i = 0; i < pool_.capacity(); ++i) pool_.Free(i);
}

TEST_F(TcpStreamTest, OneDirectionAlone) {
  options_.gap_after_bytes = 4;
  Send(kDown, 1, "aa");
  Send(kDown, 5, "bbb");
  Send(kDown, 8, "cc");
  EXPECT_EQ(Down(), "aa[2]bbbcc");
}

}  // namespace
}  // namespace gander::stream
