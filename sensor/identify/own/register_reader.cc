// SPDX-License-Identifier: Apache-2.0
#include "identify/own/register_reader.h"

#include <algorithm>
#include <bit>

#include "identify/char_class.h"
#include "identify/normal_form.h"

namespace gander::identify {
namespace {

bool SameKey(const HashKey& a, const HashKey& b) noexcept { return a.k0 == b.k0 && a.k1 == b.k1; }

// Bits [begin, end) of a word.
std::uint64_t Between(int begin, int end) noexcept { return (1ULL << end) - (1ULL << begin); }

}  // namespace

RegisterReader::RegisterReader(const RuleSet::Impl& rules, Judge& judge, Counters& counters)
    : rules_(rules), judge_(judge), counters_(counters) {
  for (const OwnRegister& own : rules.registers) {
    if (own.in_fields) continue;
    const Register& values = *own.values;
    auto group = std::find_if(groups_.begin(), groups_.end(), [&](const FormGroup& g) {
      return g.form == values.form() && SameKey(g.key, values.key());
    });
    if (group == groups_.end()) {
      groups_.push_back({values.form(), values.key(), ValueOutline(values.key()), {}});
      group = groups_.end() - 1;
    }
    group->outline.Merge(values.outline());
    group->registers.push_back(&own);
    if (group->in_chains()) in_chains_.Merge(values.outline());
  }
  reads_chains_ = !in_chains_.empty();
}

void RegisterReader::Begin(const Window& window) noexcept {
  window_ = &window;
  asked_ = looked_ = told_ = 0;
  found_begin_ = found_end_ = 0;
  hits_.clear();
}

// Whether what stands between two words parts values. A slash may do either: both readings are tried.
bool RegisterReader::Parts(std::size_t at) const noexcept {
  return window_->text[at] == ' ' || window_->text[at] == '/';
}

void RegisterReader::LookAhead(const RunMasks& runs, std::span<const std::uint32_t> places, ChainForm* forms) noexcept {
  hits_.erase(hits_.begin(), hits_.begin() + static_cast<std::ptrdiff_t>(told_));
  told_ = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::uint32_t end = places[i];
    if ((end & kOtherPlace) != 0 || end <= looked_) continue;
    looked_ = end;
    const ChainForm& chain = forms[i] = ChainAt(runs, end);
    if (chain.kind == ChainForm::Kind::kLongRun || chain.begin >= window_->limit) continue;
    looked_ = chain.end();
    if (chain.kind == ChainForm::Kind::kManyWords) continue;
    if (looked_ > window_->from) LookInto(chain, runs.Digits(chain.begin));
  }
  Answer();
}

// Stretches of words between what parts values, longest first, told apart by bits alone as far as these go.
void RegisterReader::LookInto(const ChainForm& chain, std::uint64_t digits) noexcept {
  const std::uint64_t words = chain.shape & Between(0, chain.length);
  digits &= words;
  std::uint64_t parts = 0;
  for (std::uint64_t m = ~chain.shape & Between(0, chain.length); m != 0; m &= m - 1) {
    if (Parts(chain.begin + static_cast<std::size_t>(std::countr_zero(m)))) parts |= m & (0 - m);
  }
  // A '_' belongs to a word and to no form: lengths say nothing then.
  const std::string_view text = window_->text.substr(chain.begin, static_cast<std::size_t>(chain.length));
  const bool exact = digits == words || text.find('_') == std::string_view::npos;
  const auto may_be = [&](int begin, int end) {
    if (!exact) return true;
    const std::uint64_t within = Between(begin, end);
    const int length = std::popcount(words & within);
    using Kind = ValueOutline::Kind;
    const bool number = std::popcount(digits & within) == length, leads = (digits >> begin & 1) == 0;
    const Kind kind = number ? Kind::kDigits : leads ? Kind::kLetterFirst : Kind::kOther;
    return in_chains_.MayHold(kind, static_cast<std::size_t>(length));
  };
  const std::uint64_t all_ends = parts | 1ULL << chain.length;
  for (std::uint64_t begins = 1 | parts << 1; begins != 0; begins &= begins - 1) {
    const int begin = std::countr_zero(begins);
    for (std::uint64_t ends = all_ends >> begin << begin; ends != 0;) {
      const int end = std::bit_width(ends) - 1;
      ends ^= 1ULL << end;
      if (may_be(begin, end))
        Enqueue(chain.begin + static_cast<std::size_t>(begin), chain.begin + static_cast<std::size_t>(end));
    }
  }
}

