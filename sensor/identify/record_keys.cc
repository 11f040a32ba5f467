// SPDX-License-Identifier: Apache-2.0
#include "identify/record_keys.h"

#include <algorithm>

namespace gander::identify {

bool RecordKeysTally::OnKey(const RecordKeys& keys, std::uint32_t part, std::uint64_t offset) noexcept {
  if (records_ >= keys.times) return false;
  seen_[part] = offset + 1;
  const auto end = seen_.begin() + keys.parts;
  const std::uint64_t first = *std::min_element(seen_.begin(), end);
  if (first == 0 || offset + 1 - first > keys.within) return false;
  begin_ = first - 1;
  seen_.fill(0);
  return ++records_ == keys.times;
}

}  // namespace gander::identify
