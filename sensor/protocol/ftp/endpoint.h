// SPDX-License-Identifier: Apache-2.0
// The four ways in which FTP names the end of a data connection.
#ifndef GANDER_PROTOCOL_FTP_ENDPOINT_H_
#define GANDER_PROTOCOL_FTP_ENDPOINT_H_

#include <cstdint>
#include <string_view>

#include "base/net.h"

namespace gander::protocol::ftp {

struct Endpoint {
  IpAddress address;  // all zero: not said, the control connection's own
  std::uint16_t port = 0;
};

// "h1,h2,h3,h4,p1,p2" anywhere in `text` (RFC 959 §4.1.2, PORT and the 227 reply).
bool ParseHostPort(std::string_view text, Endpoint& out) noexcept;
// "|1|132.235.1.2|6275|" or, with empty fields, "|||6446|" anywhere in `text` (RFC 2428, EPRT and the 229
// reply).
bool ParseExtended(std::string_view text, Endpoint& out) noexcept;

}  // namespace gander::protocol::ftp

#endif  // GANDER_PROTOCOL_FTP_ENDPOINT_H_
