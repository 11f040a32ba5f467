// SPDX-License-Identifier: Apache-2.0
// SOCKS 4, 4a and 5 (RFC 1928, RFC 1929): who asks a proxy to connect where. What follows is whatever the two ends
// speak, and is found out anew.
#ifndef GANDER_PROTOCOL_SOCKS_SOCKS_H_
#define GANDER_PROTOCOL_SOCKS_SOCKS_H_

#include <cstddef>

#include "protocol/registry.h"

namespace gander::protocol {

// Event "socks": {"version", "command", "user", "password", "hostname" or "ip", "port", "reply"}.
extern const ProtocolInfo kSocks;

namespace socks {

// State of a flow: of each side the front of one message, at most so much. The longest is a 4a request: two texts.
inline constexpr std::size_t kMaxMessage = 1024;

}  // namespace socks
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_SOCKS_SOCKS_H_
