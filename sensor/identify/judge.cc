// SPDX-License-Identifier: Apache-2.0
// The chance filter and the making of findings.
#include "identify/judge.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "identify/mask.h"
#include "identify/own/row_table.h"

namespace gander::identify {
namespace {

// A longer value (a token) is told apart by its first so many letters and digits.
constexpr std::size_t kMaxTagged = 4096;

// A sample's tag together with the rule that lists it.
SubjectTag TestMark(IdType rule, SubjectTag tag) noexcept {
  return tag ^ (rule + 1u) * 0x9E3779B97F4A7C15ULL;
}

// A type's place in TextState::Impl::held_types.
std::uint64_t HeldBit(IdType type) noexcept { return std::uint64_t{1} << (type % 64); }

std::uint8_t ConfidenceOf(Evidence evidence) noexcept {
  constexpr std::uint8_t kConfidence[] = {30, 80, 95};
  return kConfidence[static_cast<std::size_t>(evidence)];
}

// Of two identifiers of one person the higher one counts. What a State gives out tells people best, a mail address
// better than a telephone that a household may share, an account or a card better than a device.
std::uint8_t RankOf(const RuleInfo& rule) noexcept {
  if (!rule.identifies_person) return 0;
  constexpr std::string_view kClasses[] = {"device", "financial", "contact", "health", "tax_id", "national_id"};
  const auto place = std::find(std::begin(kClasses), std::end(kClasses), rule.data_class) - std::begin(kClasses);
  const bool mail = rule.id == "global.email";
  return static_cast<std::uint8_t>(place == std::ssize(kClasses) ? 1 : 2 * place + (mail ? 3 : 2));
}

}  // namespace

bool EndsBefore(const Finding& a, const Finding& b) noexcept {
  const std::uint64_t end_a = a.offset + a.length, end_b = b.offset + b.length;
  if (end_a != end_b) [[likely]] return end_a < end_b;
  return a.offset != b.offset ? a.offset < b.offset : a.type < b.type;
}

bool BeginsBefore(const Finding& a, const Finding& b) noexcept {
  if (a.offset != b.offset) return a.offset < b.offset;
  return a.length != b.length ? a.length > b.length : a.type < b.type;
}

const char* NameOf(Reason reason) noexcept {
  constexpr const char* kReasons[] = {"chance explains it", "its form is rare enough",
                                      "the text is nothing but this value",
                                      "more values like it pass than chance explains", "a word beside it names it",
                                      "exact match with register"};
  return kReasons[static_cast<std::size_t>(reason)];
}

Judge::Judge(const RuleSet::Impl& rules, const HashKey& key, Counters& counters)
    : rules_(rules), key_(key), counters_(counters), companions_(rules), backlogs_(1024, [] {
        auto made = std::make_unique<std::vector<Finding>>();
        made->reserve(kBacklog);
        return made;
      }) {
  FindAllowed(false);
  found_.Reserve(1024);
  rows_.Reserve(1024);
  released_.reserve(kBacklog);
  people_.reserve(1024);
  for (const RuleInfo& rule : rules.infos) ranks_.push_back(RankOf(rule));
  std::size_t values = 0;
  for (const CompiledRule& r : rules.rules) values += r.test_values.size();
  test_tags_.resize(std::bit_ceil(8 * values + 1));
  for (std::size_t rule = 0; rule < rules.rules.size(); ++rule) {
    for (const std::string& value : rules.rules[rule].test_values) {
      const SubjectTag mark = TestMark(static_cast<IdType>(rule), SipHash13(key, AsBytes(value)));
      std::size_t at = mark & (test_tags_.size() - 1);
      while (test_tags_[at] != 0 && test_tags_[at] != mark) at = (at + 1) & (test_tags_.size() - 1);
      test_tags_[at] = mark;
    }
  }
}

// By tag, not by value: a person is taken for a sample with probability 2^-64 a sample.
bool Judge::IsTestValue(IdType rule, SubjectTag tag) const noexcept {
  const SubjectTag mark = TestMark(rule, tag);
  const std::size_t mask = test_tags_.size() - 1;
  for (std::size_t at = mark & mask; test_tags_[at] != 0; at = (at + 1) & mask) {
    if (test_tags_[at] == mark) return true;
  }
  return false;
}

void Judge::NoteField(IdType rule, std::size_t begin, std::size_t end) noexcept {
  const CompiledRule& r = rules_.rules[rule];
  if (r.row_rule == kNoRule) return;
  char form[kMaxRegistered + 16];
  const std::size_t n = FormOf(window_->text.substr(begin, end - begin), r.own->form(), form);
  const std::uint32_t row = n == 0 ? RowTable::kAbsent : r.rows->RowOf(RegisterTag(r.own->key(), {form, n}));
  if (row >= RowTable::kShared) return;
  if (state_->fields == nullptr) state_->fields = std::make_unique<RowFields>();
  const std::uint64_t offset = window_->Offset(begin), table = r.rows->id();
  if (!state_->fields->Add({table, row, rule, static_cast<std::uint32_t>(window_->EndOffset(end) - offset), offset}))
    return;
  char name[16] = {};  // of the row: what the tag is made of; whole words may be read there
  std::memcpy(name, &table, sizeof table);
  std::memcpy(name + sizeof table, &row, sizeof row);
  Pass(r.row_rule, begin, end, {name, sizeof table + sizeof row}, Support::kContext, rules_.rules[r.row_rule].country);
}

bool Judge::SeenBefore(std::string_view normalised) noexcept {
  std::uint64_t hash = normalised.size();
  for (std::size_t i = 0; i < normalised.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, normalised.data() + i, std::min<std::size_t>(8, normalised.size() - i));
    hash = Mix64(hash ^ word);
  }
  const auto mark = static_cast<std::uint32_t>(hash >> 32) | 1u;
  auto& recent = state_->recent;
  if (std::find(recent.begin(), recent.end(), mark) != recent.end()) return true;
  recent[state_->recent_next++ % recent.size()] = mark;
  return false;
}

