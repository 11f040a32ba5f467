// SPDX-License-Identifier: Apache-2.0
// From a value that passed its test to a finding: evidence, tag, mask, backlog.
#ifndef GANDER_IDENTIFY_JUDGE_H_
#define GANDER_IDENTIFY_JUDGE_H_

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/pool.h"
#include "identify/companions.h"
#include "identify/finding_list.h"
#include "identify/mask.h"
#include "identify/normal_form.h"
#include "identify/rule_tables.h"
#include "identify/scanner.h"
#include "identify/text_state.h"
#include "identify/window.h"

namespace gander::identify {

// What speaks for a value besides its own test.
enum class Support : std::uint8_t {
  kNone,
  kAlone,    // the whole text is this value: no other reading is offered
  kContext,  // a word of the rule names it
};

// Log-likelihood ratios (DETECTION.md §3): a block of random numbers crosses the first with
// probability 1.6e-4.
inline constexpr float kCountedScore = 6.9f;
inline constexpr float kCertainScore = 11.5f;
// Bounds of a score, so that an hour of random numbers can be outweighed by a list of people, and the
// reverse.
inline constexpr float kScoreFloor = -20.0f, kScoreCeiling = 40.0f;

// Orders of findings: in which they are delivered, and in which rows are read.
bool EndsBefore(const Finding& a, const Finding& b) noexcept;
bool BeginsBefore(const Finding& a, const Finding& b) noexcept;

class Judge {
 public:
  Judge(const RuleSet::Impl& rules, const HashKey& key, Counters& counters);

  void Begin(const Window& window, TextState::Impl& state) noexcept {
    begun_ = true;
    window_ = &window;
    state_ = &state;
    scores_ = state.scores.empty() ? nullptr : state.scores.data();
    if (!state.rows_ahead.empty()) TakeRowsAhead();
    if (state.backlog != nullptr && state.backlog->empty()) backlogs_.Give(std::move(state.backlog));
  }

  // Chance filter: a run of the rule's shape failed or passed its test.
  void Failed(IdType rule, bool again = false) noexcept {
    ++counters_.rejected_validator;
    if (again) return;
    if (float* score = Score(rule)) *score = std::max(kScoreFloor, *score + rules_.rules[rule].loss);
  }
  // Whether the same value was seen a short while ago: it proves nothing twice.
  bool SeenBefore(std::string_view normalised) noexcept;
  // Whether such a value would count. Does the filter's book-keeping, reports nothing.
  struct Opinion {
    bool report = false;  // false: without support this rule says nothing
    Evidence evidence = Evidence::kUnproven;
    Reason reason = Reason::kChance;
  };
  Opinion Weigh(IdType rule, Support support, bool again = false) noexcept {
    const CompiledRule& r = rules_.rules[rule];
    float total = 0;
    if (float* score = Score(rule)) total = *score = std::min(kScoreCeiling, *score + (again ? 0 : r.gain));
    if (support == Support::kContext) return {true, Evidence::kCertain, Reason::kWord};
    if (r.needs_context) return {};
    if (total >= kCertainScore) return {true, Evidence::kCertain, Reason::kOthers};
    if (r.self_evident) return {true, Evidence::kCounted, Reason::kForm};
    if (support == Support::kAlone) return {true, Evidence::kCounted, Reason::kAlone};
    if (total >= kCountedScore) return {true, Evidence::kCounted, Reason::kOthers};
    return {true, Evidence::kUnproven, Reason::kChance};
  }
  // Whether a passing value of this rule needs no support any more: looking for it costs more than the test
  // itself.
  bool Settled(IdType rule) const noexcept {
    const int slot = rules_.rules[rule].chance_slot;
    return slot >= 0 && scores_ != nullptr && scores_[slot] >= kCertainScore;
  }

