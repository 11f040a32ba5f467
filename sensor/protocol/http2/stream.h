// SPDX-License-Identifier: Apache-2.0
// One stream: a request, its response, and where the body of each stands.
#ifndef GANDER_PROTOCOL_HTTP2_STREAM_H_
#define GANDER_PROTOCOL_HTTP2_STREAM_H_

#include <array>
#include <cstdint>
#include <string>

#include "base/record.h"
#include "protocol/http2/grpc.h"
#include "protocol/http_message/range_body.h"
#include "protocol/parser.h"

namespace gander::protocol::http2 {

// What one side sends on a stream.
struct Message {
  Record headers;  // fields of the event's header list, each an object
  bool begun = false;    // its header block came
  bool ended = false;    // END_STREAM, or nothing more will come
  bool damaged = false;  // body bytes are missing
  bool overflowed = false;  // what came behind `waiting` is lost
  bool parked = false;   // its body was broken off for another stream's
  bool is_grpc = false;
  bool is_dns = false;  // an answer of DNS over HTTPS (RFC 8484), here without its TLS
  bool partial = false;  // status 206
  BodyEnd end = BodyEnd::kComplete;
  std::int64_t declared_length = -1;
  BodyRange range;
  http::RangeOf range_of;
  std::uint64_t body_bytes = 0;
  std::string content_type, content_encoding, file_name;
  std::string waiting;  // body bytes that came while another stream's body was read
  std::string dns;      // message so far
  GrpcFramer grpc;
};

struct Stream {
  std::uint32_t id = 0;
  std::uint32_t tx_id = 0;
  Record facts;  // method, url, host, agent, status: fields of the event
  Record request, response;  // of its http2 object: priority, error code
  std::string path;
  std::uint64_t resource = 0;  // http::HashResource() of a request for a range, or with one
  std::array<Message, 2> messages;  // by direction

  bool done() const noexcept {
    return messages[0].ended && messages[1].ended && messages[0].waiting.empty() && messages[1].waiting.empty();
  }
};

// The stream's http event as far as it is known: {"http": {...}}.
void Describe(const Stream& stream, Direction client, Record& out);

}  // namespace gander::protocol::http2

#endif  // GANDER_PROTOCOL_HTTP2_STREAM_H_
