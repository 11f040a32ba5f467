// SPDX-License-Identifier: Apache-2.0
// From rules in words to tables, and the proof of each rule by its own examples.
#include <openssl/evp.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>

#include "identify/char_class.h"
#include "identify/document.h"
#include "identify/judge.h"
#include "identify/rule_tables.h"

namespace gander::identify {
namespace {

Failure Wrong(const RuleSource& s, const std::string& what, const std::string& remedy) {
  return Fail(s.file, s.line, "rule " + (s.id.empty() ? "without id" : s.id) + ": " + what, remedy);
}

std::string NormalisedCopy(const std::string& text) {
  std::string out(text.size(), '\0');
  out.resize(Normalise(text, out.data(), out.size()));
  return out;
}

// Numbers that are counted on begin alike, and where one begins with a date the others do, too: of values beside each
// other the check characters alone prove something. 0 where no date is tested.
double ChanceWithDate(const std::vector<ValueCheck>& checks) {
  double chance = 1;
  bool dated = false;
  for (const ValueCheck& check : checks) {
    if (std::holds_alternative<DateTest>(check.test)) dated = true;
    if (!check.when.empty()) continue;
    if (const auto* sum = std::get_if<SumTest>(&check.test)) chance /= sum->remainder.moduli.back();
    if (std::holds_alternative<AlgorithmTest>(check.test)) chance /= 10;
  }
  return dated ? std::min(chance, 0.5) : 0;
}

// What one value that passes proves. A hundred rules look at each number, so two of them in a row prove something only
// where two seldom pass by chance; else it takes three.
float GainOf(double chance) {
  constexpr double kTwoProve = 0.003;
  const auto gain = static_cast<float>(std::log(kTruePassRate / chance));
  return chance > kTwoProve ? std::min(gain, kCountedScore / 2 - 0.05f) : gain;
}

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

class Compiler {
 public:
  Result<std::unique_ptr<RuleSet::Impl>> Run(const std::vector<RuleSource>& sources,
                                             const std::string& cache) {
    if (sources.size() >= kNoRule)
      return Fail("", 0, "more than 65,534 rules", "split the packs over several sensors");
    for (const RuleSource& s : sources) {
      if (auto added = Add(s); !added) return Failure(added.error());
    }
    if (auto linked = LinkNeeds(sources); !linked) return Failure(linked.error());
    JoinTables();
    AddStructure();
    impl_->templates.Freeze();
    impl_->context.Freeze();
    impl_->keys.Freeze();
    LiteralCache databases(CacheFolder(cache));
    const LiteralSet::Fault fault = impl_->literals.Freeze(databases);
    if (!fault.words.empty()) {
      if (fault.rule < sources.size() && sources[fault.rule].shape.kind == ShapeKind::kExpression)
        return WrongExpression(sources[fault.rule], fault.words);
      return Fail("", 0, "Hyperscan refuses the literals: " + fault.words, "shorten the newest expressions");
    }
    return std::move(impl_);
  }

 private:
  Result<bool> Add(const RuleSource& s) {
    if (s.shape.kind == ShapeKind::kRetired) return Retire(s);
    if (auto fine = CheckIdentity(s); !fine) return fine;
    const Validator* validator = FindValidator(s.validator);
    if (validator == nullptr) {
      return Wrong(s, "there is no validator '" + s.validator + "'",
                   "take one that `gander rules list --validators` names");
    }
    const auto type = static_cast<IdType>(impl_->infos.size());
    CompiledRule r;
    r.kind = s.shape.kind;
    r.check = validator->check;
    if (auto checked = AddChecks(s, r); !checked) return checked;
    r.needs_context = s.needs_context;
    r.has_words = !s.context.empty();
    r.has_foreign_words = !s.foreign.empty();
    r.chance = static_cast<float>(s.chance);
    r.self_evident = s.self_evident || s.chance <= kSelfEvidentChance;
    r.secret = s.secret;
    r.raw = validator->raw;
    r.is_name = s.validator == "person_name";
    r.is_phone = s.data_class == "contact" && !r.is_name && s.shape.kind != ShapeKind::kEmail;
    // What waits for a value beside it is told too late to have a place in its row.
    r.counts_in_rows = (s.identifies_person || r.is_name || s.validator == "birth_date") && s.needs.empty();
    r.yields = s.yields;
    const double chance = std::max(s.chance, ChanceWithDate(r.checks));
    r.gain = GainOf(chance);
    r.loss = static_cast<float>(std::log((1 - kTruePassRate) / (1 - std::min(chance, 0.999))));
    if (!r.needs_context && s.chance < kTruePassRate) r.chance_slot = static_cast<int>(impl_->chance_slots++);
    if (s.region.size() == 2 && s.identifies_person) {
      r.country[0] = s.region[0];
      r.country[1] = s.region[1];
    }
    for (const std::string& value : s.test_values) r.test_values.push_back(NormalisedCopy(value));
    std::sort(r.test_values.begin(), r.test_values.end());
    for (const std::string& word : s.context) impl_->context.Add(word, type);
    for (const std::string& word : s.foreign) impl_->context.AddForeign(word, type);
    if (auto shaped = AddShape(s, type, r); !shaped) return shaped;
    impl_->rules.push_back(std::move(r));
    const bool is_table = s.shape.kind == ShapeKind::kRegister && s.own == nullptr;
    impl_->infos.push_back({s.id, s.title, s.data_class, s.sensitivity, s.region,
                            is_table ? "two_fields" : s.validator, s.checks_text, s.chance,
                            s.bulk_distinct, s.sid, s.revision, s.identifies_person, s.secret, s.canary, false, s.file,
                            s.line});
    return true;
  }

