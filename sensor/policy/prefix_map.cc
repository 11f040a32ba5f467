// SPDX-License-Identifier: Apache-2.0
// Cutting nested prefixes into disjoint ranges with a stack of those that are open.
#include "policy/prefix_map.h"

#include <algorithm>

namespace gander::policy {

bool PrefixMap::EndOf(const IpPrefix& prefix, Place& end) noexcept {
  end = PlaceOf(prefix.address);
  if (prefix.length == 0) return false;
  const int bit = 128 - prefix.length;  // of what is added
  const std::uint64_t lower = bit < 64 ? std::uint64_t{1} << bit : 0;
  const std::uint64_t upper = bit < 64 ? 0 : std::uint64_t{1} << (bit - 64);
  const std::uint64_t carry = __builtin_add_overflow(end.lower, lower, &end.lower) ? 1 : 0;
  return !__builtin_add_overflow(end.upper, upper + carry, &end.upper);
}

void PrefixMap::Build() {
  // Outer prefixes first; of equal ones the last added stays on top of the stack.
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    const Place of_a = PlaceOf(a.prefix.address), of_b = PlaceOf(b.prefix.address);
    if (of_a != of_b) return of_a < of_b;
    return a.prefix.length < b.prefix.length;
  });
  struct Open {
    Place end;
    bool bounded;
    int value;
  };
  std::vector<Open> open;
  const auto begin_range = [this](const Place& first, int value) {
    if (!ranges_.empty() && ranges_.back().first == first) {
      ranges_.back().value = value;
    } else {
      ranges_.push_back({first, value});
    }
  };
  const auto close_before = [&](const Place* next) {
    while (!open.empty() && open.back().bounded && (next == nullptr || open.back().end <= *next)) {
      const Place end = open.back().end;
      open.pop_back();
      begin_range(end, open.empty() ? kNone : open.back().value);
    }
  };
  for (const Entry& e : entries_) {
    const Place first = PlaceOf(e.prefix.address);
    close_before(&first);
    Open o{{}, false, e.value};
    o.bounded = EndOf(e.prefix, o.end);
    open.push_back(o);
    begin_range(first, e.value);
  }
  close_before(nullptr);
}

int PrefixMap::Find(const IpAddress& address) const noexcept {
  const auto behind = std::upper_bound(ranges_.begin(), ranges_.end(), PlaceOf(address),
                                       [](const Place& a, const Range& r) { return a < r.first; });
  return behind == ranges_.begin() ? kNone : (behind - 1)->value;
}

}  // namespace gander::policy
