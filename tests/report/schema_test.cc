// SPDX-License-Identifier: Apache-2.0
// The room's own events against the published schema, by an independent validator.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "report/eve_writer.h"
#include "report/samples.h"
#include "report/stats_event.h"
#include "report/summary.h"
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

std::string Lines() {
  const EveWriter writer({"probe", true});
  std::string out;
  writer.Append(ToEvent(test::SampleAlert()), out);
  writer.Append(ToStatsEvent(test::SampleState(), test::kStart), out);
  writer.Append(ToStatsEvent(RunState{}, test::kStart), out);
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

TEST(Schema, CanFail) {
  const int status = Validate("{\"timestamp\":\"2026-11-24T09:30:00.000123Z\",\"event_type\":\"alert\"}\n");
  if (status == kNoValidator) GTEST_SKIP() << "python3-jsonschema is not installed";
  EXPECT_EQ(status, 1);
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
