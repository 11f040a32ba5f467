// SPDX-License-Identifier: Apache-2.0
// Gathers words with digits into chains ("403 588 2690", "DE89 3704 ...") and tries the rules on them:
// templates by signature, and the finders whose values begin with or at a digit.
#ifndef GANDER_IDENTIFY_CHAIN_READER_H_
#define GANDER_IDENTIFY_CHAIN_READER_H_

#include <array>
#include <cstdint>

#include "identify/context_reader.h"
#include "identify/judge.h"
#include "identify/span_finders.h"
#include "identify/text_state.h"
#include "identify/window.h"

namespace gander::identify {

class ChainReader {
 public:
  ChainReader(const RuleSet::Impl& rules, Judge& judge, ContextReader& context, FieldSink& fields,
              Counters& counters)
      : rules_(rules), judge_(judge), context_(context), fields_(fields), counters_(counters) {}

  void Begin(const Window& window, TextState::Impl& state) noexcept;
  // The next word that holds a digit.
  void OnWord(std::size_t begin, std::size_t end) noexcept {
    const bool joined = count_ > 0 && begin == groups_[count_ - 1].end + 1 && end - begin <= kMaxGroup &&
                        IsSeparator(window_->text[begin - 1]);
    if (!joined) {
      if (count_ > 0) Flush();
      // Nearly every word with a digit ends here: too short to be a value and nothing joins it.
      if (end - begin < kMinValue && !IsSeparator(window_->At(end))) return;
      if (end - begin > kMaxGroup) return;
      overflow_ = false;
      count_ = 0;
    } else if (count_ == kMaxGroups || end - groups_[0].begin > kMaxChain) {
      Overflow();
    }
    groups_[count_++] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }
  void Flush() noexcept;

  // Looks back far enough to know whether a chain goes on at `from`; see the .cc for why the result is the
  // same.
  static constexpr std::size_t kRewind = 192;

 private:
  static constexpr std::size_t kMaxGroups = 12;
  static constexpr std::size_t kMaxChain = 96;
  static constexpr std::size_t kMaxGroup = 64;
  static constexpr std::size_t kMinValue = 7;

  struct Group {
    std::uint32_t begin, end;
  };
  struct Hit {
    IdType rule;
    Support support;
  };

  bool TooShort() const noexcept;
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
  FieldSink& fields_;
  Counters& counters_;
  const Window* window_ = nullptr;
  TextState::Impl* state_ = nullptr;

  std::array<Group, kMaxGroups> groups_{};
  std::size_t count_ = 0;
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
