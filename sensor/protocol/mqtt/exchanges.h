// SPDX-License-Identifier: Apache-2.0
// Packets that belong together make one event: CONNECT and CONNACK, PUBLISH and its acknowledgements.
#ifndef GANDER_PROTOCOL_MQTT_EXCHANGES_H_
#define GANDER_PROTOCOL_MQTT_EXCHANGES_H_

#include <vector>

#include "protocol/mqtt/packet.h"

namespace gander::protocol::mqtt {

class Exchanges {
 public:
  // Transaction of the next exchange.
  std::uint32_t next_tx() const noexcept { return next_tx_; }
  // `packet`, written as `record`, opens an exchange, goes on with one, or stands alone. Writes the events of those
  // that are done. False when it answers nothing that was seen.
  bool Add(const Packet& packet, const Record& record, Direction client, MessageSink& sink) noexcept;
  // Writes all that is open.
  void Close(Direction client, MessageSink& sink) noexcept;
  void Reset() noexcept;

 private:
  struct Exchange {
    Type opened_by = Type::kReserved;
    Direction opener = Direction::kToServer;
    std::uint16_t id = 0;
    int packets = 0;
    std::uint32_t tx_id = 0;
    Record record;
  };
  std::size_t Match(const Packet& packet) const noexcept;
  void Write(std::size_t i, Direction client, MessageSink& sink) noexcept;

  std::vector<Exchange> open_;  // at most kMaxOpen
  std::uint32_t next_tx_ = 0;
};

}  // namespace gander::protocol::mqtt

#endif  // GANDER_PROTOCOL_MQTT_EXCHANGES_H_
