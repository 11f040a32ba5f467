// SPDX-License-Identifier: Apache-2.0
#ifndef GANDER_CONTENT_OWED_H_
#define GANDER_CONTENT_OWED_H_

#include <algorithm>

#include "content/layer.h"

namespace gander::content {

// What a layer that holds bytes back to look at them has learned of their fate: told with the bytes that made it known,
// never more than there are of these, the rest with the next.
class Owed {
 public:
  void Clear() noexcept { owed_ = {}; }
  Owed& operator+=(const Uninspected& more) noexcept {
    owed_ += more;
    return *this;
  }
  Uninspected Tell(std::uint64_t fed) noexcept {
    Uninspected told;
    told.lost = Take(owed_.lost, fed);
    told.undecodable = Take(owed_.undecodable, fed);
    told.locked = Take(owed_.locked, fed);
    told.opaque = Take(owed_.opaque, fed);
    return told;
  }

 private:
  static std::uint64_t Take(std::uint64_t& owed, std::uint64_t& left) noexcept {
    const std::uint64_t n = std::min(owed, left);
    owed -= n;
    left -= n;
    return n;
  }

  Uninspected owed_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_OWED_H_
