// SPDX-License-Identifier: Apache-2.0
// Writes a DNS message as Suricata 8's EVE does (version 3 of its DNS layout).
#ifndef GANDER_PROTOCOL_DNS_MESSAGE_EVENT_H_
#define GANDER_PROTOCOL_DNS_MESSAGE_EVENT_H_

#include "protocol/dns_message/message.h"
#include "protocol/parser.h"

namespace gander::protocol::dns {

// LLMNR events follow Suricata's own shape for them: types in lower case, an answer's data named after its
// type.
enum class Flavour : std::uint8_t { kDns, kMdns, kLlmnr };

// Reads `message`, emits its event and its names as fields. Damaged parts are named as an anomaly; what
// stands before them is still written. False when not even the header and the questions can be read.
bool ReadMessage(Bytes message, Flavour flavour, std::uint32_t tx_id, Direction direction,
                 MessageSink& sink) noexcept;

}  // namespace gander::protocol::dns

#endif  // GANDER_PROTOCOL_DNS_MESSAGE_EVENT_H_
