// SPDX-License-Identifier: Apache-2.0
// HTTP/1.x (RFC 9110, RFC 9112), both directions, read as tolerantly as servers and browsers read it.
#ifndef GANDER_PROTOCOL_HTTP_HTTP_H_
#define GANDER_PROTOCOL_HTTP_HTTP_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kHttp;

namespace http {

// Bytes of one header line that are kept; common servers refuse more than 8 to 16 KiB.
inline constexpr std::size_t kMaxLine = 16 << 10;
// Bytes of one head (start line and all headers) that are kept.
inline constexpr std::size_t kMaxHead = 64 << 10;
// Requests waiting for their response; beyond, the oldest is given up as unanswered.
inline constexpr std::size_t kMaxPending = 64;
// A chunk-size line with its extensions.
inline constexpr std::size_t kMaxChunkLine = 4 << 10;
// Memory a direction keeps between two heads.
inline constexpr std::size_t kKeptBuffer = 2 << 10;

}  // namespace http
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_HTTP_HTTP_H_
