// SPDX-License-Identifier: Apache-2.0
// The chance filter and the making of findings.
#include "identify/judge.h"

#include <algorithm>
#include <array>

#include "identify/char_class.h"
#include "identify/mask.h"

namespace gander::identify {
namespace {

// A longer value (a token) is told apart by its first so many letters and digits.
constexpr std::size_t kMaxTagged = 4096;

// What a byte becomes in a normalised value; zero is left out.
constexpr std::array<char, 256> MakeNormal() {
  std::array<char, 256> table{};
  for (int b = 0; b < 256; ++b) {
    const char c = static_cast<char>(b);
    table[static_cast<std::size_t>(b)] = IsAlnum(c) ? ToUpper(c) : IsAscii(c) ? '\0' : c;
  }
  return table;
}
constexpr auto kNormal = MakeNormal();

bool EndsBefore(const Finding& a, const Finding& b) noexcept {
  const std::uint64_t end_a = a.offset + a.length, end_b = b.offset + b.length;
  return end_a != end_b ? end_a < end_b : a.offset != b.offset ? a.offset < b.offset : a.type < b.type;
}

std::uint8_t ConfidenceOf(Evidence evidence, Support support) noexcept {
  switch (evidence) {
    case Evidence::kCertain:
      return 95;
    case Evidence::kCounted:
      return support == Support::kAlone ? 60 : 80;
    default:
      return 30;
  }
}

}  // namespace

std::size_t Normalise(std::string_view text, char* out, std::size_t capacity) noexcept {
  std::size_t n = 0;
  if (text.size() > capacity) text = text.substr(0, capacity);
  for (char c : text) {
    const char kept = kNormal[static_cast<unsigned char>(c)];
    out[n] = kept;
    n += kept != '\0' ? 1 : 0;
  }
  return n;
}

Judge::Judge(const RuleSet::Impl& rules, const HashKey& key, Counters& counters)
    : rules_(rules), key_(key), counters_(counters) {
  found_.reserve(1024);
}

float* Judge::Score(IdType rule) noexcept {
  const int slot = rules_.rules[rule].chance_slot;
  if (slot < 0) return nullptr;
  if (state_->scores.empty()) state_->scores.assign(rules_.chance_slots, 0.0f);
  return &state_->scores[static_cast<std::size_t>(slot)];
}

void Judge::Failed(IdType rule) noexcept {
  ++counters_.rejected_validator;
  if (float* score = Score(rule)) *score = std::max(kScoreFloor, *score + rules_.rules[rule].loss);
}

Judge::Opinion Judge::Weigh(IdType rule, Support support) noexcept {
  const CompiledRule& r = rules_.rules[rule];
  float total = 0;
  if (float* score = Score(rule)) {
    *score = std::min(kScoreCeiling, *score + r.gain);
    total = *score;
  }
  if (support == Support::kContext) return {true, Evidence::kCertain};
  if (r.needs_context) return {false, Evidence::kUnproven};
  if (total >= kCertainScore) return {true, Evidence::kCertain};
  if (r.self_evident || support == Support::kAlone || total >= kCountedScore)
    return {true, Evidence::kCounted};
  return {true, Evidence::kUnproven};
}

void Judge::Report(IdType rule, std::size_t begin, std::size_t end, std::string_view normalised,
                   Opinion opinion, const char* country) noexcept {
  const CompiledRule& r = rules_.rules[rule];
  Finding f;
  f.tag = SipHash24(key_, AsBytes(normalised));
  f.offset = window_->Offset(begin);
  f.length = static_cast<std::uint32_t>(window_->Offset(end) - f.offset);
  f.type = rule;
  f.direction = window_->direction;
  f.evidence = opinion.evidence;
  f.confidence = ConfidenceOf(opinion.evidence, Support::kNone);
  f.is_test_value = std::binary_search(r.test_values.begin(), r.test_values.end(), normalised, std::less<>{});
  const char* from = country != nullptr ? country : r.country;
  f.subject_country[0] = from[0];
  f.subject_country[1] = from[1];
  f.mask = MaskOf(window_->text.substr(begin, end - begin), r.secret);
  if (opinion.evidence == Evidence::kUnproven) {
    ++counters_.unproven;
    Hold(f);
    return;
  }
  if (r.chance_slot >= 0 && !state_->backlog.empty()) {
    const float score = *Score(rule);
    if (score >= kCountedScore)
      Release(rule, score >= kCertainScore ? Evidence::kCertain : Evidence::kCounted);
  }
  // Inside an address or a segment other values may stand; inside anything else they are parts of it.
  if (r.kind != ShapeKind::kEmail && r.kind != ShapeKind::kHl7Pid) {
    state_->covered_begin = f.offset;
    state_->covered_end = f.offset + f.length;
  }
  Enqueue(f);
}

bool Judge::Pass(IdType rule, std::size_t begin, std::size_t end, Support support,
                 const char* country) noexcept {
  const Opinion opinion = Weigh(rule, support);
  if (!opinion.report) return false;
  char normalised[kMaxTagged];
  const std::size_t n = Normalise(window_->text.substr(begin, end - begin), normalised, sizeof normalised);
  Report(rule, begin, end, {normalised, n}, opinion, country);
  return opinion.evidence != Evidence::kUnproven;
}

void Judge::Enqueue(const Finding& finding) noexcept {
  if (finding.is_test_value) {
    ++counters_.test_values;
  } else if (finding.evidence != Evidence::kUnproven) {
    ++counters_.counted;
  }
  // Finders run a few values ahead of each other, so the right place is near the end.
  std::size_t at = found_.size();
  found_.push_back(finding);
  for (; at > 0 && EndsBefore(finding, found_[at - 1]); --at) found_[at] = found_[at - 1];
  found_[at] = finding;
}

void Judge::Hold(const Finding& finding) noexcept {
  auto& backlog = state_->backlog;
  if (backlog.capacity() < kBacklog) backlog.reserve(kBacklog);
  if (backlog.size() == kBacklog) {
    Enqueue(backlog.front());
    backlog.erase(backlog.begin());
  }
  backlog.push_back(finding);
}

void Judge::Release(IdType rule, Evidence evidence) noexcept {
  auto& backlog = state_->backlog;
  for (Finding& f : backlog) {
    if (f.type != rule) continue;
    f.evidence = evidence;
    f.confidence = ConfidenceOf(evidence, Support::kNone);
    Enqueue(f);
  }
  std::erase_if(backlog, [rule](const Finding& f) { return f.type == rule; });
}

void Judge::TallyRecords(const Finding& finding, FindingSink& sink) noexcept {
  const CompiledRule& r = rules_.rules[finding.type];
  if (!r.counts_in_rows) return;
  const auto outcome = state_->records.OnFinding(finding.type, finding.offset, r.is_name, r.is_phone);
  if (outcome == RecordTally::Outcome::kNothing) return;
  const IdType rule =
      outcome == RecordTally::Outcome::kPeopleTable ? rules_.people_table : rules_.contact_list;
  if (rule == kNoRule) return;
  Finding record = finding;
  record.type = rule;
  record.offset = std::min(state_->records.begin(), finding.offset);
  record.length = static_cast<std::uint32_t>(finding.offset + finding.length - record.offset);
  record.mask = MaskOf("", true);
  record.subject_country[0] = record.subject_country[1] = '\0';
  ++counters_.counted;
  sink.OnFinding(record);
}

void Judge::Deliver(FindingSink& sink) noexcept {
  for (const Finding& f : found_) {
    sink.OnFinding(f);
    if (f.evidence != Evidence::kUnproven && !f.is_test_value) TallyRecords(f, sink);
  }
  found_.clear();
}

}  // namespace gander::identify
