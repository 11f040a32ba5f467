// SPDX-License-Identifier: Apache-2.0
#include "detect/alerting/suppressions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "base/file.h"

namespace gander::detect {
namespace {

Timestamp At(const char* date) {
  Timestamp t;
  EXPECT_TRUE(ParseDate(date, t));
  return t;
}

Alert AlertOf(const char* detector, const char* source, const char* destination, const char* key) {
  Alert alert;
  alert.detector = detector;
  alert.dedup_key = key;
  EXPECT_TRUE(IpAddress::Parse(source, alert.tuple.source));
  EXPECT_TRUE(IpAddress::Parse(destination, alert.tuple.destination));
  return alert;
}

TEST(SuppressionTest, CoversWhatItNamesUntilItsEnd) {
  Suppression s;
  s.detector = "D09";
  s.until = At("2027-01-31");
  IpPrefix net;
  ASSERT_TRUE(IpPrefix::Parse("10.20.0.0/16", net));
  s.source = net;
  const Timestamp before = At("2027-01-30"), after = At("2027-01-31");
  EXPECT_TRUE(s.Covers(AlertOf("D09", "10.20.1.1", "192.0.2.1", "k"), before));
  EXPECT_FALSE(s.Covers(AlertOf("D09", "10.20.1.1", "192.0.2.1", "k"), after));
  EXPECT_FALSE(s.Covers(AlertOf("D10", "10.20.1.1", "192.0.2.1", "k"), before));
  EXPECT_FALSE(s.Covers(AlertOf("D09", "10.21.1.1", "192.0.2.1", "k"), before));
  s.destination = net;
  EXPECT_FALSE(s.Covers(AlertOf("D09", "10.20.1.1", "192.0.2.1", "k"), before));
}

class AcknowledgementsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "gander-acks-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string File() const { return folder_ + "/acks.json"; }
  std::unique_ptr<Acknowledgements> Open() const {
    auto acks = Acknowledgements::Open(File());
    if (!acks) ADD_FAILURE() << acks.error().ToString();
    return acks ? std::move(*acks) : nullptr;
  }
  static Suppression AckOf(const Alert& alert, const char* until) {
    Suppression s;
    s.name = "id-1";
    s.detector = alert.detector;
    s.key = DedupHash(alert);
    s.until = At(until);
    s.reason = "ticket \"4711\"";
    s.user = "dpo";
    return s;
  }
  std::string folder_;
  const Timestamp now_ = At("2027-01-01");
};

TEST_F(AcknowledgementsTest, OneMatterIsQuietAndNoOther) {
  const auto acks = Open();
  const Alert alert = AlertOf("D02", "10.0.0.1", "192.0.2.1", "10.0.0.1>192.0.2.1");
  ASSERT_TRUE(acks->Add(AckOf(alert, "2027-01-08"), now_));
  EXPECT_TRUE(acks->Find(alert, now_).has_value());
  EXPECT_EQ(acks->Find(alert, now_)->reason, "ticket \"4711\"");
  EXPECT_FALSE(acks->Find(AlertOf("D02", "10.0.0.1", "192.0.2.1", "another"), now_).has_value());
  EXPECT_FALSE(acks->Find(AlertOf("D03", "10.0.0.1", "192.0.2.1", "10.0.0.1>192.0.2.1"), now_).has_value());
  EXPECT_FALSE(acks->Find(alert, At("2027-01-08")).has_value());
}

TEST_F(AcknowledgementsTest, OutliveARestartAndNameNobody) {
  const Alert alert = AlertOf("D02", "10.0.0.1", "192.0.2.1", "10.0.0.1>192.0.2.1");
  ASSERT_TRUE(Open()->Add(AckOf(alert, "2027-01-08"), now_));
  EXPECT_TRUE(Open()->Find(alert, now_).has_value());
  std::string text;
  ASSERT_TRUE(ReadFile(File(), text, 10'000));
  EXPECT_EQ(text.find("10.0.0.1"), std::string::npos);
}

TEST_F(AcknowledgementsTest, AreTakenBackAndReplaced) {
  const auto acks = Open();
  const Alert alert = AlertOf("D02", "10.0.0.1", "192.0.2.1", "k");
  ASSERT_TRUE(acks->Add(AckOf(alert, "2027-01-08"), now_));
  ASSERT_TRUE(acks->Add(AckOf(alert, "2027-02-08"), now_));
  ASSERT_EQ(acks->List(now_).size(), 1u);
  EXPECT_EQ(acks->List(now_)[0].until, At("2027-02-08"));
  EXPECT_FALSE(acks->Remove("other", now_));
  EXPECT_TRUE(acks->Remove("id-1", now_));
  EXPECT_FALSE(acks->Find(alert, now_).has_value());
  EXPECT_TRUE(Open()->List(now_).empty());
}

TEST_F(AcknowledgementsTest, WhatIsNoneIsAnErrorAndTheDiskIsTold) {
  for (const char* text : {"", "{}", "[1]", "[{\"name\":\"x\"}]", "[{"}) {
    ASSERT_TRUE(ReplaceFile(File(), text));
    EXPECT_FALSE(Acknowledgements::Open(File()).has_value()) << text;
  }
  const auto nowhere = Acknowledgements::Open(folder_ + "/no/such/folder/acks");
  ASSERT_TRUE(nowhere.has_value());
  const Alert alert = AlertOf("D02", "10.0.0.1", "192.0.2.1", "k");
  EXPECT_FALSE((*nowhere)->Add(AckOf(alert, "2027-01-08"), now_).has_value());
  EXPECT_TRUE((*nowhere)->Find(alert, now_).has_value());  // for this run it holds
}

}  // namespace
}  // namespace gander::detect
