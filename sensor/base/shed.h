// SPDX-License-Identifier: Apache-2.0
// What a worker leaves out when it cannot keep up, in the order in which it is given up. Levels are cumulative. Off
// for files. Every byte left out is kLostShed in the ledger; packets and volume are counted at every level.
#ifndef GANDER_BASE_SHED_H_
#define GANDER_BASE_SHED_H_

#include <cstdint>

namespace gander {

enum class ShedLevel : std::uint8_t {
  kNone,        // everything is read
  kOpaqueBulk,  // payload known to be ciphertext or binary is counted, no longer followed or hashed
  kLargeBodies, // bodies and files beyond the first runtime.shed_body_bytes of each
  kAllButFirst, // clear text beyond the first runtime.shed_flow_bytes of each flow direction
};
inline constexpr int kShedLevels = 4;

constexpr const char* NameOf(ShedLevel level) noexcept {
  switch (level) {
    case ShedLevel::kNone: return "none";
    case ShedLevel::kOpaqueBulk: return "opaque_bulk";
    case ShedLevel::kLargeBodies: return "large_bodies";
    case ShedLevel::kAllButFirst: return "all_but_first";
  }
  return "none";
}

}  // namespace gander

#endif  // GANDER_BASE_SHED_H_
