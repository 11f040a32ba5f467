// SPDX-License-Identifier: Apache-2.0
// Gathering chains of words with digits.
//
// Cuts change nothing: a window begins kRewind bytes before `from`, and a chain longer than kMaxChain has
// overflowed. A chain that begins before the rewind point has therefore overflowed by the time it reaches
// `from`, whether its begin was seen or not; any other chain is seen from its begin.
#include "identify/chain_gatherer.h"

#include <algorithm>
#include <bit>

#include "identify/char_class.h"

namespace gander::identify {

std::size_t ChainGatherer::OnCandidate(const RunMasks& runs, std::size_t end, const ChainForm& form) noexcept {
  runs_ = &runs;
  if (form.kind == ChainForm::Kind::kLongRun) return OnLongRun(runs, end);
  if (form.begin >= window_->limit) return end;
  if (form.kind == ChainForm::Kind::kManyWords) return ReadLong(runs, form.begin);
  const std::size_t chain_end = form.end();
  chain_.shape = form.shape;
  // Whatever is in it begins with one of its words.
  if (chain_end > window_->from && Promising(form.begin, chain_end)) {
    FillGroups(form.begin, form.length);
    literals_.ReadUntil(chain_end + 1);
    Flush();
  }
  registers_.TellUntil(chain_end);
  return chain_end;
}

// A run that holds a long word or many.
std::size_t ChainGatherer::OnLongRun(const RunMasks& runs, std::size_t end) noexcept {
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
  return begin >= window_->limit ? end : ReadLong(runs, begin);
}

void ChainGatherer::FillGroups(std::size_t begin, int length) noexcept {
  chain_.count = 0;
  chain_.overflow = false;
  for (int at = 0; at < length;) {
    // The bit behind the last group would join it.
    const int end = std::min(length, at + std::countr_one(chain_.shape >> at));
    chain_.groups[chain_.count++] = {static_cast<std::uint32_t>(begin) + static_cast<std::uint32_t>(at),
                                     static_cast<std::uint32_t>(begin) + static_cast<std::uint32_t>(end)};
    at = end + 1;
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
  if (registers_.reads_chains() && chain_.groups[0].begin < window_->limit) {
    chain_.overflow ? registers_.ReadTokens(Groups()) : registers_.ReadChain(Groups());
  }
  return end;
}

// The chain is too long to be one value in spaced groups: its tokens are read one by one and the last one
// kept open.
void ChainGatherer::Overflow() noexcept {
  if (!chain_.overflow) reader_.ReadLoose(chain_);
  std::size_t open = chain_.count;
  while (open > 0 && window_->text[chain_.groups[open - 1].end] != ' ') --open;
  // groups [open, count) have no space behind them yet: they are one token still growing.
  chain_.overflow = true;
  if (open > 0) {
    reader_.ReadTokens(*runs_, chain_, 0, open);
    if (registers_.reads_chains()) registers_.ReadTokens(Groups().first(open));
  }
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

bool ChainGatherer::Promising(std::size_t begin, std::size_t end) const noexcept {
  const std::string_view text = window_->text;
  const std::uint64_t within = (1ULL << (end - begin)) - 1;
  const std::uint64_t digits = runs_->Digits(begin) & within;
  if (rules_.templates.MayFit(chain_.shape, digits)) return true;
  const char before = window_->Before(begin);
  if (before == '+') return true;
  if (LooseReader::GoesOn(*window_, end) && LooseReader::IsNamed(*window_, begin)) return true;
  // An IBAN, its country code joined or not.
  if (IsUpper(text[begin])) {
    if (IsUpper(window_->At(begin + 1))) return true;
  } else if (IsSeparator(before) && begin >= 2 && IsUpper(text[begin - 2])) {
    return true;
  }
  std::uint64_t separators = ~chain_.shape & within;
  if (separators == 0) {
    const char after = window_->At(end);
    const bool beside = (IsSeparator(before) && begin >= 2 && IsLetter(text[begin - 2])) ||
                        (IsSeparator(after) && IsLetter(window_->At(end + 1))) || after == '(';
    return beside && rules_.templates.HasCore(chain_.shape);
  }
  if (rules_.templates.HasCore(chain_.shape)) return true;
  const auto first = static_cast<std::size_t>(std::countr_zero(separators));
  for (; separators != 0; separators &= separators - 1) {
    if (text[begin + static_cast<std::size_t>(std::countr_zero(separators))] == ' ') return true;
  }
  // A latitude: few digits, a point, and four or more.
  const std::uint64_t fraction = chain_.shape >> (first + 1);
  return text[begin + first] == '.' && first <= 3 && (fraction & 15) == 15 && begin + first + 1 + 4 <= end;
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
