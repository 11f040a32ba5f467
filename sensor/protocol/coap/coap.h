// SPDX-License-Identifier: Apache-2.0
// CoAP over UDP (RFC 7252) with blocks (RFC 7959) and observation (RFC 7641).
#ifndef GANDER_PROTOCOL_COAP_COAP_H_
#define GANDER_PROTOCOL_COAP_COAP_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "coap", one a message: {"coap": {"type": "confirmable", "code": "GET" or "2.05", "message_id", "uri_host",
// "uri_path", "uri_query", "content_format"}}. Payloads are bodies (where = "coap.payload").
extern const ProtocolInfo kCoap;

namespace coap {

inline constexpr std::uint16_t kPort = 5683;
// Bytes of a path or query that are put together from options.
inline constexpr std::size_t kMaxPath = 1024;
inline constexpr int kMaxOptions = 64;

}  // namespace coap
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_COAP_COAP_H_