void Judge::MakeScores() noexcept {
  state_->scores.assign(rules_.chance_slots, 0.0f);
  scores_ = state_->scores.data();
}

void Judge::Add(IdType rule, std::size_t begin, std::size_t end, std::string_view normalised, Opinion opinion,
                const char* country, Mask mask) noexcept {
  const CompiledRule& r = rules_.rules[rule];
  if ((state_->held_types & HeldBit(rule)) != 0 && opinion.evidence != Evidence::kUnproven && r.chance_slot >= 0) {
    const float score = *Score(rule);
    if (score >= kCountedScore) Release(rule, score >= kCertainScore ? Evidence::kCertain : Evidence::kCounted);
  }
  Finding& f = found_.Append();
  f.tag = SipHash13Roomy(key_, AsBytes(normalised));
  f.offset = window_->Offset(begin);
  f.length = static_cast<std::uint32_t>(window_->EndOffset(end) - f.offset);
  f.type = rule;
  f.direction = window_->direction;
  f.evidence = opinion.evidence;
  const bool registered = r.kind == ShapeKind::kRegister && opinion.evidence != Evidence::kUnproven;
  f.reason = registered ? Reason::kRegister : opinion.reason;
  f.confidence = ConfidenceOf(opinion.evidence);
  f.is_test_value = !r.test_values.empty() && IsTestValue(rule, f.tag);
  f.subject_country[0] = country[0];
  f.subject_country[1] = country[1];
  f.mask = mask;
  if (!find_allowed_ && r.kind != ShapeKind::kRegister) [[unlikely]] {
    const std::string_view text = window_->text.substr(begin, end - begin);
    if (rules_.allowed.Holds(text, normalised, r.kind == ShapeKind::kEmail)) {
      ++counters_.allowed;
      state_->covered_begin = f.offset;
      state_->covered_end = f.offset + f.length;
      return found_.TakeBack();
    }
  }
  if (r.is_needed) companions_.Note(f);
  if (opinion.evidence == Evidence::kUnproven) [[unlikely]] {
    ++counters_.unproven;
    const Finding held = f;
    found_.TakeBack();
    Hold(held);
    return;
  }
  if (r.waits() && !find_alone_) [[unlikely]] {
    // Read behind the value that it is another reading of.
    const bool anothers = r.yields && f.offset >= state_->covered_begin && f.offset + f.length <= state_->covered_end;
    if (anothers) {
      ++counters_.alone;
    } else {
      companions_.Await(f);
    }
    return found_.TakeBack();
  }
  if (opinion.evidence == Evidence::kCertain && country[0] != '\0') {
    state_->home[0] = country[0];
    state_->home[1] = country[1];
  }
  // Inside an address or a segment other values may stand, and what a register knows may be one of a rule; inside
  // anything else they are parts of it.
  const bool holds_others =
      r.kind == ShapeKind::kEmail || r.kind == ShapeKind::kHl7Pid || r.kind == ShapeKind::kRegister;
  if (!holds_others && !r.stands_beside) {
    state_->covered_begin = f.offset;
    state_->covered_end = f.offset + f.length;
  }
  if (r.counts_in_rows && !f.is_test_value) rows_.Add(f);
  Count(f);
  found_.Place();
}

