// SPDX-License-Identifier: Apache-2.0
// IEC 60870-5-104 (telecontrol over TCP), with the ASDUs of IEC 60870-5-101.
#ifndef GANDER_PROTOCOL_IEC104_IEC104_H_
#define GANDER_PROTOCOL_IEC104_IEC104_H_

#include <cstddef>
#include <cstdint>

#include "protocol/registry.h"

namespace gander::protocol {

// Event "iec104", one an ASDU or control of the connection (acknowledgements alone make none): {"iec104": {"frame":
// "i", "function": {"code", "name": "C_SC_NA_1", "category"}, "cause", "negative", "test", "originator",
// "asdu_address", "objects", "items": [{"address", "value", "select"}]}}. Segments of files are bodies (where =
// "iec104.file").
extern const ProtocolInfo kIec104;

namespace iec104 {

inline constexpr std::uint16_t kPort = 2404;
// State of a flow: one APDU of each direction that has not ended.
inline constexpr std::size_t kMaxApdu = 255;
inline constexpr unsigned kMaxListed = 16;  // objects that an event lists

}  // namespace iec104
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_IEC104_IEC104_H_
