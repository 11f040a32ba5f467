// SPDX-License-Identifier: Apache-2.0
// SipHash-2-4 over byte strings.
#include "base/hash.h"

namespace gander {

std::uint64_t SipHash24(const HashKey& key, Bytes data) noexcept {
  SipState state(key);
  const std::size_t whole = data.size() / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, data.data() + i, 8);
    state.Absorb<2>(word);
  }
  std::uint64_t last = static_cast<std::uint64_t>(data.size()) << 56;
  for (std::size_t i = whole; i < data.size(); ++i) {
    last |= static_cast<std::uint64_t>(data[i]) << (8 * (i - whole));
  }
  state.Absorb<2>(last);
  return state.Finish<4>();
}

}  // namespace gander