  Result<bool> AddChecks(const RuleSource& s, CompiledRule& r) {
    CheckFault fault;
    CompileChecks(s.checks, r.checks, fault);
    if (fault.cause.empty()) CompileChecks(s.unnamed_checks, r.unnamed_checks, fault);
    if (fault.cause.empty()) CompileChecks(s.typical, r.typical, fault);
    if (!fault.cause.empty())
      return Fail(s.file, fault.line, "rule " + s.id + ": check: " + fault.cause, "see \"Checks\" in rules/README.md");
    const bool by_reading = !s.unnamed_checks.empty() || !s.typical.empty();
    if (by_reading && s.shape.kind != ShapeKind::kTemplate)
      return Wrong(s, "`unnamed_checks` and `typical` are asked of templates alone", "write them under `checks`");
    return true;
  }

  // Rules come in any order: only now all are known.
  Result<bool> LinkNeeds(const std::vector<RuleSource>& sources) {
    for (std::size_t type = 0; type < sources.size(); ++type) {
      const RuleSource& s = sources[type];
      if (s.needs.empty() || s.shape.kind == ShapeKind::kRetired) continue;
      if (s.needs_within == 0 || s.needs_within > kMaxNeedsWithin)
        return Wrong(s, "needs_within is not within 1..256", "write how many bytes may lie between the two values");
      CompiledRule& r = impl_->rules[type];
      for (std::size_t other = 0; other < sources.size(); ++other) {
        const bool named = std::find(s.needs.begin(), s.needs.end(), sources[other].id) != s.needs.end();
        if (!named || sources[other].shape.kind == ShapeKind::kRetired) continue;
        r.needs.push_back(static_cast<IdType>(other));
        impl_->rules[other].is_needed = true;
      }
      if (r.needs.empty())
        return Wrong(s, "none of the rules it needs is loaded", "load the pack of " + s.needs.front() + ", too");
      r.needs_within = s.needs_within;
    }
    return true;
  }

  Result<bool> Retire(const RuleSource& s) {
    CompiledRule r;
    r.kind = s.shape.kind;
    r.check = FindValidator("none")->check;
    impl_->rules.push_back(std::move(r));
    RuleInfo& info = impl_->infos.emplace_back();
    info.id = s.id;
    info.title = s.title;
    info.data_class = s.data_class;
    info.sensitivity = s.sensitivity;
    info.region = s.region;
    info.bulk_distinct = s.bulk_distinct;
    info.sid = s.sid;
    info.revision = s.revision;
    info.identifies_person = s.identifies_person;
    info.secret = s.secret;
    info.canary = s.canary;
    info.retired = true;
    return true;
  }

