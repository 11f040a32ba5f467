// SPDX-License-Identifier: Apache-2.0
// Findings that are decided by what else is found around them: those of rules that need a value of another rule beside
// them (a card's verification number means nothing without the card), and those of rules that yield to any other rule
// that reports the same characters (a passport number of no known country). They wait until all that may stand around
// them is judged, so what becomes of them does not depend on where the text was cut.
#ifndef GANDER_IDENTIFY_COMPANIONS_H_
#define GANDER_IDENTIFY_COMPANIONS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/pool.h"
#include "identify/finding.h"
#include "identify/rule_tables.h"

namespace gander::identify {

// Where a value stands that others need beside them.
struct Companion {
  std::uint64_t begin = 0, end = 0;
  IdType type = 0;
};

// What one text carries from window to window.
struct OpenCompanions {
  static constexpr std::size_t kMaxWaiting = 64, kMaxSeen = 64;  // of each; what comes on top is decided as it stands

  OpenCompanions() {
    waiting.reserve(kMaxWaiting);
    seen.reserve(kMaxSeen);
  }

  std::vector<Finding> waiting;
  std::vector<Companion> seen;

  bool empty() const noexcept { return waiting.empty() && seen.empty(); }
  void Clear() noexcept {
    waiting.clear();
    seen.clear();
  }
};

class Companions {
 public:
  explicit Companions(const RuleSet::Impl& rules);

  // A value of a rule that others need: one that passed, whether chance explains it or not.
  void Note(const Finding& f) noexcept { seen_.push_back({f.offset, f.offset + f.length, f.type}); }
  void Await(const Finding& f) noexcept { waiting_.push_back(f); }
  bool idle(const OpenCompanions* open) const noexcept {
    return waiting_.empty() && seen_.empty() && (open == nullptr || open->empty());
  }
  // All that begins before `reached` is judged; `found`, in order of its end, is what was found since the last call;
  // `last`: the text is over. Gives what counts, in the order in which it came, and how many do not; both are good
  // until the next call. `held` is null while nothing is open.
  std::span<const Finding> Settle(std::unique_ptr<OpenCompanions>& held, std::span<const Finding> found,
                                  std::uint64_t reached, bool last, std::uint64_t& dropped) noexcept;

 private:
  enum class Fate : std::uint8_t { kOpen, kCounts, kDrops };
  Fate FateOf(const Finding& f, std::span<const Finding> found, std::uint64_t reached, bool last) const noexcept;
  bool Accompanied(const Finding& f) const noexcept;
  bool IsAnothers(const Finding& f, std::span<const Finding> found) const noexcept;

  const RuleSet::Impl& rules_;
  std::vector<Finding> waiting_, counted_;
  std::vector<Companion> seen_;  // by their begin once Settle has sorted them
  Pool<OpenCompanions> spare_{256};
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_COMPANIONS_H_
