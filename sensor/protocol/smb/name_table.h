// SPDX-License-Identifier: Apache-2.0
// Names of codes, looked up.
#ifndef GANDER_PROTOCOL_SMB_NAME_TABLE_H_
#define GANDER_PROTOCOL_SMB_NAME_TABLE_H_

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace gander::protocol::smb {

struct Name {
  std::uint32_t code;
  const char* name;
};

// The table is sorted by code. Null when it has no such code.
template <std::size_t N>
const char* FindName(const Name (&names)[N], std::uint32_t code) noexcept {
  const auto found = std::lower_bound(std::begin(names), std::end(names), code,
                                      [](const Name& n, std::uint32_t c) { return n.code < c; });
  return found != std::end(names) && found->code == code ? found->name : nullptr;
}

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_NAME_TABLE_H_
