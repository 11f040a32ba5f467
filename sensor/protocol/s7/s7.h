// SPDX-License-Identifier: Apache-2.0
// S7 communication of SIMATIC controllers over ISO transport on TCP (RFC 1006, ISO 8073 class 0). No standard describes
// it; names are those that its manuals and public dissectors agree on. Of S7comm-plus the head is read.
#ifndef GANDER_PROTOCOL_S7_S7_H_
#define GANDER_PROTOCOL_S7_S7_H_

#include <cstddef>
#include <cstdint>

#include "protocol/registry.h"

namespace gander::protocol {

// Event "s7", one a message: {"s7": {"pdu_type": "job", "pdu_reference", "function": {"code", "name": "read_var",
// "category"}, "subfunction", "item_count", "items": [{"area": "DB", "db", "address", "length"}], "file", "service",
// "error_class", "error_code"}}; connections as "connect_request" and "connect_confirm" with their TSAPs. Variables
// that hold text are fields (where = "s7.data"), blocks that are loaded are bodies ("s7.block").
extern const ProtocolInfo kS7;

namespace s7 {

inline constexpr std::uint16_t kPort = 102;
// State of a flow and direction: one TPKT that has not ended, one message in several of them, a file's name.
inline constexpr std::size_t kMaxTpkt =
    8 * 1024;  // controllers agree on 960 at most; of a longer one the front is read
inline constexpr std::size_t kMaxMessage = 8 * 1024;  // put together from data units
inline constexpr unsigned kMaxItems = 20;             // of one message, that an event lists and that are looked at
inline constexpr std::size_t kMaxName = 64;
inline constexpr std::size_t kShortestText = 4;       // octets of a variable that are looked at as text

}  // namespace s7
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_S7_S7_H_
