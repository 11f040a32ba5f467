// SPDX-License-Identifier: Apache-2.0
// Gathering chains of words with digits.
//
// Cuts change nothing: a window begins kRewind bytes before `from`, and a chain longer than kMaxChain has
// overflowed. A chain that begins before the rewind point has therefore overflowed by the time it reaches
// `from`, whether its begin was seen or not; any other chain is seen from its begin.
#include "identify/chain_gatherer.h"

#include <bit>

#include "identify/char_class.h"

namespace gander::identify {

std::size_t ChainGatherer::OnCandidate(const RunMasks& runs, std::size_t end) noexcept {
  runs_ = &runs;
  std::size_t begin = runs.WordBegin(end);
  // A word this long is no part of anything.
  const auto too_long = [&](std::size_t from, std::size_t to) {
    return to - from == kMaxGroup && runs.WordEnd(from - 1) == to;
  };
  if (too_long(begin, end)) return end;
  for (std::size_t word_end = end; (runs.Joined(word_end) & 1) != 0;) {
    word_end = begin - 1;
    const std::size_t before = runs.WordBegin(word_end);
    if (too_long(before, word_end)) break;
    begin = before;
  }
  if (begin >= window_->limit) return end;
  const std::size_t chain_end = GatherShort(runs, begin);
  if (chain_end == 0) return ReadLong(runs, begin);
  // Whatever is in it begins with one of its words.
  if (chain_end > window_->from && Promising(chain_.shape)) {
    literals_.ReadUntil(chain_end + 1);
    Flush();
  }
  return chain_end;
}

std::size_t ChainGatherer::GatherShort(const RunMasks& runs, std::size_t begin) noexcept {
  const std::uint64_t words = runs.Words(begin), joined = runs.Joined(begin);
  chain_.count = 0;
  chain_.overflow = false;
  for (int at = 0;;) {
    const int end = at + std::countr_one(words >> at);
    if (end > 61 || chain_.count == Chain::kMaxGroups) return 0;
    chain_.groups[chain_.count++] = {static_cast<std::uint32_t>(begin) + static_cast<std::uint32_t>(at),
                         static_cast<std::uint32_t>(begin) + static_cast<std::uint32_t>(end)};
    const int next = end + 1, next_end = next + std::countr_one(words >> next);
    if (next_end > 62) return 0;
    if (next_end == next || (joined >> next_end & 1) == 0) {
      chain_.shape = (words & ((1ULL << end) - 1)) | 1ULL << end;
      return begin + static_cast<std::size_t>(end);
    }
    at = next;
  }
}

std::size_t ChainGatherer::ReadLong(const RunMasks& runs, std::size_t begin) noexcept {
  chain_.count = 0;
  chain_.overflow = false;
  std::size_t end = runs.WordEnd(begin);
  for (;;) {
    if (chain_.count == Chain::kMaxGroups || (chain_.count > 0 && end - chain_.groups[0].begin > kMaxChain)) {
      literals_.ReadUntil(begin);
      Overflow();
    }
    chain_.groups[chain_.count++] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    const std::size_t next = end + 1, next_end = runs.WordEnd(next);
    if (next_end == next || next_end - next > kMaxGroup || (runs.Joined(next_end) & 1) == 0) break;
    begin = next;
    end = next_end;
  }
  literals_.ReadUntil(end + 1);
  Flush();
  return end;
}

// The chain is too long to be one value in spaced groups: its tokens are read one by one and the last one
// kept open.
void ChainGatherer::Overflow() noexcept {
  std::size_t open = chain_.count;
  while (open > 0 && window_->text[chain_.groups[open - 1].end] != ' ') --open;
  // groups [open, count) have no space behind them yet: they are one token still growing.
  chain_.overflow = true;
  if (open > 0) reader_.ReadTokens(*runs_, chain_, 0, open);
  std::size_t kept = 0;
  if (chain_.count - open < Chain::kMaxGroups) {
    for (std::size_t i = open; i < chain_.count; ++i) chain_.groups[kept++] = chain_.groups[i];
  }
  chain_.count = kept;
}

void ChainGatherer::Flush() noexcept {
  if (chain_.groups[0].begin >= window_->limit) return;
  if (chain_.overflow) {
    reader_.ReadTokens(*runs_, chain_, 0, chain_.count);
  } else if (!TooShort()) {
    reader_.Read(*runs_, chain_);
  }
}

bool ChainGatherer::Promising(GroupShape shape) const noexcept {
  const std::string_view text = window_->text;
  const std::size_t begin = chain_.groups[0].begin, end = chain_.groups[chain_.count - 1].end;
  const std::uint64_t digits = runs_->Digits(begin) & ((1ULL << (end - begin)) - 1);
  for (const ValueTemplate& t : rules_.templates.Find(shape)) {
    if (t.MayFit(digits)) return true;
  }
  const char before = window_->Before(begin);
  if (before == '+') return true;
  // An IBAN, its country code joined or not.
  if (IsUpper(text[begin])) {
    if (IsUpper(window_->At(begin + 1))) return true;
  } else if (IsSeparator(before) && begin >= 2 && IsUpper(text[begin - 2])) {
    return true;
  }
  if (chain_.count == 1) {
    const bool beside = (IsSeparator(before) && begin >= 2 && IsLetter(text[begin - 2])) ||
                        (IsSeparator(window_->At(end)) && IsLetter(window_->At(end + 1)));
    return beside && rules_.templates.HasCore(shape);
  }
  if (rules_.templates.HasCore(shape)) return true;
  for (std::size_t i = 0; i + 1 < chain_.count; ++i) {
    if (text[chain_.groups[i].end] == ' ') return true;
  }
  // A latitude.
  return text[chain_.groups[0].end] == '.' && chain_.groups[0].end - begin <= 3 && chain_.groups[1].end - chain_.groups[1].begin >= 4;
}

// Most chains are prices, times and versions; only a few short ones can begin a value.
bool ChainGatherer::TooShort() const noexcept {
  const std::size_t begin = chain_.groups[0].begin;
  if (chain_.groups[chain_.count - 1].end - begin >= kMinValue) return false;
  const bool marked = window_->Before(begin) == '+' || IsUpper(window_->text[begin]);
  const bool decimal = chain_.count == 2 && chain_.groups[1].end - chain_.groups[1].begin >= 4;
  return !marked && !decimal;
}

}  // namespace gander::identify
