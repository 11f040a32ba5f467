// SPDX-License-Identifier: Apache-2.0
// Cassandra's native protocol, CQL binary protocol v3 and v4 (doc/native_protocol_v4.spec). Compressed frames and the
// segments of v5 are counted opaque.
#ifndef GANDER_PROTOCOL_CASSANDRA_CASSANDRA_H_
#define GANDER_PROTOCOL_CASSANDRA_CASSANDRA_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "cassandra", one a frame: {"cassandra": {"opcode", "stream", "query", "rows", "error"}}. Statements are fields,
// result rows bodies of text (where = "cassandra.rows").
extern const ProtocolInfo kCassandra;

namespace cassandra {

// Bytes of a frame that are read; the rest of a longer one is cut.
inline constexpr std::size_t kMaxFrame = 256 * 1024;
inline constexpr std::uint32_t kMaxLength = 256u << 20;  // the specification's bound
inline constexpr std::size_t kMaxColumns = 1024;
inline constexpr int kMaxTypeDepth = 8;
inline constexpr std::size_t kMaxShown = 4096;

}  // namespace cassandra
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_CASSANDRA_CASSANDRA_H_
