// SPDX-License-Identifier: Apache-2.0
// Chains of digit groups and the rules tried on them.
#include "identify/chain_reader.h"

#include <algorithm>
#include <array>

#include "identify/char_class.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

// Letter groups that belong to a value are short: "AA 12 34 56 B", "12345678-Z", "ES 58 0049".
constexpr std::size_t kMaxLetterGroup = 4;

// What may stand beside any value and says nothing about it: no part of a word, no separator, no sign.
constexpr std::array<bool, 256> MakePlain() {
  std::array<bool, 256> plain{};
  for (int b = 0; b < 256; ++b) {
    const char c = static_cast<char>(b);
    const bool sign = c == '$' || c == '@' || c == '+' || c == '%';
    plain[static_cast<std::size_t>(b)] = !IsWord(c) && !IsSeparator(c) && !sign;
  }
  return plain;
}
constexpr auto kPlain = MakePlain();
// Seconds since 1970, or a thousandth, millionth or billionth of them, of the years 2001 to 2034: logs and messages are
// full of these, and those of one hour share the digits that would be a date of birth.
bool IsUnixTime(std::string_view text) noexcept {
  if (text.size() != 10 && text.size() != 13 && text.size() != 16 && text.size() != 19) return false;
  return text[0] == '1' || (text[0] == '2' && text[1] == '0' && text[2] < '5');
}

bool IsPlain(char c) noexcept { return kPlain[static_cast<unsigned char>(c)]; }

}  // namespace

void ChainReader::Begin(const Window& window, TextState::Impl& state) noexcept {
  window_ = &window;
  state_ = &state;
  words_known_ = false;
  loose_.Begin(window);
}

void ChainReader::UseChain() noexcept {
  words_known_ = false;
  list_ = chain_->groups.data();
  list_first_ = 0;
  list_count_ = chain_->count;
  list_last_ = list_count_ - 1;
}

void ChainReader::BuildList() noexcept {
  const std::string_view text = window_->text;
  const std::size_t begin = chain_->groups[0].begin, end = chain_->groups[chain_->count - 1].end;
  const bool lead =
      begin >= 2 && IsSeparator(text[begin - 1]) && text[begin - 1] != '.' && IsLetter(text[begin - 2]);
  const bool trail = IsSeparator(window_->At(end)) ? IsLetter(window_->At(end + 1)) : Bracketed(end);
  UseChain();
  if (lead || trail) CopyList(begin, end, lead, trail);
}

void ChainReader::CopyList(std::size_t begin, std::size_t end, bool lead, bool trail) noexcept {
  const std::string_view text = window_->text;
  list_ = copy_.data();
  list_count_ = 0;
  if (lead) {
    std::size_t i = begin - 1;
    while (i > 0 && IsLetter(text[i - 1]) && begin - 1 - i < kMaxLetterGroup) --i;
    if (i == 0 || !IsWord(text[i - 1])) {
      copy_[list_count_++] = {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(begin - 1)};
    }
  }
  list_first_ = list_count_;
  for (std::size_t i = 0; i < chain_->count; ++i) copy_[list_count_++] = chain_->groups[i];
  list_last_ = list_count_ - 1;
  if (trail) AddTrail(end);
}

// "(3)" behind a value: a check character in brackets.
bool ChainReader::Bracketed(std::size_t end) const noexcept {
  return window_->At(end) == '(' && IsAlnum(window_->At(end + 1)) && window_->At(end + 2) == ')';
}

