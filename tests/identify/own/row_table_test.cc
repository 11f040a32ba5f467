// SPDX-License-Identifier: Apache-2.0
#include "identify/own/row_table.h"

#include <gtest/gtest.h>

namespace gander::identify {
namespace {

constexpr HashKey kRowKey{3, 4};

Result<RowTable> MakeTable(const std::vector<std::vector<std::string>>& records,
                           std::vector<RowTableMaker::Column> columns = {{"no", RegisterForm::kId},
                                                                         {"mail", RegisterForm::kLower}}) {
  RowTableMaker maker(std::move(columns), "people.csv", kRowKey);
  std::uint64_t line = 1;
  for (const auto& record : records) maker.OnRecord(record, line++);
  return maker.Finish();
}

std::uint64_t Tag(std::string_view text, RegisterForm form) {
  char out[kMaxRegistered + 16];
  return RegisterTag(kRowKey, {out, FormOf(text, form, out)});
}

const std::vector<std::vector<std::string>> kPeople{{"no", "mail"},
                                                    {"KD-10000001", "ada@example.org"},
                                                    {"KD-10000002", "home@example.org"},
                                                    {"KD-10000003", "home@example.org"}};

TEST(RowTable, KnowsTheRowOfEachValue) {
  const auto table = MakeTable(kPeople);
  ASSERT_TRUE(table) << table.error().ToString();
  EXPECT_EQ(table->size(), 5u);
  EXPECT_EQ(table->RowOf(Tag("kd 10000001", RegisterForm::kId)), 0u);
  EXPECT_EQ(table->RowOf(Tag("ADA@example.org", RegisterForm::kLower)), 0u);
  EXPECT_EQ(table->RowOf(Tag("KD-10000003", RegisterForm::kId)), 2u);
  EXPECT_EQ(table->RowOf(Tag("home@example.org", RegisterForm::kLower)), RowTable::kShared);
  EXPECT_EQ(table->RowOf(Tag("KD-10000009", RegisterForm::kId)), RowTable::kAbsent);
  EXPECT_EQ(table->shared(), 1u);
}

TEST(RowTable, IsTheSameAfterReadingAndOtherTablesAreOthers) {
  const auto table = MakeTable(kPeople);
  const auto read = RowTable::Parse(table->Serialise(), kRowKey, "people.rows");
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(read->id(), table->id());
  EXPECT_EQ(read->RowOf(Tag("KD-10000001", RegisterForm::kId)), 0u);
  auto others = kPeople;
  others[1][0] = "KD-10000004";
  EXPECT_NE(MakeTable(others)->id(), table->id());
}

TEST(RowTable, RefusesWhatIsNotOne) {
  const std::vector<std::uint8_t> good = MakeTable(kPeople)->Serialise();
  const auto why = [](std::vector<std::uint8_t> bytes, HashKey key = kRowKey) {
    const auto read = RowTable::Parse(bytes, key, "people.rows");
    return read ? std::string() : read.error().ToString();
  };
  EXPECT_EQ(why(good), "");
  EXPECT_NE(why(good, {3, 5}).find("another key"), std::string::npos);
  EXPECT_NE(why({'x'}).find("no table of rows"), std::string::npos);
  for (std::size_t n = 8; n < good.size(); ++n)
    EXPECT_NE(why({good.begin(), good.begin() + static_cast<long>(n)}), "") << n;
  for (std::size_t at = 0; at < good.size(); at += 7) {
    auto damaged = good;
    damaged[at] ^= 0x10;
    if (at < 12 || at >= 16) {
      EXPECT_NE(why(damaged), "") << at;
    }
  }
}

TEST(RowTable, SaysWhatIsWrongWithAColumn) {
  EXPECT_NE(MakeTable({}).error().ToString().find("empty"), std::string::npos);
  EXPECT_NE(MakeTable({{"no", "name"}}).error().ToString().find("no column `mail`"), std::string::npos);
  EXPECT_NE(MakeTable(kPeople, {{"no", RegisterForm::kId}}).error().ToString().find("two"), std::string::npos);
  EXPECT_NE(MakeTable({{"no", "mail"}, {"1", ""}}).error().ToString().find("no value"), std::string::npos);
  EXPECT_TRUE(MakeTable(kPeople, {{"1", RegisterForm::kId}, {"2", RegisterForm::kLower}}));
}

}  // namespace
}  // namespace gander::identify
