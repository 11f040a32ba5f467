// SPDX-License-Identifier: Apache-2.0
// Messages of ONC RPC for tests.
#ifndef GANDER_TESTS_PROTOCOL_RPC_MESSAGES_H_
#define GANDER_TESTS_PROTOCOL_RPC_MESSAGES_H_

#include <cstdint>
#include <string>

namespace gander::protocol::testing {

inline std::string U32(std::uint32_t v) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(v >> shift);
  return out;
}
inline std::string U64(std::uint64_t v) {
  return U32(static_cast<std::uint32_t>(v >> 32)) + U32(static_cast<std::uint32_t>(v));
}
inline std::string Fill(std::string s) { return s + std::string(-s.size() & 3, '\0'); }
inline std::string Opaque(const std::string& s) { return U32(static_cast<std::uint32_t>(s.size())) + Fill(s); }

inline std::string Unix(const std::string& machine = "ward-3", std::uint32_t uid = 1000) {
  return U32(1) + Opaque(U32(7) + Opaque(machine) + U32(uid) + U32(100) + U32(0));
}
inline std::string RpcCall(std::uint32_t xid, std::uint32_t program, std::uint32_t version, std::uint32_t procedure,
                           const std::string& arguments, const std::string& credential = Unix()) {
  return U32(xid) + U32(0) + U32(2) + U32(program) + U32(version) + U32(procedure) + credential + U32(0) + U32(0) +
         arguments;
}
inline std::string RpcReply(std::uint32_t xid, const std::string& results) {
  return U32(xid) + U32(1) + U32(0) + U32(0) + U32(0) + U32(0) + results;
}
// As it goes over TCP, in one fragment or more.
inline std::string Record(const std::string& message, std::size_t fragment = SIZE_MAX) {
  std::string out;
  for (std::size_t at = 0; at < message.size(); at += fragment) {
    const std::string part = message.substr(at, fragment);
    const bool last = message.size() - at <= part.size();
    out += U32(static_cast<std::uint32_t>(part.size()) | (last ? 0x80000000u : 0)) + part;
    if (last) break;
  }
  return out;
}

}  // namespace gander::protocol::testing

#endif  // GANDER_TESTS_PROTOCOL_RPC_MESSAGES_H_
