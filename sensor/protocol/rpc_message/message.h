// SPDX-License-Identifier: Apache-2.0
// Heads of ONC RPC messages, version 2 (RFC 5531), and what an event says of them.
#ifndef GANDER_PROTOCOL_RPC_MESSAGE_MESSAGE_H_
#define GANDER_PROTOCOL_RPC_MESSAGE_MESSAGE_H_

#include <cstdint>
#include <string_view>

#include "base/record.h"
#include "protocol/parser.h"

namespace gander::protocol::rpc_message {

// Programs (IANA "RPC Program Numbers").
inline constexpr std::uint32_t kPortmapProgram = 100000, kNfsProgram = 100003, kMountProgram = 100005;
inline constexpr std::uint16_t kNfsPort = 2049;

// RFC 5531 §8.2; GSS: RFC 2203; TLS: RFC 9289.
enum Flavor : std::uint32_t { kAuthNull = 0, kAuthUnix = 1, kAuthShort = 2, kAuthDh = 3, kAuthGss = 6, kAuthTls = 7 };
// RFC 2203 §5.3.1: how arguments and results are wrapped.
enum Protection : std::uint8_t { kClear = 0, kIntegrity = 2, kPrivacy = 3 };

inline constexpr std::size_t kMaxAuth = 400;  // octets of a credential or verifier

enum class Kind : std::uint8_t { kBad, kShort, kCall, kReply };

// Views live as long as what was read.
struct Head {
  Kind kind = Kind::kBad;
  std::uint32_t xid = 0;
  std::size_t body = 0;  // where arguments or results begin
  // Of a call.
  std::uint32_t program = 0, version = 0, procedure = 0;
  std::uint32_t flavor = kAuthNull;
  std::uint32_t uid = 0, gid = 0;  // with kAuthUnix
  std::string_view machine_name;
  Protection protection = kClear;
  // Of a reply.
  bool denied = false;
  std::uint32_t accept_status = 0;  // 0: results follow
  bool starts_tls = false;
};

// What `message`, or the front of one, begins with. kShort: no more than a part of a head.
Head ReadHead(Bytes message) noexcept;

// A call or a reply that a flow may begin with: no RPC program has numbers like others' traffic.
bool IsPlausible(const Head& head) noexcept;

// What a flow begins with: behind a record mark (TCP), or the datagram.
struct Opening {
  bool fits = false;  // a message of RPC may begin so
  Head head;
};
Opening ReadOpening(const ProbeInput& input) noexcept;
// At a glance: whether it need not be read. Behind a number of its own a datagram says that it is a call or a reply.
inline bool IsNoOpening(const ProbeInput& input) noexcept {
  if (input.transport == ip_proto::kTcp) return false;
  const std::uint8_t* const o = Octets(input.bytes);
  return input.bytes.size() < 8 || (o[4] | o[5] | o[6]) != 0 || o[7] > 1;
}

// What is remembered of a call to describe it and its reply.
struct Caller {
  std::uint32_t xid = 0, flavor = kAuthNull, uid = 0, gid = 0;
};
// {"rpc": {"xid", "status", "auth_type", "creds": {...}, left open for more; `status` may be null.
Record& BeginRpc(Record& out, const Caller& caller, std::string_view machine_name, const char* status);
// "ACCEPTED", "DENIED".
const char* StatusName(const Head& reply) noexcept;

}  // namespace gander::protocol::rpc_message

#endif  // GANDER_PROTOCOL_RPC_MESSAGE_MESSAGE_H_
