// SPDX-License-Identifier: Apache-2.0
// Holds the dashboard, the alert rules, the list in dashboards/README.md and the code together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "report/metrics/metrics.h"
#include "report/samples.h"
#include "report/summary/summary.h"
#include "support/paths.h"

namespace gander::report {
namespace {

using gander::test::ReadFile;
using gander::test::SourcePath;
using nlohmann::json;

const char* const kDirectory = "dashboards/";
const char* const kRules = "dashboards/prometheus/gander.rules.yml";

std::set<std::string> Names(const std::string& text, const std::string& expression) {
  std::set<std::string> names;
  const std::regex pattern(expression);
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) names.insert((*it)[1]);
  return names;
}

RunState StateWithoutRoomCounters() {
  RunState s = test::LiveState();
  s.counters.clear();
  return s;
}

std::set<std::string> Rendered() {
  return Names(RenderMetrics(StateWithoutRoomCounters(), {}), "# TYPE (gander_[a-z0-9_]+) ");
}

json Dashboard() { return json::parse(ReadFile(SourcePath(std::string(kDirectory) + "gander-overview.json"))); }

std::vector<std::string> Expressions() {
  std::vector<std::string> out;
  const json dashboard = Dashboard();
  for (const json& panel : dashboard["panels"]) {
    for (const json& target : panel.value("targets", json::array())) out.push_back(target["expr"].get<std::string>());
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
  const std::set<std::string> rendered = Rendered();
  std::string used = ReadFile(SourcePath(kRules));
  for (const std::string& expression : Expressions()) used += expression + "\n";
  const auto names = Names(used, "\\b(gander_[a-z0-9_]+)");
  EXPECT_GT(names.size(), 20u);
  for (const std::string& name : names) EXPECT_TRUE(rendered.contains(name)) << name;
}

TEST(Dashboards, EveryMetricIsInTheReadmeAndTheReverse) {
  EXPECT_EQ(Names(ReadFile(SourcePath("dashboards/README.md")), "\\| `(gander_[a-z0-9_]+)` \\|"), Rendered());
}

TEST(Dashboards, StructureIsWhatGrafanaExpects) {
  const json dashboard = Dashboard();
  EXPECT_EQ(dashboard["schemaVersion"], 39);
  EXPECT_EQ(dashboard["uid"], "gander-overview");
  EXPECT_FALSE(dashboard.contains("id"));
  const std::set<std::string> types{"row", "timeseries", "stat", "gauge", "bargauge", "table"};
  std::set<int> ids;
  std::set<std::pair<int, int>> cells;
  for (const json& panel : dashboard["panels"]) {
    const std::string title = panel["title"];
    EXPECT_TRUE(ids.insert(panel["id"].get<int>()).second) << title;
    EXPECT_TRUE(types.contains(panel["type"].get<std::string>())) << title;
    const json& place = panel["gridPos"];
    for (int x = place["x"]; x < place["x"].get<int>() + place["w"].get<int>(); ++x) {
      EXPECT_LT(x, 24) << title;
      for (int y = place["y"]; y < place["y"].get<int>() + place["h"].get<int>(); ++y) {
        EXPECT_TRUE(cells.insert({x, y}).second) << title << " overlaps";
      }
    }
    if (panel["type"] == "row") continue;
    EXPECT_EQ(panel["datasource"]["uid"], "${datasource}") << title;
    EXPECT_FALSE(panel["fieldConfig"]["defaults"]["unit"].get<std::string>().empty()) << title;
    EXPECT_FALSE(panel["description"].get<std::string>().empty()) << title;
    std::set<std::string> references;
    for (const json& target : panel["targets"]) {
      EXPECT_EQ(target["datasource"]["uid"], "${datasource}") << title;
      EXPECT_TRUE(references.insert(target["refId"].get<std::string>()).second) << title;
    }
  }
}

TEST(Dashboards, RatesUseTheScrapeIntervalAndTransferTotalsAreNotRated) {
  for (const std::string& e : Expressions()) {
    EXPECT_EQ(e.find("rate(") != std::string::npos, e.find("$__rate_interval") != std::string::npos) << e;
    EXPECT_EQ(std::regex_search(e, std::regex("(rate|increase)\\(gander_transfer_bytes_total")), false) << e;
  }
}

TEST(Dashboards, PrometheusReadsEachExpression) {
  if (!Installed("promtool")) GTEST_SKIP() << "promtool is not installed";
  json rules = json::array();
  for (std::string e : Expressions()) {
    e = std::regex_replace(e, std::regex("\\$__rate_interval"), "1m");
    e = std::regex_replace(e, std::regex("\\$instance"), ".*");
    rules.push_back({{"record", "panel:x" + std::to_string(rules.size())}, {"expr", e}});
  }
  // JSON is YAML.
  const TemporaryFile file(json{{"groups", {{{"name", "panels"}, {"rules", rules}}}}}.dump());
  EXPECT_EQ(std::system(("promtool check rules " + file.path() + " >/dev/null").c_str()), 0);
}

TEST(Dashboards, AlertRulesPassTheirTests) {
  if (!Installed("promtool")) GTEST_SKIP() << "promtool is not installed";
  const std::string directory = SourcePath("dashboards/prometheus");
  EXPECT_EQ(std::system(("cd '" + directory + "' && promtool test rules gander.rules_test.yml >/dev/null").c_str()), 0);
}

TEST(Dashboards, PromtoolFindsNothingToSayAboutAScrape) {
  if (!Installed("promtool")) GTEST_SKIP() << "promtool is not installed";
  const TemporaryFile file(RenderMetrics(test::LiveState(), {}));
  EXPECT_EQ(std::system(("promtool check metrics < " + file.path()).c_str()), 0);
}

}  // namespace
}  // namespace gander::report
