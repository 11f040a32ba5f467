// SPDX-License-Identifier: Apache-2.0
// Cores as the kernel and runtime.cores write them: "2-5,8".
#ifndef GANDER_BASE_CORE_LIST_H_
#define GANDER_BASE_CORE_LIST_H_

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gander {

using CoreSet = std::set<int>;

inline constexpr int kMaxCore = 8191;  // what Linux can be built for

// In the order given, duplicates kept, blanks passed over; nullopt when it is no such list.
std::optional<std::vector<int>> ParseCores(std::string_view text);
// As a set; empty when it is no such list.
CoreSet ParseCoreSet(std::string_view text);
// "2-5,8"; "" of none.
std::string ShowCores(const CoreSet& cores);

}  // namespace gander

#endif  // GANDER_BASE_CORE_LIST_H_
