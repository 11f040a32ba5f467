// SPDX-License-Identifier: Apache-2.0
#include "identify/mask_cache.h"

#include <algorithm>

namespace gander::identify {

void MaskCache::Keep(std::uint64_t tag, std::string_view masked) noexcept {
  if (masked.size() > kLongest) return;
  Slot& slot = slots_[SlotOf(tag)];
  slot.tag = tag;
  slot.length = static_cast<std::uint8_t>(masked.size());
  std::copy(masked.begin(), masked.end(), slot.text.begin());
}

}  // namespace gander::identify
