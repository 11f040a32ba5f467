// SPDX-License-Identifier: Apache-2.0
#ifndef GANDER_PROTOCOL_CASSANDRA_RESULT_H_
#define GANDER_PROTOCOL_CASSANDRA_RESULT_H_

#include <cstdint>

#include "protocol/parser.h"

namespace gander::protocol::cassandra {

// Reads a RESULT frame's body; rows go out as text. Returns the count of rows read, -1 when it is malformed or cut.
std::int64_t ReadResult(Bytes body, Direction direction, std::uint32_t tx_id, MessageSink& sink) noexcept;

}  // namespace gander::protocol::cassandra

#endif  // GANDER_PROTOCOL_CASSANDRA_RESULT_H_
