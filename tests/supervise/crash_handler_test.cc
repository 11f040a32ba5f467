// SPDX-License-Identifier: Apache-2.0
// Real crashes of children: what they leave in the page, and that they die as they would have.
#include "supervise/crash_handler.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <cstring>
#include <thread>

#include "supervise/children.h"
#include "supervise/hand.h"

namespace gander::supervise {
namespace {

constexpr std::uint64_t kFlow = 0x1122334455667788ULL;

class CrashHandlerTest : public testing::Test {
 protected:
  void SetUp() override {
    if (kSanitized) GTEST_SKIP() << "a sanitizer wants these signals";
    auto page = SharedPage::Make();
    ASSERT_TRUE(page.has_value());
    page_ = std::move(*page);
  }
  const CrashNote& note() const { return page_.get()->crash; }
  // The child sits in worker 3's seat with a flow in hand.
  int Crash(const std::function<void()>& crash) {
    return StatusOf([&] {
      NoteCrashes(*page_.get());
      Seat& seat = page_.get()->seats[3];
      const SeatTaken taken(&seat, 3);
      Hand hand(&seat);
      hand.Take(kFlow);
      crash();
      return 0;
    });
  }
  void ExpectNote(int status, int signal) {
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), signal);
    EXPECT_EQ(note().state, CrashNote::kComplete);
    EXPECT_EQ(note().signal, signal);
    EXPECT_EQ(note().worker, 3u);
    EXPECT_EQ(note().flow, kFlow);
  }
  SharedPage page_;
};

[[gnu::noinline]] void WriteNowhere(volatile int* where) { *where = 1; }
// Each level keeps some stack; the compiler must not make a loop of it.
[[gnu::noinline]] int Deeper(int depth) {
  volatile char room[256];
  room[depth % 256] = 1;
  return depth > 100'000'000 ? 0 : Deeper(depth + 1) + room[0];
}

TEST_F(CrashHandlerTest, ABadAccessIsNotedWithWhereAndWhatWasInHand) {
  const int status = Crash([] { WriteNowhere(nullptr); });
  ExpectNote(status, SIGSEGV);
  EXPECT_GT(note().code, 0);  // the kernel's, and nobody's who sent it
  EXPECT_NE(note().instruction, 0u);
  EXPECT_GT(note().frames, 0u);
}

TEST_F(CrashHandlerTest, EachSignalOfAFault) {
  ExpectNote(Crash([] { std::abort(); }), SIGABRT);
  EXPECT_EQ(note().instruction, 0u) << "in the C library";
  for (const int signal : {SIGBUS, SIGILL, SIGFPE, SIGSEGV}) {
    page_.get()->crash.state = CrashNote::kNone;
    ExpectNote(Crash([signal] { raise(signal); }), signal);
  }
}

TEST_F(CrashHandlerTest, AStackThatRanOverIsNotedFromAnotherOne) {
  const int status = Crash([] { std::_Exit(Deeper(0) & 1); });
  ExpectNote(status, SIGSEGV);
  EXPECT_EQ(note().frames, kMaxFrames);
}

TEST_F(CrashHandlerTest, AThreadWithoutASeatHasNoFlow) {
  const int status = Crash([] { std::thread([] { WriteNowhere(nullptr); }).join(); });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(note().state, CrashNote::kComplete);
  EXPECT_EQ(note().worker, kNoWorker);
  EXPECT_EQ(note().flow, 0u);
  EXPECT_EQ(note().frames, 0u);
}

// What lies on the stack is text of strangers: nothing of it may be in the page.
TEST_F(CrashHandlerTest, NoWordOfTheStackLeavesButReturnAddresses) {
  constexpr std::uint64_t kMarker = 0x4d41524b4d41524bULL;
  const int status = Crash([] {
    volatile std::uint64_t text[512];
    for (auto& word : text) word = kMarker;
    WriteNowhere(nullptr);
    text[0] = text[1];
  });
  ExpectNote(status, SIGSEGV);
  const auto* const bytes = reinterpret_cast<const char*>(page_.get());
  for (std::size_t at = 0; at + sizeof kMarker <= sizeof(FlightPage); at += sizeof kMarker) {
    EXPECT_NE(std::memcmp(bytes + at, &kMarker, sizeof kMarker), 0) << at;
  }
  for (std::uint32_t i = 0; i < note().frames; ++i) EXPECT_LT(note().frame[i], 1u << 28) << "an offset, no address";
}

TEST_F(CrashHandlerTest, OneOfManyThreadsThatCrashAtOnceIsNoted) {
  const int status = Crash([] {
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([] { WriteNowhere(nullptr); });
    for (std::thread& t : threads) t.join();
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSEGV);
  EXPECT_EQ(note().state, CrashNote::kComplete);
}

TEST(SeatTakenTest, TheSeatIsTakenWhileItLivesAndNoSeatIsNoMatter) {
  Seat seat;
  {
    const SeatTaken taken(&seat, 0);
    EXPECT_EQ(seat.taken, 1u);
    EXPECT_EQ(seat.thread, gettid());
  }
  EXPECT_EQ(seat.taken, 0u);
  const SeatTaken none(nullptr, 0);
}

TEST(HandTest, WhatComesInBetweenGivesBackWhatWasInHand) {
  Seat seat;
  Hand hand(&seat);
  hand.Take(1);
  EXPECT_EQ(seat.flow, 1u);
  hand.Lend(2);
  EXPECT_EQ(seat.flow, 2u);
  hand.Return();
  EXPECT_EQ(seat.flow, 1u);
  {
    const HandGuard other(hand, 3);
    EXPECT_EQ(seat.flow, 3u);
    const HandGuard another(hand, 4);
    EXPECT_EQ(seat.flow, 4u);
  }
  EXPECT_EQ(seat.flow, 1u);
  Hand unwatched(nullptr);
  unwatched.Take(5);
  EXPECT_EQ(unwatched.flow(), 5u);
}

}  // namespace
}  // namespace gander::supervise
