// SPDX-License-Identifier: Apache-2.0
#include "identify/barren_texts.h"

#include <limits>

namespace gander::identify {

bool BarrenTexts::Knows(std::uint64_t tag, Counters& counters) const noexcept {
  const Slot& slot = slots_[SlotOf(tag)];
  if (slot.tag != tag) return false;
  counters.candidates += slot.candidates;
  counters.rejected_boundary += slot.rejected_boundary;
  counters.rejected_validator += slot.rejected_validator;
  return true;
}

void BarrenTexts::Note(std::uint64_t tag, const Counters& before, const Counters& after) noexcept {
  Slot slot;
  slot.tag = tag;
  for (const auto& name : Counters::kNames) {
    const std::uint64_t more = after.*name.cell - before.*name.cell;
    if (name.cell == &Counters::texts || name.cell == &Counters::bytes || more == 0) continue;
    std::uint8_t* const place = name.cell == &Counters::candidates           ? &slot.candidates
                                : name.cell == &Counters::rejected_boundary  ? &slot.rejected_boundary
                                : name.cell == &Counters::rejected_validator ? &slot.rejected_validator
                                                                             : nullptr;
    // Anything else that is counted is a finding, or would be one elsewhere.
    if (place == nullptr || more > std::numeric_limits<std::uint8_t>::max()) return;
    *place = static_cast<std::uint8_t>(more);
  }
  slots_[SlotOf(tag)] = slot;
}

}  // namespace gander::identify