bool Judge::Pass(IdType rule, std::size_t begin, std::size_t end, Support support,
                 const char* country) noexcept {
  const Opinion opinion = Weigh(rule, support);
  if (!opinion.report) return false;
  char normalised[kMaxTagged];
  const std::string_view value = window_->text.substr(begin, end - begin);
  const std::size_t n = Normalise(value, normalised, sizeof normalised);
  const CompiledRule& r = rules_.rules[rule];
  Add(rule, begin, end, {normalised, n}, opinion, country != nullptr ? country : r.country, MaskOf(value, r.secret));
  return opinion.evidence != Evidence::kUnproven;
}

void Judge::PassRecord(IdType rule, std::uint64_t begin, std::uint64_t end) noexcept {
  Finding f;
  f.offset = begin;
  f.length = static_cast<std::uint32_t>(end - begin);
  f.tag = SipHash13(key_, AsBytes(std::string_view(reinterpret_cast<const char*>(&f.offset), sizeof f.offset)));
  f.type = rule;
  f.direction = window_->direction;
  f.evidence = Evidence::kCounted;
  f.reason = Reason::kForm;
  f.confidence = ConfidenceOf(f.evidence);
  f.mask = MaskOf("", true);
  Count(f);
  found_.Add(f);
}

void Judge::Count(const Finding& finding) noexcept {
  if (finding.is_test_value) {
    ++counters_.test_values;
  } else if (finding.evidence != Evidence::kUnproven) {
    ++counters_.counted;
  }
}

void Judge::Hold(const Finding& finding) noexcept {
  if (state_->backlog == nullptr) state_->backlog = backlogs_.Take();
  std::vector<Finding>& backlog = *state_->backlog;
  if (backlog.size() == kBacklog) {
    AddLate(backlog.front());
    backlog.erase(backlog.begin());
  }
  backlog.push_back(finding);
  state_->held_types |= HeldBit(finding.type);
}

void Judge::Release(IdType rule, Evidence evidence) noexcept {
  if (state_->backlog == nullptr) return;
  std::vector<Finding>& backlog = *state_->backlog;
  for (Finding& f : backlog) {
    if (f.type != rule) continue;
    f.evidence = evidence;
    f.reason = rules_.rules[rule].own != nullptr ? Reason::kRegister : Reason::kOthers;
    f.confidence = ConfidenceOf(evidence);
    released_.push_back(f);
    AddLate(f);
  }
  std::erase_if(backlog, [rule](const Finding& f) { return f.type == rule; });
  state_->held_types = 0;
  for (const Finding& f : backlog) state_->held_types |= HeldBit(f.type);
}

// What waited is first in order: what is found now stands behind it, but for a few places.
void Judge::TakeRowsAhead() noexcept {
  rows_.Assign(state_->rows_ahead.begin(), state_->rows_ahead.end());
  state_->rows_ahead.clear();
}

