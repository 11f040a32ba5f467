// SPDX-License-Identifier: Apache-2.0
// What the templates say of a stretch of text by its shape, digits and separators alone, remembered: the same forms
// come again in every row.
#ifndef GANDER_IDENTIFY_TEMPLATE_PLANS_H_
#define GANDER_IDENTIFY_TEMPLATE_PLANS_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "identify/pack_bytes.h"
#include "identify/rule_tables.h"

namespace gander::identify {

// Where a stretch has groups, which templates can hold its digits, and which separators: all that a look-up needs to
// know of it.
struct ValueForm {
  GroupShape shape = 0;
  std::uint64_t kinds = 0;       // as TemplateIndex::KindsOf says
  bool all_digits = false;       // but for separators
  std::uint64_t separators = 0;  // a byte for each, first in the lowest

  bool operator==(const ValueForm&) const = default;
};

struct TemplatePlan {
  struct Entry {
    std::uint32_t place = 0;  // of the template
    IdType rule = 0;
    bool sure = false;  // fits any text of this form; else its letters must be looked at
  };

  ValueForm form;
  bool all_digits = false;  // but for separators
  bool bracketed = false;   // its last group stands in brackets
  std::uint8_t words = 0;  // of eight bytes that the stretch reaches into
  std::array<PackControl, kMaxTemplateLength / 8> kept{};        // bytes that are no separators
  std::array<std::uint8_t, kMaxTemplateLength / 8> kept_bits{};
  // Templates that can fit: those whose rules count without a word that names the value, then those that do not. Where
  // no word stands, the latter need not be tried, however many there are.
  std::span<const Entry> free, named;

  // The digits of `text`, which has kMaxTemplateLength bytes to read from its begin on, side by side in `out`, zeros
  // behind them: the normal form where all_digits. Returns how many.
  std::size_t Gather(const char* text, std::uint64_t* out) const noexcept;
};

class TemplatePlans {
 public:
  explicit TemplatePlans(const RuleSet::Impl& rules);

  // Good until the next call.
  const TemplatePlan& Of(const ValueForm& form) noexcept {
    TemplatePlan& plan = plans_[SlotOf(form)];
    if (plan.form != form) Make(form, plan);
    return plan;
  }

 private:
  static constexpr std::size_t kPlans = 256;  // power of two
  static std::size_t SlotOf(const ValueForm& form) noexcept {
    const std::uint64_t mixed =
        form.shape ^ (form.kinds << 1 | form.all_digits) * 0x9E3779B97F4A7C15ULL ^ form.separators << 7;
    return static_cast<std::size_t>(mixed * 0xC2B2AE3D27D4EB4FULL >> 56);
  }
  void Make(const ValueForm& form, TemplatePlan& plan) noexcept;

  const RuleSet::Impl& rules_;
  std::array<TemplatePlan, kPlans> plans_;
  std::vector<TemplatePlan::Entry> entries_;  // as many for each plan as templates share one shape at most
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_TEMPLATE_PLANS_H_
