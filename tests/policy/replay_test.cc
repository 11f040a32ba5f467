// SPDX-License-Identifier: Apache-2.0
// A change of policy: what it says differently, what it would have said of the past, and that numbers survive it.
#include "policy/replay.h"

#include <algorithm>

#include "policy/difference.h"
#include "policy/keep_places.h"
#include "policy/register_words.h"

namespace gander::policy {
namespace {

using test::Built;
using test::Day;
using test::Ip;
using test::RegisterOf;
using test::WideWorld;

PolicySource With(const char* entries) {
  PolicySource s = WideWorld();
  s.transfers = RegisterOf(entries);
  return s;
}

PastTransfer Past(const char* to, std::uint64_t people, Verdict verdict, const char* entry) {
  PastTransfer t;
  t.sender = Ip("10.20.4.7");
  t.recipient = Ip(to);
  t.data_class = "national_id";
  t.sensitivity = identify::Sensitivity::kSensitive;
  t.subjects = test::State("NO");
  t.at = Day("2026-11-24");
  t.opened = Movement::Opened::kBySender;
  t.people = people;
  t.bytes = 10 * people;
  t.verdict = verdict;
  t.entry = entry;
  return t;
}

TEST(ReplayTest, RemovingAnEntryTakesWhatItPermitted) {
  const std::vector<PastTransfer> past = {
      Past("203.0.113.5", 240, Verdict::kRegistered, "de"), Past("203.0.113.6", 100, Verdict::kRegistered, "de"),
      Past("192.0.2.1", 7, Verdict::kRegistered, "us"), Past("9.9.9.9", 3, Verdict::kUnknownParty, "")};
  const auto next = Built(With("us state=US"));
  const ReplayOutcome out = Replay(past, *next, nullptr);
  EXPECT_EQ(out.transfers, 4u);
  EXPECT_EQ(out.changed, 2u);
  EXPECT_EQ(out.tightened, 2u);
  EXPECT_EQ(out.loosened, 0u);
  EXPECT_EQ(out.people_changed, 340u);
  EXPECT_EQ(out.bytes_changed, 3400u);
  ASSERT_EQ(out.groups.size(), 2u);  // two addresses
  EXPECT_EQ(out.groups[0].people, 240u);
  EXPECT_EQ(out.groups[0].before, Verdict::kRegistered);
  EXPECT_EQ(out.groups[0].after, Verdict::kUnregistered);
  EXPECT_EQ(out.groups[0].from, "wards");
  EXPECT_EQ(Replay(past, *Built(With("us state=US\nde state=DE")), nullptr).groups.size(), 0u);
}

TEST(ReplayTest, AnotherEntryWithTheSameVerdictIsToldAndNoChange) {
  const std::vector<PastTransfer> past = {Past("203.0.113.5", 240, Verdict::kRegistered, "de")};
  const ReplayOutcome out = Replay(past, *Built(With("other state=DE")), nullptr);
  EXPECT_EQ(out.changed, 0u);
  ASSERT_EQ(out.groups.size(), 1u);
  EXPECT_EQ(out.groups[0].entry_after, "other");
}

TEST(ReplayTest, AQuotaThatWasExceededStaysSoUntilItIsAnother) {
  PolicySource old = With("de state=DE");
  old.transfers[0].subjects_per_day = 100;
  PolicySource wider = old;
  wider.transfers[0].subjects_per_day = 1000;
  const std::vector<PastTransfer> past = {Past("203.0.113.5", 240, Verdict::kOverQuota, "de")};
  const auto before = Built(old), after = Built(wider);
  EXPECT_EQ(Replay(past, *before, nullptr).changed, 0u);
  EXPECT_EQ(Replay(past, *before, nullptr).quota_kept, 1u);
  EXPECT_EQ(Replay(past, *before, before.get()).changed, 0u);
  const ReplayOutcome out = Replay(past, *after, before.get());
  EXPECT_EQ(out.loosened, 1u);
  EXPECT_EQ(out.groups[0].before, Verdict::kOverQuota);
  old.transfers[0].subjects_per_day = 0;
  EXPECT_EQ(Replay(past, *Built(old), nullptr).loosened, 1u);  // no quota any more
}

TEST(DifferenceTest, NamesEntriesFieldsAndSections) {
  PolicySource a = With("same state=DE\ngone state=US\nother from=wards state=JP until=2026-12-01");
  PolicySource b = With("other from=branch state=JP until=2026-12-01 encrypted\nsame state=DE\nfresh state=FR");
  b.zones[0].owner = "somebody";
  const Difference d = Compare(*Built(a), *Built(b));
  EXPECT_EQ(d.added, std::vector<std::string>{"fresh"});
  EXPECT_EQ(d.removed, std::vector<std::string>{"gone"});
  ASSERT_EQ(d.changed.size(), 1u);
  EXPECT_EQ(d.changed[0].id, "other");
  ASSERT_EQ(d.changed[0].fields.size(), 2u);
  EXPECT_EQ(d.changed[0].fields[0].key, "from");
  EXPECT_EQ(d.changed[0].fields[0].before, "wards");
  EXPECT_EQ(d.changed[0].fields[1].key, "transport");
  EXPECT_EQ(d.changed[0].fields[1].before, "");
  EXPECT_EQ(d.sections, std::vector<std::string>{"zones"});
  std::reverse(a.transfers.begin(), a.transfers.end());
  std::reverse(a.zones.begin(), a.zones.end());
  EXPECT_TRUE(
      Compare(*Built(With("same state=DE\ngone state=US\nother from=wards state=JP until=2026-12-01")), *Built(a))
          .empty());
}

TEST(KeepPlacesTest, NumbersAndDigestSurviveAReload) {
  const auto before = Built(With("a state=DE\nb state=US"));
  PolicySource next = With("c state=JP\nb state=US");
  std::reverse(next.zones.begin(), next.zones.end());
  next.zones.erase(std::find_if(next.zones.begin(), next.zones.end(), [](const Zone& z) { return z.id == "lab"; }));
  const auto fresh = Built(next);
  KeepPlaces(*before, next);
  const auto kept = Built(next);
  ASSERT_EQ(kept->transfers().size(), 3u);
  EXPECT_TRUE(kept->transfers()[0].retired);  // a
  EXPECT_EQ(kept->transfers()[1].id, "b");
  EXPECT_EQ(kept->transfers()[2].id, "c");
  for (const char* address : {"10.20.4.7", "10.30.0.1", "198.51.100.7"}) {
    EXPECT_EQ(kept->Locate(Ip(address)).zone, before->Locate(Ip(address)).zone) << address;
  }
  EXPECT_EQ(kept->ZoneName(before->Locate(Ip("10.20.9.1")).zone), "lab");  // its number still names it
  EXPECT_EQ(kept->ZoneName(kept->Locate(Ip("10.20.9.1")).zone), "wards");  // and nothing is there any more
  EXPECT_EQ(kept->digest(), fresh->digest());
  EXPECT_EQ(test::Scenario("").JudgeBy(*kept).verdict, Verdict::kUnregistered);  // entry a speaks no more
  EXPECT_EQ(Compare(*before, *kept).removed, std::vector<std::string>{"a"});
  EXPECT_TRUE(Compare(*fresh, *kept).empty());
  EXPECT_TRUE(kept->EndingBefore(Day("2028-01-01")) == (std::vector<int>{1, 2}));
}

TEST(KeepPlacesTest, ARetiredEntryThatComesBackTakesItsPlace) {
  const auto first = Built(With("a state=DE"));
  PolicySource without = With("b state=US");
  KeepPlaces(*first, without);
  const auto second = Built(without);
  PolicySource again = With("a state=DE\nb state=US");
  KeepPlaces(*second, again);
  const auto third = Built(again);
  EXPECT_EQ(third->transfers()[0].id, "a");
  EXPECT_FALSE(third->transfers()[0].retired);
  EXPECT_EQ(test::Scenario("").JudgeBy(*third).verdict, Verdict::kRegistered);
  // A zone may name a retired id anew, an entry may not.
  PolicySource wrong = With("x from=gone state=DE");
  PolicySource had = With("x state=DE");
  had.zones.push_back(test::MakeZone("gone", {test::Net("10.99.0.0/16")}, "NO"));
  KeepPlaces(*Built(had), wrong);
  EXPECT_FALSE(Policy::Build(wrong, nullptr).has_value());
}

}  // namespace
}  // namespace gander::policy
