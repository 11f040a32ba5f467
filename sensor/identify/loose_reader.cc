// SPDX-License-Identifier: Apache-2.0
#include "identify/loose_reader.h"

#include <algorithm>

#include "identify/char_class.h"
#include "identify/text_state.h"

namespace gander::identify {

bool LooseReader::IsWhole(std::size_t begin, std::size_t end) const noexcept {
  const auto blank = [&](std::size_t from, std::size_t to) {
    return std::all_of(window_->text.begin() + static_cast<std::ptrdiff_t>(from),
                       window_->text.begin() + static_cast<std::ptrdiff_t>(to), IsSpace);
  };
  return window_->whole && window_->name_words == nullptr && blank(0, begin) && blank(end, window_->text.size());
}

// Words of letters and digits from `begin` on, with separators between.
void LooseReader::FindGroups(std::size_t begin) noexcept {
  count_ = 0;
  for (std::size_t at = begin; count_ < kMaxGroups && at - begin < kMaxReach;) {
    std::size_t end = at;
    while (IsAlnum(window_->At(end))) ++end;
    if (end == at || end - begin > kMaxReach) return;
    groups_[count_++] = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)};
    at = end;
    while (at - end < kMaxGap && IsSeparator(window_->At(at))) ++at;
    if (at == end) return;
  }
}

LooseReader::Reading LooseReader::Best(std::string_view compact, const ContextWords& words, bool alone) const noexcept {
  Reading best;
  ShapeBuilder shape;
  shape.AddGroup(compact.size());
  for (const ValueTemplate& t : rules_.templates.Find(shape.value())) {
    const CompiledRule& rule = rules_.rules[t.rule];
    if (rule.chance > kMaxChance || !t.Fits(compact)) continue;
    const int rank = rules_.context.Rank(words, t.rule);
    if (rank == 0 && (!alone || rule.needs_context)) continue;
    if (!rule.Passes(compact, compact) || (rank == 0 && !PassAll(rule.unnamed_checks, compact))) continue;
    if (rank > best.rank || (rank == best.rank && rule.chance < best.chance)) best = {t.rule, rank, rule.chance};
  }
  return best;
}

bool LooseReader::Read(std::size_t begin) noexcept {
  const bool named = IsNamed(*window_, begin);
  if (!named && !window_->whole) return false;
  FindGroups(begin);
  const ContextWords words = named ? context_.Beside(*window_, begin, nullptr) : ContextWords{};
  char* const bytes = reinterpret_cast<char*>(compact_.data());
  for (std::size_t count = count_; count > 1; --count) {
    const std::size_t end = groups_[count - 1].end;
    const bool alone = IsWhole(begin, end);
    if (!alone && words.count == 0) return false;
    std::size_t size = 0;
    for (std::size_t i = 0; i < count && size <= kMaxCompact; ++i) {
      for (std::size_t at = groups_[i].begin; at < groups_[i].end && size <= kMaxCompact; ++at)
        bytes[size++] = ToUpper(window_->text[at]);
    }
    if (size < kMinCompact) return false;
    if (size > kMaxCompact || IsAlnum(window_->At(end))) continue;
    const Reading best = Best({bytes, size}, words, alone);
    if (best.rank < 0) continue;
    const Judge::Opinion opinion = judge_.Weigh(best.rule, best.rank > 0 ? Support::kContext : Support::kAlone);
    if (!opinion.report) continue;
    judge_.Report(best.rule, begin, end, {bytes, size}, opinion);
    return true;
  }
  return false;
}

}  // namespace gander::identify
