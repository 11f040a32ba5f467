// SPDX-License-Identifier: Apache-2.0
// MQTT 3.1, 3.1.1 (OASIS mqtt-v3.1.1) and 5.0 (OASIS mqtt-v5.0).
#ifndef GANDER_PROTOCOL_MQTT_MQTT_H_
#define GANDER_PROTOCOL_MQTT_MQTT_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "mqtt", one an exchange as Suricata writes it: {"mqtt": {"connect": {...}, "connack": {...}}},
// {"mqtt": {"publish": {...}, "pubrec": ...}}. Topics, names and client ids are fields; payloads are bodies,
// where = "mqtt.publish.message", or fields named after their topic when they are single values.
extern const ProtocolInfo kMqtt;

namespace mqtt {

// Bytes of a control packet read as one; the payload of a longer PUBLISH passes through in parts.
inline constexpr std::size_t kMaxPacket = 16 * 1024;
// Exchanges whose answer has not come; the oldest is written as it stands when there are more.
inline constexpr std::size_t kMaxOpen = 16;
// Topics of one SUBSCRIBE or UNSUBSCRIBE, and properties of one packet, that an event holds.
inline constexpr int kMaxListed = 64;
// Packets of one exchange.
inline constexpr int kMaxPackets = 16;
// Payload that is scanned as one value under its topic's last level.
inline constexpr std::size_t kMaxValue = 128;

}  // namespace mqtt
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_MQTT_MQTT_H_
