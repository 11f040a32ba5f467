// SPDX-License-Identifier: Apache-2.0
// A rule in plain words, before it is compiled: what config/ reads from a pack and RuleSet::Compile turns
// into tables.
#ifndef GANDER_IDENTIFY_RULE_SOURCE_H_
#define GANDER_IDENTIFY_RULE_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "identify/check_source.h"
#include "identify/own/register_file.h"
#include "identify/own/row_table.h"
#include "identify/rule_set.h"

namespace gander::identify {

// How a value looks. Each kind has its own finder; see rules/README.md for which keys each kind reads.
enum class ShapeKind : std::uint8_t {
  kTemplate,     // fixed places: "NNN-NN-NNNN"; the workhorse
  kEmail,        // local@domain
  kPhone,        // + country code and national number
  kIban,         // country, check digits, national account
  kCoordinates,  // latitude and longitude, four decimals or more each
  kToken,        // literal prefix and a run of an alphabet
  kField,        // whatever stands in a field with one of the rule's context words as its key
  kHl7Pid,       // PID segment of HL7 v2
  kPeopleTable,  // three rows or more with two kinds of identifiers each
  kContactList,  // five or more names each with a phone number
  kExpression,   // a regular expression of the operator
  kKeys,         // records whose keys are of certain kinds, whatever their values
  kMac,          // six pairs of hexadecimal digits with : or - between them
  kUserinfo,     // scheme://user:password@host
  kCardTrack,    // a card's number within its magnetic stripe
  kRetired,      // none: keeps a place of an earlier set, see KeepPlaces
  kRegister,     // a value of one of the operator's registers; named by configuration, not by packs
};
bool ParseShapeKind(std::string_view text, ShapeKind& out) noexcept;

struct Shape {
  ShapeKind kind = ShapeKind::kTemplate;
  // kTemplate, and kField where only values of some forms count. N digit, A letter, X letter or digit, C digit or X,
  // H digit or A or B, O digit or one of LMNPQRSTUV (Italian omocodia); ~ stands for each of `separators` in turn,
  // [..] for what may be left away, {2} or {2,4} for so many of the place before it; any other character for itself,
  // a letter in either case.
  std::vector<std::string> templates;
  std::vector<std::string> separators;  // "" = written without
  // kToken. Prefixes of at least three bytes, case matters; `alphabet` is a list such as "A-Za-z0-9_-". With no
  // alphabet the prefix is the whole token. `templates` may stand beside them: other forms of the same value.
  // kField. A value ends before the first character that is not of `alphabet`.
  std::vector<std::string> prefixes;
  std::string alphabet;
  std::uint32_t min_length = 0, max_length = 0;  // of what follows the prefix
  std::string lead;  // of what stands before it: an alphabet; empty when nothing may
  std::uint32_t min_lead = 1, max_lead = 64;
  // kField. One of these must stand in the value, in whatever case and with or without accents.
  std::vector<std::string> words;
  // kKeys. A record has a key of each part, all within so many bytes; so many records make a finding.
  std::vector<std::vector<std::string>> parts;
  std::uint32_t within = 512, times = 1;
  // kExpression. Hyperscan's dialect; needs a literal of three bytes and a finite width of at most 256.
  std::string expression;
};

struct RuleSource {
  std::string id;
  std::string title;
  std::string data_class;
  Sensitivity sensitivity = Sensitivity::kPersonal;
  std::string region = "GLOBAL";
  std::uint32_t sid = 0;
  std::uint32_t revision = 1;
  double chance = 1.0;
  std::uint32_t bulk_distinct = 100;
  Shape shape;
  std::string validator = "none";
  std::vector<CheckSource> checks;   // all must pass, too
  std::vector<CheckSource> unnamed_checks;  // kTemplate: more of them where no word names the value
  std::vector<CheckSource> typical;  // kTemplate: what most values in use pass; between rules that fit alike it decides
  std::string checks_text;           // as the pack writes all of these
  std::vector<std::string> context;  // words of all languages; a word is searched folded, at word boundaries
  std::vector<std::string> languages;  // of `context`, where the pack says them (ISO 639)
  std::vector<std::string> foreign;    // of `context`, words in no language of the rule's country
  bool needs_context = false;        // never counted without one of them
  std::vector<std::string> needs;    // ids: never counted without a value of one of these rules beside it
  std::uint32_t needs_within = 128;  // bytes between the two, at most kMaxNeedsWithin
  bool stands_alone = false;         // kField: found, too, where the text is nothing but the value
  bool yields = false;               // not counted where another rule reports the same characters
  bool self_evident = false;         // the form alone proves it (a leading +, a token prefix)
  bool identifies_person = true;
  bool secret = false;
  std::vector<std::string> test_values;  // published samples: reported, never counted as a person
  std::vector<std::string> references;   // where the scheme is written down
  std::vector<std::string> match;        // texts in which the rule must find something
  std::vector<std::string> no_match;     // texts in which it must not
  std::shared_ptr<const Register> own;   // kRegister. Such a rule needs no examples; `context` are keys of fields
  // kRegister: the table whose column the register is. Without `own` the rule is the table's itself: it finds where two
  // fields of one row stand close together, and its RuleInfo::validator is "two_fields".
  std::shared_ptr<const RowTable> rows;
  bool canary = false;                   // planted: nobody has a reason to send it
  std::string file;
  int line = 0;
};

// For rules that take the place of `before` in a run: gives each rule that was there the same IdType, new ones those
// behind. The place of one that is gone is kept empty, so that what was found before and is still on its way is told
// apart.
void KeepPlaces(const RuleSet& before, std::vector<RuleSource>& sources);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_RULE_SOURCE_H_
