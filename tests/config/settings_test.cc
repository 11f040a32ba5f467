// SPDX-License-Identifier: Apache-2.0
#include "config/settings.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace gander::config {
namespace {

class SettingsTest : public testing::Test {
 protected:
  ~SettingsTest() override { std::filesystem::remove(path_); }
  std::string Write(const std::string& text) {
    std::ofstream(path_) << text;
    return path_;
  }
  Settings settings_;

 private:
  // ctest runs every test as a process, several at a time.
  const std::string path_ = testing::TempDir() + "gander-settings-" + std::to_string(::getpid()) + ".yaml";
};

TEST_F(SettingsTest, ReadsNestedAndDottedKeys) {
  ASSERT_TRUE(
      ReadSettings(Write("stream:\n  memory: 128MiB\nprivacy.metadata: raw\nruntime: {workers: 2}\n"), settings_));
  EXPECT_EQ(settings_.stream.memory, 128u << 20);
  EXPECT_EQ(settings_.metadata, MetadataPrivacy::kRaw);
  EXPECT_EQ(settings_.runtime.workers, 2u);
}

TEST_F(SettingsTest, PathsAreRelativeToTheirFile) {
  const std::string path = Write("policy:\n  file: policy.yaml\nidentify:\n  rules: [packs, /abs]\n");
  ASSERT_TRUE(ReadSettings(path, settings_));
  EXPECT_EQ(settings_.policy_file.front(), '/');
  EXPECT_TRUE(settings_.policy_file.ends_with("/policy.yaml"));
  ASSERT_EQ(settings_.rule_paths.size(), 2u);
  EXPECT_EQ(settings_.rule_paths[1], "/abs");
}

TEST_F(SettingsTest, UnknownKeyNamesLineAndNearestKey) {
  auto r = ReadSettings(Write("runtime:\n  workers: 1\n  epoch_sec: 5\n"), settings_);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().line, 3);
  EXPECT_NE(r.error().cause.find("runtime.epoch_sec"), std::string::npos);
  EXPECT_NE(r.error().remedy.find("runtime.epoch_s"), std::string::npos);
}

TEST_F(SettingsTest, WrongValueNamesLineAndRange) {
  auto r = ReadSettings(Write("# first\nruntime:\n  workers: many\n"), settings_);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().line, 3);
  EXPECT_NE(r.error().cause.find("1..64"), std::string::npos);
  EXPECT_FALSE(ReadSettings(Write("runtime: {workers: 65}\n"), settings_));
  EXPECT_FALSE(ReadSettings(Write("stream: {memory: 1KiB}\n"), settings_));
  EXPECT_FALSE(ReadSettings(Write("stream: 5\n"), settings_));
  EXPECT_FALSE(ReadSettings(Write("- a\n"), settings_));
}

TEST_F(SettingsTest, BrokenYamlNamesItsLine) {
  auto r = ReadSettings(Write("runtime:\n  workers: [1\n"), settings_);
  ASSERT_FALSE(r);
  EXPECT_GE(r.error().line, 2);
}

TEST_F(SettingsTest, SetOverridesOneKey) {
  ASSERT_TRUE(SetOne("report.types=[alert, flow]", settings_));
  EXPECT_EQ(settings_.report.types, (std::vector<std::string>{"alert", "flow"}));
  EXPECT_FALSE(SetOne("report.typos=1", settings_));
  EXPECT_FALSE(SetOne("privacy.metadata", settings_));
  EXPECT_FALSE(SetOne("privacy.metadata=clear", settings_));
}

TEST_F(SettingsTest, EverySettingReadsWhatItShows) {
  for (const SettingInfo& s : DescribeSettings(settings_)) {
    EXPECT_TRUE(SetOne(s.path + "=" + s.shown, settings_)) << s.path << "=" << s.shown;
    EXPECT_FALSE(s.help.empty()) << s.path;
  }
  const auto before = DescribeSettings(Settings{});
  const auto after = DescribeSettings(settings_);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].shown, after[i].shown) << before[i].path;
}

}  // namespace
}  // namespace gander::config
