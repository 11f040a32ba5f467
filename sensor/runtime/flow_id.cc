// SPDX-License-Identifier: Apache-2.0
#include "runtime/flow_id.h"

#include <algorithm>
#include <span>

#include "base/hash.h"

namespace gander::runtime {
namespace {

constexpr HashKey kFlowIdKey{0x67616e6465722d66ULL, 0x6c6f772d69642d31ULL};
constexpr std::uint64_t kFlowIdMask = (1ULL << 51) - 1;

}  // namespace

std::uint64_t FlowIdOf(const FiveTuple& tuple, Timestamp first, std::uint16_t link) noexcept {
  struct {
    std::uint8_t source[16], destination[16];
    std::uint16_t ports[2];
    std::uint32_t protocol;
    std::int64_t first;
  } key{};
  std::copy(tuple.source.octets.begin(), tuple.source.octets.end(), key.source);
  std::copy(tuple.destination.octets.begin(), tuple.destination.octets.end(), key.destination);
  key.ports[0] = tuple.source_port;
  key.ports[1] = tuple.destination_port;
  key.protocol = tuple.protocol | std::uint32_t{link} << 16;
  key.first = first.ns;
  const std::uint64_t id = SipHash24(kFlowIdKey, std::as_bytes(std::span(&key, 1))) & kFlowIdMask;
  return id == 0 ? 1 : id;
}

}  // namespace gander::runtime
