// SPDX-License-Identifier: Apache-2.0
// Baselines frozen, thawed and forgotten, and the requests that ask for it.
#include "detect/state/baseline.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "detect/script.h"
#include "detect/state/baseline_requests.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

BaselineRequest Of(BaselineAction action, const std::string& detector, const std::string& hosts = {}) {
  BaselineRequest request{action, detector, !hosts.empty(), {}};
  if (!hosts.empty()) {
    EXPECT_TRUE(IpPrefix::Parse(hosts, request.hosts));
  }
  return request;
}

void Call(Script& script, const std::string& to, int beats) {
  for (int i = 0; i < beats; ++i) {
    script.Exchange({.to = to}, {.out = 300, .in = 900});
    script.Next(300);
  }
}

TEST(BaselineTest, FrozenRecipientsAreKnownAndAllOthersNew) {
  Script script;
  Call(script, "203.0.113.5", 1);
  ASSERT_EQ(script.Baselines("D11").size(), 1u);
  EXPECT_TRUE(script.Baselines("D11")[0].learning);
  EXPECT_EQ(script.Obey(Of(BaselineAction::kFreeze, "D11")), 1u);
  EXPECT_FALSE(script.Baselines("D11")[0].learning);
  Call(script, "203.0.113.5", 60);
  EXPECT_TRUE(script.Of("D11").empty());
  Call(script, "203.0.113.6", 60);
  const auto alerts = script.Of("D11");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].explanation.find("Still learning"), std::string::npos) << alerts[0].explanation;

  script.Obey(Of(BaselineAction::kReset, "D11"));
  EXPECT_TRUE(script.Baselines("D11").empty());
  Call(script, "203.0.113.5", 60);
  ASSERT_EQ(script.Of("D11").size(), 2u);
  EXPECT_NE(script.Of("D11")[1].explanation.find("Still learning"), std::string::npos);
}

TEST(BaselineTest, AFrozenHostLearnsNothingAndOthersDo) {
  Script script;
  const auto hour = [&] {
    for (const char* host : {"10.20.0.1", "10.20.1.1"}) {
      script.Exchange({.from = host, .encrypted = true, .app_proto = "tls"}, {.out = 5000, .in = 100});
    }
    script.Next(3600);
  };
  for (int i = 0; i < 4; ++i) hour();
  EXPECT_EQ(script.Obey(Of(BaselineAction::kFreeze, "D12", "10.20.0.0/24")), 1u);
  for (int i = 0; i < 4; ++i) hour();
  const auto rows = script.Baselines("D12");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].subject, "10.20.0.1");
  EXPECT_EQ(rows[0].learned.rfind("3 complete hours", 0), 0u) << rows[0].learned;
  EXPECT_NE(rows[0].frozen, kDistantPast);
  EXPECT_EQ(rows[1].learned.rfind("7 complete hours", 0), 0u) << rows[1].learned;
  script.Obey(Of(BaselineAction::kReset, ""));
  EXPECT_EQ(script.Baselines("D12")[1].learned.rfind("0 complete hours", 0), 0u);
}

TEST(BaselineTest, RequestsWaitInOrderAndAreTakenOnce) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "baseline_requests";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const SnapshotOptions files{(folder / "state").string(), (folder / "key").string(), 60};
  const auto key = OpenSnapshotKey(files.key_file);
  ASSERT_TRUE(key.has_value());
  EXPECT_TRUE(TakeBaselineRequests(files, *key)->empty());
  ASSERT_TRUE(AddBaselineRequest(files, *key, Of(BaselineAction::kFreeze, "D12", "10.20.0.0/16")).has_value());
  ASSERT_TRUE(AddBaselineRequest(files, *key, Of(BaselineAction::kReset, "")).has_value());
  struct stat info {};
  ASSERT_EQ(::stat(RequestsFile(files.file).c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const auto taken = TakeBaselineRequests(files, *key);
  ASSERT_TRUE(taken.has_value());
  ASSERT_EQ(taken->size(), 2u);
  EXPECT_EQ(taken->front().ToString(), "freeze D12 10.20.0.0/16");
  EXPECT_EQ(taken->back().ToString(), "reset");
  EXPECT_TRUE(TakeBaselineRequests(files, *key)->empty());

  std::ofstream(RequestsFile(files.file)) << "freeze everything";
  EXPECT_FALSE(AddBaselineRequest(files, *key, Of(BaselineAction::kThaw, "")).has_value());
  EXPECT_FALSE(TakeBaselineRequests(files, *key).has_value());
  EXPECT_TRUE(TakeBaselineRequests(files, *key)->empty());
}

}  // namespace
}  // namespace gander::detect
