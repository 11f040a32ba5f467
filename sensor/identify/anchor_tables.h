// SPDX-License-Identifier: Apache-2.0
// The first characters of literals parted into buckets, and the tables by which a few shuffles tell what begins like
// one of a bucket. What shares a bucket is confused with each other, so anchors are parted by how often words of
// ordinary text would be taken for one.
#ifndef GANDER_IDENTIFY_ANCHOR_TABLES_H_
#define GANDER_IDENTIFY_ANCHOR_TABLES_H_

#include <array>
#include <cstdint>
#include <vector>

namespace gander::identify {

inline constexpr std::size_t kAnchorBytes = 4;

struct Anchor {
  std::array<char, kAnchorBytes> key{};  // letters of which both cases count are lower case
  std::array<bool, kAnchorBytes> both_cases{};
  std::size_t length = kAnchorBytes;  // what stands behind a shorter one may be anything
  bool anywhere = false;              // not only where a word begins

  friend bool operator==(const Anchor&, const Anchor&) = default;
};

// By place and half a byte: a bit for each bucket that has an anchor with it there.
struct AnchorTables {
  using Halves = std::array<std::uint8_t, 16>;
  static constexpr int kBuckets = 8;
  // Of anchors that may stand anywhere. Its bit is the sign bit, which one instruction gathers.
  static constexpr int kAnywhereBucket = 7;

  alignas(16) std::array<Halves, kAnchorBytes> low{}, high{};

  // Buckets that may hold what begins at `p`.
  unsigned Buckets(const char* p) const noexcept {
    unsigned buckets = 0xFF;
    for (std::size_t i = 0; i < kAnchorBytes; ++i) {
      const auto b = static_cast<unsigned char>(p[i]);
      buckets &= low[i][b & 15] & high[i][b >> 4];
    }
    return buckets;
  }
  void Enter(int bucket, const Anchor& anchor) noexcept;
};

AnchorTables MakeAnchorTables(std::vector<Anchor> anchors);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_ANCHOR_TABLES_H_
