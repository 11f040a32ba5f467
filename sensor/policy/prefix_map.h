// SPDX-License-Identifier: Apache-2.0
// Longest-prefix match over IPv4 and IPv6. The prefixes are cut into disjoint ranges when the map is built, so a
// look-up is one binary search instead of a walk over up to 128 bits.
#ifndef GANDER_POLICY_PREFIX_MAP_H_
#define GANDER_POLICY_PREFIX_MAP_H_

#include <compare>
#include <cstdint>
#include <vector>

#include "base/net.h"

namespace gander::policy {

class PrefixMap {
 public:
  static constexpr int kNone = -1;

  // `value` is the caller's, >= 0. Equal prefixes: the one added last wins; the caller checks for doubles.
  void Add(const IpPrefix& prefix, int value) { entries_.push_back({prefix, value}); }
  // Before the first Find.
  void Build();
  // Value of the longest prefix that holds `address`, kNone when none does. "::/0" holds IPv4 too, since IPv4
  // addresses are kept in their mapped form.
  int Find(const IpAddress& address) const noexcept;

 private:
  struct Entry {
    IpPrefix prefix;
    int value;
  };
  // Sixteen octets as numbers, which order as they do and compare without a loop.
  struct Place {
    std::uint64_t upper = 0, lower = 0;
    auto operator<=>(const Place&) const = default;
  };
  struct Range {  // from `first` up to the next range
    Place first;
    int value;
  };
  static Place PlaceOf(const IpAddress& a) noexcept { return {a.upper(), a.lower()}; }
  // First address behind the prefix; false when there is none (the prefix reaches the end of the space).
  static bool EndOf(const IpPrefix& prefix, Place& end) noexcept;

  std::vector<Entry> entries_;
  std::vector<Range> ranges_;
};

}  // namespace gander::policy

#endif  // GANDER_POLICY_PREFIX_MAP_H_
