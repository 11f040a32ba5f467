// SPDX-License-Identifier: Apache-2.0
// XMPP (RFC 6120, RFC 6121) with SASL, STARTTLS, compression (XEP-0138) and the older login (XEP-0078).
#ifndef GANDER_PROTOCOL_XMPP_XMPP_H_
#define GANDER_PROTOCOL_XMPP_XMPP_H_

#include <cstddef>

#include "protocol/registry.h"

namespace gander::protocol {

// Event "xmpp", one a stanza and one a stream's head: {"xmpp": {"stanza": "message", "type", "id", "from", "to",
// "mechanism", "namespace", "username", "password", "subject", "body"}}. Text is scanned element by element (where =
// "xmpp.text", named as the element), addresses and names in attributes too ("xmpp.attribute").
extern const ProtocolInfo kXmpp;

namespace xmpp {

// State of a flow and direction: a tag that has not ended, the text of one element, the event of one stanza.
inline constexpr std::size_t kMaxTag = 4096;        // of a tag with its attributes; the rest of a longer one is dropped
inline constexpr std::size_t kMaxText = 16 * 1024;  // scanned as one; a longer text is scanned in pieces of that size
inline constexpr std::size_t kMaxShown = 1024;      // of each value in an event
inline constexpr unsigned kMaxDepth = 64;           // deeper nesting is told as an anomaly

}  // namespace xmpp
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_XMPP_XMPP_H_
