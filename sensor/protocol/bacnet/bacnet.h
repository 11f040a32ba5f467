// SPDX-License-Identifier: Apache-2.0
// BACnet/IP (ANSI/ASHRAE 135, annex J): virtual link, network and application layer, a datagram each.
#ifndef GANDER_PROTOCOL_BACNET_BACNET_H_
#define GANDER_PROTOCOL_BACNET_BACNET_H_

#include <cstddef>
#include <cstdint>

#include "protocol/registry.h"

namespace gander::protocol {

// Event "bacnet", one a datagram: {"bacnet": {"bvlc_function", "apdu_type": "confirmed_request", "invoke_id",
// "segment", "function": {"code", "name": "writeProperty", "category"}, "object": {"type": "device", "instance"},
// "property", "vendor_id", "text": [], "password", "error": {"class", "code"}}}. Character strings are fields named
// after their property (where = "bacnet.text"), octets of files are bodies ("bacnet.file").
extern const ProtocolInfo kBacnet;

namespace bacnet {

inline constexpr std::uint16_t kPort = 47808, kLastPort = 47823;
// Nothing is kept from one datagram to the next.
inline constexpr unsigned kMaxTags = 512;  // of one datagram
inline constexpr unsigned kMaxDepth = 16;
inline constexpr unsigned kMaxListed = 8;  // strings that an event lists

}  // namespace bacnet
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_BACNET_BACNET_H_
