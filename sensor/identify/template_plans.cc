// SPDX-License-Identifier: Apache-2.0
// Making plans.
#include "identify/template_plans.h"

#include <algorithm>
#include <bit>

#include "identify/byte_block.h"

namespace gander::identify {

std::size_t TemplatePlan::Gather(const char* text, std::uint64_t* out) const noexcept {
  // Words are filled in a register and stored whole: who reads one next need not wait for parts.
  std::uint64_t filling = 0;
  unsigned filled = 0;
  std::size_t bits = 0;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t packed = PackBytes(Load8(text + 8 * i), kept[i]);
    const unsigned n = kept_bits[i];
    filling |= packed << filled;
    bits += n;
    if (filled + n >= 64) {
      *out++ = filling;
      filling = packed >> (63 - filled) >> 1;
      filled += n - 64;
    } else {
      filled += n;
    }
  }
  *out = filling;
  return bits / 8;
}

TemplatePlans::TemplatePlans(const RuleSet::Impl& rules)
    : rules_(rules), entries_(kPlans * std::max<std::size_t>(1, rules.templates.most_of_one_shape())) {}

void TemplatePlans::Make(const ValueForm& form, TemplatePlan& plan) noexcept {
  const std::uint64_t groups = form.shape ^ std::bit_floor(form.shape);
  const auto length = static_cast<std::size_t>(std::bit_width(form.shape)) - 1;
  plan.form = form;
  plan.all_digits = form.all_digits;
  plan.bracketed = false;
  for (std::uint64_t rest = form.separators; rest != 0; rest >>= 8) plan.bracketed |= (rest & 0xFF) == '(';
  plan.words = static_cast<std::uint8_t>((length + 7) / 8);
  for (std::size_t i = 0; i < plan.kept.size(); ++i) {
    const auto kept = static_cast<std::uint8_t>(groups >> (8 * i));
    plan.kept[i] = kPackControls[kept];
    plan.kept_bits[i] = static_cast<std::uint8_t>(8 * std::popcount(kept));
  }
  TemplatePlan::Entry* const first = entries_.data() + static_cast<std::size_t>(&plan - plans_.data()) *
                                                           (entries_.size() / kPlans);
  std::size_t count = 0;
  const auto add = [&](bool needs_context) {
    for (const ValueTemplate& t : rules_.templates.Find(form.shape)) {
      if ((form.kinds >> t.mask & 1) == 0) continue;
      if (t.separators != form.separators || rules_.rules[t.rule].needs_context != needs_context) continue;
      first[count++] = {rules_.templates.PlaceOf(t), t.rule, t.takes_digits && plan.all_digits};
    }
  };
  add(false);
  plan.free = {first, count};
  add(true);
  plan.named = {first + plan.free.size(), count - plan.free.size()};
}

}  // namespace gander::identify
