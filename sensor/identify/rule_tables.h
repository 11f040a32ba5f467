// SPDX-License-Identifier: Apache-2.0
// What RuleSet::Compile makes of the packs and the scanner reads: flat tables, immutable.
#ifndef GANDER_IDENTIFY_RULE_TABLES_H_
#define GANDER_IDENTIFY_RULE_TABLES_H_

#include <bitset>
#include <memory>
#include <string>
#include <vector>

#include "identify/context.h"
#include "identify/key_index.h"
#include "identify/literal_set.h"
#include "identify/record_keys.h"
#include "identify/rule_set.h"
#include "identify/rule_source.h"
#include "identify/table_columns.h"
#include "identify/validators/validator.h"
#include "identify/value_check.h"
#include "identify/value_template.h"

namespace gander::identify {

// Share of true values that a scheme's test passes; the rest are typing errors (DETECTION.md §3, p1).
inline constexpr double kTruePassRate = 0.9;
// A form this rare counts without further evidence.
inline constexpr double kSelfEvidentChance = 1e-4;

// How far a value that a rule `needs` may stand from its own, in bytes, at most.
inline constexpr std::uint32_t kMaxNeedsWithin = 256;

// Most characters of a token before its prefix.
inline constexpr std::uint32_t kMaxTokenLead = 64;

struct CompiledRule {
  ShapeKind kind = ShapeKind::kTemplate;
  ValidatorFunction check = nullptr;
  std::vector<ValueCheck> checks;  // that the pack adds to it
  std::vector<ValueCheck> unnamed_checks;  // more of them where no word names the value
  std::vector<ValueCheck> typical;         // what most values in use pass: decides between rules that fit alike
  bool needs_context = false;
  bool has_words = false;  // that may name its values
  bool has_foreign_words = false;  // some of them in no language of its country
  bool self_evident = false;
  bool secret = false;
  bool raw = false;        // `check` takes the value as it stands
  bool stands_beside = false;  // other values may be found within its own
  // See companions.h. A rule whose values others need; values of which rules this one needs and within how many bytes
  // (0: none); one that gives way to any other.
  bool is_needed = false, yields = false;
  std::uint32_t needs_within = 0;
  std::vector<IdType> needs;
  bool waits() const noexcept { return yields || needs_within > 0; }
  bool counts_in_rows = false, is_name = false, is_phone = false;  // for RecordTally
  float chance = 1;  // RuleInfo::chance
  // Log-likelihood a pass adds and a failure takes away.
  float gain = 0, loss = 0;
  int chance_slot = -1;  // -1: the chance filter has nothing to say
  char country[2] = {};
  std::vector<std::string> test_values;  // normalised, sorted
  std::vector<ValueTemplate> forms;      // kField: one of them must fit; empty: any value does
  std::shared_ptr<const ContextMatcher> words;  // kField: one must stand in the value; null: none need
  std::shared_ptr<const Register> own;          // kRegister
  std::shared_ptr<const RowTable> rows;         // of the same: the table whose column it is, null: none
  IdType row_rule = kNoRule;                    // that says two fields of a row of it
  // kToken, kField
  std::bitset<256> alphabet;
  std::uint32_t min_length = 0, max_length = 0;
  std::bitset<256> lead;  // none: the prefix begins the value
  std::uint32_t min_lead = 0, max_lead = 0;

  // Of a normalised value; of one that is `written` so.
  bool Passes(std::string_view value) const noexcept { return check(value) && PassAll(checks, value); }
  bool Passes(std::string_view value, std::string_view written) const noexcept {
    return check(raw ? written : value) && PassAll(checks, value);
  }
};

// A register that is asked for every candidate, or only for the values of fields that its rule names.
struct OwnRegister {
  std::shared_ptr<const Register> values;
  IdType rule = 0;
  bool in_fields = false;
  bool sure = false;  // so few of all numbers of its lengths are in it that a match is no chance
};

struct RuleSet::Impl {
  std::vector<RuleInfo> infos;
  std::vector<CompiledRule> rules;
  TemplateIndex templates;
  ContextMatcher context;
  LiteralSet literals;
  KeyIndex keys;
  std::vector<Literal> key_uses;  // what each of `keys` is for
  std::string digest;
  std::uint64_t serial = 0;  // of this set among all that the process has compiled, from 1
  std::size_t chance_slots = 0;
  // Rules whose finder is code, by kind; kNoRule when no pack has one.
  IdType email = kNoRule, phone = kNoRule, iban = kNoRule, coordinates = kNoRule;
  IdType mac = kNoRule, mac_random = kNoRule, userinfo = kNoRule, card_track = kNoRule;
  IdType hl7_pid = kNoRule, people_table = kNoRule, contact_list = kNoRule;
  // Rules that other finders report too: names and birth dates stand in HL7 segments, names in contact lists.
  IdType person_name = kNoRule, birth_date = kNoRule, diagnosis = kNoRule, payment_card = kNoRule;
  std::vector<RecordKeys> record_keys;
  std::vector<IdType> field_rules;
  std::vector<IdType> alone_fields;  // of these, those whose value may be a text of its own
  bool ascii_alone = false;          // one of them may be written in ASCII
  std::vector<OwnRegister> registers;
  AllowList allowed;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_RULE_TABLES_H_
