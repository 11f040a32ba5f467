// SPDX-License-Identifier: Apache-2.0
// A body that comes in several messages: 206 responses (RFC 9110 §15.3.7), or requests of a resumable upload, whose
// Content-Range goes on where the one before of the same resource stopped. They are one body where they follow each
// other in order on one connection. Out of scope: ranges fetched over several connections at once, or out of order;
// each of those is a body of its own, as is a range that begins again. multipart/byteranges is a multipart.
#ifndef GANDER_PROTOCOL_HTTP_MESSAGE_RANGE_BODY_H_
#define GANDER_PROTOCOL_HTTP_MESSAGE_RANGE_BODY_H_

#include <cstdint>
#include <string_view>

#include "protocol/parser.h"

namespace gander::protocol::http {

// Host and target; never 0, which stands for a request that was not seen or asked for no range.
std::uint64_t HashResource(std::string_view host, std::string_view target) noexcept;

// What a range is part of.
struct RangeOf {
  std::uint64_t resource = 0;        // HashResource()
  std::uint64_t representation = 0;  // hash of entity tag and content coding
  bool known = false;                // by resource or entity tag; else it is joined to none
};
RangeOf IdentifyRange(std::uint64_t resource, std::string_view etag, std::string_view content_encoding) noexcept;

// One per flow direction: the body at hand, if it is a range, and where it stopped.
class RangeBody {
 public:
  // A body of a message begins. Tells by `meta.continues` whether it goes on with the one that waits; another that
  // waits is ended as truncated. `meta.range` may be none, or the whole.
  void Begin(const RangeOf& of, BodyMeta& meta, MessageSink& sink) noexcept;
  // `bytes` of the body came.
  void Pass(std::uint64_t bytes) noexcept { next_ += bytes; }
  // The body's message ended as `end`. What is to be told of the body: kPart when it waits for another message.
  BodyEnd End(BodyEnd end) noexcept;
  // Nothing goes on with the body that waits, if one does: it ended as `end`.
  void Drop(Direction direction, BodyEnd end, MessageSink& sink) noexcept;
  // "bytes */1234" in a response with status 416: the body that waits is complete if there was no more of the resource.
  void EndsAt(std::uint64_t resource, std::int64_t size, Direction direction, MessageSink& sink) noexcept;

 private:
  bool Continues(const RangeOf& of, const BodyRange& range) const noexcept;

  RangeOf of_;
  std::uint64_t next_ = 0;  // offset of the next byte
  std::int64_t size_ = -1;  // of the whole, -1 = not told yet
  bool open_ = false;
  bool waiting_ = false;  // between two messages
};

}  // namespace gander::protocol::http

#endif  // GANDER_PROTOCOL_HTTP_MESSAGE_RANGE_BODY_H_
