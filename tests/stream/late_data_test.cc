// SPDX-License-Identifier: Apache-2.0
// Data that comes after its acknowledgement: in the grace it is delivered in its place, once; later it is lost.
#include <gtest/gtest.h>

#include <string>

#include "recording_sink.h"
#include "stream/tcp_stream.h"

namespace gander::stream {
namespace {

constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kAck = 16;
constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;

class LateDataTest : public testing::Test {
 protected:
  static constexpr std::uint32_t kGrace = 50;

  LateDataTest() { options_.late_grace_ms = kGrace; }

  void Send(Direction d, std::uint32_t sequence, std::string_view payload, std::uint32_t acknowledgement = 0,
            std::uint8_t flags = kAck) {
    arrived_ += payload.size();
    stream_.OnSegment(d, {sequence, acknowledgement, flags, AsBytes(payload), time_}, pool_, options_, counters_,
                      sink_);
  }
  void Handshake(std::uint32_t client = 99) {
    Send(kUp, client, "", 0, kSyn);
    Send(kDown, 499, "", client + 1, kSyn | kAck);
    Send(kUp, client + 1, "", 500);
  }
  void Later(std::int64_t milliseconds) { time_ = time_ + Duration::Millis(milliseconds); }
  // What a worker does at the end of an epoch.
  void PassTime() { stream_.PassTime(time_, time_, pool_, options_, counters_, sink_); }
  void FillPool(std::uint32_t left) {
    while (pool_.capacity() - pool_.in_use() > left) {
      ASSERT_NE(pool_.Allocate(), SegmentPool::kNone);
      ++filled_;
    }
  }
  void TearDown() override {
    stream_.Flush(time_, pool_, counters_, sink_);
    EXPECT_EQ(sink_.delivered + sink_.FateSum(), arrived_);
    EXPECT_EQ(pool_.in_use(), filled_);
    EXPECT_TRUE(stream_.idle());
    EXPECT_FALSE(stream_.waits());
  }
  const std::string& Up() const { return sink_.text[0]; }
  const std::string& Down() const { return sink_.text[1]; }

