// SPDX-License-Identifier: Apache-2.0
// What a report says, and where it may be left.
#include "supervise/crash_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

namespace gander::supervise {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNow = 1'700'000'000'123'456'789;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "gander-crash-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  const std::string& path() const { return path_; }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(path_)) out.push_back(entry.path().filename());
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  std::string path_;
};

TEST(CrashReportTest, SaysWhereAndWhenAndNothingOfWhat) {
  FlightPage page;
  page.seats[1].thread = 4711;
  page.seats[1].flow = 0xabcdef;
  page.seats[1].packets = 12;
  page.seats[kJudge].thread = 4710;
  DeathBook book(5, 1);
  Autopsy autopsy;
  autopsy.death = {Cause::kCrash, SIGSEGV, 1, 0xabcdef, kNow, kNow - 1'000'000'000};
  autopsy.blamed = {0xabcdef};
  autopsy.instruction = 0x1234;
  autopsy.frames = {0x5678, 0x9abc};
  autopsy.packets = 12;
  const auto poison = book.Enter(autopsy);
  const std::string text = CrashReport({autopsy, page, book.past(), "gander 9", Duration::Seconds(3), poison});
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["cause"], "crash");
  EXPECT_EQ(json["signal"], "SIGSEGV");
  EXPECT_EQ(json["thread"], "worker 2");
  EXPECT_EQ(json["flow"], ShownFlow(5, 0xabcdef));
  EXPECT_EQ(json["poison"], nlohmann::json::array({ShownFlow(5, 0xabcdef)}));
  EXPECT_EQ(json["instruction"], "0x1234");
  EXPECT_EQ(json["frames"], nlohmann::json::array({"0x5678", "0x9abc"}));
  EXPECT_EQ(json["packets"], 12);
  EXPECT_EQ(json["deaths"]["crash"], 1);
  EXPECT_EQ(json["threads"].size(), 2u);
  EXPECT_EQ(json["version"], "gander 9");
  EXPECT_EQ(json["time"].get<std::string>().substr(0, 19), "2023-11-14T22:13:20");
  EXPECT_EQ(text.find("abcdef"), std::string::npos) << "the hash itself stays inside";
}

TEST(CrashReportTest, TheBuildHasAnId) {
  EXPECT_TRUE(std::regex_match(BuildId(), std::regex("([0-9a-f]{2}){8,32}"))) << BuildId();
}

TEST(CrashReportTest, IsKeptForTheOwnerAndHisGroup) {
  const Folder folder;
  const auto path = KeepReport(folder.path(), "{}\n", kNow);
  ASSERT_TRUE(path.has_value()) << path.error().ToString();
  EXPECT_EQ(*path, folder.path() + "/crash-20231114T221320.123456Z.json");
  struct stat status {};
  ASSERT_EQ(stat(path->c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
  std::string text;
  std::getline(std::ifstream(*path), text);
  EXPECT_EQ(text, "{}");
}

TEST(CrashReportTest, TheOldestGoBeyondTheNumberKeptAndNothingElseDoes) {
  const Folder folder;
  std::ofstream(folder.path() + "/crash-notes.txt") << "mine";
  std::ofstream(folder.path() + "/state") << "state";
  for (std::size_t i = 0; i < kKeptReports + 5; ++i) {
    ASSERT_TRUE(KeepReport(folder.path(), "{}", kNow + static_cast<std::int64_t>(i) * kNanosPerSecond).has_value());
  }
  const auto names = folder.names();
  EXPECT_EQ(names.size(), kKeptReports + 2);
  EXPECT_THAT(names, testing::IsSupersetOf({"crash-notes.txt", "state", "crash-20231114T221325.123456Z.json"}));
  EXPECT_THAT(names, testing::Not(testing::Contains("crash-20231114T221324.123456Z.json")));
}

TEST(CrashReportTest, NoLinkIsFollowedAndNoFileOverwritten) {
  const Folder folder, elsewhere;
  const std::string victim = elsewhere.path() + "/victim";
  std::ofstream(victim) << "untouched";
  ASSERT_EQ(symlink(victim.c_str(), (folder.path() + "/crash-20231114T221320.123456Z.json").c_str()), 0);
  EXPECT_FALSE(KeepReport(folder.path(), "{}", kNow).has_value());
  std::string text;
  std::getline(std::ifstream(victim), text);
  EXPECT_EQ(text, "untouched");
}

TEST(CrashReportTest, AFolderThatIsNotThereIsSaidWithTheSetting) {
  const auto kept = KeepReport("/nowhere/at/all", "{}", kNow);
  ASSERT_FALSE(kept.has_value());
  EXPECT_NE(kept.error().ToString().find("process.crash_directory"), std::string::npos);
}

}  // namespace
}  // namespace gander::supervise
