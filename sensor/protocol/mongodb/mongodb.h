// SPDX-License-Identifier: Apache-2.0
// MongoDB's wire protocol (its manual, "MongoDB Wire Protocol"): OP_MSG, and the older OP_QUERY, OP_REPLY, OP_INSERT,
// OP_UPDATE, OP_DELETE. OP_COMPRESSED is counted opaque.
#ifndef GANDER_PROTOCOL_MONGODB_MONGODB_H_
#define GANDER_PROTOCOL_MONGODB_MONGODB_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "mongodb", one a message: {"mongodb": {"opcode", "request_id", "response_to", "command", "database",
// "collection", "ok"}}. Documents go out as text, one body a message, each value under its key (where =
// "mongodb.documents").
extern const ProtocolInfo kMongodb;

namespace mongodb {

// Longest message a server takes (maxMessageSizeBytes).
inline constexpr std::uint32_t kMaxMessage = 48'000'000;
// Documents within documents; MongoDB allows 100.
inline constexpr std::size_t kMaxDepth = 100;
// Bytes of a key or of a value that an event holds.
inline constexpr std::size_t kMaxName = 64;
inline constexpr std::size_t kMaxShown = 128;

}  // namespace mongodb
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_MONGODB_MONGODB_H_
