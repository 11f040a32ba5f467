// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/exchange.h"

#include <algorithm>

#include "protocol/http/http.h"
#include "protocol/http_message/range_body.h"

namespace gander::protocol::http {

void Exchange::Begin(std::uint32_t id, bool wanted) {
  if (wanted) record.Take().BeginObject("http");
  tx_id = id;
  resource = 0;
  is_head = is_connect = is_simple = answered = false;
}

void Exchange::End() noexcept {
  record.GiveBack();
  url_text.GiveBack();
}

void Exchange::AddRequest(const RequestLine& line, const HeadFacts& facts) {
  is_head = line.method == "HEAD";
  is_connect = line.method == "CONNECT";
  is_simple = line.version.empty();
  url_text.Take().assign(line.target.substr(0, Record::kMaxString));
  if (!facts.range.empty() || !facts.content_range.empty()) resource = HashResource(facts.host, line.target);
  if (!record) return;
  std::string_view authority = facts.host;
  if (authority.empty()) authority = is_connect ? line.target : AuthorityOf(line.target);
  const Authority peer = SplitAuthority(authority);
  if (!peer.host.empty()) record->String("hostname", peer.host);
  if (peer.port != 0) record->Integer("http_port", peer.port);
  record->String("url", line.target, Privacy::kIdentifier);
  if (!facts.user_agent.empty()) record->String("http_user_agent", facts.user_agent, Privacy::kIdentifier);
  if (!facts.referer.empty()) record->String("http_refer", facts.referer, Privacy::kIdentifier);
  record->String("http_method", line.method);
  if (!line.version.empty()) record->String("protocol", line.version);
}

void Exchange::AddResponse(const StatusLine& line, const HeadFacts& facts) {
  answered = true;
  if (!record) return;
  if (url().empty() && !line.version.empty()) record->String("protocol", line.version);
  const std::string_view type = MediaType(facts.content_type);
  if (!type.empty()) record->String("http_content_type", type);
  if (line.status > 0) {
    record->Integer("status", line.status);
  } else if (!line.code.empty()) {
    record->String("status_string", line.code);
  }
  if (!facts.content_range.empty()) AddContentRange(facts.content_range, *record);
  if (!facts.location.empty()) record->String("redirect", facts.location, Privacy::kIdentifier);
}

void Exchange::Complete(std::int64_t length) {
  if (!record) return;
  record->Integer("length", std::max<std::int64_t>(length, 0));
  record->EndObject();
}

// "bytes 500-1000/146515" (RFC 9110 §14.4); parts that are no number are left out.
void Exchange::AddContentRange(std::string_view raw, Record& out) {
  out.BeginObject("content_range").String("raw", raw);
  const BodyRange range = ParseContentRange(raw);
  if (range.start >= 0) out.Integer("start", range.start);
  if (range.end >= 0) out.Integer("end", range.end);
  if (range.size >= 0) out.Integer("size", range.size);
  out.EndObject();
}

std::string_view Exchange::FileName() const noexcept {
  std::string_view name = url();
  name = name.substr(0, name.find_first_of("?#"));
  const std::size_t scheme = AuthorityOf(name).empty() ? name.npos : name.find("://");
  if (scheme != name.npos) {
    const std::size_t path = name.find('/', scheme + 3);
    name = path == name.npos ? std::string_view("/") : name.substr(path);
  }
  return name;
}

bool ExchangeQueue::full() const noexcept { return count_ == kMaxPending; }

const Exchange* ExchangeQueue::Find(std::uint32_t tx_id) const noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    const Exchange& exchange = ring_[(head_ + i) % ring_.size()];
    if (exchange.tx_id == tx_id) return &exchange;
  }
  return nullptr;
}

Exchange& ExchangeQueue::Push() {
  if (count_ == ring_.size()) {
    std::rotate(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(head_), ring_.end());
    head_ = 0;
    ring_.emplace_back();
  }
  ++count_;
  return back();
}

void ExchangeQueue::Pop() noexcept {
  front().End();
  head_ = (head_ + 1) % ring_.size();
  --count_;
}

void ExchangeQueue::Clear() noexcept {
  while (!empty()) Pop();
  head_ = 0;
  // One entry is what the next flow needs; a pipelining flow's memory is given back.
  if (ring_.size() > 1) ring_.resize(1);
}

}  // namespace gander::protocol::http
