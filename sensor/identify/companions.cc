// SPDX-License-Identifier: Apache-2.0
#include "identify/companions.h"

#include <algorithm>
#include <utility>

#include "identify/window.h"

namespace gander::identify {
namespace {

// A value that is longer holds others (a segment, a token) and is no second reading of one.
constexpr std::uint64_t kMaxReading = kMaxTemplateLength;
// A field's value may begin so far before what is judged: it is read when its column ends.
constexpr std::uint64_t kLate = kLookBehind;

}  // namespace

Companions::Companions(const RuleSet::Impl& rules) : rules_(rules) {
  waiting_.reserve(1024);
  counted_.reserve(1024);
  seen_.reserve(1024);
}

bool Companions::Accompanied(const Finding& f) const noexcept {
  const CompiledRule& rule = rules_.rules[f.type];
  const std::uint64_t end = f.offset + f.length;
  const std::uint64_t low = f.offset - std::min(f.offset, rule.needs_within + kMaxReading);
  auto at = std::lower_bound(seen_.begin(), seen_.end(), low,
                             [](const Companion& c, std::uint64_t offset) { return c.begin < offset; });
  for (; at != seen_.end() && at->begin <= end + rule.needs_within; ++at) {
    const bool needed = std::find(rule.needs.begin(), rule.needs.end(), at->type) != rule.needs.end();
    if (needed && at->end + rule.needs_within >= f.offset) return true;
  }
  return false;
}

bool Companions::IsAnothers(const Finding& f, std::span<const Finding> found) const noexcept {
  const std::uint64_t end = f.offset + f.length;
  auto at = std::lower_bound(found.begin(), found.end(), end,
                             [](const Finding& g, std::uint64_t offset) { return g.offset + g.length < offset; });
  for (; at != found.end() && at->offset + at->length <= end + kMaxReading; ++at) {
    const CompiledRule& other = rules_.rules[at->type];
    if (at->offset <= f.offset && at->length <= kMaxReading && !other.yields && other.own == nullptr) return true;
  }
  return false;
}

Companions::Fate Companions::FateOf(const Finding& f, std::span<const Finding> found, std::uint64_t reached,
                                    bool last) const noexcept {
  const CompiledRule& rule = rules_.rules[f.type];
  if (rule.yields) {
    if (IsAnothers(f, found)) return Fate::kDrops;
    if (f.offset >= reached && !last) return Fate::kOpen;
  }
  if (rule.needs_within == 0 || Accompanied(f)) return Fate::kCounts;
  return last || f.offset + f.length + rule.needs_within + kLate < reached ? Fate::kDrops : Fate::kOpen;
}

std::span<const Finding> Companions::Settle(std::unique_ptr<OpenCompanions>& held, std::span<const Finding> found,
                                            std::uint64_t reached, bool last, std::uint64_t& dropped) noexcept {
  counted_.clear();
  dropped = 0;
  if (held == nullptr) held = spare_.Take();
  OpenCompanions& open = *held;
  seen_.insert(seen_.end(), open.seen.begin(), open.seen.end());
  const auto before = [](const Companion& a, const Companion& b) { return a.begin < b.begin; };
  if (!std::is_sorted(seen_.begin(), seen_.end(), before)) std::sort(seen_.begin(), seen_.end(), before);
  waiting_.insert(waiting_.begin(), open.waiting.begin(), open.waiting.end());
  open.Clear();
  for (const Finding& f : waiting_) {
    Fate fate = FateOf(f, found, reached, last);
    if (fate == Fate::kOpen && open.waiting.size() == OpenCompanions::kMaxWaiting)
      fate = FateOf(f, found, reached, true);
    if (fate == Fate::kOpen) {
      open.waiting.push_back(f);
    } else if (fate == Fate::kCounts) {
      counted_.push_back(f);
    } else {
      ++dropped;
    }
  }
  // The latest ones may stand beside what comes.
  for (auto c = seen_.rbegin(); !last && c != seen_.rend() && open.seen.size() < OpenCompanions::kMaxSeen; ++c) {
    if (c->end + kMaxNeedsWithin + kLate >= reached) open.seen.push_back(*c);
  }
  if (open.empty()) spare_.Give(std::move(held));
  waiting_.clear();
  seen_.clear();
  return counted_;
}

}  // namespace gander::identify
