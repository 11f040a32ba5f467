// SPDX-License-Identifier: Apache-2.0
// Modbus/TCP (MODBUS Application Protocol V1.1b3, MODBUS Messaging on TCP/IP V1.0b).
#ifndef GANDER_PROTOCOL_MODBUS_MODBUS_H_
#define GANDER_PROTOCOL_MODBUS_MODBUS_H_

#include <cstddef>
#include <cstdint>

#include "protocol/registry.h"

namespace gander::protocol {

// Event "modbus", one a transaction as Suricata writes it: {"modbus": {"id", "function": {"code", "name", "category"},
// "request": {...}, "response": {...}}}. Registers that hold text and the names a device tells are fields.
extern const ProtocolInfo kModbus;

namespace modbus {

inline constexpr std::uint16_t kPort = 502;
// State of a flow: a message of each direction that has not ended, and requests without an answer.
inline constexpr std::size_t kMaxMessage = 260;     // of the standard; nothing longer is one
inline constexpr std::size_t kMaxOutstanding = 16;  // the oldest is written as it stands when there are more
inline constexpr std::size_t kShortestText = 8;     // octets of registers that are looked at as text

}  // namespace modbus
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_MODBUS_MODBUS_H_
