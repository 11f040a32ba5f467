// SPDX-License-Identifier: Apache-2.0
// The shipped packs, and packs that are wrong.
#include "config/rule_packs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "identify/rule_set.h"

namespace gander::config {
namespace {

using ::testing::HasSubstr;

const std::string kShipped = std::string(GANDER_SOURCE_DIR) + "/rules";

class RulePacks : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "gander-packs-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string Write(const std::string& name, const std::string& text) {
    const auto path = directory_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }
  std::string ErrorOf(const std::string& text) {
    auto rules = LoadRulePacks({Write("p.yaml", text)});
    return rules ? "loaded" : rules.error().ToString();
  }

  std::filesystem::path directory_;
};

constexpr char kRule[] = R"(rules:
  - id: xx.card
    title: Card
    class: national_id
    sensitivity: sensitive
    region: XX
    sid: 3000001
    chance: 0.1
    shape:
      kind: template
      templates: ["NNN~NNN~NNNN"]
      separators: ["", "-"]
    validator: luhn
    context: {en: [member card], de: [mitgliedskarte]}
    needs_context: true
    match: ["Member card: 1234567897"]
    no_match: ["1234567897"]
)";

TEST(ShippedPacks, LoadAndProveTheirExamples) {
  auto sources = LoadRulePacks({kShipped});
  ASSERT_TRUE(sources.has_value()) << sources.error().ToString();
  auto rules = identify::RuleSet::Compile(std::move(*sources));
  ASSERT_TRUE(rules.has_value()) << rules.error().ToString();
  std::set<std::string> ids;
  for (const auto& r : (*rules)->rules()) ids.insert(r.id);
  for (const char* id : {"global.payment_card", "global.iban", "global.email", "us.ssn", "cn.resident_id",
                         "in.aadhaar", "cred.password_field", "record.hl7_pid"}) {
    EXPECT_TRUE(ids.count(id)) << id;
  }
  EXPECT_GE(ids.size(), 28u);
}

TEST(ShippedPacks, FitTheirSchema) {
  const std::string have =
      "python3 -c 'import jsonschema, yaml; jsonschema.Draft202012Validator' 2>/dev/null";
  if (std::system(have.c_str()) != 0) GTEST_SKIP() << "python3-jsonschema and python3-yaml are not there";
  const std::string check =
      "python3 -c 'import sys, json, glob, yaml, jsonschema\n"
      "d = sys.argv[1]\n"
      "v = jsonschema.Draft202012Validator(json.load(open(d + \"/pack.schema.json\")))\n"
      "for f in glob.glob(d + \"/**/*.yaml\", recursive=True): v.validate(yaml.safe_load(open(f, "
      "encoding=\"utf-8\")))' '" +
      kShipped + "'";
  EXPECT_EQ(std::system(check.c_str()), 0);
}

TEST_F(RulePacks, ReadsEveryKey) {
  auto rules = LoadRulePacks({Write("a/p.yaml", kRule)});
  ASSERT_TRUE(rules.has_value()) << rules.error().ToString();
  ASSERT_EQ(rules->size(), 1u);
  const identify::RuleSource& r = (*rules)[0];
  EXPECT_EQ(r.id, "xx.card");
  EXPECT_EQ(r.sid, 3000001u);
  EXPECT_EQ(r.line, 2);
  EXPECT_EQ(r.sensitivity, identify::Sensitivity::kSensitive);
  EXPECT_EQ(r.shape.separators, (std::vector<std::string>{"", "-"}));
  EXPECT_EQ(r.context, (std::vector<std::string>{"member card", "mitgliedskarte"}));
  EXPECT_TRUE(r.needs_context);
  EXPECT_TRUE(identify::RuleSet::Compile(std::move(*rules)).has_value());
}

// kRule with `checks` behind its validator.
std::string WithChecks(const std::string& checks) {
  std::string text = kRule;
  const std::string validator = "    validator: luhn\n";
  return text.insert(text.find(validator) + validator.size(), "    checks:\n" + checks);
}

