// SPDX-License-Identifier: Apache-2.0
#include "config/suppress_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace gander::config {
namespace {

using ::testing::HasSubstr;

class SuppressFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "gander-suppress-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    ASSERT_TRUE(ParseDate("2027-01-01", now_));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  Result<detect::Suppressions> Load(const std::string& text) {
    std::ofstream(folder_ + "/s.yaml") << text;
    return LoadSuppressions(folder_ + "/s.yaml", now_, &warnings_);
  }
  std::string folder_;
  Timestamp now_;
  std::vector<Error> warnings_;
};

TEST_F(SuppressFileTest, ReadsEntries) {
  const auto list = Load(
      "suppress:\n"
      "  - {name: a, detector: D09, source: 10.20.0.0/16, until: 2027-01-31, reason: ticket 1}\n"
      "  - {name: b, destination: 192.0.2.7, until: 2026-12-31, reason: ticket 2}\n");
  ASSERT_TRUE(list.has_value()) << list.error().ToString();
  ASSERT_EQ(list->size(), 2u);
  EXPECT_EQ((*list)[0].detector, "D09");
  EXPECT_TRUE((*list)[0].source.has_value());
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_THAT(warnings_[0].cause, HasSubstr("`b` has ended"));
  EXPECT_EQ(warnings_[0].line, 3);
  EXPECT_TRUE(Load("suppress:\n").has_value());
}

TEST_F(SuppressFileTest, SaysWhatIsWrongAndWhere) {
  const std::pair<const char*, const char*> wrong[] = {
      {"{name: a, until: 2027-01-31, reason: r}", "would silence every alert"},
      {"{name: a, detector: D99, until: 2027-01-31, reason: r}", "no detector `D99`"},
      {"{name: a, detector: D09, until: soon, reason: r}", "no date"},
      {"{name: a, detector: D09, reason: r}", "no `until`"},
      {"{name: a, detector: D09, until: 2027-01-31}", "no `reason`"},
      {"{name: a, detector: D09, source: here, until: 2027-01-31, reason: r}", "no network"},
      {"{name: a, detektor: D09, until: 2027-01-31, reason: r}", "detektor"},
      {"text", "an entry is a map"},
  };
  for (const auto& [entry, cause] : wrong) {
    const auto list = Load(std::string("suppress:\n  - ") + entry + "\n");
    ASSERT_FALSE(list.has_value()) << entry;
    EXPECT_THAT(list.error().cause, HasSubstr(cause)) << entry;
    EXPECT_EQ(list.error().line, 2) << entry;
    EXPECT_FALSE(list.error().remedy.empty());
  }
  EXPECT_FALSE(Load("- a\n").has_value());
  EXPECT_FALSE(Load("suppress: 7\n").has_value());
  EXPECT_THAT(Load("suppress:\n  - {name: a, detector: D09, until: 2027-01-31, reason: r}\n"
                   "  - {name: a, detector: D10, until: 2027-01-31, reason: r}\n").error().cause, HasSubstr("twice"));
}

}  // namespace
}  // namespace gander::config
