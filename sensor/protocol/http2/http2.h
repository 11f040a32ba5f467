// SPDX-License-Identifier: Apache-2.0
// HTTP/2 (RFC 9113) in clear text: by prior knowledge, and behind an Upgrade to h2c. Header blocks are decoded by
// libnghttp2; bodies of concurrent streams are read one behind the other; messages of gRPC are bodies of their own.
#ifndef GANDER_PROTOCOL_HTTP2_HTTP2_H_
#define GANDER_PROTOCOL_HTTP2_HTTP2_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kHttp2;

namespace http2 {

// A compressed header block, HEADERS or PUSH_PROMISE with their CONTINUATIONs; larger ones are not decoded, and neither
// are those behind it on that side, which may refer to it.
inline constexpr std::size_t kMaxHeaderBlock = 64 << 10;
// Decoded header fields of one block that are read (the limit servers announce is 16 to 64 KiB).
inline constexpr std::size_t kMaxHeaderList = 64 << 10;
// Header fields of one message that are written to its event.
inline constexpr std::size_t kMaxLoggedHeaders = 64;
// Dynamic table a side may use (RFC 7541 §4.2); browsers announce 64 KiB.
inline constexpr std::size_t kMaxTable = 64 << 10;
// A control frame that is read; the protocol's own limit for them is 16 KiB unless more was allowed.
inline constexpr std::size_t kMaxControl = 16 << 10;
// Streams that are open at once; beyond, the oldest is given up. Servers allow some 100.
inline constexpr std::size_t kMaxStreams = 128;
// Body bytes of a connection that wait for another stream's body to end.
inline constexpr std::size_t kMaxWaiting = 256 << 10;
// Memory of each decoded part that a connection keeps between two header blocks.
inline constexpr std::size_t kKeptBuffer = 4 << 10;
// A DNS message in a body (RFC 8484 §6).
inline constexpr std::size_t kMaxDnsMessage = 65535;
// Settings of one frame that are written to its event.
inline constexpr std::size_t kMaxSettings = 32;

}  // namespace http2
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_HTTP2_HTTP2_H_
