// SPDX-License-Identifier: Apache-2.0
#include "detect/account/samples.h"

#include <algorithm>
#include <tuple>

namespace gander::detect {

bool operator<(const MaskSample& a, const MaskSample& b) noexcept {
  const auto key = [](const MaskSample& s) {
    return std::tie(s.time, s.flow_id, s.offset, s.tag, s.mask.first, s.mask.last, s.mask.dots);
  };
  return key(a) < key(b);
}

void MaskSamples::Add(const MaskSample& sample) noexcept {
  // One value a person: its earliest.
  std::size_t at = 0;
  while (at < size_ && samples_[at].tag != sample.tag) ++at;
  if (at == size_) {
    if (size_ < kMost) {
      ++size_;
    } else if (sample < samples_[kMost - 1]) {
      at = kMost - 1;
    } else {
      return;
    }
  } else if (!(sample < samples_[at])) {
    return;
  }
  samples_[at] = sample;
  for (; at > 0 && samples_[at] < samples_[at - 1]; --at) std::swap(samples_[at], samples_[at - 1]);
}

}  // namespace gander::detect
