// SPDX-License-Identifier: Apache-2.0
#include "identify/own/register_reader.h"

#include <algorithm>

#include "identify/char_class.h"
#include "identify/normal_form.h"

namespace gander::identify {

RegisterReader::RegisterReader(const RuleSet::Impl& rules, Judge& judge, Counters& counters)
    : rules_(rules), judge_(judge), counters_(counters) {
  for (const OwnRegister& own : rules.registers) {
    if (!own.in_fields) lengths_[static_cast<std::size_t>(own.values->form())] |= own.values->lengths();
  }
  reads_chains_ = lengths_[static_cast<std::size_t>(RegisterForm::kId)] != 0 ||
                  lengths_[static_cast<std::size_t>(RegisterForm::kDigits)] != 0;
}

// Whether what stands between two words parts values. A slash may do either: both readings are tried.
bool RegisterReader::Parts(std::size_t at) const noexcept {
  return window_->text[at] == ' ' || window_->text[at] == '/';
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
  for (std::size_t i = 0; i < groups.size();) {
    std::size_t next = i + 1;
    const bool begins = i == 0 || Parts(groups[i].begin - 1);
    for (std::size_t k = groups.size(); begins && k-- > i;) {
      if (k + 1 < groups.size() && !Parts(groups[k].end)) continue;
      const std::string_view text = window_->text.substr(groups[i].begin, groups[k].end - groups[i].begin);
      const auto joints = static_cast<std::size_t>(std::count(text.begin(), text.end(), '_')) + (k - i);
      if (!Ask(groups[i].begin, groups[k].end, Register::LengthBit(text.size() - joints))) continue;
      next = k + 1;
      break;
    }
    i = next;
  }
}

bool RegisterReader::Ask(std::size_t begin, std::size_t end, std::uint64_t length) noexcept {
  if (begin < window_->from || begin >= window_->limit) return false;
  bool found = false;
  for (std::size_t form = 0; form < kForms; ++form) {
    if ((lengths_[form] & length) != 0) found = AskForm(form, begin, end) || found;
  }
  return found;
}

bool RegisterReader::AskForm(std::size_t form, std::size_t begin, std::size_t end) noexcept {
  char known[kMaxRegistered + 16];
  const std::string_view text = window_->text.substr(begin, end - begin);
  const std::size_t n = FormOf(text, static_cast<RegisterForm>(form), known);
  if (n == 0 || (lengths_[form] & Register::LengthBit(n)) == 0) return false;
  ++counters_.candidates;
  const HashKey* key = nullptr;
  std::uint64_t tag = 0;
  bool found = false;
  for (const OwnRegister& own : rules_.registers) {
    const Register& values = *own.values;
    if (own.in_fields || static_cast<std::size_t>(values.form()) != form) continue;
    if (key == nullptr || key->k0 != values.key().k0 || key->k1 != values.key().k1) {
      key = &values.key();
      tag = RegisterTag(*key, {known, n});
    }
    if (!values.HoldsTag(tag)) continue;
    found = true;
    char normal[kMaxRegistered + 16];
    const std::size_t size = Normalise(text, normal, kMaxRegistered);
    judge_.Pass(own.rule, begin, end, {normal, size}, own.sure ? Support::kContext : Support::kNone,
                rules_.rules[own.rule].country);
  }
  return found;
}

}  // namespace gander::identify
