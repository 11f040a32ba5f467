// SPDX-License-Identifier: Apache-2.0
// The room's own events against the published schema, by an independent validator.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "report/events/blind_spot_event.h"
#include "report/events/eve_writer.h"
#include "report/events/policy_reload_event.h"
#include "report/events/rules_reload_event.h"
#include "report/events/stats_event.h"
#include "report/samples.h"
#include "report/summary/summary.h"
#include "support/paths.h"

namespace gander::report {
namespace {

constexpr int kNoValidator = 77;

int Validate(const std::string& lines) {
  const std::string path = ::testing::TempDir() + "gander-events-" + std::to_string(::getpid()) + ".jsonl";
  if (!WriteFile(path, lines)) return -1;
  const std::string script = gander::test::SourcePath("tests/report/validate_events.py");
  const int status = std::system(("python3 '" + script + "' " + path).c_str());
  std::filesystem::remove(path);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::shared_ptr<const policy::Policy> SamplePolicy() {
  policy::PolicySource source;
  source.file = "policy.yaml";
  source.name = "hospital-edge";
  source.version = 12;
  policy::Zone wards;
  wards.id = "wards";
  IpPrefix net;
  if (!IpPrefix::Parse("10.20.0.0/16", net)) ADD_FAILURE();
  wards.nets = {net};
  wards.jurisdiction = {{'N', 'O'}};
  wards.kind = "office";
  source.zones = {wards};
  policy::TransferEntry entry;
  entry.id = "lab-billing";
  entry.from = "wards";
  entry.to_domains = {"lab.example"};
  entry.basis = {"contract", "DPA-2291", ""};
  entry.purpose = "billing";
  entry.not_before = test::kStart;
  entry.until = test::kStart + Duration::Seconds(30 * 86400);
  source.transfers = {entry};
  auto policy = policy::Policy::Build(std::move(source), nullptr);
  if (!policy) ADD_FAILURE() << policy.error().ToString();
  return policy.value_or(nullptr);
}

void AppendReloads(const EveWriter& writer, std::string& out) {
  PolicyReload policy;
  policy.good = true;
  policy.name = "hospital-edge";
  policy.old_version = 12;
  policy.version = 13;
  policy.difference.added = {"lab-2"};
  policy.difference.removed = {"lab-1"};
  policy.difference.changed = {{"lab-billing", {{"until", "2026-12-24", "2027-12-24"}}}};
  policy.difference.sections = {"zones"};
  writer.Append(ToEvent(policy, test::kStart), out);
  PolicyReload failed;
  failed.problem = "policy.yaml:4: `QQ` is no country";
  writer.Append(ToEvent(failed, test::kStart), out);
  RulesReload rules;
  rules.good = true;
  rules.rules = 2;
  writer.Append(ToEvent(rules, test::kStart), out);
  rules.good = false;
  rules.problem = "rules.yaml:4: unknown key";
  writer.Append(ToEvent(rules, test::kStart), out);
}

void AppendDeaths(const EveWriter& writer, std::string& out) {
  BlindSpot spot;
  const Timestamp second = test::kStart + Duration::Seconds(1);
  spot.restart = RestartGap{"crash", "SIGSEGV", 2, "00c0ffee00c0ffee", test::kStart, second};
  writer.Append(ToEvent(spot, test::kStart), out);
  spot.restart = RestartGap{"exit", "", 1, "", test::kStart, test::kStart};
  writer.Append(ToEvent(spot, test::kStart), out);
  spot = {};
  const FiveTuple tuple = test::Tuple("10.0.0.1", 40000, "198.51.100.1", 80, ip_proto::kTcp);
  spot.flow = PoisonFlow{test::kStart, tuple, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", "00c0ffee00c0ffee", 2};
  writer.Append(ToEvent(spot, test::kStart), out);
}

std::string Lines() {
  const EveWriter writer({"probe", true});
  std::string out;
  writer.Append(ToEvent(test::SampleAlert()), out);
  writer.Append(ToStatsEvent(test::SampleState(), test::kStart), out);
  writer.Append(ToStatsEvent(RunState{}, test::kStart), out);
  writer.Append(ToStatsEvent(test::LiveState(), test::kStart), out);
  for (const Shedding& span : test::LiveState().shedding)
    writer.Append(ToEvent(BlindSpot{span, "", ""}, test::kStart), out);
  writer.Append(ToEvent(BlindSpot{{}, "eth1", "the interface broke off"}, test::kStart), out);
  writer.Append(ToEvent(BlindSpot{{}, "eth1", ""}, test::kStart), out);
  AppendDeaths(writer, out);
  const auto policy = SamplePolicy();
  for (const auto& t : test::SampleState().transfers) writer.Append(ToEvent(t, *policy, test::kStart), out);
  AppendReloads(writer, out);
  Event anomaly;
  anomaly.type = "anomaly";
  anomaly.body.BeginObject("anomaly").String("type", "decode").String("event", "ipv4.trunc_pkt").EndObject();
  writer.Append(anomaly, out);
  Event dns;
  dns.type = "mdns";
  dns.has_tuple = true;
  dns.flow_id = 5;
  dns.tuple = test::Tuple("10.0.0.1", 5353, "224.0.0.251", 5353, ip_proto::kUdp);
  dns.body.BeginObject("mdns").String("type", "request").BeginArray("queries").BeginObject();
  dns.body.String("rrname", "printer\xff.local").EndObject().EndArray().EndObject();
  writer.Append(dns, out);
  return out;
}

TEST(Schema, OwnEventsAreValid) {
  const int status = Validate(Lines());
  if (status == kNoValidator) GTEST_SKIP() << "python3-jsonschema is not installed";
  EXPECT_EQ(status, 0);
}

TEST(Schema, AReloadWithoutItsObjectFails) {
  for (const char* type : {"policy_reload", "rules_reload"}) {
    const int status = Validate(std::string(R"({"timestamp":"2026-11-24T09:30:00.000123+0000","event_type":")") + type +
                                "\"}\n");
    if (status == kNoValidator) GTEST_SKIP() << "python3-jsonschema is not installed";
    EXPECT_EQ(status, 1) << type;
  }
}

TEST(Schema, CanFail) {
  const int status = Validate("{\"timestamp\":\"2026-11-24T09:30:00.000123Z\",\"event_type\":\"alert\"}\n");
  if (status == kNoValidator) GTEST_SKIP() << "python3-jsonschema is not installed";
  EXPECT_EQ(status, 1);
}

TEST(TransferEvent, NamesZonesVerdictAndBasis) {
  const auto policy = SamplePolicy();
  ASSERT_NE(policy, nullptr);
  const auto transfers = test::SampleState().transfers;
  std::string line;
  EveWriter({}).Append(ToEvent(transfers[1], *policy, test::kStart), line);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["event_type"], "transfer");
  EXPECT_EQ(json["src_ip"], "10.20.4.8");
  EXPECT_FALSE(json.contains("proto")) << "many flows";
  const auto& transfer = json["transfer"];
  EXPECT_EQ(transfer["direction"], "outbound");
  EXPECT_EQ(transfer["from"]["zone"], "wards");
  EXPECT_EQ(transfer["to"]["domain"], "lab.example");
  EXPECT_EQ(transfer["subjects"]["estimate"], 24);
  EXPECT_EQ(transfer["permitted"], true);
  EXPECT_EQ(transfer["basis"]["id"], "lab-billing");
  EXPECT_EQ(transfer["basis"]["expires"], "2026-12-24T09:30:00.000000+0000");
  EXPECT_EQ(transfer["policy"]["name"], "hospital-edge");
}

TEST(StatsEvent, GroupsCountersAndHoldsTheLedger) {
  RunState s = test::SampleState();
  s.counters.push_back({"tcp", "sessions", "", 12});
  std::string line;
  EveWriter({}).Append(ToStatsEvent(s, test::kStart), line);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["stats"]["uptime"], 72);
  EXPECT_EQ(json["stats"]["tcp"]["sessions"], 100) << "counters of one name are added up";
  EXPECT_EQ(json["stats"]["capture"]["kernel_packets"], 12345);
  EXPECT_EQ(json["stats"]["app_layer"]["flow"]["http"], 40);
  EXPECT_EQ(json["gander"]["ledger"]["sum"], json["gander"]["ledger"]["received"]);
  EXPECT_EQ(json["gander"]["ledger"]["bytes"]["lost"]["truncated"], 456);
  EXPECT_EQ(json["gander"]["findings"].size(), 3u);
}

TEST(StatsEvent, SaysOfEachQueueWhatItLost) {
  std::string line;
  EveWriter({}).Append(ToStatsEvent(test::LiveState(), test::kStart), line);
  const auto json = nlohmann::json::parse(line);
  const auto& capture = json["stats"]["capture"];
  ASSERT_EQ(capture["queues"].size(), 3u);
  EXPECT_EQ(capture["queues"][0]["no_buffer"], 11);
  EXPECT_EQ(capture["queues"][0]["ring_full"], 19);
  EXPECT_EQ(capture["queues"][1]["stalled"], true);
  EXPECT_EQ(capture["no_buffer"], 11);
  EXPECT_EQ(json["gander"]["shedding"]["seconds"], 24);
  EXPECT_EQ(json["gander"]["shedding"]["workers"][1]["level"], "large_bodies");
}

TEST(StatsEvent, OfAFileKnowsNoQueues) {
  std::string line;
  EveWriter({}).Append(ToStatsEvent(test::SampleState(), test::kStart), line);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["stats"]["capture"].size(), 3u);
  EXPECT_FALSE(json["gander"].contains("shedding"));
}

TEST(BlindSpotEvent, HasBeginEndAndCost) {
  std::string line;
  EveWriter({}).Append(ToEvent(BlindSpot{test::LiveState().shedding[0], "", ""}, test::kStart), line);
  const auto spot = nlohmann::json::parse(line)["blind_spot"];
  EXPECT_EQ(spot["state"], "ended");
  EXPECT_EQ(spot["begin"], "2026-11-24T09:30:00.000000+0000");
  EXPECT_EQ(spot["end"], "2026-11-24T09:30:12.000000+0000");
  EXPECT_EQ(spot["level"], "all_but_first");
  EXPECT_EQ(spot["bytes_left_out"], 3'400'000);
  EXPECT_EQ(spot["packets_lost"], 5);
}

TEST(StatsEvent, OutlivesItsState) {
  Event event;
  {
    RunState s = test::SampleState();
    s.counters = {{"decoder", std::string("a_long_name_that_is_made_at_") + "run_time", "", 1}};
    event = ToStatsEvent(s, test::kStart);
  }
  std::string line;
  EveWriter({}).Append(event, line);
  EXPECT_EQ(nlohmann::json::parse(line)["stats"]["decoder"]["a_long_name_that_is_made_at_run_time"], 1);
}

}  // namespace
}  // namespace gander::report
