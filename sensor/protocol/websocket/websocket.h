// SPDX-License-Identifier: Apache-2.0
// WebSocket (RFC 6455) with permessage-deflate (RFC 7692), behind the HTTP exchange that agreed on it.
#ifndef GANDER_PROTOCOL_WEBSOCKET_WEBSOCKET_H_
#define GANDER_PROTOCOL_WEBSOCKET_WEBSOCKET_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Only behind HTTP: frames have nothing of their own that a probe could go by.
extern const ProtocolInfo kWebSocket;

namespace websocket {

// A text message up to this, in one line and no JSON or markup, is words: scanned as one field. Others, and all binary
// ones, are bodies, in which there may be anything.
inline constexpr std::size_t kMaxField = 256;
// What one compressed message may inflate to; the rest of the direction is not decoded behind it.
inline constexpr std::size_t kMaxInflated = 4 << 20;

}  // namespace websocket
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_WEBSOCKET_WEBSOCKET_H_