  Result<bool> CheckIdentity(const RuleSource& s) {
    if (s.id.empty()) return Wrong(s, "the id is missing", "give it one such as us.ssn");
    const auto [other, fresh] = ids_.try_emplace(s.id, &s);
    if (!fresh) {
      return Wrong(s, "the id is taken by " + other->second->file + ":" + std::to_string(other->second->line),
                   "give one of the two another id");
    }
    const auto [holder, free] = sids_.try_emplace(s.sid, &s);
    if (!free) {
      return Wrong(s, "sid " + std::to_string(s.sid) + " is taken by " + holder->second->id,
                   "take a sid of your own (from 3000000 on for local rules)");
    }
    if (!(s.chance > 0 && s.chance <= 1))
      return Wrong(s, "chance is not within 0..1", "state the share of random strings that pass");
    const bool shows_none = s.shape.kind == ShapeKind::kRegister;  // its values are known to nobody here
    if (!shows_none && (s.match.empty() || s.no_match.empty())) {
      return Wrong(s, s.match.empty() ? "there is no match example" : "there is no no_match example",
                   "give at least one text under match and one under no_match");
    }
    if (s.needs_context && s.context.empty())
      return Wrong(s, "it needs context but lists no words", "list words under context");
    return true;
  }

  // Each of these shapes is found by code that serves one rule.
  Result<bool> Claim(const RuleSource& s, IdType& place, IdType type) {
    if (place != kNoRule) {
      return Wrong(s, "rule " + impl_->infos[place].id + " has this shape already",
                   "only one rule can have it");
    }
    place = type;
    return true;
  }

