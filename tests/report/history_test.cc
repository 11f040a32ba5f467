// SPDX-License-Identifier: Apache-2.0
// What a run wrote and what is read back of it are one.
#include "report/history/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/events/blind_spot_event.h"
#include "report/events/eve_writer.h"
#include "report/events/stats_event.h"
#include "report/samples.h"
#include "report/summary/summary.h"
#include "report/words.h"
#include "support/pcap_builder.h"

namespace gander::report {
namespace {

using test::kStart;
using test::LiveState;
using test::SampleAlert;
using test::SampleState;
using test::SampleTransfer;
using ::testing::HasSubstr;
using ::testing::Not;

std::shared_ptr<const policy::Policy> PolicyOf(const RunState& state) {
  policy::PolicySource source;
  source.name = state.policy_name;
  source.version = state.policy_version;
  policy::Zone wards;
  wards.id = "wards";
  IpPrefix net;
  if (!IpPrefix::Parse("10.20.0.0/16", net)) ADD_FAILURE();
  wards.nets = {net};
  wards.jurisdiction = {{'N', 'O'}};
  wards.kind = "office";
  source.zones = {wards};
  auto policy = policy::Policy::Build(std::move(source), nullptr);
  if (!policy) ADD_FAILURE() << policy.error().ToString();
  return policy.value_or(nullptr);
}

// What a run that ended in `state` would have written.
std::string LinesOf(const RunState& state, const std::string& sensor = {}) {
  const EveWriter writer({sensor, true});
  const auto policy = PolicyOf(state);
  std::string out;
  for (const auto& t : state.transfers) writer.Append(ToEvent(t, *policy, t.last_seen), out);
  for (const auto& a : state.raised) writer.Append(ToEvent(a, policy.get()), out);
  for (const Shedding& s : state.shedding) writer.Append(ToEvent(BlindSpot{s, "", ""}, s.begin), out);
  for (const auto& [port, problem] : state.broken_ports) {
    writer.Append(ToEvent(BlindSpot{{}, port, problem}, state.first_packet), out);
  }
  writer.Append(ToStatsEvent(state, state.last_packet), out);
  return out;
}

RunState ReadBack(const std::string& lines, const HistoryOptions& options = {}, HistoryCounters* counters = nullptr) {
  History history(options);
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    history.OnLine(std::string_view(lines).substr(at, end - at));
    at = end + 1;
  }
  if (counters != nullptr) *counters = history.counters();
  return history.Finish();
}

// The summary but for what only the run itself knows.
nlohmann::json Figures(const RunState& state) {
  auto json = nlohmann::json::parse(JsonSummary(state));
  json.erase("events");
  return json;
}

TEST(History, AFinishedRunReadsBackAsItWas) {
  RunState s = SampleState();
  for (auto& t : test::Collected()) s.transfers.push_back(t);
  s.meters = {{"to-de", "Act 7", "notice", "health", {{'D', 'E'}}, 100, {82, 82, 82}, true, true, kStart}};
  s.zone_own = {true};
  for (auto& t : s.transfers) t.basis = t.entry_id.empty() ? "" : t.basis;
  s.sinks.clear();  // sinks of a run are no matter of its past
  const RunState back = ReadBack(LinesOf(s));
  // The order of what is alike in size is the reader's.
  auto before = Figures(s), after = Figures(back);
  const auto sorted = [](nlohmann::json& j) {
    for (auto& m : j["movements"]) m.erase("transfers");
    std::sort(j["transfers"].begin(), j["transfers"].end(), [](const auto& a, const auto& b) { return a.dump() < b.dump(); });
  };
  sorted(before), sorted(after);
  EXPECT_EQ(before, after) << nlohmann::json::diff(before, after);
  ASSERT_EQ(back.meters.size(), 1u);
  EXPECT_EQ(back.meters[0].people.low, 82u);
  EXPECT_EQ(back.meters[0].duty, "notice");
}

TEST(History, ALiveRunReadsBackAsItWas) {
  RunState s = LiveState();
  s.zone_own = {true};
  s.finished = false;
  const RunState back = ReadBack(LinesOf(s));
  EXPECT_EQ(NotSeen(s), NotSeen(back));
  EXPECT_EQ(Figures(s)["capture"], Figures(back)["capture"]);
}

TEST(History, ThePageOfEventsHasTheFiguresOfThePageOfTheRun) {
  RunState s = SampleState();
  s.zone_own = {true};
  const auto figures = [](const std::string& page) {
    return page.substr(page.find("<header>"), page.find("<h2 id=\"method\"") - page.find("<header>"));
  };
  EXPECT_EQ(figures(HtmlReport(s)), figures(HtmlReport(ReadBack(LinesOf(s)))));
}

TEST(History, SessionsOfTwoAreOneMovementWithinBounds) {
  RunState s = SampleState();
  detect::TransferSummary later = s.transfers[0];
  later.first_seen = kStart + Duration::Seconds(3600);
  later.last_seen = kStart + Duration::Seconds(3700);
  later.subjects = {100, 100, 100};
  later.types = {{"no.fnr", {100, 100, 100}, 100}};
  s.transfers = {s.transfers[0], later};
  const RunState back = ReadBack(LinesOf(s));
  ASSERT_EQ(back.transfers.size(), 1u);
  EXPECT_EQ(back.sessions[0], 2u);
  EXPECT_EQ(back.transfers[0].subjects.low, 412u);
  EXPECT_EQ(back.transfers[0].subjects.high, 512u);
  EXPECT_EQ(back.transfers[0].bytes, 24'800'000u);
  const Movements movements = GroupTransfers(back);
  EXPECT_EQ(MovedPeople(movements.all[0]), "412–512 people");
  EXPECT_THAT(Bounds(movements.all[0]), HasSubstr("at most the sum of 2"));
}

TEST(History, RunsAndSensorsAreAddedUp) {
  RunState one = SampleState(), next = SampleState();
  next.first_packet = one.last_packet + Duration::Seconds(100);
  next.last_packet = next.first_packet + Duration::Seconds(50);
  next.source = "eth1";
  const RunState back = ReadBack(LinesOf(one, "a") + LinesOf(next, "a") + LinesOf(one, "b"));
  EXPECT_EQ(back.ledger.received, 3 * one.ledger.received);
  EXPECT_EQ(back.ledger.Sum(), back.ledger.received);
  EXPECT_EQ(back.flows_total, 3 * one.flows_total);
  EXPECT_EQ(back.past->runs, 3u);
  EXPECT_EQ(back.source, "demo.pcap, eth1");
  EXPECT_EQ(back.last_packet, next.last_packet);
}

TEST(History, AStretchIsTheLastReadingLessTheOneBeforeIt) {
  RunState before = SampleState(), within = SampleState(), after = SampleState();
  before.last_packet = kStart + Duration::Seconds(60);
  within.last_packet = kStart + Duration::Seconds(120);
  after.last_packet = kStart + Duration::Seconds(180);
  within.ledger.Merge(before.ledger);
  after.ledger.Merge(within.ledger);
  const EveWriter writer({});
  std::string lines;
  for (const RunState* s : {&before, &within, &after}) writer.Append(ToStatsEvent(*s, s->last_packet), lines);
  HistoryOptions options;
  options.from = kStart + Duration::Seconds(90);
  options.to = kStart + Duration::Seconds(150);
  const RunState back = ReadBack(lines, options);
  EXPECT_EQ(back.ledger.received, before.ledger.received);
  EXPECT_EQ(back.ledger.packets, before.ledger.packets);
  EXPECT_EQ(back.first_packet, before.last_packet);
  EXPECT_EQ(back.last_packet, within.last_packet);
  EXPECT_TRUE(back.past->stretch);
}

TEST(History, EventsOfAnotherTimeAreLeftOut) {
  HistoryOptions options;
  options.from = kStart + Duration::Seconds(10'000);
  HistoryCounters counters;
  const RunState back = ReadBack(LinesOf(SampleState()), options, &counters);
  EXPECT_TRUE(back.transfers.empty());
  EXPECT_TRUE(back.raised.empty());
  EXPECT_FALSE(back.past->counted);
  EXPECT_EQ(counters.used, 0u);
  EXPECT_THAT(HtmlReport(back), HasSubstr("How much traffic there was is not known."));
}

TEST(History, DamagedLinesAreCountedAndTold) {
  const std::string good = LinesOf(SampleState());
  std::string lines = good;
  lines += good.substr(0, good.size() / 3);  // cut, as by a full disk
  lines += "\n{\"event_type\":\"transfer\"}\n[1]\nnot json\n{\"event_type\":\"alert\",\"alert\":3}\n\n";
  lines += "{\"timestamp\":\"2026-11-24T09:30:00.000000+0000\",\"event_type\":\"transfer\",\"transfer\":[]}\n";
  lines += "{\"event_type\":\"stats\",\"timestamp\":\"2026-11-24T09:30:00.000000+0000\",\"stats\":{},\"gander\":{}}\n";
  lines += "{\"event_type\":\"http\",\"timestamp\":\"x\"}\n";
  HistoryCounters counters;
  const RunState back = ReadBack(lines, {}, &counters);
  EXPECT_EQ(counters.damaged, 7u);
  EXPECT_EQ(counters.other, 1u);
  EXPECT_THAT(HtmlReport(back), HasSubstr("7 lines of the event files cannot be read"));
}

TEST(History, WhatIsKeptIsBounded) {
  HistoryOptions options;
  options.max_transfers = 100;
  options.shown_transfers = 20;
  options.shown_alerts = 5;
  RunState s = SampleState();
  s.transfers.clear();
  for (std::uint64_t i = 0; i < 1000; ++i) {
    s.transfers.push_back(SampleTransfer(policy::Verdict::kUnregistered, 1 + i));
    s.transfers.back().recipient_domain = "host-" + std::to_string(i) + ".example";
  }
  s.raised.assign(50, SampleAlert());
  for (auto& a : s.raised) a.severity = detect::Severity::kLow;
  s.raised.back().severity = detect::Severity::kCritical;
  const RunState back = ReadBack(LinesOf(s), options);
  EXPECT_EQ(back.transfers.size(), 20u);
  EXPECT_EQ(back.transfers[0].subjects.estimate, 1000u);
  EXPECT_EQ(back.transfers_not_shown, 980u);
  EXPECT_EQ(back.raised.size(), 5u);
  EXPECT_EQ(AlertsRaised(back), 50u);
  EXPECT_EQ(back.raised[AlertOrder(back)[0]].severity, detect::Severity::kCritical);
}

TEST(History, HostileEventsStayText) {
  RunState s = SampleState();
  s.source = "<script>alert(1)</script>";
  s.transfers[0].recipient_domain = "x</td><script>\xe2\x80\xae";
  s.transfers[0].why = "\"><img src=x>";
  s.raised[0].signature = "GANDER <svg onload=x>";
  const std::string page = HtmlReport(ReadBack(LinesOf(s)));
  for (const char* part : {"<script", "<img", "<svg onload", "\xe2\x80\xae"}) EXPECT_THAT(page, Not(HasSubstr(part)));
}

TEST(History, AnyBytesAreSurvived) {
  const std::string good = LinesOf(LiveState());
  for (std::size_t i = 0; i < good.size(); i += 61) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    JsonSummary(ReadBack(bad));
  }
  ReadBack(std::string(100'000, '['));
  ReadBack("{\"event_type\":\"stats\"," + std::string(50'000, '[') + "}");
}

TEST(History, ReadsFilesWithoutALastNewlineAndWithLinesTooLong) {
  const std::string lines = LinesOf(SampleState());
  const gander::test::TemporaryFile file(lines.substr(0, lines.size() - 1) + "\n{\"event_type\":\"stats\"" + std::string(9000, ' ') + "}");
  HistoryOptions options;
  options.max_line = 8192;
  History history(options);
  ASSERT_TRUE(history.ReadFile(file.path()));
  EXPECT_EQ(history.counters().damaged, 1u);
  EXPECT_THAT(history.counters().first_damaged, HasSubstr(":5"));
  EXPECT_EQ(history.Finish().transfers.size(), 2u);
  EXPECT_FALSE(History({}).ReadFile("/no/such/file"));
}

TEST(History, FilesAreReadOldestFirst) {
  RunState early = SampleState(), late = SampleState();
  late.last_packet = early.last_packet + Duration::Seconds(86'400);
  for (auto& t : late.transfers) t.last_seen = late.last_packet;
  const gander::test::TemporaryFile first(LinesOf(early)), second(LinesOf(late)), none("");
  EXPECT_EQ(OldestFirst({none.path(), second.path(), first.path()}),
            (std::vector<std::string>{first.path(), second.path(), none.path()}));
}

TEST(History, DeathsAndFlowsLeftOutAreAmongTheChanges) {
  const EveWriter writer({"", true});
  std::string lines;
  BlindSpot spot;
  spot.restart = RestartGap{"crash", "SIGSEGV", 1, "", test::kStart, test::kStart + Duration::Seconds(1)};
  writer.Append(ToEvent(spot, test::kStart + Duration::Seconds(5)), lines);
  spot = {};
  spot.flow = PoisonFlow{test::kStart + Duration::Seconds(6), {}, "", "00c0ffee00c0ffee", 2};
  writer.Append(ToEvent(spot, test::kStart), lines);
  const RunState state = ReadBack(lines);
  ASSERT_EQ(state.changes.size(), 2u);
  EXPECT_NE(state.changes[0].text.find("died (crash, SIGSEGV)"), std::string::npos) << state.changes[0].text;
  EXPECT_NE(state.changes[1].text.find("Flow 00c0ffee00c0ffee"), std::string::npos) << state.changes[1].text;
  EXPECT_TRUE(state.shedding.empty());
}

}  // namespace
}  // namespace gander::report
