// SPDX-License-Identifier: Apache-2.0
// RADIUS authentication and accounting (RFC 2865, RFC 2866): who is on line from where, in clear. A message a datagram;
// nothing is held between them.
#ifndef GANDER_PROTOCOL_RADIUS_RADIUS_H_
#define GANDER_PROTOCOL_RADIUS_RADIUS_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kRadius;

namespace radius {

// RFC 2865 §3.
inline constexpr std::size_t kHeader = 20, kMaxPacket = 4096;

}  // namespace radius
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_RADIUS_RADIUS_H_
