// SPDX-License-Identifier: Apache-2.0
// memcached over TCP: its text protocol (doc/protocol.txt) and its binary one (doc/protocol-binary.xml).
#ifndef GANDER_PROTOCOL_MEMCACHED_MEMCACHED_H_
#define GANDER_PROTOCOL_MEMCACHED_MEMCACHED_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "memcached", one a command or binary packet: {"memcached": {"command", "key", "bytes"}}. Values go out as text
// under their key, one body a direction (where = "memcached.values").
extern const ProtocolInfo kMemcached;

namespace memcached {

inline constexpr std::size_t kMaxLine = 2048;  // what is longer is cut
inline constexpr std::size_t kMaxKey = 250;    // the server's own bound
inline constexpr std::uint64_t kMaxValue = 1ull << 30;
inline constexpr std::uint64_t kMaxBody = 1 << 20;  // a body is closed behind the value that makes it as long

}  // namespace memcached
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_MEMCACHED_MEMCACHED_H_
