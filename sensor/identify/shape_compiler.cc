// SPDX-License-Identifier: Apache-2.0
#include "identify/shape_compiler.h"

#include <algorithm>

#include "identify/char_class.h"

namespace gander::identify {
namespace {

// The ways a key of several words is spelled: with spaces, hyphens, underscores, or none.
std::vector<std::string> Spellings(const std::string& word) {
  if (word.find(' ') == std::string::npos) return {word};
  std::vector<std::string> out;
  for (const char* joint : {" ", "_", "-", ""}) {
    std::string spelled;
    for (char c : word) spelled += c == ' ' ? std::string(joint) : std::string(1, c);
    out.push_back(spelled);
  }
  return out;
}

// Whether a place must hold what is not ASCII.
bool DemandsForeign(const CheckSource& check) {
  const auto foreign = [](const std::string& s) { return !s.empty() && !IsAscii(s.front()); };
  return check.kind == CheckSource::Kind::kPlaces && check.when.empty() && !check.is.empty() &&
         std::all_of(check.is.begin(), check.is.end(), foreign);
}

}  // namespace

Failure Wrong(const RuleSource& s, const std::string& what, const std::string& remedy) {
  return Fail(s.file, s.line, "rule " + (s.id.empty() ? "without id" : s.id) + ": " + what, remedy);
}

// Each of these shapes is found by code that serves one rule.
Result<bool> ShapeCompiler::Claim(const RuleSource& s, IdType& place, IdType type) {
  if (place != kNoRule) {
    return Wrong(s, "rule " + impl_->infos[place].id + " has this shape already",
                 "only one rule can have it");
  }
  place = type;
  return true;
}

Result<bool> ShapeCompiler::Add(const RuleSource& s, IdType type, CompiledRule& r) {
  if (r.check == FindValidator("person_name")->check) impl_->person_name = type;
  if (r.check == FindValidator("birth_date")->check && s.shape.kind == ShapeKind::kTemplate) impl_->birth_date = type;
  if (r.check == FindValidator("payment_card")->check && s.shape.kind == ShapeKind::kTemplate)
    impl_->payment_card = type;
  if (r.check == FindValidator("icd10")->check) impl_->diagnosis = type;
  switch (s.shape.kind) {
    case ShapeKind::kTemplate:
      return AddTemplates(s, type);
    case ShapeKind::kMac:
      if (auto added = AddOtherForms(s, type); !added) return added;
      return Claim(s, s.validator == "mac_random" ? impl_->mac_random : impl_->mac, type);
    case ShapeKind::kUserinfo:
      return Claim(s, impl_->userinfo, type);
    case ShapeKind::kCardTrack:
      return Claim(s, impl_->card_track, type);
    case ShapeKind::kKeys:
      return AddKeys(s, type);
    case ShapeKind::kEmail:
      return Claim(s, impl_->email, type);
    case ShapeKind::kPhone:
      return Claim(s, impl_->phone, type);
    case ShapeKind::kIban:
      return Claim(s, impl_->iban, type);
    case ShapeKind::kCoordinates:
      return Claim(s, impl_->coordinates, type);
    case ShapeKind::kHl7Pid:
      return Claim(s, impl_->hl7_pid, type);
    case ShapeKind::kPeopleTable:
      return Claim(s, impl_->people_table, type);
    case ShapeKind::kContactList:
      return Claim(s, impl_->contact_list, type);
    case ShapeKind::kToken:
      return AddToken(s, type, r);
    case ShapeKind::kField:
      return AddField(s, type, r);
    case ShapeKind::kExpression:
      return AddExpression(s, type);
    case ShapeKind::kRegister:
      return AddRegister(s, type, r);
    case ShapeKind::kRetired:
      break;
  }
  return true;
}

// The forms that the rule's templates stand for, each once.
Result<std::vector<ValueTemplate>> ShapeCompiler::FormsOf(const RuleSource& s, IdType type) {
  std::vector<std::string> forms;
  for (const std::string& pattern : s.shape.templates) {
    const std::string error = ExpandTemplate(pattern, s.shape.separators, forms);
    if (!error.empty()) return Wrong(s, error, "see \"Templates\" in rules/README.md");
  }
  std::sort(forms.begin(), forms.end());
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  std::vector<ValueTemplate> out;
  for (std::string& form : forms) {
    ValueTemplate t;
    t.rule = type;
    t.places = std::move(form);
    out.push_back(std::move(t));
  }
  return out;
}

Result<bool> ShapeCompiler::AddTemplates(const RuleSource& s, IdType type) {
  auto forms = FormsOf(s, type);
  if (!forms) return Failure(forms.error());
  if (forms->empty()) return Wrong(s, "there are no templates", "list at least one, such as NNN-NN-NNNN");
  for (ValueTemplate& t : *forms) impl_->templates.Add(std::move(t));
  return true;
}

// Templates beside another shape.
Result<bool> ShapeCompiler::AddOtherForms(const RuleSource& s, IdType type) {
  if (s.shape.templates.empty()) return true;
  return AddTemplates(s, type);
}

Result<bool> ShapeCompiler::AddToken(const RuleSource& s, IdType type, CompiledRule& r) {
  r.alphabet = ParseAlphabet(s.shape.alphabet);
  r.min_length = s.shape.min_length;
  r.max_length = s.shape.max_length;
  r.lead = ParseAlphabet(s.shape.lead);
  r.min_lead = s.shape.min_lead;
  r.max_lead = s.shape.max_lead;
  if (r.lead.any() && (r.min_lead == 0 || r.min_lead > r.max_lead || r.max_lead > kMaxTokenLead)) {
    return Wrong(s, "what leads a token is not within 1.." + std::to_string(kMaxTokenLead) + " characters",
                 "correct min_lead and max_lead");
  }
  const bool whole = r.max_length == 0 && (s.shape.alphabet.empty() || r.lead.any());
  if (s.shape.prefixes.empty() || (!whole && (r.alphabet.none() || r.max_length == 0 || r.max_length > 4096)) ||
      r.min_length > r.max_length) {
    return Wrong(s, "a token needs prefixes, and an alphabet with a length of at most 4096 or neither",
                 "see \"Tokens\" in rules/README.md");
  }
  if (auto added = AddOtherForms(s, type); !added) return added;
  for (const std::string& prefix : s.shape.prefixes) {
    if (prefix.size() < 3 || prefix.size() > 48) {
      return Wrong(s, "prefix '" + prefix + "' is not 3 to 48 bytes long",
                   "make it longer, or use an expression");
    }
    Literal literal;
    literal.use = LiteralUse::kToken;
    literal.rule = type;
    impl_->literals.Add(prefix, false, LiteralPlace::kWordBegin, literal);
  }
  return true;
}

Result<bool> ShapeCompiler::AddField(const RuleSource& s, IdType type, CompiledRule& r) {
  auto forms = FormsOf(s, type);
  if (!forms) return Failure(forms.error());
  r.forms = std::move(*forms);
  for (ValueTemplate& t : r.forms) t.Compile();
  if (s.context.empty()) return Wrong(s, "a field rule lists no keys", "list them under context");
  r.alphabet = ParseAlphabet(s.shape.alphabet);
  r.stands_beside = !r.secret && !r.is_name;
  if (!s.shape.words.empty()) {
    auto words = std::make_shared<ContextMatcher>();
    for (const std::string& word : s.shape.words) words->Add(word, 0);
    words->Freeze();
    r.words = std::move(words);
  }
  impl_->field_rules.push_back(type);
  if (s.stands_alone) {
    impl_->alone_fields.push_back(type);
    impl_->ascii_alone |= std::none_of(s.checks.begin(), s.checks.end(), DemandsForeign);
  }
  for (const std::string& word : s.context) {
    for (const std::string& key : Spellings(word)) AddKey(key, LiteralUse::kField, type);
    if (!r.forms.empty() && s.region != "GLOBAL") AddProseKey(word, type);
  }
  return true;
}

Result<bool> ShapeCompiler::AddKeys(const RuleSource& s, IdType type) {
  const std::size_t parts = s.shape.parts.size();
  if (parts < 2 || parts > RecordKeys::kMaxParts || s.shape.times == 0 || s.shape.within == 0)
    return Wrong(s, "a record is told by two to six parts, each a list of keys", "see \"Keys\" in rules/README.md");
  const auto place = static_cast<std::uint32_t>(impl_->record_keys.size());
  impl_->record_keys.push_back({type, static_cast<std::uint32_t>(parts), s.shape.within, s.shape.times});
  for (std::uint32_t part = 0; part < parts; ++part) {
    for (const std::string& word : s.shape.parts[part]) {
      for (const std::string& key : Spellings(word)) AddKey(key, LiteralUse::kKey, type, place, part);
    }
  }
  return true;
}

Result<bool> ShapeCompiler::AddRegister(const RuleSource& s, IdType type, CompiledRule& r) {
  r.own = s.own;
  r.rows = s.rows;
  // A value may be another rule's too; that does not make two kinds of identifiers in its row.
  r.counts_in_rows = false;
  if (s.own == nullptr) return true;
  impl_->registers.push_back({s.own, type, !s.context.empty(), s.own->density() <= kSelfEvidentChance});
  return s.context.empty() ? true : AddField(s, type, r);
}

void ShapeCompiler::AddKey(const std::string& key, LiteralUse use, IdType type, std::uint32_t record, std::uint32_t part) {
  Literal literal;
  literal.use = use;
  literal.rule = type;
  literal.length = static_cast<std::uint32_t>(key.size());
  literal.record = record;
  literal.part = part;
  impl_->keys.Add(key, static_cast<std::uint32_t>(impl_->key_uses.size()));
  impl_->key_uses.push_back(literal);
}

// In running text a value stands behind its name without a mark ("postcode 1234 AB"): the rule's forms tell where it
// ends. Such names are searched everywhere, so only those of one country's numbers are.
void ShapeCompiler::AddProseKey(const std::string& key, IdType type) {
  if (key.size() < 3) return;
  Literal literal;
  literal.use = LiteralUse::kFieldInProse;
  literal.rule = type;
  impl_->literals.Add(key, true, LiteralPlace::kWordBegin, literal);
}

Result<bool> ShapeCompiler::AddExpression(const RuleSource& s, IdType type) {
  const std::string error = impl_->literals.AddExpression(s.shape.expression, type);
  if (error.empty()) return true;
  return WrongExpression(s, error);
}

Failure ShapeCompiler::WrongExpression(const RuleSource& s, const std::string& error) {
  const bool slow = error.find("too slow") != std::string::npos;
  return Wrong(s, "expression /" + s.shape.expression + "/: " + error,
               slow ? "put a fixed word of three letters or more into it, or write a template"
                    : "correct it; the dialect is Hyperscan's, bounded repeats only");
}

void ShapeCompiler::AddStructure() {
  if (impl_->hl7_pid != kNoRule) {
    Literal pid;
    pid.use = LiteralUse::kHl7Pid;
    pid.rule = impl_->hl7_pid;
    impl_->literals.Add("PID|", false, LiteralPlace::kWordBegin, pid);
  }
  if (impl_->diagnosis != kNoRule) {
    Literal segment;
    segment.use = LiteralUse::kHl7Diagnosis;
    segment.rule = impl_->diagnosis;
    impl_->literals.Add("DG1|", false, LiteralPlace::kWordBegin, segment);
  }
  Literal insert;
  insert.use = LiteralUse::kSqlInsert;
  impl_->literals.Add("INSERT INTO ", true, LiteralPlace::kAnywhere, insert);
}

}  // namespace gander::identify
