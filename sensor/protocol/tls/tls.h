// SPDX-License-Identifier: Apache-2.0
// TLS 1.0 to 1.3 and SSL 3 (RFC 8446, 5246, 6101) up to the point where they fall silent; the SSL 2
// ClientHello that opens some old ones (RFC 5246 appendix E.2); DTLS hellos (RFC 6347, 9147).
#ifndef GANDER_PROTOCOL_TLS_TLS_H_
#define GANDER_PROTOCOL_TLS_TLS_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kTls;
extern const ProtocolInfo kDtls;

namespace tls {

// One handshake message that is kept while it is incomplete. Certificate chains are the largest.
inline constexpr std::size_t kMaxHandshake = 64 << 10;
// Largest record, with the expansion ciphers may add (RFC 5246 §6.2.3).
inline constexpr std::size_t kMaxRecord = (16 << 10) + 2048;
// Names of one certificate that are written to an event.
inline constexpr int kMaxNames = 64;

}  // namespace tls
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_TLS_TLS_H_
