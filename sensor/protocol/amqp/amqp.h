// SPDX-License-Identifier: Apache-2.0
// AMQP 0-9-1 (its specification and RabbitMQ's extensions). AMQP 1.0 is another protocol and is not read.
#ifndef GANDER_PROTOCOL_AMQP_AMQP_H_
#define GANDER_PROTOCOL_AMQP_AMQP_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "amqp", one a method of interest: {"amqp": {"method": "basic.publish", "channel", "exchange", "routing_key",
// "queue", "content_type", "body_size", ...}}; those that carry a message are written when its header has come.
// Messages are bodies (where = "amqp.body"), their header fields are fields.
extern const ProtocolInfo kAmqp;

namespace amqp {

// Bytes of a method or header frame read as one; the payload of body frames passes through.
inline constexpr std::size_t kMaxFrame = 16 * 1024;
// Longest frame believed; brokers agree on 128 KiB by default.
inline constexpr std::uint32_t kMaxLength = 64u << 20;
// Tables within tables, and fields of one.
inline constexpr int kMaxDepth = 8;
inline constexpr int kMaxFields = 256;

}  // namespace amqp
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_AMQP_AMQP_H_
