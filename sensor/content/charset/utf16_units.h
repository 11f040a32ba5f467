// SPDX-License-Identifier: Apache-2.0
// UTF-16 code units to code points (RFC 2781): a surrogate waits for the one that belongs to it.
#ifndef GANDER_CONTENT_UTF16_UNITS_H_
#define GANDER_CONTENT_UTF16_UNITS_H_

#include <cstdint>

#include "content/charset/utf8.h"

namespace gander::content {

class Utf16Units {
 public:
  void Begin() noexcept { high_ = 0; }
  // Calls `put` with each code point that is complete by now: at most two, U+FFFD for a surrogate that is
  // alone.
  template <class Put>
  void Take(std::uint32_t unit, Put&& put) noexcept {
    if (high_ != 0) {
      const std::uint32_t high = high_;
      high_ = 0;
      if (IsLowSurrogate(unit)) return put(FromSurrogates(high, unit));
      put(kReplacement);
    }
    if (IsHighSurrogate(unit)) {
      high_ = unit;
    } else {
      put(IsLowSurrogate(unit) ? kReplacement : unit);
    }
  }
  // Whether a surrogate still waits when nothing follows.
  bool waits() const noexcept { return high_ != 0; }

 private:
  std::uint32_t high_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_UTF16_UNITS_H_