// The letter group behind the chain, and words with digits that go on behind it ("63-123456 L 12").
void ChainReader::AddTrail(std::size_t end) noexcept {
  const std::string_view text = window_->text;
  const auto add = [&](std::size_t from, std::size_t to) {
    copy_[list_count_++] = {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)};
  };
  if (text[end] == '(') return add(end + 1, end + 2);
  std::size_t i = end + 1;
  while (i < text.size() && IsLetter(text[i]) && i - end <= kMaxLetterGroup) ++i;
  if (IsWord(window_->At(i))) return;
  add(end + 1, i);
  while (list_count_ < copy_.size() && IsSeparator(window_->At(i))) {
    const std::size_t begin = i + 1, next = runs_->WordEnd(begin);
    const std::size_t length = next - begin;
    if (length == 0 || length > kMaxTemplateLength || (runs_->Digits(begin) & ((1ULL << length) - 1)) == 0) break;
    add(begin, next);
    i = next;
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
      char value[kMaxIban];
      const Span s = FindIban(text, at, value);
      if (s.found() && Ours(begin, s.begin)) {
        ++counters_.candidates;
        const auto length = static_cast<std::size_t>(IbanLength(text[at], text[at + 1]));
        judge_.Pass(rules_.iban, s.begin, s.end, {value, length}, SupportOf(rules_.iban, s.begin, s.end), &text[at]);
      }
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
  const Group& front = chain.groups[0];
  const std::size_t begin = front.begin, end = chain.groups[chain.count - 1].end;
  if (LooseReader::GoesOn(*window_, end) && ReadLoose(chain)) return;
  const bool decimal = chain.count > 1 && window_->text[front.end] == '.';
  if (IsPlain(window_->Before(begin)) && IsPlain(window_->At(end)) && !IsUpper(window_->text[begin]) && !decimal) {
    // Nothing beside it belongs to it and nothing marks it.
    UseChain();
    if (end - begin >= kMinSpaced && !Try(0, list_last_, false) && chain.count > 1) ReadOtherwise();
    return;
  }
  BuildList();
  if (const std::size_t marked = ReadMarked(); marked > 0) {
    std::size_t next = list_first_;
    while (next <= list_last_ && list_[next].begin < marked) ++next;
    if (next <= list_last_) ReadListed(next, list_last_ + 1 - next);
    return;
  }
  const std::size_t first = list_first_, last = list_last_;
  if (list_[list_count_ - 1].end - list_[0].begin < kMinSpaced) return;
  const bool lead = first > 0, trail = last + 1 < list_count_;
  // What goes on behind letters is looked for from the longest on.
  for (std::size_t count = list_count_; count > last + 2; --count) {
    if ((lead && Try(0, count - 1, false)) || Try(first, count - 1, false)) return;
  }
  if ((lead && trail && Try(0, last + 1, false)) || (lead && Try(0, last, false)) ||
      (trail && Try(first, last + 1, false))) {
    return;
  }
  if (!Try(first, last, false)) ReadOtherwise();
}

// Spaced as no template is, or a list of values.
void ChainReader::ReadOtherwise() noexcept {
  if (chain_->count == 1 || !ReadLoose(*chain_)) ReadParts();
}

