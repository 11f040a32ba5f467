// SPDX-License-Identifier: Apache-2.0
// DNP3 (IEEE 1815-2012): link frames with their checksums, transport, application, over TCP and UDP.
#ifndef GANDER_PROTOCOL_DNP3_DNP3_H_
#define GANDER_PROTOCOL_DNP3_DNP3_H_

#include <cstddef>
#include <cstdint>

#include "protocol/registry.h"

namespace gander::protocol {

// Event "dnp3", one an application message but confirmations, as Suricata writes it: {"dnp3": {"type": "request",
// "control": {}, "src", "dst", "application": {"control": {}, "function_code", "objects": [{"group", "variation",
// "points": []}], "complete"}, "function": {"code", "name", "category"}, "iin": {"indicators": []}}}. Strings are
// fields (where = "dnp3.text"), blocks of files are bodies ("dnp3.file").
extern const ProtocolInfo kDnp3;

namespace dnp3 {

// State of a flow and direction: one frame that has not ended, one message in several of them.
inline constexpr std::size_t kMaxFrame = 292;         // of the standard
inline constexpr std::size_t kMaxMessage = 63 * 255;  // what transport's sequence numbers span; the usual limit is 2048
inline constexpr unsigned kMaxObjects = 2048;         // headers of one message that are read
inline constexpr unsigned kMaxPoints = 16384;         // points of one message that are read
inline constexpr unsigned kMaxListedObjects = 64;     // that an event lists
inline constexpr unsigned kMaxListedPoints = 256;     // of one message, that an event lists
inline constexpr std::size_t kMaxName = 128;          // of a file

}  // namespace dnp3
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_DNP3_DNP3_H_
