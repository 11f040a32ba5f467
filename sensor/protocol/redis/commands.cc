// SPDX-License-Identifier: Apache-2.0
#include "protocol/redis/commands.h"

#include <algorithm>

#include "protocol/mime/header_value.h"

namespace gander::protocol::redis {
namespace {

using mime::EqualsIgnoreCase;

struct Known {
  std::string_view name;
  Arguments arguments;
};
constexpr Known kKnown[] = {
    {"HSET", Arguments::kKeyFields},  {"HMSET", Arguments::kKeyFields},  {"HSETNX", Arguments::kKeyFields},
    {"MSET", Arguments::kPairs},      {"MSETNX", Arguments::kPairs},     {"GET", Arguments::kNames},
    {"MGET", Arguments::kNames},      {"DEL", Arguments::kNames},        {"EXISTS", Arguments::kNames},
    {"HGET", Arguments::kNames},      {"HMGET", Arguments::kNames},      {"HGETALL", Arguments::kNames},
    {"HDEL", Arguments::kNames},      {"TTL", Arguments::kNames},        {"KEYS", Arguments::kNames},
    {"SELECT", Arguments::kNames},    {"PING", Arguments::kNames},       {"INFO", Arguments::kNames},
    {"COMMAND", Arguments::kNames},   {"CLIENT", Arguments::kNames},     {"SCAN", Arguments::kNames},
    {"SUBSCRIBE", Arguments::kNames}, {"PSUBSCRIBE", Arguments::kNames}, {"AUTH", Arguments::kSecret},
    {"HELLO", Arguments::kSecret},
};
// Of those that have values under their key, the ones that open connections or are most in use.
constexpr std::string_view kOthers[] = {
    "SET",      "SETEX", "SETNX",    "GETSET",   "APPEND",  "LPUSH",   "RPUSH",  "LPOP",   "RPOP",     "LRANGE",
    "SADD",     "SREM",  "SMEMBERS", "ZADD",     "ZRANGE",  "PUBLISH", "EXPIRE", "INCR",   "DECR",     "EVAL",
    "EVALSHA",  "MULTI", "EXEC",     "QUIT",     "CONFIG",  "MONITOR", "XADD",   "XREAD",  "ECHO",     "PSETEX",
    "REPLCONF", "PSYNC", "SYNC",     "FLUSHALL", "FLUSHDB", "DBSIZE",  "TYPE",   "UNLINK", "JSON.SET", "JSON.GET"};

}  // namespace

Arguments ArgumentsOf(std::string_view name) noexcept {
  for (const Known& k : kKnown) {
    if (EqualsIgnoreCase(k.name, name)) return k.arguments;
  }
  return Arguments::kKeyValues;
}

bool IsCommand(std::string_view name) noexcept {
  const auto is = [&](std::string_view known) { return EqualsIgnoreCase(known, name); };
  return std::any_of(std::begin(kKnown), std::end(kKnown), [&](const Known& k) { return is(k.name); }) ||
         std::any_of(std::begin(kOthers), std::end(kOthers), is);
}

bool RepliesWithPairs(std::string_view name) noexcept { return EqualsIgnoreCase(name, "HGETALL"); }

}  // namespace gander::protocol::redis
