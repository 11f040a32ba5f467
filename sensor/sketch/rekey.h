// SPDX-License-Identifier: Apache-2.0
// A tag under another key, for state that must not be linked to other state once its key is gone (DETECTION.md §4,
// "keys die with their windows").
//
// Workers fill HyperLogLog registers with tags under their own key, and registers cannot be hashed anew. So of a tag
// only what registers do not hold is replaced, by SipHash-1-3 of the whole tag; the number of its register is turned by
// eleven bits of the key, and its rank stays. Registers of old tags, turned likewise, are then exactly the registers of
// the new ones, and exact sets and registers of one window go on fitting each other.
// What stays readable without the key is the rank: two bits of information of sixty-four. Whoever holds two windows
// without their keys may also guess the turn, and learns at most eleven bits more of each tag.
#ifndef GANDER_SKETCH_REKEY_H_
#define GANDER_SKETCH_REKEY_H_

#include <bit>
#include <cstdint>

#include "base/hash.h"
#include "sketch/hyperloglog.h"

namespace gander::sketch {

struct TagKey {
  HashKey key;

  std::size_t turn() const noexcept { return key.k0 >> HyperLogLog::kRankBits; }
};

inline std::uint64_t Rekey(const TagKey& key, std::uint64_t tag) noexcept {
  constexpr unsigned kBits = HyperLogLog::kRankBits;
  constexpr std::uint64_t kRest = (std::uint64_t{1} << kBits) - 1;
  const std::uint64_t rest = tag & kRest;
  const std::uint64_t below = rest == 0 ? 0 : std::bit_floor(rest);  // the highest bit set: it makes the rank
  const std::uint64_t fresh = below == 0 ? 0 : SipHash13(key.key, tag) & (below - 1);
  const std::uint64_t place = (tag & ~kRest) ^ std::uint64_t{key.turn()} << kBits;
  return place | below | fresh;
}

}  // namespace gander::sketch

#endif  // GANDER_SKETCH_REKEY_H_
