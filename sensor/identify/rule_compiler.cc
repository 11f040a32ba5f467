// SPDX-License-Identifier: Apache-2.0
// From rules in words to tables, and the proof of each rule by its own examples.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>

#include "identify/document.h"
#include "identify/judge.h"
#include "identify/rule_digest.h"
#include "identify/shape_compiler.h"

namespace gander::identify {
namespace {

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
    shapes_.AddStructure();
    impl_->templates.Freeze();
    impl_->context.Freeze();
    impl_->keys.Freeze();
    LiteralCache databases(CacheFolder(cache));
    const LiteralSet::Fault fault = impl_->literals.Freeze(databases);
    if (!fault.words.empty()) {
      if (fault.rule < sources.size() && sources[fault.rule].shape.kind == ShapeKind::kExpression)
        return ShapeCompiler::WrongExpression(sources[fault.rule], fault.words);
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
    if (auto shaped = shapes_.Add(s, type, r); !shaped) return shaped;
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

  std::unique_ptr<RuleSet::Impl> impl_ = std::make_unique<RuleSet::Impl>();
  ShapeCompiler shapes_{*impl_};
  std::map<std::string, const RuleSource*> ids_;
  std::map<std::uint32_t, const RuleSource*> sids_;
};

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
  (*impl)->digest = DigestOf(sources, allowed);
  const std::shared_ptr<RuleSet> rules(new RuleSet(std::move(*impl)));
  if (auto proven = RunExamples(sources, rules); !proven) return Failure(proven.error());
  rules->impl_->allowed = std::move(allowed);  // examples may well be of what is allowed
  return std::shared_ptr<const RuleSet>(rules);
}

}  // namespace gander::identify