std::size_t RegisterReader::FormIn(const FormGroup& group, std::size_t begin, std::size_t end, char* known) noexcept {
  const std::size_t n = FormOf(window_->text.substr(begin, end - begin), group.form, known);
  if (n == 0 || !group.outline.MayHold({known, n})) return 0;
  ++counters_.candidates;
  return n;
}

void RegisterReader::Enqueue(std::size_t begin, std::size_t end) noexcept {
  if (!Ours(begin)) return;
  char known[kMaxRegistered + 16];
  for (const FormGroup& group : groups_) {
    if (!group.in_chains()) continue;
    const std::size_t n = FormIn(group, begin, end, known);
    if (n == 0) continue;
    const std::uint64_t tag = RegisterTag(group.key, {known, n});
    for (const OwnRegister* own : group.registers) own->values->PrefetchTag(tag);
    questions_[asked_++] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), &group, tag};
    if (asked_ == kBatch) Answer();
  }
}

void RegisterReader::Answer() noexcept {
  for (std::size_t i = 0; i < asked_; ++i) {
    const Question& q = questions_[i];
    const bool same = q.begin == found_begin_ && q.end == found_end_;
    if (q.begin < found_end_ && !same) continue;
    for (const OwnRegister* own : q.group->registers) {
      if (!own->values->HoldsTag(q.tag)) continue;
      hits_.push_back({q.begin, q.end, own});
      found_begin_ = q.begin;
      found_end_ = q.end;
    }
  }
  asked_ = 0;
}

void RegisterReader::Report(const Hit& hit) noexcept {
  char normal[kMaxRegistered + 16];
  const std::string_view text = window_->text.substr(hit.begin, hit.end - hit.begin);
  const std::size_t size = Normalise(text, normal, kMaxRegistered);
  const OwnRegister& own = *hit.own;
  judge_.Pass(own.rule, hit.begin, hit.end, {normal, size}, own.sure ? Support::kContext : Support::kNone,
              rules_.rules[own.rule].country);
  judge_.NoteField(own.rule, hit.begin, hit.end);
}

void RegisterReader::ReadChain(std::span<const Group> groups) noexcept { ReadStretches(groups); }

void RegisterReader::ReadTokens(std::span<const Group> groups) noexcept {
  for (std::size_t i = 0; i < groups.size();) {
    std::size_t k = i + 1;
    while (k < groups.size() && window_->text[groups[k - 1].end] != ' ') ++k;
    ReadStretches(groups.subspan(i, k - i));
    i = k;
  }
}

// A value begins where the stretch begins or something parts it from what stands before, and ends likewise. What is
// inside one that was found is not asked for again.
void RegisterReader::ReadStretches(std::span<const Group> groups) noexcept {
  const std::size_t begin = groups.front().begin, end = groups.back().end;
  const bool exact = window_->text.substr(begin, end - begin).find('_') == std::string_view::npos;
  for (std::size_t i = 0; i < groups.size();) {
    std::size_t next = i + 1;
    const bool begins = i == 0 || Parts(groups[i].begin - 1);
    for (std::size_t k = groups.size(); begins && k-- > i;) {
      if (k + 1 < groups.size() && !Parts(groups[k].end)) continue;
      const std::size_t length = groups[k].end - groups[i].begin - (k - i);
      if ((exact && !in_chains_.MayHold(length)) || !Ask(groups[i].begin, groups[k].end, false)) continue;
      next = k + 1;
      break;
    }
    i = next;
  }
}

bool RegisterReader::Ask(std::size_t begin, std::size_t end, bool all_forms) noexcept {
  if (!Ours(begin)) return false;
  bool found = false;
  char known[kMaxRegistered + 16];
  for (const FormGroup& group : groups_) {
    if (!all_forms && !group.in_chains()) continue;
    const std::size_t n = FormIn(group, begin, end, known);
    if (n == 0) continue;
    const std::uint64_t tag = RegisterTag(group.key, {known, n});
    for (const OwnRegister* own : group.registers) {
      if (!own->values->HoldsTag(tag)) continue;
      found = true;
      Report({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), own});
    }
  }
  return found;
}

}  // namespace gander::identify
