// SPDX-License-Identifier: Apache-2.0
// A request and its final response: what becomes one http event.
#ifndef GANDER_PROTOCOL_HTTP_EXCHANGE_H_
#define GANDER_PROTOCOL_HTTP_EXCHANGE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/record.h"
#include "base/pool.h"
#include "protocol/http_message/head.h"
#include "protocol/http_message/syntax.h"

namespace gander::protocol::http {

struct Exchange {
  // As many are kept as requests may come and go at a time; of more the memory is taken and given back each time.
  Borrowed<Record, 1024> record;         // {"http": {...  open until Complete(); not taken while nobody reads events
  Borrowed<std::string, 4096> url_text;  // of the request
  std::uint64_t resource = 0;      // HashResource() of a request for a range, or with one
  std::uint32_t tx_id = 0;
  bool is_head = false;  // method HEAD: no body in the response
  bool is_connect = false;
  bool is_simple = false;  // HTTP/0.9: the response is a body without a head
  bool answered = false;   // its response has begun

  // Without `wanted` nobody reads the event, and what follows adds to none: only the URL is kept, which names the body.
  void Begin(std::uint32_t id, bool wanted);
  void End() noexcept;
  std::string_view url() const noexcept { return url_text ? std::string_view(*url_text) : std::string_view(); }
  void AddRequest(const RequestLine& line, const HeadFacts& facts);
  void AddResponse(const StatusLine& line, const HeadFacts& facts);
  // `length`: response body bytes after chunked coding is undone; -1 when no response was seen.
  void Complete(std::int64_t length);
  // Path of the request's URL without its query, as a name for the body; empty without a request.
  std::string_view FileName() const noexcept;
  static void AddContentRange(std::string_view raw, Record& out);
};

// Requests in the order sent, bounded by kMaxPending.
class ExchangeQueue {
 public:
  bool empty() const noexcept { return count_ == 0; }
  bool full() const noexcept;
  Exchange& front() noexcept { return ring_[head_]; }
  Exchange& back() noexcept { return ring_[(head_ + count_ - 1) % ring_.size()]; }
  // Null when it has left.
  const Exchange* Find(std::uint32_t tx_id) const noexcept;
  Exchange& Push();  // not when full
  void Pop() noexcept;
  void Clear() noexcept;

 private:
  std::vector<Exchange> ring_;
  std::size_t head_ = 0, count_ = 0;
};

}  // namespace gander::protocol::http

#endif  // GANDER_PROTOCOL_HTTP_EXCHANGE_H_
