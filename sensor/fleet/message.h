// SPDX-License-Identifier: Apache-2.0
// One message of a Kafka topic, read with suspicion: a sketch, another event of a sensor, or a reason to refuse it.
// Whoever can write to the topic can write anything here.
#ifndef GANDER_FLEET_MESSAGE_H_
#define GANDER_FLEET_MESSAGE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/net.h"
#include "base/time.h"
#include "fleet/refusal.h"

namespace gander::fleet {

inline constexpr std::size_t kMaxMessage = 64 << 10;  // octets; a sketch has at most 8 KiB
inline constexpr int kMaxDepth = 32;
inline constexpr std::size_t kMaxText = 255;  // octets of one text of a sketch

// People or senders: the sensor's own figures, which are exact up to 256, and the registers behind them.
struct Counted {
  std::int64_t estimate = 0, low = 0, high = 0;
  std::string hll;  // hexadecimal, checked
};

// An event of type `sketch` (sensor/report/schema/eve.schema.json says what each field means).
struct SketchMessage {
  std::string host, sensor, key_id;
  std::int64_t epoch = 0, revision = 0, sequence = 0, window_s = 0;
  Timestamp begin;
  std::string collector, collector_kind, collector_country, collector_zone, from_zone, from_country;
  IpAddress address;
  bool has_address = false;
  std::string data_class, type, sensitivity, subject_country, verdict, entry_id;
  Counted people, senders;
  std::int64_t findings = 0, bytes = 0, flows = 0;

  // UUID of the first half of SHA-256 over sensor, epoch, window and all that tells rows of one window apart: a message
  // that comes again, or a higher revision of it, has the same.
  std::string Key() const;
};

// Alerts, transfers and what sensors say of themselves, as they came.
struct EventMessage {
  Timestamp at;
  std::string id;  // UUID: the alert's own, else the first half of SHA-256 over the message
  std::string kind, host;
  std::string json;
};

// An event of a kind that the fleet does not keep.
struct Ignored {};

using Message = std::variant<SketchMessage, EventMessage, Ignored, Refused>;

// On any bytes; never throws.
Message ReadMessage(std::string_view bytes);

}  // namespace gander::fleet

#endif  // GANDER_FLEET_MESSAGE_H_
