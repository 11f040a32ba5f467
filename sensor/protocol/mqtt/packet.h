// SPDX-License-Identifier: Apache-2.0
// Control packets: their heads, and what is in them, written to a record and handed on to be scanned.
#ifndef GANDER_PROTOCOL_MQTT_PACKET_H_
#define GANDER_PROTOCOL_MQTT_PACKET_H_

#include <cstdint>

#include "protocol/parser.h"

namespace gander::protocol::mqtt {

enum class Type : std::uint8_t {
  kReserved,
  kConnect,
  kConnack,
  kPublish,
  kPuback,
  kPubrec,
  kPubrel,
  kPubcomp,
  kSubscribe,
  kSuback,
  kUnsubscribe,
  kUnsuback,
  kPingreq,
  kPingresp,
  kDisconnect,
  kAuth
};

struct Head {
  Type type = Type::kReserved;
  std::uint8_t flags = 0;
  std::uint8_t size = 0;     // of the head itself: 2 to 5
  std::uint32_t length = 0;  // behind the head

  std::uint8_t qos() const noexcept { return flags >> 1 & 3; }
  bool retain() const noexcept { return (flags & 1) != 0; }
  bool dup() const noexcept { return (flags & 8) != 0; }
};

enum class HeadStatus : std::uint8_t { kNeedMore, kBad, kGood };
// Bad: a packet type that is reserved, or a length of more than four octets.
HeadStatus ReadHead(Bytes bytes, Head& head) noexcept;

struct Packet {
  Head head;
  Direction direction = Direction::kToServer;
  std::uint8_t version = 0;  // of the session, 0 = not known; set by a CONNECT
  bool has_id = false;
  std::uint16_t id = 0;
  std::string_view topic;         // PUBLISH
  std::string_view content_type;  // PUBLISH, as its property says
  Bytes payload;                  // PUBLISH: as far as it is in the bytes at hand
};

// Reads what is behind the head; writes the packet's object to `out` unless null. `body` may be the front of a longer
// PUBLISH. False when it is malformed; what was read until then is in the record.
bool ReadPacket(Bytes body, Packet& packet, Record* out, MessageSink& sink) noexcept;

// Whether a packet may begin with `bytes`: strict, for recognition and for finding the next one behind a gap.
bool LooksLikePacket(Bytes bytes) noexcept;

}  // namespace gander::protocol::mqtt

#endif  // GANDER_PROTOCOL_MQTT_PACKET_H_
