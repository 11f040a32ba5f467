// SPDX-License-Identifier: Apache-2.0
// From a value that passed its test to a finding: evidence, tag, mask, backlog.
#ifndef GANDER_IDENTIFY_JUDGE_H_
#define GANDER_IDENTIFY_JUDGE_H_

#include <string_view>
#include <vector>

#include "base/hash.h"
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

class Judge {
 public:
  Judge(const RuleSet::Impl& rules, const HashKey& key, Counters& counters);

  void Begin(const Window& window, TextState::Impl& state) noexcept {
    window_ = &window;
    state_ = &state;
  }

  // Chance filter: a run of the rule's shape failed or passed its test.
  void Failed(IdType rule) noexcept;
  // Whether such a value would count. Does the filter's book-keeping, reports nothing.
  struct Opinion {
    bool report = false;  // false: without support this rule says nothing
    Evidence evidence = Evidence::kUnproven;
  };
  Opinion Weigh(IdType rule, Support support) noexcept;
  // Whether a passing value of this rule needs no support any more: looking for it costs more than the test
  // itself.
  bool Settled(IdType rule) const noexcept {
    const int slot = rules_.rules[rule].chance_slot;
    return slot >= 0 && !state_->scores.empty() &&
           state_->scores[static_cast<std::size_t>(slot)] >= kCertainScore;
  }

  // Reports [begin, end) of the window. `normalised` is what the tag is made of.
  void Report(IdType rule, std::size_t begin, std::size_t end, std::string_view normalised, Opinion opinion,
              const char* country = nullptr) noexcept;
  // Weigh and Report in one, for rules whose finders leave no choice.
  bool Pass(IdType rule, std::size_t begin, std::size_t end, Support support,
            const char* country = nullptr) noexcept;

  // Hands over what was found so far, in order of its end.
  void Deliver(FindingSink& sink) noexcept;

  const RuleSet::Impl& rules() const noexcept { return rules_; }

 private:
  static constexpr std::size_t kBacklog = 32;
  float* Score(IdType rule) noexcept;
  void Enqueue(const Finding& finding) noexcept;
  void Hold(const Finding& finding) noexcept;
  void Release(IdType rule, Evidence evidence) noexcept;
  void TallyRecords(const Finding& finding, FindingSink& sink) noexcept;

  const RuleSet::Impl& rules_;
  HashKey key_;
  Counters& counters_;
  const Window* window_ = nullptr;
  TextState::Impl* state_ = nullptr;
  std::vector<Finding> found_;
};

// Letters and digits of `text` in upper case (other bytes of UTF-8 stay); of at most `capacity` bytes
// of it.
std::size_t Normalise(std::string_view text, char* out, std::size_t capacity) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_JUDGE_H_
