// SPDX-License-Identifier: Apache-2.0
// Registers made of tables, written and read again; and files that are none.
#include "identify/own/register_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "identify/own/register_maker.h"

namespace gander::identify {
namespace {

using ::testing::HasSubstr;

constexpr HashKey kKey{11, 22};

Result<Register> MakeOf(const std::string& csv, RegisterMaker::Options options,
                        RegisterMaker::Counts* counts = nullptr) {
  options.file = "own.csv";
  RegisterMaker maker(options, kKey);
  CsvRecords records(',', maker);
  records.Push(csv);
  EXPECT_TRUE(records.Finish());
  auto made = maker.Finish();
  if (counts != nullptr) *counts = maker.counts();
  return made;
}

Register Sample() { return *MakeOf("no\nAB-12 3456\ncd987654\n10000001\n", {.column = "no"}); }

std::string ErrorOf(const std::vector<std::uint8_t>& bytes, const HashKey& key = kKey) {
  const auto read = Register::Parse(bytes, key, "own.bin");
  return read ? "read" : read.error().ToString();
}

TEST(RegisterForms, WhatIsEqual) {
  const auto form = [](std::string_view text, RegisterForm f) {
    char out[kMaxRegistered + 16];
    return std::string(out, FormOf(text, f, out));
  };
  EXPECT_EQ(form("ab-12 3_4", RegisterForm::kId), "AB1234");
  EXPECT_EQ(form("+32 (471) 23.45", RegisterForm::kDigits), "324712345");
  EXPECT_EQ(form("AB12", RegisterForm::kDigits), "");
  EXPECT_EQ(form(" Ada@Example.ORG ", RegisterForm::kLower), "ada@example.org");
  EXPECT_EQ(form(" Ada ", RegisterForm::kNone), "Ada");
  EXPECT_EQ(form(std::string(kMaxRegistered, '1'), RegisterForm::kDigits).size(), kMaxRegistered);
  EXPECT_EQ(form(std::string(kMaxRegistered + 1, '1'), RegisterForm::kDigits), "");
}

TEST(RegisterFile, KnowsItsValuesInAnySpelling) {
  const Register r = Sample();
  EXPECT_EQ(r.values(), 3u);
  for (const char* value : {"ab12 3456", "AB-123456", "CD-98-76-54", "10000001", "1000 0001"}) {
    EXPECT_TRUE(r.Holds(value)) << value;
  }
  for (const char* value : {"ab12 3457", "10000002", "", "1", "x"}) EXPECT_FALSE(r.Holds(value)) << value;
}

TEST(RegisterFile, IsTheSameAfterItWasWritten) {
  const std::vector<std::uint8_t> bytes = Sample().Serialise();
  const auto read = Register::Parse(bytes, kKey, "own.bin");
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_TRUE(read->Holds("ab123456"));
  EXPECT_FALSE(read->Holds("ab123450"));
  EXPECT_EQ(read->values(), 3u);
  EXPECT_EQ(read->form(), RegisterForm::kId);
  EXPECT_EQ(read->checksum().size(), 64u);
  EXPECT_EQ(read->Serialise(), bytes);
}

TEST(RegisterFile, NoValueIsInTheFile) {
  const std::vector<std::uint8_t> bytes = Sample().Serialise();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (const char* value : {"10000001", "AB12", "3456", "cd98", "987654"}) {
    EXPECT_EQ(text.find(value), std::string_view::npos) << value;
  }
}

TEST(RegisterFile, DamageIsSaid) {
  const std::vector<std::uint8_t> bytes = Sample().Serialise();
  EXPECT_THAT(ErrorOf(bytes, HashKey{11, 23}), HasSubstr("another key"));
  EXPECT_THAT(ErrorOf({}), HasSubstr("own.bin: this is no register\n  remedy: "));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(ErrorOf({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}), HasSubstr("remedy"))
        << size;
  }
  std::vector<std::uint8_t> longer = bytes;
  longer.push_back(0);
  EXPECT_THAT(ErrorOf(longer), HasSubstr("behind its end"));
  std::vector<std::uint8_t> damaged = bytes;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    damaged[at] ^= 0x10;
    EXPECT_THAT(ErrorOf(damaged), HasSubstr("remedy")) << at;
    damaged[at] ^= 0x10;
  }
  std::vector<std::uint8_t> other = bytes;
  other[8] = 3;
  EXPECT_THAT(ErrorOf(other), HasSubstr("version 3"));
  other[8] = 1;
  EXPECT_EQ(ErrorOf(other), "own.bin: a register of version 1; this Gander reads version 2\n"
                            "  remedy: make it again with `gander register hash`");
}

TEST(RegisterMaker, CountsWhatItLeavesOut) {
  RegisterMaker::Counts counts;
  const std::string csv = "name,no\nx,1234567\nx,12a4567\nx\nx,\nx,123\nx,\"12,345,678\"\nx,1234567\nx,";
  const auto made =
      MakeOf(csv + std::string(300, '9') + "\n", {.column = "no", .form = RegisterForm::kDigits}, &counts);
  ASSERT_TRUE(made) << made.error().ToString();
  EXPECT_EQ(made->values(), 2u);
  EXPECT_EQ(counts.rows, 8u);
  EXPECT_EQ(counts.without, 2u);
  EXPECT_EQ(counts.no_form, 1u);
  EXPECT_EQ(counts.too_short, 1u);
  EXPECT_EQ(counts.too_long, 1u);
  EXPECT_EQ(counts.only_in_fields, 1u) << "commas join no chain";
}

TEST(RegisterMaker, ErrorsNameFileAndColumn) {
  const auto error = [](const std::string& csv, const std::string& column) {
    const auto made = MakeOf(csv, {.column = column});
    return made ? "made" : made.error().ToString();
  };
  EXPECT_THAT(error("a,b\n1,2\n", "c"), HasSubstr("own.csv:1: there is no column `c`"));
  EXPECT_THAT(error("a,b\n1,2\n", "3"), HasSubstr("2 columns"));
  EXPECT_EQ(error("a,b\n1,12345\n", "2"), "made");
  EXPECT_THAT(error("", "a"), HasSubstr("empty"));
  EXPECT_THAT(error("a\n1\n", "a"), HasSubstr("no value"));
}

TEST(RegisterMaker, DensityOfNumbers) {
  std::string csv = "no\n";
  for (int i = 10000; i < 10500; ++i) csv += std::to_string(i) + "\n";
  EXPECT_DOUBLE_EQ(MakeOf(csv, {.column = "no"})->density(), 500 / 1e5);
  EXPECT_DOUBLE_EQ(MakeOf("no\nAB12345\n", {.column = "no"})->density(), 0);
}

TEST(RegisterMaker, SaysWhatIsFoundByItself) {
  const auto id = RegisterForm::kId;
  for (const char* value : {"1234567", "AB123456", "12-34-567", "+32471234567", "a1b2-c3d4-e5f6", "ada@example.org"}) {
    EXPECT_TRUE(FoundAlone(value, id)) << value;
  }
  for (const char* value : {"123456", "Hugo Moreau", "AB-123456", "12--34567", "12,345,678", "customer"}) {
    EXPECT_FALSE(FoundAlone(value, id)) << value;
  }
  EXPECT_TRUE(FoundAlone("ada@example.org", RegisterForm::kLower));
  EXPECT_FALSE(FoundAlone("1234567", RegisterForm::kNone));
}

}  // namespace
}  // namespace gander::identify