  Options options_;
  SegmentPool pool_{1 << 20};
  Counters counters_{};
  RecordingSink sink_;
  TcpStream stream_;
  Timestamp time_{1'700'000'000'000'000'000};
  std::uint64_t arrived_ = 0;
  std::uint32_t filled_ = 0;
};

TEST_F(LateDataTest, InTheGraceItIsDeliveredInItsPlace) {
  Handshake();
  Send(kUp, 105, "later");
  Send(kDown, 500, "", 110);
  EXPECT_TRUE(stream_.waits());
  Later(kGrace - 1);
  Send(kUp, 100, "first");
  Send(kUp, 100, "first");  // and again
  EXPECT_EQ(Up(), "firstlater");
  EXPECT_FALSE(stream_.waits());
  EXPECT_EQ(counters_.overtaken, 1u);
  EXPECT_EQ(counters_.gaps, 0u);
  EXPECT_EQ(sink_.fates[ByteFate::kDuplicate], 5u);
}

TEST_F(LateDataTest, AfterTheGraceItIsLost) {
  Handshake();
  Send(kUp, 105, "later");
  Send(kDown, 500, "", 110);
  Later(kGrace + 1);
  Send(kUp, 100, "first");  // brings the time, and comes too late itself
  EXPECT_EQ(Up(), "[5]later");
  EXPECT_EQ(counters_.gaps, 1u);
  EXPECT_EQ(sink_.fates[ByteFate::kLostOutOfWindow], 5u);
  Send(kUp, 110, "more");
  EXPECT_EQ(Up(), "[5]latermore");
}

TEST_F(LateDataTest, EveryPacketOfTheFlowBringsTheTime) {
  Handshake();
  Send(kUp, 105, "later");
  Send(kDown, 500, "", 110);
  Later(kGrace + 1);
  Send(kUp, 110, "", 500);  // an acknowledgement of its own side
  EXPECT_EQ(Up(), "[5]later");
  Send(kUp, 112, "c");
  Send(kDown, 500, "", 113);
  Later(kGrace + 1);
  Send(kDown, 500, "answer");
  EXPECT_EQ(Up(), "[5]later[2]c");
  EXPECT_EQ(Down(), "answer");
}

TEST_F(LateDataTest, AcknowledgementBeforeBoth) {
  Handshake();
  Send(kDown, 500, "", 110);
  EXPECT_FALSE(stream_.waits()) << "nothing is held yet";
  Later(10 * kGrace);
  Send(kUp, 105, "later");
  Later(1);
  Send(kUp, 100, "first");
  EXPECT_EQ(Up(), "firstlater");
}

TEST_F(LateDataTest, WithoutAcknowledgementTimeGivesNothingUp) {
  Handshake();
  Send(kUp, 105, "later");
  Send(kDown, 500, "", 104);
  Later(100 * kGrace);
  PassTime();
  Send(kUp, 100, "first");
  EXPECT_EQ(Up(), "firstlater");
}

TEST_F(LateDataTest, NoGraceGivesUpAtOnce) {
  options_.late_grace_ms = 0;
  Handshake();
  Send(kUp, 105, "later");
  Send(kDown, 500, "", 110);
  EXPECT_EQ(Up(), "[5]later");
}

TEST_F(LateDataTest, SequenceNumbersWrapInTheHole) {
  Handshake(0xfffffffc);  // the first byte is 0xfffffffd
  Send(kUp, 2, "fgh");
  Send(kDown, 500, "", 5);
  Later(1);
  Send(kUp, 0, "de");
  EXPECT_EQ(Up(), "");
  Send(kUp, 0xfffffffd, "abc");
  EXPECT_EQ(Up(), "abcdefgh");
  Send(kUp, 7, "!");
  Send(kDown, 500, "", 8);
  Later(kGrace + 1);
  PassTime();
  EXPECT_EQ(Up(), "abcdefgh[2]!");
}

TEST_F(LateDataTest, BothDirectionsWaitEachForItself) {
  Handshake();
  Send(kUp, 105, "later");
  Send(kDown, 500, "", 110);
  Later(kGrace / 2);
  Send(kDown, 503, "xyz");
  Send(kUp, 110, "", 506);
  Later(kGrace / 2 + 1);
  PassTime();
  EXPECT_EQ(Up(), "[5]later");
  EXPECT_EQ(Down(), "");
  Send(kDown, 500, "uvw");
  EXPECT_EQ(Down(), "uvwxyz");
}

TEST_F(LateDataTest, HolesKnownTogetherAreGivenUpTogether) {
  Handshake();
  Send(kUp, 101, "b");
  Send(kUp, 103, "d");
  Send(kDown, 500, "", 104);
  Later(kGrace - 10);
  Send(kUp, 105, "f");
  Send(kDown, 500, "", 106);
  Later(11);
  PassTime();
  EXPECT_EQ(Up(), "[1]b[1]d");  // the third has a time of its own
  Send(kUp, 104, "e");
  EXPECT_EQ(Up(), "[1]b[1]def");
}

TEST_F(LateDataTest, ForgedAcknowledgementFarAheadUsesUpNoLaterGrace) {
  Handshake();
  Send(kDown, 500, "", 100 + (1 << 29));
  for (std::uint32_t at = 100; at < 1000; at += 10) {  // each pair swapped, and always something held
    Send(kUp, at + 15, "56789");
    Send(kUp, at + 10, "01234");
    Later(2);
    Send(kUp, at, "0123456789");
  }
  EXPECT_EQ(counters_.gaps, 0u);
}

TEST_F(LateDataTest, ForgedAcknowledgementsHoldNoMoreThanTheFlowMay) {
  options_.gap_after_bytes = 100;
  options_.memory_per_flow = 4 * SegmentPool::kBlockBytes;
  Handshake();
  for (std::uint32_t at = 101; at < 1000; at += 2) {  // every second byte withheld
    Send(kUp, at, "x");
    Send(kDown, 500, "", at + 1);
    EXPECT_LE(pool_.in_use(), 4u);
  }
  EXPECT_GT(counters_.flow_cap, 0u);
}

TEST_F(LateDataTest, MuchThatWaitsEndsTheGrace) {
  options_.gap_after_bytes = 10;
  Handshake();
  Send(kUp, 101, "0123456789");
  Send(kDown, 500, "", 111);
  EXPECT_EQ(Up(), "");
  Send(kUp, 111, "x");
  EXPECT_EQ(Up(), "[1]0123456789x");
}

TEST_F(LateDataTest, ScarcePoolEndsTheGrace) {
  FillPool(pool_.capacity() / 2);
  Handshake();
  Send(kUp, 105, "later");
  EXPECT_EQ(Up(), "") << "out of order alone may use the rest";
  Send(kDown, 500, "", 110);
  EXPECT_EQ(Up(), "[5]later");
  Send(kUp, 100, "first");
  EXPECT_EQ(sink_.fates[ByteFate::kLostStreamCap], 5u);
}

TEST_F(LateDataTest, FullPoolGivesUpAtOnce) {
  FillPool(0);
  Handshake();
  Send(kDown, 500, "", 110);
  Send(kUp, 105, "later");
  EXPECT_EQ(Up(), "[5]later");
  EXPECT_EQ(counters_.pool_full, 1u);
}

TEST_F(LateDataTest, WhereLossesAreRealTheGraceBecomesShort) {
  Handshake();
  std::uint32_t at = 100;
  for (; at < 200; at += 10) {  // every second five bytes are lost
    Send(kUp, at + 5, "56789");
    Send(kDown, 500, "", at + 10);
    Later(kGrace + 1);
  }
  Send(kUp, at + 5, "56789");
  Send(kDown, 500, "", at + 10);
  EXPECT_TRUE(stream_.waits());
  Later(2);
  PassTime();
  EXPECT_FALSE(stream_.waits());
  EXPECT_EQ(counters_.gaps, 11u);
  Send(kUp, at, "01234");  // late after all: the next may have the whole of it again
  EXPECT_EQ(sink_.fates[ByteFate::kLostOutOfWindow], 5u);
  at += 10;
  Send(kUp, at + 5, "56789");
  Send(kDown, 500, "", at + 10);
  Later(kGrace - 1);
  Send(kUp, at, "01234");
  EXPECT_EQ(counters_.gaps, 11u);
}

TEST_F(LateDataTest, WhatFillsAHoleInTimeKeepsTheGrace) {
  Handshake();
  for (std::uint32_t at = 100; at < 1000; at += 20) {  // one lost, one late
    Send(kUp, at + 5, "56789");
    Send(kDown, 500, "", at + 10);
    Later(kGrace + 1);
    Send(kUp, at + 15, "56789");
    Send(kDown, 500, "", at + 20);
    Later(kGrace / 5);
    Send(kUp, at + 10, "01234");
  }
  EXPECT_EQ(counters_.gaps, 45u);
  EXPECT_EQ(sink_.fates.count(ByteFate::kLostOutOfWindow), 0u);
}

TEST_F(LateDataTest, TheEndOfTheFlowDeliversWhatWaits) {
  Handshake();
  Send(kUp, 105, "later");
  Send(kDown, 500, "", 110);
  stream_.Flush(time_, pool_, counters_, sink_);
  EXPECT_EQ(Up(), "[5]later");
  EXPECT_FALSE(stream_.waits());
}

TEST_F(LateDataTest, ResetBringsTheTimeToo) {
  Handshake();
  Send(kUp, 105, "later");
  Send(kDown, 500, "", 110);
  Later(kGrace + 1);
  Send(kDown, 500, "", 0, kRst);
  EXPECT_EQ(Up(), "[5]later");
}

TEST_F(LateDataTest, TimeThatGoesBackwardsGivesNothingUp) {
  Handshake();
  Send(kUp, 105, "later");
  Send(kDown, 500, "", 110);
  Later(-1000);
  Send(kUp, 110, "");
  EXPECT_TRUE(stream_.waits());
  Send(kUp, 100, "first");
  EXPECT_EQ(Up(), "firstlater");
}

// Of two mirrored directions one may come later: what answers bytes that are not here yet waits for them.
TEST_F(LateDataTest, AnAnswerWaitsForItsQuestion) {
  Handshake();
  Send(kDown, 500, "answer", 108);
  EXPECT_EQ(Down(), "");
  EXPECT_TRUE(stream_.waits());
  Later(kGrace - 1);
  Send(kUp, 100, "question", 500);
  EXPECT_EQ(Up(), "question");
  EXPECT_EQ(Down(), "answer");
  EXPECT_FALSE(stream_.waits());
  EXPECT_EQ(counters_.overtaken, 1u);
  EXPECT_EQ(counters_.gaps, 0u);
}

TEST_F(LateDataTest, EachAnswerWaitsForItsOwnQuestion) {
  Handshake();
  Send(kDown, 500, "one", 105);
  Send(kDown, 503, "two", 110);
  Send(kDown, 506, "!", 110);
  Send(kUp, 100, "first", 500);
  EXPECT_EQ(Down(), "one");
  EXPECT_TRUE(stream_.waits());
  Send(kUp, 105, "other", 503);
  EXPECT_EQ(Up(), "firstother");
  EXPECT_EQ(Down(), "onetwo!");
  EXPECT_FALSE(stream_.waits());
}

// The second question answers the first answer, which itself is early.
TEST_F(LateDataTest, BothSidesMayWaitInTurns) {
  Handshake();
  Send(kUp, 105, "other", 503);
  Send(kDown, 500, "one", 105);
  EXPECT_EQ(Up() + Down(), "");
  Send(kUp, 100, "first", 500);
  EXPECT_EQ(Up(), "firstother");
  EXPECT_EQ(Down(), "one");
  EXPECT_FALSE(stream_.waits());
}

TEST_F(LateDataTest, AnAnswerWithoutQuestionIsReadAfterTheGrace) {
  Handshake();
  Send(kDown, 500, "answer", 108);
  Send(kDown, 500, "answer", 108);  // again: held once
  EXPECT_EQ(sink_.fates[ByteFate::kDuplicate], 6u);
  Later(kGrace + 1);
  PassTime();
  EXPECT_EQ(Down(), "answer");
  EXPECT_FALSE(stream_.waits());
  EXPECT_EQ(counters_.gaps, 0u);
}

// As where a mirror shows one direction only.
TEST_F(LateDataTest, WhereQuestionsNeverComeNoAnswerWaitsForLong) {
  Handshake();
  std::uint32_t asked = 110, answered = 500;
  for (int i = 0; i < 5; ++i) {
    Send(kDown, answered, "answer", asked);
    EXPECT_TRUE(stream_.waits()) << i;
    Later(kGrace + 1);
    PassTime();
    asked += 10;
    answered += 6;
  }
  Send(kDown, answered, "answer", asked);
  EXPECT_FALSE(stream_.waits());
  EXPECT_EQ(Down().size(), 36u);
}

// One byte may be missing as well as many, and a FIN counts as one.
TEST_F(LateDataTest, AnAnswerWaitsForTheLastByteOrTheFin) {
  Handshake();
  Send(kDown, 500, "answer", 101);
  EXPECT_EQ(Down(), "");
  Send(kUp, 100, "?", 500);
  EXPECT_EQ(Down(), "answer");
  Send(kDown, 506, "bye", 102);
  EXPECT_EQ(Down(), "answer");
  Send(kUp, 101, "", 506, kFin | kAck);
  EXPECT_EQ(Down(), "answerbye");
  EXPECT_FALSE(stream_.waits());
}

TEST_F(LateDataTest, NothingWaitsForAFinThatWasOrWithoutGraceOrMemory) {
  Handshake();
  Send(kUp, 100, "", 500, kFin | kAck);
  Send(kDown, 500, "bye", 101);
  EXPECT_EQ(Down(), "bye");
  options_.late_grace_ms = 0;
  Send(kDown, 503, "now", 110);
  EXPECT_EQ(Down(), "byenow");
  options_.late_grace_ms = kGrace;
  FillPool(100);
  Send(kDown, 506, "too", 110);
  EXPECT_EQ(Down(), "byenowtoo");
}

}  // namespace
}  // namespace gander::stream