  Result<bool> AddShape(const RuleSource& s, IdType type, CompiledRule& r) {
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
  Result<std::vector<ValueTemplate>> FormsOf(const RuleSource& s, IdType type) {
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

  Result<bool> AddTemplates(const RuleSource& s, IdType type) {
    auto forms = FormsOf(s, type);
    if (!forms) return Failure(forms.error());
    if (forms->empty()) return Wrong(s, "there are no templates", "list at least one, such as NNN-NN-NNNN");
    for (ValueTemplate& t : *forms) impl_->templates.Add(std::move(t));
    return true;
  }

  // Templates beside another shape.
  Result<bool> AddOtherForms(const RuleSource& s, IdType type) {
    if (s.shape.templates.empty()) return true;
    return AddTemplates(s, type);
  }

  Result<bool> AddToken(const RuleSource& s, IdType type, CompiledRule& r) {
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

  Result<bool> AddField(const RuleSource& s, IdType type, CompiledRule& r) {
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
    if (s.stands_alone) impl_->alone_fields.push_back(type);
    for (const std::string& word : s.context) {
      for (const std::string& key : Spellings(word)) AddKey(key, LiteralUse::kField, type);
      if (!r.forms.empty() && s.region != "GLOBAL") AddProseKey(word, type);
    }
    return true;
  }

  Result<bool> AddKeys(const RuleSource& s, IdType type) {
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

  Result<bool> AddRegister(const RuleSource& s, IdType type, CompiledRule& r) {
    r.own = s.own;
    r.rows = s.rows;
    // A value may be another rule's too; that does not make two kinds of identifiers in its row.
    r.counts_in_rows = false;
    if (s.own == nullptr) return true;
    impl_->registers.push_back({s.own, type, !s.context.empty(), s.own->density() <= kSelfEvidentChance});
    return s.context.empty() ? true : AddField(s, type, r);
  }

  // Tables and their columns may come in any order.
  void JoinTables() {
    for (IdType table = 0; table < impl_->rules.size(); ++table) {
      const CompiledRule& t = impl_->rules[table];
      if (t.rows == nullptr || t.own != nullptr) continue;
      for (CompiledRule& column : impl_->rules) {
        if (column.own != nullptr && column.rows == t.rows) column.row_rule = table;
      }
    }
  }

  void AddKey(const std::string& key, LiteralUse use, IdType type, std::uint32_t record = 0, std::uint32_t part = 0) {
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
  void AddProseKey(const std::string& key, IdType type) {
    if (key.size() < 3) return;
    Literal literal;
    literal.use = LiteralUse::kFieldInProse;
    literal.rule = type;
    impl_->literals.Add(key, true, LiteralPlace::kWordBegin, literal);
  }

  Result<bool> AddExpression(const RuleSource& s, IdType type) {
    const std::string error = impl_->literals.AddExpression(s.shape.expression, type);
    if (error.empty()) return true;
    return WrongExpression(s, error);
  }

  static Failure WrongExpression(const RuleSource& s, const std::string& error) {
    const bool slow = error.find("too slow") != std::string::npos;
    return Wrong(s, "expression /" + s.shape.expression + "/: " + error,
                 slow ? "put a fixed word of three letters or more into it, or write a template"
                      : "correct it; the dialect is Hyperscan's, bounded repeats only");
  }

  void AddStructure() {
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

  std::unique_ptr<RuleSet::Impl> impl_ = std::make_unique<RuleSet::Impl>();
  std::map<std::string, const RuleSource*> ids_;
  std::map<std::uint32_t, const RuleSource*> sids_;
};

// Everything that decides what is found goes in, each text closed by a zero byte.
std::string DigestInput(const std::vector<RuleSource>& sources) {
  std::string all;
  const auto add = [&all](const std::string& text) { all.append(text).push_back('\0'); };
  const auto add_list = [&](const std::vector<std::string>& list) {
    for (const std::string& text : list) add(text);
    add("");
  };
  // By id, since the order of rules depends on what was loaded before (KeepPlaces).
  std::vector<const RuleSource*> sorted;
  for (const RuleSource& s : sources) {
    if (s.shape.kind != ShapeKind::kRetired) sorted.push_back(&s);
  }
  std::sort(sorted.begin(), sorted.end(), [](const RuleSource* a, const RuleSource* b) { return a->id < b->id; });
  for (const RuleSource* source : sorted) {
    const RuleSource& s = *source;
    for (const std::string* text : {&s.id, &s.data_class, &s.region, &s.validator, &s.checks_text,
                                    &s.shape.alphabet, &s.shape.lead, &s.shape.expression}) {
      add(*text);
    }
    for (std::uint32_t n :
         {s.sid, s.revision, s.bulk_distinct, s.shape.min_length, s.shape.max_length, s.shape.min_lead,
          s.shape.max_lead, static_cast<std::uint32_t>(s.shape.kind), static_cast<std::uint32_t>(s.sensitivity)}) {
      add(std::to_string(n));
    }
    add(std::to_string(s.chance));
    for (bool flag : {s.needs_context, s.self_evident, s.identifies_person, s.secret, s.yields, s.stands_alone})
      all.push_back(flag ? '1' : '0');
    for (const auto* list : {&s.shape.templates, &s.shape.separators, &s.shape.prefixes, &s.shape.words, &s.context,
                             &s.foreign, &s.needs, &s.test_values}) {
      add_list(*list);
    }
    for (const auto& part : s.shape.parts) add_list(part);
    for (std::uint32_t n : {s.shape.within, s.shape.times, s.needs_within}) add(std::to_string(n));
    if (s.own != nullptr) add(s.own->checksum());
    if (s.rows != nullptr) add(std::to_string(s.rows->id()));
  }
  return all;
}

std::string Digest(const std::vector<RuleSource>& sources, const AllowList& allowed) {
  std::string all = DigestInput(sources);
  if (!allowed.empty()) all += allowed.Describe();
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_Digest(all.data(), all.size(), hash, &length, EVP_sha256(), nullptr);
  constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < length; ++i) {
    hex += kHex[hash[i] >> 4];
    hex += kHex[hash[i] & 15];
  }
  return hex;
}

Result<bool> RunExamples(const std::vector<RuleSource>& sources,
                         const std::shared_ptr<const RuleSet>& rules) {
  Scanner scanner(rules, Options{}, HashKey{});
  TextState state;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const RuleSource& s = sources[i];
    const auto finds = [&](const std::string& text) {
      const auto findings = ScanDocument(scanner, state, text);
      return std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return f.type == i; });
    };
    for (const std::string& text : s.match) {
      if (!finds(text)) {
        return Wrong(s, "its match example '" + text + "' is not found",
                     "correct the example, the shape or the context words");
      }
    }
    for (const std::string& text : s.no_match) {
      if (finds(text)) {
        return Wrong(s, "its no_match example '" + text + "' is found",
                     "narrow the shape, the validator or the context words");
      }
    }
  }
  return true;
}

}  // namespace

Result<std::shared_ptr<const RuleSet>> RuleSet::Compile(std::vector<RuleSource> sources, const std::string& cache,
                                                        AllowList allowed) {
  auto impl = Compiler().Run(sources, cache);
  if (!impl) return Failure(impl.error());
  static std::atomic<std::uint64_t> compiled{0};
  (*impl)->serial = ++compiled;
  (*impl)->digest = Digest(sources, allowed);
  const std::shared_ptr<RuleSet> rules(new RuleSet(std::move(*impl)));
  if (auto proven = RunExamples(sources, rules); !proven) return Failure(proven.error());
  rules->impl_->allowed = std::move(allowed);  // examples may well be of what is allowed
  return std::shared_ptr<const RuleSet>(rules);
}

}  // namespace gander::identify