// What is no value as a whole may hold some between its spaces.
void ChainReader::ReadParts() noexcept {
  const std::size_t first = list_first_, last = list_last_;
  bool spaced = false;
  for (std::size_t i = first; i < last; ++i) spaced = spaced || window_->text[list_[i].end] == ' ';
  if (!spaced) return;
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
  list_ = chain.groups.data() + first;
  list_count_ = count;
  list_first_ = 0;
  list_last_ = count - 1;
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
  if (IsPlain(before) && IsPlain(after)) return true;
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

GroupShape ChainReader::ShapeOf(std::size_t first, std::size_t last) const noexcept {
  const std::size_t begin = list_[first].begin, length = list_[last].end - begin;
  // Words with a digit stand in the masks.
  if (first >= list_first_ && last <= list_last_) [[likely]] {
    return (runs_->Words(begin) & ((1ULL << length) - 1)) | 1ULL << length;
  }
  ShapeBuilder shape;
  for (std::size_t i = first; i <= last; ++i) shape.AddGroup(list_[i].end - list_[i].begin);
  return shape.value();
}

bool ChainReader::Try(std::size_t first, std::size_t last, bool embedded) noexcept {
  const std::size_t begin = list_[first].begin, end = list_[last].end;
  if (end - begin < (first < last ? kMinSpaced : kMinValue) || end - begin > kMaxTemplateLength ||
      last - first >= kMaxTemplateGroups)
    return false;
  ValueForm form;
  form.shape = ShapeOf(first, last);
  const std::uint64_t digits = runs_->Digits(begin) & ((1ULL << (end - begin)) - 1);
  form.kinds = rules_.templates.KindsOf(form.shape, digits);
  // No plan is made, and none given up for it, of what no template can hold.
  if (form.kinds == 0) return false;
  form.all_digits = digits == (form.shape ^ 1ULL << (end - begin));
  for (std::size_t i = first; i < last; ++i) {
    form.separators |= std::uint64_t{static_cast<unsigned char>(window_->text[list_[i].end])} << (8 * (i - first));
  }
  const TemplatePlan& plan = plans_.Of(form);
  if (!Ours(list_[std::max(first, std::min(last, list_first_))].begin, begin)) return false;
  if (!Bordered(begin, end)) {
    ++counters_.rejected_boundary;
    return false;
  }
  // Only a word speaks for a part of a chain; where none stands nothing is tested, and nothing has failed.
  if (embedded && Words(begin, end).count == 0) return false;
  return Weigh(plan, begin, end, embedded);
}

std::string_view ChainReader::NormalForm(const TemplatePlan& plan, std::size_t begin, std::size_t end) noexcept {
  char* const bytes = reinterpret_cast<char*>(normal_.data());
  const std::string_view text = window_->text.substr(begin);
  if (plan.all_digits && text.size() >= kMaxTemplateLength) return {bytes, plan.Gather(text.data(), normal_.data())};
  return {bytes, Normalise(text.substr(0, end - begin), bytes, sizeof normal_)};
}

// A word that names it says more than any test, the nearest most; then what the direction's other values have proven;
// then how seldom chance passes the test, ten times less where the text has spoken of that country before.
bool ChainReader::Stronger(const Reading& a, const Reading& b) noexcept {
  if (b.rule == kNoRule) return true;
  if (a.support != b.support) return a.support > b.support;
  if (a.rank != b.rank) return a.rank > b.rank;
  if (a.opinion.evidence != b.opinion.evidence) return a.opinion.evidence > b.opinion.evidence;
  return a.chance < b.chance;
}

void ChainReader::WeighEntry(const TemplatePlan& plan, const TemplatePlan::Entry& entry, std::size_t begin,
                             std::size_t end, bool embedded, Reading& best) noexcept {
  constexpr float kHome = 0.1f, kTypical = 0.25f, kForeign = 10;
  if (!entry.sure && !rules_.templates[entry.place].Fits(window_->text.substr(begin, end - begin))) return;
  if (value_.empty()) {
    ++counters_.candidates;
    value_ = NormalForm(plan, begin, end);
    again_ = !plan.free.empty() && judge_.SeenBefore(value_);
  }
  const CompiledRule& rule = rules_.rules[entry.rule];
  if (!rule.Passes(value_, window_->text.substr(begin, end - begin))) return judge_.Failed(entry.rule, again_);
  Reading reading;
  reading.rule = entry.rule;
  // Beside rules that a word may name, one that needs none any more must show its own word, too.
  const bool rivals = !plan.named.empty();
  reading.support = rivals ? SupportOf(entry.rule, begin, end, reading.rank) : SupportOf(entry.rule, begin, end);
  const bool named = reading.support == Support::kContext;
  if (embedded && !named) return;
  if (!named && !rule.unnamed_checks.empty() && !PassAll(rule.unnamed_checks, value_))
    return judge_.Failed(entry.rule, again_);
  reading.opinion = judge_.Weigh(entry.rule, reading.support, again_);
  const bool home = rule.country[0] != '\0' && rule.country[0] == state_->home[0] && rule.country[1] == state_->home[1];
  // A word of another language than its country's says less: "passport" is any country's.
  const bool foreign = named && rule.has_foreign_words && rules_.context.IsForeign(Words(begin, end), entry.rule);
  const bool typical = !rule.typical.empty() && PassAll(rule.typical, value_);
  reading.chance = rule.chance * (home ? kHome : 1) * (typical ? kTypical : 1) * (foreign ? kForeign : 1);
  if (reading.opinion.report && Stronger(reading, best)) best = reading;
}

bool ChainReader::Weigh(const TemplatePlan& plan, std::size_t begin, std::size_t end, bool embedded) noexcept {
  Reading best;
  value_ = {};
  const std::string_view text = window_->text.substr(begin, end - begin);
  const bool time = plan.all_digits && plan.form.separators == 0 && IsUnixTime(text);
  if (time && Words(begin, end).count == 0 && !Alone(begin, end)) return false;  // nothing speaks for any of them
  for (const TemplatePlan::Entry& entry : plan.free) {
    if (time && SupportOf(entry.rule, begin, end) == Support::kNone) continue;
    WeighEntry(plan, entry, begin, end, embedded, best);
  }
  for (const TemplatePlan::Entry& entry : plan.named) {
    if (!entry.sure && !rules_.templates[entry.place].Fits(text)) continue;
    const ContextWords& words = Words(begin, end);
    if (words.count == 0) break;
    if (rules_.context.Rank(words, entry.rule) > 0) WeighEntry(plan, entry, begin, end, embedded, best);
  }
  if (best.rule == kNoRule) return false;
  if (best.rule == rules_.payment_card && rules_.card_track != kNoRule) {
    if (const Span track = FindCardTrack(window_->text, begin, end); track.found())
      return judge_.Pass(rules_.card_track, track.begin, track.end, Support::kContext);
  }
  const bool bracket = window_->At(end) == ')' && plan.bracketed;
  judge_.Report(best.rule, begin, bracket ? end + 1 : end, value_, best.opinion);
  return best.opinion.evidence != Evidence::kUnproven;
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

// Whether "key:" or "key=" stands right before a value: it says more than the column that a first line with commas may
// have made.
bool ChainReader::KeyBefore(std::size_t begin) const noexcept {
  std::size_t i = begin;
  while (i > 0 && begin - i < 2 && window_->text[i - 1] == ' ') --i;
  return i > 1 && (window_->text[i - 1] == ':' || window_->text[i - 1] == '=') && window_->text[i - 2] != '"';
}

const ContextWords& ChainReader::Words(std::size_t begin, std::size_t end) noexcept {
  if (words_known_ && words_begin_ == begin && words_end_ == end) return words_;
  if (!words_known_ || words_begin_ != begin) {
    TableColumns* const columns = state_->columns.get();
    const Column* column = nullptr;
    if (columns != nullptr && columns->active()) {
      columns->Advance(window_->raw, window_->base, window_->Offset(begin), fields_);
      column = KeyBefore(begin) ? nullptr : columns->current();
    }
    in_column_ = column != nullptr;
    words_before_ = in_column_ ? column->words : context_.Beside(*window_, begin, nullptr);
  }
  words_ = words_before_;
  if (words_.count == 0 && !in_column_) words_ = context_.BehindInSentence(*window_, end);
  if (window_->At(end) == '^') words_.Append(context_.Behind(*window_, end));
  words_begin_ = begin;
  words_end_ = end;
  words_known_ = true;
  return words_;
}

Support ChainReader::SupportOf(IdType rule, std::size_t begin, std::size_t end, int& rank) noexcept {
  rank = rules_.context.Rank(Words(begin, end), rule);
  if (rank > 0) return Support::kContext;
  return Alone(begin, end) ? Support::kAlone : Support::kNone;
}

}  // namespace gander::identify
