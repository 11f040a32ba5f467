// SPDX-License-Identifier: Apache-2.0
// The file that names registers, canaries and what is allowed.
#include "config/own_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/snapshot.h"
#include "identify/own/register_maker.h"

namespace gander::config {
namespace {

using ::testing::HasSubstr;

class OwnListsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "gander-own-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    Write("own.key", "000102030405060708090a0b0c0d0e0f\n");
    Write("other.key", "100102030405060708090a0b0c0d0e0f\n");
    Write("bad.key", "0001020304050607");
    WriteRegister("customers.bin", 4);
    WriteRegister("canary.bin", 8);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  void WriteRegister(const std::string& name, std::uint32_t width) {
    const auto key = identify::ReadRegisterKey((folder_ / "own.key").string());
    identify::RegisterMaker maker({.column = "1", .width = width, .file = ""}, *key);
    maker.OnRecord({"no"}, 1);
    maker.OnRecord({"KD44871203"}, 2);
    const auto bytes = maker.Finish()->Serialise();
    std::ofstream(folder_ / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  std::string ErrorOf(const std::string& text) {
    const auto lists = LoadOwnLists(Write("own.yaml", text));
    return lists ? "loaded" : lists.error().ToString();
  }

  std::filesystem::path folder_;
};

TEST_F(OwnListsTest, ReadsAWholeFile) {
  const auto lists = LoadOwnLists(Write("own.yaml", R"(key: own.key
registers:
  - {id: own.customers, file: customers.bin, class: health, sensitivity: critical, bulk_distinct: 7, fields: [customer no]}
  - {id: own.canary, file: canary.bin, title: Planted, canary: true}
allow:
  values: ["+32 2 555 12 12"]
  mail_domains: [example.org]
  registers: [customers.bin]
)"));
  ASSERT_TRUE(lists) << lists.error().ToString();
  ASSERT_EQ(lists->rules.size(), 2u);
  EXPECT_EQ(lists->rules[0].data_class, "health");
  EXPECT_EQ(lists->rules[0].sensitivity, identify::Sensitivity::kCritical);
  EXPECT_EQ(lists->rules[0].bulk_distinct, 7u);
  EXPECT_EQ(lists->rules[0].context, std::vector<std::string>{"customer no"});
  EXPECT_EQ(lists->rules[0].title, "exact match with register own.customers");
  EXPECT_FALSE(lists->rules[0].canary);
  EXPECT_TRUE(lists->rules[1].canary);
  EXPECT_NE(lists->rules[0].sid, lists->rules[1].sid);
  EXPECT_TRUE(lists->allowed.Holds("kd 44871203", "KD44871203", false));
  EXPECT_TRUE(lists->allowed.Holds("x@example.org", "XEXAMPLEORG", true));
  EXPECT_FALSE(lists->allowed.Holds("x@example.net", "XEXAMPLENET", true));
}

TEST_F(OwnListsTest, ATableJoinsItsColumns) {
  const auto key = identify::ReadRegisterKey((folder_ / "own.key").string());
  identify::RowTableMaker maker({{"no"}, {"mail", identify::RegisterForm::kLower}}, "", *key);
  maker.OnRecord({"no", "mail"}, 1);
  maker.OnRecord({"KD44871203", "ada@example.org"}, 2);
  const auto bytes = maker.Finish()->Serialise();
  std::ofstream(folder_ / "people.rows", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  const std::string registers = "key: own.key\nregisters:\n  - {id: own.no, file: customers.bin}\n"
                                "  - {id: own.mail, file: canary.bin}\ntables:\n";
  const auto lists = LoadOwnLists(
      Write("own.yaml",
            registers + "  - {id: own.people, rows: people.rows, columns: [own.no, own.mail], class: contact}\n"));
  ASSERT_TRUE(lists) << lists.error().ToString();
  ASSERT_EQ(lists->rules.size(), 3u);
  EXPECT_EQ(lists->rules[2].id, "own.people");
  EXPECT_EQ(lists->rules[2].own, nullptr);
  EXPECT_FALSE(lists->rules[2].identifies_person);
  EXPECT_EQ(lists->rules[0].rows, lists->rules[2].rows);
  EXPECT_EQ(lists->rules[1].rows, lists->rules[2].rows);
  EXPECT_THAT(ErrorOf(registers + "  - {id: own.people, rows: people.rows, columns: [own.no]}\n"),
              HasSubstr("fewer than two"));
  EXPECT_THAT(ErrorOf(registers + "  - {id: own.people, rows: people.rows, columns: [own.no, own.x]}\n"),
              HasSubstr("`own.x` is no register"));
  EXPECT_THAT(ErrorOf(registers + "  - {id: own.people, rows: customers.bin, columns: [own.no, own.mail]}\n"),
              HasSubstr("no table of rows"));
  EXPECT_THAT(ErrorOf(registers + "  - {id: own.people, columns: [own.no, own.mail]}\n"), HasSubstr("no `rows`"));
}

TEST_F(OwnListsTest, ErrorsNameFileLineAndRemedy) {
  const std::string head = "key: own.key\nregisters:\n";
  EXPECT_THAT(ErrorOf(head + "  - {id: a, file: customers.bin, colour: red}\n"), HasSubstr("own.yaml:3"));
  EXPECT_THAT(ErrorOf(head + "  - {file: customers.bin}\n"), HasSubstr("no `id`"));
  EXPECT_THAT(ErrorOf(head + "  - {id: a}\n"), HasSubstr("no `file`"));
  EXPECT_THAT(ErrorOf(head + "  - {id: a, file: nowhere.bin}\n"), HasSubstr("nowhere.bin"));
  EXPECT_THAT(ErrorOf(head + "  - {id: a, file: own.key}\n"), HasSubstr("no register"));
  EXPECT_THAT(ErrorOf(head + "  - {id: a, file: customers.bin, canary: true}\n"), HasSubstr("--bits 64"));
  EXPECT_THAT(ErrorOf(head + "  - {id: a, file: customers.bin, sensitivity: huge}\n"), HasSubstr("known: device"));
  EXPECT_THAT(ErrorOf("registers:\n  - {id: a, file: customers.bin}\n"), HasSubstr("add `key: FILE`"));
  EXPECT_THAT(ErrorOf("key: other.key\nregisters:\n  - {id: a, file: customers.bin}\n"), HasSubstr("another key"));
  EXPECT_THAT(ErrorOf("key: bad.key\n"), HasSubstr("32 hexadecimal digits"));
  EXPECT_THAT(ErrorOf("key: none.key\n"), HasSubstr("gander register key"));
  EXPECT_THAT(ErrorOf("allow: {values: [[1]]}\n"), HasSubstr("no text"));
  EXPECT_THAT(ErrorOf("- a\n"), HasSubstr("remedy"));
  EXPECT_THAT(ErrorOf("registers: x\n"), HasSubstr("not a list"));
}

TEST_F(OwnListsTest, BecomePartOfTheRules) {
  Settings settings;
  const std::string shipped = std::string(GANDER_SOURCE_DIR) + "/rules";
  settings.identify.cache = "off";
  const auto plain = BuildRules(settings, shipped);
  settings.registers_file =
      Write("own.yaml", "key: own.key\nregisters:\n  - {id: own.customers, file: customers.bin}\n");
  const auto own = BuildRules(settings, shipped);
  ASSERT_TRUE(plain && own) << own.error().ToString();
  EXPECT_EQ((*own)->rules().size(), (*plain)->rules().size() + 1);
  EXPECT_EQ((*own)->rules().back().id, "own.customers");
  EXPECT_NE((*own)->digest(), (*plain)->digest());
}

}  // namespace
}  // namespace gander::config
