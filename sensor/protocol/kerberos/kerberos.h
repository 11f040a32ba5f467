// SPDX-License-Identifier: Apache-2.0
// Kerberos 5 (RFC 4120) over TCP and UDP: who asks for a ticket to what, and what the answer is encrypted with.
#ifndef GANDER_PROTOCOL_KERBEROS_KERBEROS_H_
#define GANDER_PROTOCOL_KERBEROS_KERBEROS_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "krb5", one a message, as Suricata's. Names of principals, realms and an error's text are fields.
extern const ProtocolInfo kKerberos;

namespace kerberos {

// A message is put together up to so many octets; the rest of a longer one is lost to the cap.
inline constexpr std::size_t kMaxMessage = 64 * 1024;
// A name; what is longer is cut.
inline constexpr std::size_t kMaxName = 512;

// So a TCP flow holds a message a direction while that spans chunks, and nothing between messages but the kind of the
// last request; of a UDP flow only that, and only until it is answered.

}  // namespace kerberos
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_KERBEROS_KERBEROS_H_
