// SPDX-License-Identifier: Apache-2.0
// A packet on its way to the worker it belongs to: what decoding found, and the payload. Whoever sends it has
// counted the packet, its headers and what the capture cut off; the payload gets its fate where it arrives.
#ifndef GANDER_RUNTIME_MOVED_PACKET_H_
#define GANDER_RUNTIME_MOVED_PACKET_H_

#include <type_traits>

#include "base/time.h"
#include "decode/decoded.h"

namespace gander::runtime {

struct MovedPacket {
  decode::Decoded decoded;  // kOk or kFragment; views into memory of whoever holds the packet
  Timestamp time;
  std::uint64_t number = 0;  // of the frame in its source; of the last fragment for a whole datagram
  std::uint64_t wire = 0;    // bytes it counts for in its flow
};
static_assert(std::is_trivially_copyable_v<MovedPacket> && std::is_trivially_destructible_v<MovedPacket>);

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_MOVED_PACKET_H_
