// SPDX-License-Identifier: Apache-2.0
// Where the key of a value stands: JSON, form, log, XML, HTML and label notations, else the words before it.
#ifndef GANDER_IDENTIFY_KEY_FINDER_H_
#define GANDER_IDENTIFY_KEY_FINDER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gander::identify {

struct KeyRegion {
  std::size_t begin = 0, end = 0;
  bool is_key = false;  // a key of its own, likely to come again: worth caching; else running text
};

// `reach`: how many bytes before `value_begin` may be looked at; never more than kMaxKeyReach.
inline constexpr std::size_t kMaxKeyReach = 80;
KeyRegion FindKey(std::string_view text, std::size_t value_begin, std::size_t reach) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_KEY_FINDER_H_