TEST_F(RulePacks, ReadsChecks) {
  auto rules = LoadRulePacks({Write("c.yaml", WithChecks(R"(
      - {weights: [3, -1], at: 2, mod: [11, 10], table: "0123456789", check: -1, plus: 4, right: true}
      - {number: "1-6,8-10", mod: 97, minuend: 97, check: 11-12, prefixes: ["", "2"], expand: a10}
      - {date: YYMMDD, days: [0, 40], months: {0: 1900, 20: 2000}, when: {length: [9, 10]}}
      - {date: YYMMDD, centuries: {"34": 1900}, century_at: 7, unknown: true, any_age: true}
      - any: [{at: 1-2, is: ["01-24", "30"]}, [{algorithm: luhn}, {not: [same]}]]
)"))});
  ASSERT_TRUE(rules.has_value()) << rules.error().ToString();
  const auto& checks = (*rules)[0].checks;
  ASSERT_EQ(checks.size(), 5u);
  EXPECT_EQ(checks[0].weights, (std::vector<int>{3, -1}));
  EXPECT_EQ(checks[0].moduli, (std::vector<int>{11, 10}));
  EXPECT_EQ(checks[0].check, "-1");
  EXPECT_TRUE(checks[0].right);
  EXPECT_EQ(checks[1].at, "1-6,8-10");
  EXPECT_EQ(checks[1].prefixes, (std::vector<std::string>{"", "2"}));
  EXPECT_TRUE(checks[1].has_minuend);
  EXPECT_EQ(checks[2].months, (std::vector<std::pair<int, int>>{{0, 1900}, {20, 2000}}));
  EXPECT_EQ(checks[2].when.at(0).lengths, (std::vector<int>{9, 10}));
  EXPECT_EQ(checks[3].centuries.at(0).second, 1900);
  ASSERT_EQ(checks[4].ways.size(), 2u);
  EXPECT_EQ(checks[4].ways[0].at(0).is, (std::vector<std::string>{"01-24", "30"}));
  EXPECT_EQ(checks[4].ways[1].size(), 2u);
  EXPECT_NE((*rules)[0].checks_text.find("weights"), std::string::npos);
}

TEST_F(RulePacks, ErrorsOfChecksNameTheirLine) {
  EXPECT_THAT(ErrorOf(WithChecks("      - {weights: [1], modulus: 11}\n")),
              HasSubstr("p.yaml:15: unknown key `modulus`"));
  EXPECT_THAT(ErrorOf(WithChecks("      - {at: 3}\n")), HasSubstr("p.yaml:15"));
  EXPECT_THAT(ErrorOf(WithChecks("      - {at: 3}\n")), HasSubstr("does not say what it is"));
  EXPECT_THAT(ErrorOf(WithChecks("      - {date: YYMMDD, length: 6}\n")), HasSubstr("says both `date` and `length`"));
  EXPECT_THAT(ErrorOf(WithChecks("      - {weights: [one], mod: 11}\n")), HasSubstr("no whole number"));
  EXPECT_THAT(ErrorOf(WithChecks("      - {date: YYMMDD, centuries: {a: b}}\n")), HasSubstr("century"));
  auto rules = LoadRulePacks({Write("d.yaml", WithChecks("      - {weights: [1, 2], mod: 11, table: \"01\"}\n"))});
  ASSERT_TRUE(rules.has_value());
  auto compiled = identify::RuleSet::Compile(std::move(*rules));
  ASSERT_FALSE(compiled.has_value());
  EXPECT_THAT(compiled.error().ToString(), HasSubstr("d.yaml:15: rule xx.card: check: `table` has 2 characters"));
}

TEST_F(RulePacks, FindsPacksInPathOrder) {
  std::string second = kRule;
  second.replace(second.find("xx.card"), 7, "yy.card");
  Write("b/2.yaml", kRule);
  Write("a/1.yaml", second);
  Write("a/readme.txt", "not a pack");
  auto rules = LoadRulePacks({directory_.string()});
  ASSERT_TRUE(rules.has_value());
  ASSERT_EQ(rules->size(), 2u);
  EXPECT_EQ((*rules)[0].id, "yy.card");
}

TEST_F(RulePacks, ErrorsNameFileLineAndRemedy) {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string text = kRule;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  EXPECT_THAT(ErrorOf(with("needs_context", "need_context")), HasSubstr("p.yaml:15"));
  EXPECT_THAT(ErrorOf(with("needs_context", "need_context")), HasSubstr("needs_context"));
  EXPECT_THAT(ErrorOf(with("sid: 3000001", "sid: many")),
              HasSubstr("p.yaml:7: rule xx.card: `sid` is not a whole number"));
  EXPECT_THAT(ErrorOf(with("sensitivity: sensitive", "sensitivity: grave")),
              HasSubstr("known: device, contact"));
  EXPECT_THAT(ErrorOf(with("kind: template", "kind: pattern")), HasSubstr("`kind` cannot be `pattern`"));
  EXPECT_THAT(ErrorOf(with("    title: Card\n", "")), HasSubstr("has no `title`"));
  EXPECT_THAT(ErrorOf(with("match: [\"Member card: 1234567897\"]", "match: {a: {b: c}}")),
              HasSubstr("`match`"));
  EXPECT_THAT(ErrorOf("rules: 3\n"), HasSubstr("`rules` is not a list"));
  EXPECT_THAT(ErrorOf("rules: [\n"), HasSubstr("not YAML"));
  EXPECT_THAT(ErrorOf("rules: [7]\n"), HasSubstr("p.yaml:1"));
  EXPECT_THAT(ErrorOf(""), HasSubstr("p.yaml"));
}

TEST_F(RulePacks, NothingThereIsAnError) {
  EXPECT_FALSE(LoadRulePacks({(directory_ / "missing").string()}).has_value());
  EXPECT_FALSE(LoadRulePacks({directory_.string()}).has_value());
  EXPECT_FALSE(LoadRulePacks({}).has_value());
}

}  // namespace
}  // namespace gander::config
