// SPDX-License-Identifier: Apache-2.0
// Gathers words with digits into chains ("403 588 2690", "DE89 3704 ...") and tries the rules on them:
// templates by signature, and the finders whose values begin with or at a digit.
#ifndef GANDER_IDENTIFY_CHAIN_READER_H_
#define GANDER_IDENTIFY_CHAIN_READER_H_

#include <array>
#include <cstdint>

#include "identify/context_reader.h"
#include "identify/judge.h"
#include "identify/literal_reader.h"
#include "identify/run_masks.h"
#include "identify/span_finders.h"
#include "identify/text_state.h"
#include "identify/window.h"

namespace gander::identify {

class ChainReader {
 public:
  ChainReader(const RuleSet::Impl& rules, Judge& judge, ContextReader& context, LiteralReader& literals,
              FieldSink& fields, Counters& counters)
      : rules_(rules),
        judge_(judge),
        context_(context),
        literals_(literals),
        fields_(fields),
        counters_(counters) {}

  void Begin(const Window& window, TextState::Impl& state) noexcept;
  // Reads the chain to which the candidate word that ends at `end` belongs, wherever it stands in it. Returns where
  // the chain ends: candidates up to there are done.
  std::size_t OnCandidate(const RunMasks& runs, std::size_t end) noexcept;

  // Looks back far enough to know whether a chain goes on at `from`; see the .cc for why the result is the
  // same.
  static constexpr std::size_t kRewind = 192;

 private:
  static constexpr std::size_t kMaxGroups = 12;
  static constexpr std::size_t kMaxChain = 96;
  static constexpr std::size_t kMaxGroup = 64;
  static constexpr std::size_t kMinValue = RunMasks::kMinValue;

  struct Group {
    std::uint32_t begin, end;
  };
  struct Hit {
    IdType rule;
    Support support;
  };

  // Gathers the chain that begins at `begin` in one go, if it is one of few words within 64 bytes. Returns its end,
  // or 0.
  std::size_t GatherShort(const RunMasks& runs, std::size_t begin) noexcept;
  // Any chain, word by word; one that grows too long is read on the way.
  std::size_t ReadLong(const RunMasks& runs, std::size_t begin) noexcept;
  // Whether anything at all can begin with or in the chain at hand; `shape` is its shape.
  bool Promising(GroupShape shape) const noexcept;
  bool TooShort() const noexcept;
  void Flush() noexcept;
  void Overflow() noexcept;
  void ReadTokens(std::size_t first, std::size_t count) noexcept;
  std::size_t ReadMarked() noexcept;
  void ReportMarked(IdType rule, const Span& s, const char* country) noexcept;
  void ReadChain() noexcept;
  // Tries the templates on groups [first, last] of list_. True when something was reported as counted.
  bool Try(std::size_t first, std::size_t last, bool embedded) noexcept;
  bool Bordered(std::size_t begin, std::size_t end) const noexcept;
  void BuildList() noexcept;
  bool Alone(std::size_t begin, std::size_t end) const noexcept;
  const ContextWords& Words(std::size_t begin, std::size_t end) noexcept;
  Support SupportOf(IdType rule, std::size_t begin, std::size_t end) noexcept;
  // A value is judged in the window that holds its first word with a digit: `anchor`. It begins at `begin`.
  bool Ours(std::size_t anchor, std::size_t begin) const noexcept {
    return anchor >= window_->from && anchor < window_->limit && !state_->Covers(window_->Offset(begin));
  }

  const RuleSet::Impl& rules_;
  Judge& judge_;
  ContextReader& context_;
  LiteralReader& literals_;
  FieldSink& fields_;
  Counters& counters_;
  const Window* window_ = nullptr;
  TextState::Impl* state_ = nullptr;
  const RunMasks* runs_ = nullptr;

  std::array<Group, kMaxGroups> groups_{};
  std::size_t count_ = 0;
  GroupShape shape_ = 0;  // of the chain gathered in one go
  bool overflow_ = false;
  // The chain with the letter groups on either side that may belong to it.
  std::array<Group, kMaxGroups + 2> list_{};
  std::size_t list_count_ = 0, list_first_ = 0, list_last_ = 0;  // [first, last] are the groups with digits
  std::size_t words_begin_ = 0, words_end_ = 0;
  bool words_known_ = false;
  ContextWords words_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_CHAIN_READER_H_
