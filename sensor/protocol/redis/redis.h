// SPDX-License-Identifier: Apache-2.0
// Redis and its kin: RESP2, RESP3 and inline commands (the Redis serialization protocol specification).
#ifndef GANDER_PROTOCOL_REDIS_REDIS_H_
#define GANDER_PROTOCOL_REDIS_REDIS_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "redis", one a command with its reply in Zeek's names: {"redis": {"cmd": {"name", "key", "value"}, "success",
// "reply": {"value"}}}. Values go out as text, one body a direction, each under the name of its key or field
// (where = "redis.command", "redis.reply").
extern const ProtocolInfo kRedis;

namespace redis {

// A line: a type with its length, a simple string, an error, an inline command. What is longer is cut.
inline constexpr std::size_t kMaxLine = 4096;
// Aggregates within each other; deeper ones are read as if they were flat.
inline constexpr std::size_t kMaxDepth = 16;
// Commands whose reply has not come. Of more, the oldest is written without its reply.
inline constexpr std::size_t kMaxOpen = 1024;
// Bytes of a name, key or value that an event holds.
inline constexpr std::size_t kMaxShown = 256;
// A body is closed behind the command or reply that makes it as long as this.
inline constexpr std::uint64_t kMaxBody = 1 << 20;

}  // namespace redis
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_REDIS_REDIS_H_
