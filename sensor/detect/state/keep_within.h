// SPDX-License-Identifier: Apache-2.0
// Holds a map at its cap by giving up the entries that weigh least. No entry inherits from another: an accusation
// must not rest on somebody else's traffic (DETECTION.md §4).
#ifndef GANDER_DETECT_STATE_KEEP_WITHIN_H_
#define GANDER_DETECT_STATE_KEEP_WITHIN_H_

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace gander::detect {

// When `map` holds more than `most`, calls `lost(key, value)` for the lightest by `weigh(value)`, ties by key, and
// erases them; an eighth of `most` beyond the need, so that the selection is paid seldom.
template <class Map, class Weigh, class Lost>
void KeepWithin(Map& map, std::size_t most, Weigh&& weigh, Lost&& lost) {
  if (map.size() <= most) return;
  using Iterator = typename Map::iterator;
  using Weight = decltype(weigh(map.begin()->second));
  std::vector<std::pair<Weight, Iterator>> weights;
  weights.reserve(map.size());
  for (Iterator it = map.begin(); it != map.end(); ++it) weights.emplace_back(weigh(it->second), it);
  const std::size_t excess = std::min(map.size(), map.size() - most + most / 8);
  std::nth_element(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(excess - 1), weights.end(),
                   [](const auto& a, const auto& b) {
                     if (a.first != b.first) return a.first < b.first;
                     return a.second->first < b.second->first;
                   });
  for (std::size_t i = 0; i < excess; ++i) {
    lost(weights[i].second->first, weights[i].second->second);
    map.erase(weights[i].second);
  }
}

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_KEEP_WITHIN_H_
