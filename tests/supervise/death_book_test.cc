// SPDX-License-Identifier: Apache-2.0
// Whom a death is blamed on, and when a flow has been blamed too often.
#include "supervise/death_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

namespace gander::supervise {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::int64_t kNow = 1'700'000'000'000'000'000;
constexpr std::uint64_t kFlow = 0xabcdef, kOther = 0x123456;

int Exited(int code) { return code << 8; }  // as waitpid(2) tells it

// Two workers, each with a flow in hand.
class Examining : public testing::Test {
 protected:
  Examining() {
    page_.seats[0].flow = kFlow;
    page_.seats[0].packets = 5;
    page_.seats[0].read_until = kNow - 7;
    page_.seats[1].flow = kOther;
    page_.seats[1].packets = 6;
    page_.seats[1].read_until = kNow - 5;
  }
  void Note(int signal, int code, std::uint32_t worker, std::uint64_t flow) {
    page_.crash.signal = signal;
    page_.crash.code = code;
    page_.crash.worker = worker;
    page_.crash.flow = flow;
    page_.crash.frames = 2;
    page_.crash.frame[0] = 0x10, page_.crash.frame[1] = 0x20;
    page_.crash.state = CrashNote::kComplete;
  }
  FlightPage page_;
};

TEST_F(Examining, ACrashIsBlamedOnTheFlowOfTheThreadThatCrashed) {
  Note(SIGSEGV, SEGV_MAPERR, 1, kOther);
  const Autopsy a = Examine(page_, SIGSEGV, kNobodyHung, kNow);
  EXPECT_EQ(a.death.cause, Cause::kCrash);
  EXPECT_EQ(a.death.signal, SIGSEGV);
  EXPECT_EQ(a.death.worker, 1u);
  EXPECT_EQ(a.death.flow, kOther);
  EXPECT_EQ(a.death.time_ns, kNow);
  EXPECT_EQ(a.death.read_until_ns, kNow - 5);
  EXPECT_EQ(a.packets, 11u);
  EXPECT_THAT(a.frames, ElementsAre(0x10, 0x20));
  EXPECT_THAT(a.blamed, ElementsAre(kOther));
}

TEST_F(Examining, WhoeverIsKilledFromOutsideIsNoFlowsDoing) {
  const Autopsy killed = Examine(page_, SIGKILL, kNobodyHung, kNow);
  EXPECT_EQ(killed.death.cause, Cause::kKilled);
  EXPECT_THAT(killed.blamed, IsEmpty());
  Note(SIGSEGV, SI_USER, 0, kFlow);  // kill -SEGV
  const Autopsy sent = Examine(page_, SIGSEGV, kNobodyHung, kNow);
  EXPECT_EQ(sent.death.cause, Cause::kCrash);
  EXPECT_THAT(sent.blamed, IsEmpty());
}

TEST_F(Examining, AnAbortOfItsOwnIsTheFlowsDoing) {
  Note(SIGABRT, SI_TKILL, 0, kFlow);
  EXPECT_THAT(Examine(page_, SIGABRT, kNobodyHung, kNow).blamed, ElementsAre(kFlow));
}

TEST_F(Examining, WithoutANoteEveryFlowInHandIsBlamed) {
  EXPECT_THAT(Examine(page_, SIGSYS, kNobodyHung, kNow).blamed, UnorderedElementsAre(kFlow, kOther));
  page_.seats[1].flow = kFlow;
  EXPECT_THAT(Examine(page_, SIGSYS, kNobodyHung, kNow).blamed, ElementsAre(kFlow)) << "once";
}

TEST_F(Examining, ANoteOfAnotherSignalOrAnUnfinishedOneIsNone) {
  Note(SIGSEGV, SEGV_MAPERR, 1, kOther);
  EXPECT_THAT(Examine(page_, SIGBUS, kNobodyHung, kNow).frames, IsEmpty());
  page_.crash.state = CrashNote::kBegun;
  const Autopsy a = Examine(page_, SIGSEGV, kNobodyHung, kNow);
  EXPECT_EQ(a.death.worker, kNoWorker);
  EXPECT_THAT(a.blamed, UnorderedElementsAre(kFlow, kOther));
}

TEST_F(Examining, AThreadThatHungIsBlamedOnItsFlowHoweverItDied) {
  for (const int signal : {SIGABRT, SIGKILL}) {
    const Autopsy a = Examine(page_, signal, 1, kNow);
    EXPECT_EQ(a.death.cause, Cause::kWatchdog);
    EXPECT_EQ(a.death.worker, 1u);
    EXPECT_THAT(a.blamed, ElementsAre(kOther));
  }
  const Autopsy judge = Examine(page_, SIGABRT, kJudge, kNow);
  EXPECT_EQ(judge.death.worker, kJudge);
  EXPECT_THAT(judge.blamed, IsEmpty());
}

TEST_F(Examining, GivingUpIsNoFlowsDoing) {
  const Autopsy a = Examine(page_, Exited(3), kNobodyHung, kNow);
  EXPECT_EQ(a.death.cause, Cause::kExit);
  EXPECT_EQ(a.death.signal, 0);
  EXPECT_THAT(a.blamed, IsEmpty());
}

// Who has taken the sensor over may write what he likes.
TEST_F(Examining, NumbersOfThePageAreNotBelieved) {
  Note(SIGSEGV, SEGV_MAPERR, 0x7fffffff, kFlow);
  page_.crash.frames = 0xffffffff;
  const Autopsy a = Examine(page_, SIGSEGV, kNobodyHung, kNow);
  EXPECT_EQ(a.death.worker, kNoWorker);
  EXPECT_EQ(a.death.flow, 0u);
  EXPECT_EQ(a.frames.size(), kMaxFrames);
  EXPECT_THAT(a.blamed, IsEmpty());
}

Autopsy DeathAt(std::vector<std::uint64_t> flows, Cause cause = Cause::kCrash) {
  Autopsy a;
  a.death.cause = cause;
  a.death.time_ns = kNow;
  a.blamed = std::move(flows);
  return a;
}

TEST(DeathBookTest, AFlowInHandTwiceIsPoison) {
  DeathBook book(99, 2);
  EXPECT_THAT(book.Enter(DeathAt({kFlow})), IsEmpty());
  EXPECT_THAT(book.Enter(DeathAt({kOther})), IsEmpty());
  const auto poison = book.Enter(DeathAt({kFlow}));
  ASSERT_EQ(poison.size(), 1u);
  EXPECT_EQ(poison[0].flow, kFlow);
  EXPECT_EQ(poison[0].deaths, 2u);
  const PastRun& past = book.past();
  EXPECT_EQ(past.flow_seed, 99u);
  EXPECT_EQ(past.all_deaths(), 3u);
  ASSERT_EQ(past.poison_flows().size(), 1u);
  EXPECT_EQ(past.poison_flows()[0].flow, kFlow);
  EXPECT_EQ(past.last.time_ns, kNow);
}

TEST(DeathBookTest, ThresholdsOfOneAndNone) {
  DeathBook at_once(1, 1), never(1, 0);
  EXPECT_EQ(at_once.Enter(DeathAt({kFlow, kOther})).size(), 2u);
  for (int i = 0; i < 50; ++i) EXPECT_THAT(never.Enter(DeathAt({kFlow})), IsEmpty());
  EXPECT_EQ(never.past().all_deaths(), 50u);
}

TEST(DeathBookTest, DeathsAreCountedByCause) {
  DeathBook book(1, 2);
  (void)book.Enter(DeathAt({}, Cause::kKilled));
  (void)book.Enter(DeathAt({}, Cause::kWatchdog));
  (void)book.Enter(DeathAt({}, Cause::kWatchdog));
  EXPECT_THAT(book.past().deaths, ElementsAre(0, 1, 2, 0));
}

TEST(DeathBookTest, SuspectsAndPoisonAreBoundedAndTheOldestGo) {
  DeathBook book(1, 2);
  for (std::uint64_t flow = 1; flow <= DeathBook::kMaxSuspects + 1; ++flow) (void)book.Enter(DeathAt({flow}));
  EXPECT_THAT(book.Enter(DeathAt({1})), IsEmpty()) << "forgotten";
  EXPECT_EQ(book.Enter(DeathAt({3})).size(), 1u) << "remembered";
  DeathBook full(1, 1);
  for (std::uint64_t flow = 1; flow <= kMaxPoison + 3; ++flow) (void)full.Enter(DeathAt({flow}));
  ASSERT_EQ(full.past().poison_flows().size(), kMaxPoison);
  EXPECT_EQ(full.past().poison_flows().front().flow, 4u);
  EXPECT_EQ(full.past().poison_flows().back().flow, kMaxPoison + 3);
}

TEST(PastRunTest, ACountBeyondItsTableIsNotBelieved) {
  PastRun past;
  past.poison_count = 0xffffffff;
  EXPECT_EQ(past.poison_flows().size(), kMaxPoison);
}

TEST(PastRunTest, AShownFlowTellsNothingOfTheTable) {
  EXPECT_EQ(ShownFlow(7, 0), "");
  EXPECT_EQ(ShownFlow(7, kFlow).size(), 16u);
  EXPECT_EQ(ShownFlow(7, kFlow), ShownFlow(7, kFlow));
  EXPECT_NE(ShownFlow(7, kFlow), ShownFlow(8, kFlow));
  EXPECT_EQ(ShownFlow(7, kFlow).find("abcdef"), std::string::npos);
}

TEST(PastRunTest, NamesOfSignalsAndCauses) {
  EXPECT_EQ(NameOfSignal(SIGSEGV), "SIGSEGV");
  EXPECT_EQ(NameOfSignal(0), "");
  EXPECT_EQ(NameOfSignal(63), "signal 63");
  EXPECT_STREQ(NameOf(Cause::kWatchdog), "watchdog");
}

}  // namespace
}  // namespace gander::supervise