  // Reports [begin, end) of the window, which is ASCII. `normalised` is what the tag is made of; whole words of eight
  // bytes may be read there.
  void Report(IdType rule, std::size_t begin, std::size_t end, std::string_view normalised, Opinion opinion) noexcept {
    const CompiledRule& r = rules_.rules[rule];
    const char first = window_->text[begin], last = window_->text[end - 1];
    Add(rule, begin, end, normalised, opinion, r.country, MaskOfEnds(first, last, end - begin, r.secret));
  }
  // Weigh and Report in one, for rules whose finders leave no choice.
  bool Pass(IdType rule, std::size_t begin, std::size_t end, Support support,
            const char* country = nullptr) noexcept;
  // The same where the normal form is known, as Report has it; [begin, end) is ASCII.
  void Pass(IdType rule, std::size_t begin, std::size_t end, std::string_view normalised, Support support,
            const char* country) noexcept {
    const Opinion opinion = Weigh(rule, support);
    if (!opinion.report) return;
    const char first = window_->text[begin], last = window_->text[end - 1];
    Add(rule, begin, end, normalised, opinion, country,
        MaskOfEnds(first, last, end - begin, rules_.rules[rule].secret));
  }

  // [begin, end) is a value of the register of `rule`, reported already. Where two columns of one row of its table
  // stand close together, a finding of the table: its tag is the row's.
  void NoteField(IdType rule, std::size_t begin, std::size_t end) noexcept;
  // A record of the text, known by its keys. It holds values that are reported by themselves.
  void PassRecord(IdType rule, std::uint64_t begin, std::uint64_t end) noexcept;

  // Whether what is allowed is found all the same: for masking.
  // Nor is anything asked for what stands beside it then.
  void FindAllowed(bool all) noexcept {
    find_allowed_ = all || rules_.allowed.empty();
    find_alone_ = all;
  }

  // Hands over what was found in the window, in order of its end.
  void Deliver(FindingSink& sink) noexcept;
  bool begun() const noexcept { return begun_; }
  // While it delivers: those of the findings that waited for evidence, maybe since an earlier window or text.
  std::span<const Finding> released() const noexcept { return released_; }

  const RuleSet::Impl& rules() const noexcept { return rules_; }

 private:
  static constexpr std::size_t kBacklog = 32;
  float* Score(IdType rule) noexcept {
    const int slot = rules_.rules[rule].chance_slot;
    if (slot < 0) return nullptr;
    if (scores_ == nullptr) MakeScores();
    return scores_ + slot;
  }
  void MakeScores() noexcept;
  void Add(IdType rule, std::size_t begin, std::size_t end, std::string_view normalised, Opinion opinion,
           const char* country, Mask mask) noexcept;
  bool IsTestValue(IdType rule, SubjectTag tag) const noexcept;
  void Count(const Finding& finding) noexcept;
  // What is reported long after it was read.
  void AddLate(const Finding& finding) noexcept {
    Count(finding);
    found_.AddLate(finding);
  }
  void Settle() noexcept;
  void Hold(const Finding& finding) noexcept;
  void Release(IdType rule, Evidence evidence) noexcept;
  void TakeRowsAhead() noexcept;
  void TallyRows() noexcept;
  void Tally(const Finding& finding) noexcept;
  void TallyPerson(const Finding& finding) noexcept;
  void TellPerson(Finding person) noexcept;

  const RuleSet::Impl& rules_;
  HashKey key_;
  Counters& counters_;
  const Window* window_ = nullptr;
  TextState::Impl* state_ = nullptr;
  float* scores_ = nullptr;  // of state_, nullptr until one is needed
  bool begun_ = false;       // a window since the last Deliver
  bool find_allowed_ = true, find_alone_ = false;
  Companions companions_;
  Pool<std::vector<Finding>> backlogs_;  // empty: few texts hold something back
  FindingList<EndsBefore> found_;
  std::vector<std::uint8_t> ranks_;  // how well each rule tells people apart, 0 = not at all
  std::vector<Finding> people_;      // of records that are over
  FindingList<BeginsBefore> rows_;   // what the record tally is to be told
  std::array<Finding, RecordTally::kOutcomes> records_;
  std::size_t records_made_ = 0;
  std::vector<Finding> released_;       // of found_, those that were held
  std::vector<SubjectTag> test_tags_;   // of published samples, with their rule: open addressing, 0 = free
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_JUDGE_H_
