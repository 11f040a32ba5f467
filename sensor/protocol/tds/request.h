// SPDX-License-Identifier: Apache-2.0
// What is in a login and in a remote procedure call.
#ifndef GANDER_PROTOCOL_TDS_REQUEST_H_
#define GANDER_PROTOCOL_TDS_REQUEST_H_

#include <string>
#include <vector>

#include "base/bytes.h"

namespace gander::protocol::tds {

struct Login {
  std::uint32_t version = 0;
  std::string client_host, user, password, application, server, database;
};
// LOGIN7 ([MS-TDS] §2.2.6.4). False when it is none.
bool ReadLogin(Bytes message, Login& login) noexcept;

// Octets of ALL_HEADERS before a request's data; 0 when it has none, as before 7.2.
std::size_t HeadersSize(Bytes message) noexcept;

struct Parameter {
  std::string name, value;
};
struct Call {
  std::string procedure;
  std::vector<Parameter> parameters;  // those with text; at most kMaxParameters
};
inline constexpr std::size_t kMaxParameters = 256;
// RPCRequest (§2.2.6.6), its first call. False when it is malformed; what was read until then is there.
bool ReadCall(Bytes message, Call& call) noexcept;

}  // namespace gander::protocol::tds

#endif  // GANDER_PROTOCOL_TDS_REQUEST_H_
