// SPDX-License-Identifier: Apache-2.0
#include "runtime/flow_id.h"

#include <array>
#include <cstring>

#include "base/hash.h"

namespace gander::runtime {
namespace {

constexpr HashKey kFlowIdKey{0x67616e6465722d66ULL, 0x6c6f772d69642d31ULL};
constexpr std::uint64_t kFlowIdMask = (1ULL << 51) - 1;

}  // namespace

// SipHash-2-4 of six words, absorbed as they stand: a flood of new flows asks for one each.
std::uint64_t FlowIdOf(const FiveTuple& tuple, Timestamp first, std::uint16_t link) noexcept {
  std::array<std::uint64_t, 6> words;
  std::memcpy(words.data(), tuple.source.octets.data(), 16);
  std::memcpy(words.data() + 2, tuple.destination.octets.data(), 16);
  words[4] = tuple.source_port | std::uint64_t{tuple.destination_port} << 16 | std::uint64_t{tuple.protocol} << 32 |
             std::uint64_t{link} << 48;
  words[5] = static_cast<std::uint64_t>(first.ns);
  SipState state(kFlowIdKey);
  for (const std::uint64_t word : words) state.Absorb<2>(word);
  state.Absorb<2>(std::uint64_t{sizeof words} << 56);
  const std::uint64_t id = state.Finish<4>() & kFlowIdMask;
  return id == 0 ? 1 : id;
}

}  // namespace gander::runtime
