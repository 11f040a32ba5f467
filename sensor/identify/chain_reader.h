// SPDX-License-Identifier: Apache-2.0
// Tries the rules on chains of words with digits: templates by signature, and the finders whose values begin with or at
// a digit.
#ifndef GANDER_IDENTIFY_CHAIN_READER_H_
#define GANDER_IDENTIFY_CHAIN_READER_H_

#include <array>
#include <cstdint>

#include "identify/chain.h"
#include "identify/context_reader.h"
#include "identify/judge.h"
#include "identify/loose_reader.h"
#include "identify/run_masks.h"
#include "identify/span_finders.h"
#include "identify/template_plans.h"
#include "identify/text_state.h"
#include "identify/window.h"

namespace gander::identify {

class ChainReader {
 public:
  ChainReader(const RuleSet::Impl& rules, Judge& judge, ContextReader& context, FieldSink& fields, Counters& counters)
      : rules_(rules), judge_(judge), context_(context), fields_(fields), counters_(counters), plans_(rules),
        loose_(rules, judge, context) {}

  void Begin(const Window& window, TextState::Impl& state) noexcept;
  // A chain that is there as a whole.
  void Read(const RunMasks& runs, const Chain& chain) noexcept;
  // Words [first, first + count) of a chain that overflowed, token by token: what spaces part.
  void ReadTokens(const RunMasks& runs, const Chain& chain, std::size_t first, std::size_t count) noexcept;
  // What begins with the chain, however it is spaced (loose_reader.h). True when it was reported.
  bool ReadLoose(const Chain& chain) noexcept {
    const std::size_t begin = chain.groups[0].begin;
    return Ours(begin, begin) && loose_.Read(begin);
  }

 private:
  static constexpr std::size_t kMinValue = RunMasks::kMinValue;
  static constexpr std::size_t kMinSpaced = RunMasks::kMinDecimal;  // of several groups: "M1 1AA"

  // One of the rules that a stretch of text fits.
  struct Reading {
    IdType rule = kNoRule;
    Support support = Support::kNone;
    int rank = 0;  // how near the word stands that names it
    float chance = 1;
    Judge::Opinion opinion;
  };

  // The same of groups [first, first + count) of list_.
  void ReadListed(std::size_t first, std::size_t count) noexcept;
  std::size_t ReadMarked() noexcept;
  void ReportMarked(IdType rule, const Span& s, const char* country) noexcept;
  // Tries the templates on groups [first, last] of list_. True when something was reported as counted.
  bool Try(std::size_t first, std::size_t last, bool embedded) noexcept;
  bool Weigh(const TemplatePlan& plan, std::size_t begin, std::size_t end, bool embedded) noexcept;
  void WeighEntry(const TemplatePlan& plan, const TemplatePlan::Entry& entry, std::size_t begin, std::size_t end,
                  bool embedded, Reading& best) noexcept;
  // Whether `a` is better proven than `b`.
  static bool Stronger(const Reading& a, const Reading& b) noexcept;
  // The normal form of [begin, end), which has the plan's form.
  std::string_view NormalForm(const TemplatePlan& plan, std::size_t begin, std::size_t end) noexcept;
  bool Bordered(std::size_t begin, std::size_t end) const noexcept;
  void ReadOtherwise() noexcept;
  void ReadParts() noexcept;
  GroupShape ShapeOf(std::size_t first, std::size_t last) const noexcept;
  void UseChain() noexcept;
  void BuildList() noexcept;
  void CopyList(std::size_t begin, std::size_t end, bool lead, bool trail) noexcept;
  void AddTrail(std::size_t end) noexcept;
  bool Bracketed(std::size_t end) const noexcept;
  bool KeyBefore(std::size_t begin) const noexcept;
  bool Alone(std::size_t begin, std::size_t end) const noexcept;
  // Words that may name [begin, end): those of its column, else those beside it.
  const ContextWords& Words(std::size_t begin, std::size_t end) noexcept;
  // `rank` gets how near its word stands.
  Support SupportOf(IdType rule, std::size_t begin, std::size_t end, int& rank) noexcept;
  // The same, which is not looked for where the rule needs none any more.
  Support SupportOf(IdType rule, std::size_t begin, std::size_t end) noexcept {
    int rank = 0;
    return judge_.Settled(rule) ? Support::kNone : SupportOf(rule, begin, end, rank);
  }
  // A value is judged in the window that holds its first word with a digit: `anchor`. It begins at `begin`.
  bool Ours(std::size_t anchor, std::size_t begin) const noexcept {
    return anchor >= window_->from && anchor < window_->limit && !state_->Covers(window_->Offset(begin));
  }

  const RuleSet::Impl& rules_;
  Judge& judge_;
  ContextReader& context_;
  FieldSink& fields_;
  Counters& counters_;
  const Window* window_ = nullptr;
  TextState::Impl* state_ = nullptr;
  const RunMasks* runs_ = nullptr;

  const Chain* chain_ = nullptr;
  TemplatePlans plans_;
  LooseReader loose_;
  std::array<std::uint64_t, kMaxTemplateLength / 8 + 1> normal_{};
  // The chain with the letter groups on either side that may belong to it: the chain's own groups, or a copy.
  const Group* list_ = nullptr;
  std::array<Group, Chain::kMaxGroups + 2> copy_{};
  std::size_t list_count_ = 0, list_first_ = 0, list_last_ = 0;  // [first, last] are the groups with digits
  // The value at hand in its normal form; empty until a rule's templates fit. Whether it was tested a short while ago.
  std::string_view value_;
  bool again_ = false;
  std::size_t words_begin_ = 0, words_end_ = 0;
  bool words_known_ = false;
  ContextWords words_;
  // Those beside or above `words_begin_`, whatever stands behind the value.
  ContextWords words_before_;
  bool in_column_ = false;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_CHAIN_READER_H_