// Tells the tally what begins before the end of the window, in the order in which it stands in the text; what stands
// behind waits for its neighbours. So it hears the same wherever the text was cut. What was proven late is not told:
// when it was depends on more than where it stands.
void Judge::TallyRows() noexcept {
  constexpr std::size_t kMaxAhead = 64;  // no reader runs so many values ahead
  std::vector<Finding>& ahead = state_->rows_ahead;
  Finding person;
  const std::uint64_t reached = window_->Offset(window_->limit);
  for (const Finding& f : rows_.InOrder()) {
    if (f.offset >= reached && !window_->last && ahead.size() < kMaxAhead) {
      ahead.push_back(f);
    } else {
      TallyPerson(f);
      const CompiledRule& r = rules_.rules[f.type];
      if (state_->records.Wants(f.type, r.is_name, r.is_phone)) Tally(f);
    }
  }
  if (window_->last && state_->people.Finish(person)) TellPerson(person);
  rows_.Clear();
}

// What stands between is looked at as far as it is in view wherever the text was cut.
void Judge::TallyPerson(const Finding& finding) noexcept {
  static_assert(kMaxGap <= kLookBehind);
  const std::uint64_t base = window_->base;
  const std::uint64_t near = finding.offset - std::min<std::uint64_t>(finding.offset, kMaxGap);
  const std::uint64_t low = std::max(near, state_->people.end());
  RecordGap gap = RecordGap::kNone;
  if (low < finding.offset && low >= base && finding.offset - base <= window_->raw.size()) {
    gap = ReadGap(window_->raw.substr(static_cast<std::size_t>(low - base),
                                      static_cast<std::size_t>(finding.offset - low)));
  }
  Finding person;
  if (state_->people.Add(finding, ranks_[finding.type], gap, person)) TellPerson(person);
}

void Judge::TellPerson(Finding person) noexcept {
  person.type = kPersonOfRecord;
  person.subject_country[0] = person.subject_country[1] = '\0';
  people_.push_back(person);
}

// A finding may complete a table of people or a contact list.
void Judge::Tally(const Finding& finding) noexcept {
  const CompiledRule& r = rules_.rules[finding.type];
  const auto outcome = state_->records.OnFinding(finding.type, finding.offset, r.is_name, r.is_phone);
  if (outcome == RecordTally::Outcome::kNothing) return;
  const IdType rule =
      outcome == RecordTally::Outcome::kPeopleTable ? rules_.people_table : rules_.contact_list;
  if (rule == kNoRule) return;
  Finding& record = records_[records_made_++];
  record = finding;
  record.type = rule;
  record.offset = std::min(state_->records.begin(), finding.offset);
  record.length = static_cast<std::uint32_t>(finding.offset + finding.length - record.offset);
  record.mask = MaskOf("", true);
  record.subject_country[0] = record.subject_country[1] = '\0';
  ++counters_.counted;
}

// What waited for its neighbours and counts goes among the others.
void Judge::Settle() noexcept {
  if (companions_.idle(state_->companions.get())) return;
  std::uint64_t dropped = 0;
  const std::uint64_t reached = window_->Offset(window_->limit);
  for (const Finding& f : companions_.Settle(state_->companions, found_.InOrder(), reached, window_->last, dropped)) {
    if (rules_.rules[f.type].counts_in_rows && !f.is_test_value) rows_.AddLate(f);
    AddLate(f);
  }
  counters_.alone += dropped;
}

void Judge::Deliver(FindingSink& sink) noexcept {
  if (!begun_) return;
  begun_ = false;
  Settle();
  TallyRows();
  std::vector<Finding>& found = found_.InOrder();
  for (; records_made_ > 0; --records_made_) {
    const Finding& record = records_[records_made_ - 1];
    found.insert(std::upper_bound(found.begin(), found.end(), record, EndsBefore), record);
  }
  if (!found.empty()) sink.OnFindings(found);
  if (!people_.empty()) {
    sink.OnPeople(people_);
    people_.clear();
  }
  found_.Clear();
  released_.clear();
}

}  // namespace gander::identify
