// SPDX-License-Identifier: Apache-2.0
// Rules and scans for the tests of this room. identify/ may not know YAML, so tests build rules in code.
#ifndef GANDER_TESTS_IDENTIFY_SUPPORT_RULES_H_
#define GANDER_TESTS_IDENTIFY_SUPPORT_RULES_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "identify/document.h"
#include "identify/rule_source.h"

namespace gander::identify {

inline RuleSource MakeRule(std::string id, std::uint32_t sid, ShapeKind kind, std::string validator) {
  RuleSource r;
  r.id = std::move(id);
  r.title = r.id;
  r.sid = sid;
  r.data_class = "national_id";
  r.shape.kind = kind;
  r.validator = std::move(validator);
  r.file = "test.yaml";
  r.line = static_cast<int>(sid);
  return r;
}

inline RuleSource SsnRule() {
  RuleSource r = MakeRule("us.ssn", 1, ShapeKind::kTemplate, "us_ssn");
  r.region = "US";
  r.chance = 0.8857;
  r.shape.templates = {"NNN~NN~NNNN"};
  r.shape.separators = {"", "-", " "};
  r.context = {"ssn", "social security"};
  r.needs_context = true;
  r.match = {"ssn 536-90-4399"};
  r.no_match = {"536-90-4399"};
  return r;
}

inline RuleSource CardRule() {
  RuleSource r = MakeRule("global.payment_card", 2, ShapeKind::kTemplate, "payment_card");
  r.chance = 0.1;
  r.shape.templates = {"NNNNNNNNNNNNNNNN", "NNNN~NNNN~NNNN~NNNN"};
  r.shape.separators = {" ", "-"};
  r.context = {"card", "信用卡"};
  r.test_values = {"4111 1111 1111 1111"};
  r.match = {"card 4716461583322103"};
  r.no_match = {"card 4716461583322104"};
  return r;
}

inline std::vector<RuleSource> TestRules() {
  std::vector<RuleSource> rules = {SsnRule(), CardRule()};
  RuleSource email = MakeRule("global.email", 3, ShapeKind::kEmail, "none");
  email.chance = 0.0001;
  email.data_class = "contact";
  email.match = {"a@example.org"};
  email.no_match = {"icon@2x.png"};
  rules.push_back(email);
  RuleSource phone = MakeRule("global.phone_e164", 4, ShapeKind::kPhone, "none");
  phone.chance = 0.0263;
  phone.self_evident = true;
  phone.data_class = "contact";
  phone.match = {"+16465550248"};
  phone.no_match = {"+219506084310"};
  rules.push_back(phone);
  RuleSource iban = MakeRule("global.iban", 5, ShapeKind::kIban, "iban");
  iban.chance = 0.0001;
  iban.match = {"DE89 3704 0044 0532 0130 00"};
  iban.no_match = {"DE88 3704 0044 0532 0130 00"};
  rules.push_back(iban);
  RuleSource name = MakeRule("global.person_name", 6, ShapeKind::kField, "person_name");
  name.identifies_person = false;
  name.needs_context = true;
  name.context = {"name", "full name", "姓名", "fn"};
  name.match = {"\"name\":\"Hugo Moreau\""};
  name.no_match = {"\"name\":\"treeverse\""};
  rules.push_back(name);
  RuleSource token = MakeRule("global.jwt", 7, ShapeKind::kToken, "jwt");
  token.chance = 0.0001;
  token.secret = true;
  token.identifies_person = false;
  token.shape.prefixes = {"eyJ"};
  token.shape.alphabet = "A-Za-z0-9_.-";
  token.shape.min_length = 20;
  token.shape.max_length = 4096;
  token.match = {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"};
  token.no_match = {"eyJhbGciOiJIUzI1NiJ9"};
  rules.push_back(token);
  RuleSource table = MakeRule("record.people_table", 8, ShapeKind::kPeopleTable, "none");
  table.chance = 0.0001;
  table.identifies_person = false;
  table.match = {"a@example.org +16465550248\nb@example.org +16465550249\nc@example.org +16465550250\n"};
  table.no_match = {"a@example.org +16465550248\n"};
  rules.push_back(table);
  return rules;
}

inline std::shared_ptr<const RuleSet> CompileOrDie(std::vector<RuleSource> sources) {
  auto rules = RuleSet::Compile(std::move(sources));
  if (!rules) throw std::runtime_error(rules.error().ToString());
  return *rules;
}

// What counts.
struct Collector final : FindingSink {
  void OnFinding(const Finding& f) noexcept override {
    if (f.evidence != Evidence::kUnproven) findings.push_back(f);
  }
  std::vector<Finding> findings;
};

// "us.ssn@4+11" for each counted finding.
inline std::vector<std::string> Describe(const RuleSet& rules, const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const Finding& f : findings) {
    out.push_back(rules.info(f.type).id + "@" + std::to_string(f.offset) + "+" + std::to_string(f.length));
  }
  return out;
}

class ScannerTest : public ::testing::Test {
 protected:
  std::vector<std::string> Scan(std::string_view text) {
    return Describe(*rules_, ScanDocument(scanner_, state_, text));
  }

  std::shared_ptr<const RuleSet> rules_ = CompileOrDie(TestRules());
  Scanner scanner_{rules_, Options{}, HashKey{1, 2}};
  TextState state_;
};

}  // namespace gander::identify

#endif  // GANDER_TESTS_IDENTIFY_SUPPORT_RULES_H_
