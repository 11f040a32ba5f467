// SPDX-License-Identifier: Apache-2.0
// Rows of a registered table in texts: found by two fields side by side, and by nothing less.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "identify/document.h"
#include "identify/own/register_maker.h"
#include "identify/own/row_table.h"
#include "identify/rule_source.h"

namespace gander::identify {
namespace {

// A hundred thousand people as a table, of which the sensor knows keyed hashes alone.
constexpr HashKey kKey{3, 4};
using Table = std::vector<std::vector<std::string>>;

Table PeopleOf(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Table table{{"no", "mail", "city"}};
  for (int i = 0; i < 100'000; ++i) {
    const std::string name = "p" + std::to_string(random() % 1'000'000'000);
    table.push_back({"KD" + std::to_string(10'000'000 + random() % 90'000'000), name + "@example.org",
                     i % 2 == 0 ? "Oslo 0150" : "Bergen 5003"});
  }
  return table;
}

RuleSource RegisterColumn(const Table& table, const char* name, RegisterForm form, std::uint32_t sid,
                            std::shared_ptr<const RowTable> rows) {
  RegisterMaker maker({.column = name, .form = form, .width = 2, .file = ""}, kKey);
  for (std::size_t i = 0; i < table.size(); ++i) maker.OnRecord(table[i], i + 1);
  RuleSource r;
  r.id = std::string("own.") + name;
  r.title = r.id;
  r.data_class = "record";
  r.sid = sid;
  r.shape.kind = ShapeKind::kRegister;
  r.own = std::make_shared<const Register>(*maker.Finish());
  r.chance = std::max(r.own->density(), r.own->error_rate());
  r.rows = std::move(rows);
  return r;
}

class Wire {
 public:
  explicit Wire(const Table& table) {
    RowTableMaker maker({{"no", RegisterForm::kId},
                                   {"mail", RegisterForm::kLower},
                                   {"city", RegisterForm::kNone}},
                                  "", kKey);
    for (std::size_t i = 0; i < table.size(); ++i) maker.OnRecord(table[i], i + 1);
    const auto rows = std::make_shared<const RowTable>(*maker.Finish());
    RuleSource whole;
    whole.id = whole.title = "own.people";
    whole.data_class = "record";
    whole.sid = 7;
    whole.chance = 1e-9;
    whole.shape.kind = ShapeKind::kRegister;
    whole.rows = rows;
    auto compiled = RuleSet::Compile({whole, RegisterColumn(table, "no", RegisterForm::kId, 8, rows),
                                      RegisterColumn(table, "mail", RegisterForm::kLower, 9, rows)});
    EXPECT_TRUE(compiled.has_value()) << compiled.error().ToString();
    rules_ = *compiled;
    scanner_ = std::make_unique<Scanner>(rules_, Options{}, HashKey{1, 2});
  }
  // Distinct rows met in `text`.
  std::size_t Rows(const std::string& text) {
    std::set<SubjectTag> rows;
    for (const Finding& f : ScanDocument(*scanner_, state_, text)) {
      if (rules_->info(f.type).validator == "two_fields") rows.insert(f.tag);
    }
    return rows.size();
  }

 private:
  std::shared_ptr<const RuleSet> rules_;
  std::unique_ptr<Scanner> scanner_;
  TextState state_;
};

std::string Csv(const Table& table, std::size_t from, std::size_t to) {
  std::string text = "no,city,mail\n";
  for (std::size_t i = from; i < to; ++i) text += table[i][0] + "," + table[i][2] + "," + table[i][1] + "\n";
  return text;
}

// DETECTION.md, D18: at least 199 of 200 leaked rows, none of a hundred thousand other people.
TEST(RowsOnTheWire, TwoHundredOfAHundredThousandAndNobodyElse) {
  const Table known = PeopleOf(1), others = PeopleOf(2);
  Wire wire(known);
  EXPECT_GE(wire.Rows(Csv(known, 700, 900)), 199u);
  EXPECT_EQ(wire.Rows(Csv(others, 1, others.size())), 0u);
}

TEST(RowsOnTheWire, FieldsMeetWithinFiveHundredBytesOfOneText) {
  const Table known = PeopleOf(1);
  Wire wire(known);
  const auto apart = [&](std::size_t row, std::size_t other, std::size_t gap) {
    return wire.Rows("order " + known[row][0] + std::string(gap, ' ') + known[other][1] + " ends");
  };
  const std::size_t lengths = known[5][0].size() + known[5][1].size();
  EXPECT_EQ(apart(5, 5, 20), 1u);
  EXPECT_EQ(apart(5, 5, 512 - lengths), 1u);
  EXPECT_EQ(apart(5, 5, 513 - lengths), 0u);
  EXPECT_EQ(apart(5, 6, 20), 0u);  // of two people
  EXPECT_EQ(wire.Rows(known[5][0] + " and " + known[5][0]), 0u);
}

}  // namespace
}  // namespace gander::identify
