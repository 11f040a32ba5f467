// SPDX-License-Identifier: Apache-2.0
// Parts of Kerberos' messages (RFC 4120 §5) that other protocols carry too.
#ifndef GANDER_PROTOCOL_AUTH_TOKEN_KERBEROS_H_
#define GANDER_PROTOCOL_AUTH_TOKEN_KERBEROS_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/ber/ber.h"

namespace gander::protocol::auth_token {

// "krbtgt", "EXAMPLE.ORG": a name of several parts. Views into the message.
struct Principal {
  static constexpr std::size_t kMaxParts = 8;
  std::array<std::string_view, kMaxParts> parts;
  std::size_t count = 0;
  // Joined by "/", as names are written.
  void AppendTo(std::string& out) const;
};

struct Ticket {
  std::string_view realm;
  Principal service;
  std::int64_t encryption = 0;
  bool has_encryption = false;
};

// Of a PrincipalName's or a Ticket's encoding, tag included. False when it is none.
bool ReadPrincipal(Bytes encoded, Principal& out) noexcept;
bool ReadTicket(Bytes encoded, Ticket& out) noexcept;
// The number that says how an EncryptedData is encrypted. False when there is none.
bool ReadEncryption(Bytes encoded, std::int64_t& out) noexcept;

// The ticket of an AP-REQ within a GSS-API token (RFC 4121 §4.1), wherever that is wrapped. False when there is none.
bool FindTicket(Bytes token, Ticket& out) noexcept;

}  // namespace gander::protocol::auth_token

#endif  // GANDER_PROTOCOL_AUTH_TOKEN_KERBEROS_H_
