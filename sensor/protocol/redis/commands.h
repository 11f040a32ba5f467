// SPDX-License-Identifier: Apache-2.0
// What the arguments of a command are.
#ifndef GANDER_PROTOCOL_REDIS_COMMANDS_H_
#define GANDER_PROTOCOL_REDIS_COMMANDS_H_

#include <cstdint>
#include <string_view>

namespace gander::protocol::redis {

enum class Arguments : std::uint8_t {
  kKeyValues,  // a key, then values under its name: SET, LPUSH, SADD and all that is not named
  kKeyFields,  // a key, then fields and their values in turn: HSET
  kPairs,      // keys and values in turn: MSET
  kNames,      // keys or fields alone: GET, DEL, HGET
  kSecret,     // credentials: AUTH, HELLO
};

// `name` in any case.
Arguments ArgumentsOf(std::string_view name) noexcept;
bool IsCommand(std::string_view name) noexcept;
// Replies with fields and their values in turn.
bool RepliesWithPairs(std::string_view name) noexcept;

}  // namespace gander::protocol::redis

#endif  // GANDER_PROTOCOL_REDIS_COMMANDS_H_
