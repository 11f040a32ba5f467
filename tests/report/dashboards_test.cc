// SPDX-License-Identifier: Apache-2.0
// Holds the dashboards, the rules, dashboards/METRICS.md and the code together. tests/dashboards/query_test.py does the
// same with a real sensor and a real Prometheus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "report/metrics/metrics.h"
#include "report/metrics/process_state.h"
#include "report/samples.h"
#include "report/summary/summary.h"
#include "support/paths.h"

namespace gander::report {
namespace {

using gander::test::ReadFile;
using gander::test::SourcePath;
using Json = nlohmann::json;

const char* const kDirectory = "dashboards/";
const char* const kRules = "dashboards/prometheus/gander.rules.yml";

std::set<std::string> Names(const std::string& text, const std::string& expression) {
  std::set<std::string> names;
  const std::regex pattern(expression);
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) names.insert((*it)[1]);
  return names;
}

// What every live sensor serves, without the rooms' own counters.
std::set<std::string> Rendered() {
  RunState s = test::LiveState();
  s.counters.clear();
  ProcessState process;
  process.known = process.clock_known = true;
  process.certificate_ends_s = 1'803'513'600;
  return Names(RenderMetrics(s, {}, &process), "# TYPE ((?:gander|process)_[a-z0-9_]+) ");
}

std::set<std::string> Listed() {
  return Names(ReadFile(SourcePath("dashboards/METRICS.md")), "\\| `((?:gander|process)_[a-z0-9_]+)` \\|");
}

std::vector<Json> Boards() {
  std::vector<Json> out;
  for (const char* name : {"overview", "flows", "people", "detections", "capture", "policy"}) {
    out.push_back(Json::parse(ReadFile(SourcePath(std::string(kDirectory) + "gander-" + name + ".json"))));
    EXPECT_EQ(out.back()["uid"], std::string("gander-") + name);
  }
  return out;
}

std::vector<std::string> Expressions() {
  std::vector<std::string> out;
  for (const Json& dashboard : Boards()) {
    for (const Json& panel : dashboard["panels"]) {
      for (const Json& target : panel.value("targets", Json::array())) out.push_back(target["expr"].get<std::string>());
    }
  }
  return out;
}

bool Installed(const char* program) {
  return std::system((std::string("command -v ") + program + " >/dev/null 2>&1").c_str()) == 0;
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text)
      : path_(::testing::TempDir() + "gander-" + std::to_string(::getpid()) + "-rules.yml") {
    if (!WriteFile(path_, text)) ADD_FAILURE() << path_;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(Dashboards, EveryMetricUsedExists) {
  const std::set<std::string> listed = Listed();
  std::string used = ReadFile(SourcePath(kRules));
  for (const std::string& expression : Expressions()) used += expression + "\n";
  const auto names = Names(used, "\\b((?:gander|process)_[a-z0-9_]+)");
  EXPECT_GT(names.size(), 50u);
  for (const std::string& name : names) EXPECT_TRUE(listed.contains(name)) << name;
}

TEST(Dashboards, EveryRecordedSeriesIsUsedAndTheReverse) {
  const std::string rules = ReadFile(SourcePath(kRules));
  std::string used = std::regex_replace(rules, std::regex("record: \\S+"), "");
  for (const std::string& expression : Expressions()) used += expression + "\n";
  EXPECT_EQ(Names(rules, "record: (\\S+)"), [&] {
    std::set<std::string> out = Names(used, "\\b(gander:[a-z0-9_:]+)");
    out.insert("gander:ledger_bytes:rate5m");  // for other people's dashboards
    return out;
  }());
}

TEST(Dashboards, EveryMetricIsListed) {
  const std::set<std::string> listed = Listed();
  for (const std::string& name : Rendered()) EXPECT_TRUE(listed.contains(name)) << name << ": query_test.py --write";
}

TEST(Dashboards, EachIsWhatItsDescriptionMakes) {
  EXPECT_EQ(std::system(("python3 -B '" + SourcePath("dashboards/make.py") + "' --check").c_str()), 0);
}

void ExpectVariables(const Json& dashboard) {
  std::set<std::string> names;
  for (const Json& v : dashboard["templating"]["list"]) names.insert(v["name"].get<std::string>());
  EXPECT_EQ(names, (std::set<std::string>{"datasource", "instance"}));
}

// No panel lies on another, none beyond the 24th column.
void ExpectRoom(const Json& panel, std::set<std::pair<int, int>>& cells) {
  const Json& place = panel["gridPos"];
  for (int x = place["x"]; x < place["x"].get<int>() + place["w"].get<int>(); ++x) {
    EXPECT_LT(x, 24) << panel["title"];
    for (int y = place["y"]; y < place["y"].get<int>() + place["h"].get<int>(); ++y) {
      EXPECT_TRUE(cells.insert({x, y}).second) << panel["title"] << " overlaps";
    }
  }
}

void ExpectQueries(const Json& panel) {
  const std::string title = panel["title"];
  EXPECT_EQ(panel["datasource"]["uid"], "${datasource}") << title;
  EXPECT_FALSE(panel["fieldConfig"]["defaults"]["unit"].get<std::string>().empty()) << title;
  EXPECT_GT(panel["description"].get<std::string>().size(), 5u) << title;
  EXPECT_FALSE(panel["targets"].empty()) << title;
  std::set<std::string> references;
  for (const Json& target : panel["targets"]) {
    EXPECT_EQ(target["datasource"]["uid"], "${datasource}") << title;
    EXPECT_TRUE(references.insert(target["refId"].get<std::string>()).second) << title;
    EXPECT_THAT(target["expr"].get<std::string>(), ::testing::HasSubstr("$instance")) << title;
  }
}

TEST(Dashboards, StructureIsWhatGrafanaExpects) {
  const std::set<std::string> types{"row", "timeseries", "stat", "gauge", "bargauge", "table", "text"};
  std::set<std::string> used;
  for (const Json& dashboard : Boards()) {
    EXPECT_EQ(dashboard["schemaVersion"], 39);
    EXPECT_FALSE(dashboard.contains("id"));
    ExpectVariables(dashboard);
    std::set<int> ids;
    std::set<std::pair<int, int>> cells;
    for (const Json& panel : dashboard["panels"]) {
      EXPECT_TRUE(ids.insert(panel["id"].get<int>()).second) << panel["title"];
      EXPECT_TRUE(types.contains(panel["type"].get<std::string>())) << panel["title"];
      used.insert(panel["type"].get<std::string>());
      ExpectRoom(panel, cells);
      if (panel["type"] != "row" && panel["type"] != "text") ExpectQueries(panel);
    }
  }
  EXPECT_EQ(used, types);
}

TEST(Dashboards, RatesUseTheScrapeIntervalAndTransferTotalsAreNotRated) {
  for (const std::string& e : Expressions()) {
    EXPECT_EQ(std::regex_search(e, std::regex("\\brate\\(")), e.find("$__rate_interval") != std::string::npos) << e;
    EXPECT_EQ(std::regex_search(e, std::regex("(rate|increase)\\(gander_transfer_bytes_total")), false) << e;
  }
}

TEST(Dashboards, EachAlertIsTestedBothWays) {
  const std::string directory = "dashboards/prometheus/";
  const std::string tests = ReadFile(SourcePath(directory + "gander.rules_test.yml")) +
                            ReadFile(SourcePath(directory + "gander.upkeep_rules_test.yml"));
  const auto alerts = Names(ReadFile(SourcePath(kRules)), "- alert: (\\w+)");
  EXPECT_GT(alerts.size(), 20u);
  EXPECT_EQ(Names(tests, "alertname: (\\w+)\n +exp_alerts: \\[\\]"), alerts) << "silent";
  EXPECT_EQ(Names(tests, "alertname: (\\w+)\n +exp_alerts:\n"), alerts) << "told";
}

TEST(Dashboards, PrometheusReadsEachExpression) {
  if (!Installed("promtool")) GTEST_SKIP() << "promtool is not installed";
  Json rules = Json::array();
  for (std::string e : Expressions()) {
    e = std::regex_replace(e, std::regex("\\$__rate_interval"), "1m");
    e = std::regex_replace(e, std::regex("\\$instance"), ".*");
    rules.push_back({{"record", "panel:x" + std::to_string(rules.size())}, {"expr", e}});
  }
  // JSON is YAML.
  const TemporaryFile file(Json{{"groups", {{{"name", "panels"}, {"rules", rules}}}}}.dump());
  EXPECT_EQ(std::system(("promtool check rules " + file.path() + " >/dev/null").c_str()), 0);
}

TEST(Dashboards, AlertRulesPassTheirTests) {
  if (!Installed("promtool")) GTEST_SKIP() << "promtool is not installed";
  const std::string directory = SourcePath("dashboards/prometheus");
  const std::string tests = "promtool test rules gander.rules_test.yml gander.upkeep_rules_test.yml";
  EXPECT_EQ(std::system(("cd '" + directory + "' && promtool check rules gander.rules.yml && " + tests).c_str()), 0);
}

TEST(Dashboards, PromtoolFindsNothingToSayAboutAScrape) {
  if (!Installed("promtool")) GTEST_SKIP() << "promtool is not installed";
  const TemporaryFile file(RenderMetrics(test::LiveState(), {}));
  EXPECT_EQ(std::system(("promtool check metrics < " + file.path()).c_str()), 0);
}

}  // namespace
}  // namespace gander::report
