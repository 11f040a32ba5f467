// SPDX-License-Identifier: Apache-2.0
// Words with digits, each joined to the next by one separator ("403 588 2690", "DE89 3704 ..."): what may hold values.
#ifndef GANDER_IDENTIFY_CHAIN_H_
#define GANDER_IDENTIFY_CHAIN_H_

#include <array>
#include <cstdint>

#include "identify/value_template.h"

namespace gander::identify {

// A stretch of a window's text.
struct Group {
  std::uint32_t begin = 0, end = 0;
};

struct Chain {
  static constexpr std::size_t kMaxGroups = 12;

  std::array<Group, kMaxGroups> groups{};
  std::size_t count = 0;
  GroupShape shape = 0;   // of a chain gathered in one go
  bool overflow = false;  // its begin is gone: its tokens are read one by one
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_CHAIN_H_
