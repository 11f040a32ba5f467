// SPDX-License-Identifier: Apache-2.0
// Data types of MQTT (mqtt-v5.0 §1.5) and properties (§2.2.2).
#ifndef GANDER_PROTOCOL_MQTT_WIRE_H_
#define GANDER_PROTOCOL_MQTT_WIRE_H_

#include <string_view>

#include "base/byte_reader.h"
#include "protocol/parser.h"

namespace gander::protocol::mqtt {

// A string or binary data with its two-octet length.
inline std::string_view ReadString(ByteReader& in) noexcept { return AsText(in.Take(in.U16())); }

// Variable byte integer; fails the reader when it has more than four octets.
inline std::uint32_t ReadVariable(ByteReader& in) noexcept {
  std::uint32_t value = 0;
  for (int shift = 0; shift < 28; shift += 7) {
    const std::uint8_t octet = in.U8();
    value |= static_cast<std::uint32_t>(octet & 0x7f) << shift;
    if ((octet & 0x80) == 0) return value;
  }
  in.Skip(in.remaining() + 1);
  return 0;
}

// Reads the properties of a packet, written as "properties" unless `out` is null. `content_type` is set when one names
// the payload's. False when they are malformed.
bool ReadProperties(ByteReader& in, Direction direction, Record* out, std::string_view* content_type,
                    MessageSink& sink) noexcept;

}  // namespace gander::protocol::mqtt

#endif  // GANDER_PROTOCOL_MQTT_WIRE_H_
