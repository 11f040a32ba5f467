// SPDX-License-Identifier: Apache-2.0
// Methods and content headers.
#ifndef GANDER_PROTOCOL_AMQP_METHOD_H_
#define GANDER_PROTOCOL_AMQP_METHOD_H_

#include <cstdint>

#include "protocol/parser.h"

namespace gander::protocol::amqp {

struct Method {
  std::uint32_t id = 0;        // class in the upper half
  const char* name = nullptr;  // null for those without an event
  bool carries_content = false;
  bool from_client = false, from_server = false;  // only that side sends it
};

// Reads a method frame's payload; members of its event go to `out`, text to the sink. False when it is malformed.
bool ReadMethod(Bytes payload, Direction direction, Method& method, Record& out, MessageSink& sink) noexcept;

struct Content {
  std::uint64_t size = 0;
  std::string_view content_type, content_encoding;  // views into the frame
};
// Reads a header frame's payload; text of properties and headers goes to the sink. False when it is malformed.
bool ReadHeader(Bytes payload, Direction direction, Content& content, MessageSink& sink) noexcept;

}  // namespace gander::protocol::amqp

#endif  // GANDER_PROTOCOL_AMQP_METHOD_H_
