// SPDX-License-Identifier: Apache-2.0
// What the headers of one message say about its body and its peer.
#ifndef GANDER_PROTOCOL_HTTP_MESSAGE_HEAD_H_
#define GANDER_PROTOCOL_HTTP_MESSAGE_HEAD_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/parser.h"

namespace gander::protocol::http {

// Views into the head. The first of repeated headers counts, as in most servers. What frames or codes the body is read
// out of damaged lines too: receivers differ in what they accept, and the body shows whether it was meant.
struct HeadFacts {
  std::int64_t content_length = -1;
  bool has_length = false;
  bool length_ambiguous = false;  // a damaged number, or two that differ
  bool chunked = false;
  std::string_view host, content_type, content_encoding, content_range, disposition, location, referer, user_agent,
      upgrade;
  std::string_view etag, range;
  std::string_view authorization, cookie, forwarded_for, server;  // for detectors
  std::string_view websocket_extensions;  // that were offered or agreed to (RFC 6455 §9.1)
  std::string codings;  // what content_encoding points to, when several headers or a damaged one name the codings
};

// Reads the header lines (without the start line), hands every telling value to `sink` as a field and names
// what the protocol forbids. `request` says which side's rules hold.
void ReadHeaders(std::string_view lines, bool request, Direction direction, HeadFacts& facts,
                 std::string& scratch, MessageSink& sink);

// For detectors: a request's head has been read, or that of its answer. `target` as the request sent it.
void TellRequest(std::string_view method, std::string_view target, std::string_view host, const HeadFacts& facts,
                 MessageSink& sink);
void TellAnswer(std::string_view target, int status, const HeadFacts& facts, MessageSink& sink);

// "text/html" of "text/html; charset=utf-8".
std::string_view MediaType(std::string_view content_type) noexcept;

}  // namespace gander::protocol::http

#endif  // GANDER_PROTOCOL_HTTP_MESSAGE_HEAD_H_
