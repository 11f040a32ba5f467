// SPDX-License-Identifier: Apache-2.0
#include "protocol/http_message/range_body.h"

#include "base/hash.h"

namespace gander::protocol::http {
namespace {

// Fixed: whoever made two resources collide would gain that his own bytes are read as one body.
constexpr HashKey kKey{0x67616e6465722d72ULL, 0x616e67652d626f64ULL};

std::uint64_t HashPair(std::string_view a, std::string_view b) noexcept {
  return (SipHash13(kKey, SipHash13(kKey, AsBytes(a))) ^ SipHash13(kKey, AsBytes(b))) | 1;
}

bool IsStretch(const BodyRange& range) noexcept {
  const bool valid = range.start >= 0 && range.end >= range.start && (range.size < 0 || range.end < range.size);
  return valid && !(range.start == 0 && range.end + 1 == range.size);
}

}  // namespace

std::uint64_t HashResource(std::string_view host, std::string_view target) noexcept { return HashPair(host, target); }

RangeOf IdentifyRange(std::uint64_t resource, std::string_view etag, std::string_view content_encoding) noexcept {
  return {resource, HashPair(etag, content_encoding), resource != 0 || !etag.empty()};
}

bool RangeBody::Continues(const RangeOf& of, const BodyRange& range) const noexcept {
  if (!waiting_ || range.start < 0 || range.end < range.start) return false;
  if (!of.known || of.resource != of_.resource || of.representation != of_.representation) return false;
  // The size may be told late: an upload that is made while it is sent has "*" up to its last piece.
  if (size_ >= 0 && range.size >= 0 && range.size != size_) return false;
  return static_cast<std::uint64_t>(range.start) == next_;
}

void RangeBody::Begin(const RangeOf& of, BodyMeta& meta, MessageSink& sink) noexcept {
  const BodyRange& range = meta.range;
  meta.continues = Continues(of, range);
  if (meta.continues) {
    waiting_ = false;
    if (size_ < 0) size_ = range.size;
    return;
  }
  Drop(meta.direction, BodyEnd::kTruncated, sink);
  *this = {};
  if (!IsStretch(range)) return;
  of_ = of;
  next_ = static_cast<std::uint64_t>(range.start);
  size_ = range.size;
  open_ = true;
}

BodyEnd RangeBody::End(BodyEnd end) noexcept {
  waiting_ = open_ && end == BodyEnd::kComplete && (size_ < 0 || next_ < static_cast<std::uint64_t>(size_));
  if (waiting_) return BodyEnd::kPart;
  *this = {};
  return end;
}

void RangeBody::Drop(Direction direction, BodyEnd end, MessageSink& sink) noexcept {
  if (!waiting_) return;
  *this = {};
  sink.OnBodyEnd(direction, end);
}

void RangeBody::EndsAt(std::uint64_t resource, std::int64_t size, Direction direction, MessageSink& sink) noexcept {
  if (size >= 0 && resource == of_.resource && static_cast<std::uint64_t>(size) == next_) {
    Drop(direction, BodyEnd::kComplete, sink);
  }
}

}  // namespace gander::protocol::http
