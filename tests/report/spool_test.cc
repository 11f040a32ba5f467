// SPDX-License-Identifier: Apache-2.0
#include "report/sink/spool.h"

#include <fstream>

#include "report/sink_samples.h"

namespace gander::report {
namespace {

using test::BatchOf;

class SpoolTest : public test::FolderTest {
 protected:
  SpoolTest() {
    options_.directory = Path("spool");
    options_.size = 100'000;
    options_.segment = 10'000;
  }
  std::unique_ptr<Spool> Open() {
    auto spool = Spool::Open(options_);
    EXPECT_TRUE(spool) << spool.error().ToString();
    return spool ? std::move(*spool) : nullptr;
  }
  // `count` events with numbers from `from` on, every tenth of high priority.
  static EventBatch Events(int from, int count) {
    EventBatch batch;
    for (int i = from; i < from + count; ++i) {
      test::AddLine(batch, std::to_string(i) + std::string(90, ' ') + "\n", "flow", i % 10 == 0, 7);
    }
    return batch;
  }
  static LostEvents Append(Spool& spool, const EventBatch& batch) {
    LostEvents lost;
    int error = 0;
    EXPECT_EQ(spool.Append(batch, 0, lost, error), batch.lines.size()) << error;
    return lost;
  }
  static std::vector<int> ReadAll(Spool& spool, bool commit) {
    std::vector<int> numbers;
    LostEvents lost;
    for (Spool::Item item; spool.Next(item, lost);) {
      numbers.push_back(std::stoi(item.text));
      if (commit) spool.Commit(item.end);
    }
    EXPECT_EQ(lost.sum(), 0u);
    return numbers;
  }
  static std::vector<int> Range(int from, int to) {
    std::vector<int> numbers;
    for (int i = from; i < to; ++i) numbers.push_back(i);
    return numbers;
  }
  SpoolOptions options_;
};

TEST_F(SpoolTest, GivesBackInOrderOverSegments) {
  auto spool = Open();
  Append(*spool, Events(0, 300));
  EXPECT_EQ(ReadAll(*spool, true), Range(0, 300));
  EXPECT_EQ(spool->events(), 0u);
  Append(*spool, Events(300, 100));
  EXPECT_EQ(ReadAll(*spool, true), Range(300, 400));
  EXPECT_LE(spool->bytes(), 3 * options_.segment) << "what is done with is gone";
}

TEST_F(SpoolTest, WhatWasNotCommittedIsReadAgainByTheNextProcess) {
  {
    auto spool = Open();
    Append(*spool, Events(0, 300));
    LostEvents lost;
    Spool::Item item;
    for (int i = 0; i < 170; ++i) {
      ASSERT_TRUE(spool->Next(item, lost));
      if (i < 150) spool->Commit(item.end);
    }
  }
  auto spool = Open();
  EXPECT_EQ(spool->events(), 150u);
  Append(*spool, Events(300, 20));
  EXPECT_EQ(ReadAll(*spool, true), Range(150, 320));
}

TEST_F(SpoolTest, ATornTailIsCutAndADamagedCursorOnlyRepeats) {
  {
    auto spool = Open();
    Append(*spool, Events(0, 50));
  }
  for (const auto& f : std::filesystem::directory_iterator(options_.directory)) {
    if (f.path().extension() == ".spool") std::ofstream(f.path(), std::ios::app) << "half a rec";
  }
  std::ofstream(options_.directory + "/cursor") << "no numbers";
  auto spool = Open();
  EXPECT_EQ(spool->events(), 50u);
  EXPECT_EQ(ReadAll(*spool, false), Range(0, 50));
}

TEST_F(SpoolTest, WhenFullTheOldestOfLowPriorityGoFirst) {
  auto spool = Open();
  LostEvents lost;
  for (int i = 0; i < 20; ++i) {
    const LostEvents more = Append(*spool, Events(i * 100, 100));
    lost.high += more.high;
    lost.low += more.low;
    EXPECT_LE(spool->bytes(), options_.size);
  }
  EXPECT_EQ(lost.high, 0u);
  EXPECT_GT(lost.low, 0u);
  const std::vector<int> left = ReadAll(*spool, true);
  EXPECT_EQ(left.size() + lost.sum(), 2000u);
  EXPECT_TRUE(std::is_sorted(left.begin(), left.end()));
  EXPECT_EQ(std::count_if(left.begin(), left.end(), [](int n) { return n % 10 == 0; }), 200);
  EXPECT_EQ(left.back(), 1999);
}

TEST_F(SpoolTest, WhenNothingOfLowPriorityIsLeftTheOldestGo) {
  auto spool = Open();
  LostEvents lost;
  for (int i = 0; i < 30; ++i) {
    EventBatch batch;
    for (int k = 0; k < 100; ++k) {
      test::AddLine(batch, std::to_string(i * 100 + k) + std::string(90, ' ') + "\n", "alert", true, 7);
    }
    const LostEvents more = Append(*spool, batch);
    lost.high += more.high;
  }
  EXPECT_GT(lost.high, 0u);
  const std::vector<int> left = ReadAll(*spool, true);
  EXPECT_EQ(left.size() + lost.high, 3000u);
  EXPECT_EQ(left.back(), 2999);
}

TEST_F(SpoolTest, TwoSensorsInOneSpoolAreFoundOut) {
  auto first = Open();
  const auto second = Spool::Open(options_);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().cause.find("another sensor"), std::string::npos);
}

TEST(SpoolRecord, ReadsBackAndRefusesDamage) {
  std::string bytes;
  AppendSpoolRecord({42, true, "text\n"}, bytes);
  SpoolRecord record;
  std::size_t size = 0;
  ASSERT_EQ(ReadSpoolRecord(bytes, record, size), SpoolRead::kRecord);
  EXPECT_EQ(record.key, 42u);
  EXPECT_TRUE(record.high);
  EXPECT_EQ(record.text, "text\n");
  EXPECT_EQ(size, bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_EQ(ReadSpoolRecord(std::string_view(bytes).substr(0, i), record, size), SpoolRead::kNeedMore);
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_NE(ReadSpoolRecord(bad, record, size), SpoolRead::kRecord) << i;
  }
}

}  // namespace
}  // namespace gander::report
