// SPDX-License-Identifier: Apache-2.0
// Chains of digit groups and the rules tried on them.
#include "identify/chain_reader.h"

#include <algorithm>
#include <bit>

#include "identify/char_class.h"

namespace gander::identify {
namespace {

// Letter groups that belong to a value are short: "AA 12 34 56 B", "12345678-Z", "ES 58 0049".
constexpr std::size_t kMaxLetterGroup = 4;
// Share of random strings that pass a test from which on it tells little.
constexpr double kLooseChance = 0.5;

}  // namespace

void ChainReader::Begin(const Window& window, TextState::Impl& state) noexcept {
  window_ = &window;
  state_ = &state;
  words_known_ = false;
}

void ChainReader::BuildList() noexcept {
  const std::string_view text = window_->text;
  list_count_ = 0;
  words_known_ = false;
  const std::size_t begin = chain_->groups[0].begin, end = chain_->groups[chain_->count - 1].end;
  if (begin >= 2 && IsSeparator(text[begin - 1]) && text[begin - 1] != '.' && IsLetter(text[begin - 2])) {
    std::size_t i = begin - 1;
    while (i > 0 && IsLetter(text[i - 1]) && begin - 1 - i < kMaxLetterGroup) --i;
    if (i == 0 || !IsWord(text[i - 1])) {
      list_[list_count_++] = {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(begin - 1)};
    }
  }
  list_first_ = list_count_;
  for (std::size_t i = 0; i < chain_->count; ++i) list_[list_count_++] = chain_->groups[i];
  list_last_ = list_count_ - 1;
  if (IsSeparator(window_->At(end)) && IsLetter(window_->At(end + 1))) {
    std::size_t i = end + 1;
    while (i < text.size() && IsLetter(text[i]) && i - end <= kMaxLetterGroup) ++i;
    if (!IsWord(window_->At(i))) {
      list_[list_count_++] = {static_cast<std::uint32_t>(end + 1), static_cast<std::uint32_t>(i)};
    }
  }
}

// Values that a sign or a country code gives away. Returns where the value ends, 0 when there is none.
// Whether it is ours to report must not matter to what is read behind it.
std::size_t ChainReader::ReadMarked() noexcept {
  const std::size_t begin = chain_->groups[0].begin;
  const std::string_view text = window_->text;
  if (window_->Before(begin) == '+' && rules_.phone != kNoRule && !(begin >= 2 && IsWord(text[begin - 2]))) {
    char country[2] = {};
    const Span s = FindPhone(text, begin - 1, country);
    ReportMarked(rules_.phone, s, country);
    // A + that begins no phone number begins nothing else either.
    return s.found() ? s.end : chain_->groups[chain_->count - 1].end;
  }
  if (rules_.iban != kNoRule) {
    // The country code stands before the digits, now and then with a space between.
    const bool spaced_code = list_first_ == 1 && list_[0].end - list_[0].begin == 2 && IsDigit(text[begin]);
    const std::size_t at = spaced_code ? list_[0].begin : begin;
    if (IsUpper(text[at]) && IsUpper(window_->At(at + 1))) {
      const Span s = FindIban(text, at);
      ReportMarked(rules_.iban, s, &text[at]);
      if (s.found()) return s.end;
    }
  }
  const bool decimal = chain_->count >= 2 && text[chain_->groups[0].end] == '.' && chain_->groups[0].end - begin <= 3 &&
                       chain_->groups[1].end - chain_->groups[1].begin >= 4;
  if (decimal && rules_.coordinates != kNoRule)
    ReportMarked(rules_.coordinates, FindCoordinates(text, begin), nullptr);
  return 0;
}

void ChainReader::ReportMarked(IdType rule, const Span& s, const char* country) noexcept {
  if (!s.found() || !Ours(chain_->groups[0].begin, s.begin)) return;
  ++counters_.candidates;
  judge_.Pass(rule, s.begin, s.end, SupportOf(rule, s.begin, s.end), country);
}

void ChainReader::Read(const RunMasks& runs, const Chain& chain) noexcept {
  runs_ = &runs;
  chain_ = &chain;
  BuildList();
  if (const std::size_t end = ReadMarked(); end > 0) {
    std::size_t next = list_first_;
    while (next <= list_last_ && list_[next].begin < end) ++next;
    if (next <= list_last_) ReadListed(next, list_last_ + 1 - next);
    return;
  }
  const std::size_t first = list_first_, last = list_last_;
  if (chain_->groups[chain_->count - 1].end - chain_->groups[0].begin < kMinValue) return;
  bool spaced = false;
  for (std::size_t i = first; i < last; ++i) spaced = spaced || window_->text[list_[i].end] == ' ';
  const bool lead = first > 0, trail = last + 1 < list_count_;
  if ((lead && trail && Try(0, last + 1, false)) || (lead && Try(0, last, false)) ||
      (trail && Try(first, last + 1, false))) {
    return;
  }
  if (Try(first, last, false) || !spaced) return;
  ReadListed(first, last + 1 - first);
  // A spaced value inside a longer chain ("SSN 078 05 1123 2024") needs a word that names it.
  if (last - first + 1 > kMaxTemplateGroups) return;
  for (std::size_t i = first; i < last; ++i) {
    if (i > first && window_->text[list_[i - 1].end] != ' ') continue;
    for (std::size_t k = last; k > i; --k) {
      const bool ends = k == last || window_->text[list_[k].end] == ' ';
      if ((i == first && k == last) || !ends) continue;
      if (Try(i, k, true)) return;
    }
  }
}

void ChainReader::ReadTokens(const RunMasks& runs, const Chain& chain, std::size_t first, std::size_t count) noexcept {
  runs_ = &runs;
  chain_ = &chain;
  words_known_ = false;
  list_count_ = list_first_ = 0;
  for (std::size_t i = first; i < first + count; ++i) list_[list_count_++] = chain.groups[i];
  ReadListed(0, count);
}

void ChainReader::ReadListed(std::size_t first, std::size_t count) noexcept {
  const std::size_t end = first + count;
  for (std::size_t i = first; i < end;) {
    std::size_t k = i;
    while (k + 1 < end && window_->text[list_[k].end] != ' ') ++k;
    if (!(k + 1 < list_count_ && k + 1 == end && Try(i, k + 1, false))) Try(i, k, false);
    i = k + 1;
  }
}

bool ChainReader::Bordered(std::size_t begin, std::size_t end) const noexcept {
  const char before = window_->Before(begin), after = window_->At(end);
  if (IsWord(before) || IsWord(after) || before == '.' || before == '$' || before == '@' || before == '+')
    return false;
  // The rest of a longer token.
  if (IsSeparator(before) && before != ' ' && begin >= 2 && IsDigit(window_->text[begin - 2])) return false;
  // A minus sign, or the rest of a word: neither begins a value.
  if (before == '-' && (begin < 2 || !IsWord(window_->text[begin - 2]))) return false;
  if (after == '@' || after == '%') return false;
  if ((after == '.' || after == '-') && IsDigit(window_->At(end + 1))) return false;
  return !(after == '.' && IsLetter(window_->At(end + 1)));
}

bool ChainReader::Try(std::size_t first, std::size_t last, bool embedded) noexcept {
  const std::size_t begin = list_[first].begin, end = list_[last].end;
  if (end - begin < kMinValue || end - begin > kMaxTemplateLength || last - first >= kMaxTemplateGroups)
    return false;
  ShapeBuilder shape;
  for (std::size_t i = first; i <= last; ++i) shape.AddGroup(list_[i].end - list_[i].begin);
  const auto templates = rules_.templates.Find(shape.value());
  const std::uint64_t digits = runs_->Digits(begin) & ((1ULL << (end - begin)) - 1);
  if (std::none_of(templates.begin(), templates.end(), [&](const auto& t) { return t.MayFit(digits); })) return false;
  if (!Ours(list_[std::max(first, std::min(last, list_first_))].begin, begin)) return false;
  if (!Bordered(begin, end)) {
    ++counters_.rejected_boundary;
    return false;
  }
  const std::string_view text = window_->text.substr(begin, end - begin);
  char normalised[kMaxTemplateLength];
  std::string_view value;
  Hit best{kNoRule, Support::kNone};
  Judge::Opinion opinion;
  bool seen = false;
  for (const ValueTemplate& t : templates) {
    if (!t.MayFit(digits)) continue;
    const CompiledRule& rule = rules_.rules[t.rule];
    // What rejects more often comes first: a test that nearly all pass, or the word that must name the value.
    if (rule.needs_context && rules_.infos[t.rule].chance > kLooseChance &&
        SupportOf(t.rule, begin, end) != Support::kContext) {
      continue;
    }
    if (!t.Fits(text)) continue;
    if (!seen) ++counters_.candidates;
    if (!seen) value = {normalised, Normalise(text, normalised, sizeof normalised)};
    seen = true;
    if (!rule.check(value)) {
      judge_.Failed(t.rule);
      continue;
    }
    const Support support = SupportOf(t.rule, begin, end);
    if (embedded && support != Support::kContext) continue;
    const Judge::Opinion o = judge_.Weigh(t.rule, support);
    // The best-proven reading wins; between equals the rarer one.
    const bool better =
        best.rule == kNoRule || support > best.support ||
        (support == best.support &&
         (o.evidence > opinion.evidence ||
          (o.evidence == opinion.evidence && rules_.infos[t.rule].chance < rules_.infos[best.rule].chance)));
    if (o.report && better) {
      best = {t.rule, support};
      opinion = o;
    }
  }
  if (best.rule == kNoRule) return false;
  judge_.Report(best.rule, begin, end, value, opinion);
  return opinion.evidence != Evidence::kUnproven;
}

bool ChainReader::Alone(std::size_t begin, std::size_t end) const noexcept {
  if (!window_->whole || window_->name_words != nullptr) return false;
  constexpr std::size_t kMaxAround = 8;
  if (begin > kMaxAround || window_->text.size() - end > kMaxAround) return false;
  const auto blank = [](char c) { return IsSpace(c) || c == '"' || c == '\'' || c == '.'; };
  for (std::size_t i = 0; i < begin; ++i) {
    if (!blank(window_->text[i])) return false;
  }
  for (std::size_t i = end; i < window_->text.size(); ++i) {
    if (!blank(window_->text[i])) return false;
  }
  return true;
}

const ContextWords& ChainReader::Words(std::size_t begin, std::size_t end) noexcept {
  if (words_known_ && words_begin_ == begin && words_end_ == end) return words_;
  if (state_->columns != nullptr && state_->columns->active()) {
    state_->columns->Advance(window_->raw, window_->base, window_->Offset(begin), fields_);
  }
  words_ = context_.Beside(*window_, begin, state_->columns.get());
  if (window_->At(end) == '^') {
    const ContextWords behind = context_.Behind(*window_, end);
    for (std::uint8_t i = 0; i < behind.count; ++i) words_.Add(behind.ids[i]);
  }
  words_begin_ = begin;
  words_end_ = end;
  words_known_ = true;
  return words_;
}

Support ChainReader::SupportOf(IdType rule, std::size_t begin, std::size_t end) noexcept {
  if (judge_.Settled(rule)) return Support::kNone;
  if (rules_.context.Names(Words(begin, end), rule)) return Support::kContext;
  return Alone(begin, end) ? Support::kAlone : Support::kNone;
}

}  // namespace gander::identify
