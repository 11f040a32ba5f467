// SPDX-License-Identifier: Apache-2.0
// Cutting nested prefixes into disjoint ranges with a stack of those that are open.
#include "policy/prefix_map.h"

#include <algorithm>

namespace gander::policy {
namespace {

// First address behind the prefix; false when there is none (the prefix reaches the end of the space).
bool EndOf(const IpPrefix& prefix, std::array<std::uint8_t, 16>& end) noexcept {
  end = prefix.address.octets;
  unsigned carry = prefix.length == 0 ? 0 : 1u << ((128 - prefix.length) % 8);
  for (int i = (prefix.length - 1) / 8; i >= 0 && carry > 0; --i) {
    const unsigned sum = end[static_cast<std::size_t>(i)] + carry;
    end[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(sum);
    carry = sum >> 8;
  }
  return prefix.length > 0 && carry == 0;
}

}  // namespace

void PrefixMap::Build() {
  // Outer prefixes first; of equal ones the last added stays on top of the stack.
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    if (a.prefix.address.octets != b.prefix.address.octets) return a.prefix.address.octets < b.prefix.address.octets;
    return a.prefix.length < b.prefix.length;
  });
  struct Open {
    Octets end;
    bool bounded;
    int value;
  };
  std::vector<Open> open;
  const auto begin_range = [this](const Octets& first, int value) {
    if (!ranges_.empty() && ranges_.back().first == first) {
      ranges_.back().value = value;
    } else {
      ranges_.push_back({first, value});
    }
  };
  const auto close_before = [&](const Octets* next) {
    while (!open.empty() && open.back().bounded && (next == nullptr || open.back().end <= *next)) {
      const Octets end = open.back().end;
      open.pop_back();
      begin_range(end, open.empty() ? kNone : open.back().value);
    }
  };
  for (const Entry& e : entries_) {
    close_before(&e.prefix.address.octets);
    Open o{{}, false, e.value};
    o.bounded = EndOf(e.prefix, o.end);
    open.push_back(o);
    begin_range(e.prefix.address.octets, e.value);
  }
  close_before(nullptr);
}

int PrefixMap::Find(const IpAddress& address) const noexcept {
  const auto behind = std::upper_bound(ranges_.begin(), ranges_.end(), address.octets,
                                       [](const Octets& a, const Range& r) { return a < r.first; });
  return behind == ranges_.begin() ? kNone : (behind - 1)->value;
}

}  // namespace gander::policy
