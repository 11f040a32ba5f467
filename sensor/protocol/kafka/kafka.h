// SPDX-License-Identifier: Apache-2.0
// Kafka's protocol (kafka.apache.org/protocol, message format 0 to 2; KIP-482 for flexible versions): what is produced
// and fetched, by whom, under which topic.
#ifndef GANDER_PROTOCOL_KAFKA_KAFKA_H_
#define GANDER_PROTOCOL_KAFKA_KAFKA_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "kafka", one a message: {"kafka": {"type", "api", "version", "correlation_id", "client_id", "topics",
// "records", "compression", "mechanism", "user", "error_code"}}. Keys, values and headers of records are fields whose
// context is the topic; a value too long for one is a body ("kafka.value"), a compressed batch one with its coding
// ("kafka.batch").
extern const ProtocolInfo kKafka;

namespace kafka {

// Longest message; servers take 100 MiB unless told otherwise.
inline constexpr std::uint32_t kMaxMessage = 256u << 20;
// A flow holds no more than this: requests without a response, and names of topics that are told by number.
inline constexpr std::size_t kMaxRequests = 64, kMaxTopicIds = 64;
inline constexpr std::size_t kMaxName = 255;     // a topic has 249, a client's name no limit
inline constexpr std::size_t kMaxTopics = 64;    // named in an event
inline constexpr std::size_t kMaxToken = 4096;   // of SASL

}  // namespace kafka
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_KAFKA_KAFKA_H_
