// SPDX-License-Identifier: Apache-2.0
// HTTP without content, and HTTP without end.
#include <memory>

#include "attacks/attack.h"
#include "corpus/conversation.h"

namespace gander::bench {
namespace {

constexpr std::size_t kFlowBytes = 1 << 20;  // of one connection; then the next

// `head`, then `part` for as long as the connection lasts, in full segments. With `answer`, one for each segment.
Sender Endless(Random random, std::string head, std::string part, std::string answer = {}) {
  std::string segment;
  while (segment.size() + part.size() <= kSegment) segment += part;
  struct Line {
    std::unique_ptr<TcpConnection> connection;
    std::size_t sent = 0;
    std::uint32_t number = 0;
  };
  return [random, head, segment, answer, line = std::make_shared<Line>()](FrameWriter& out) mutable {
    if (line->connection == nullptr || line->sent > kFlowBytes) {
      line->connection = std::make_unique<TcpConnection>(ClientOf(++line->number), kVictim, random);
      line->connection->Open(out);
      if (!head.empty()) line->connection->SendOne(out, true, head);
      line->sent = 0;
    }
    line->connection->SendOne(out, true, segment);
    if (!answer.empty()) line->connection->SendOne(out, false, answer);
    line->sent += segment.size();
  };
}

std::string Post(const std::string& type, const std::string& more = {}) {
  return "POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Type: " + type + "\r\n" +
         (more.empty() ? "Content-Length: 99999999\r\n" : more) + "\r\n";
}

Attack Of(std::string name, std::string what, std::string head, std::string part) {
  return {std::move(name), std::move(what), [=](Random r) { return Endless(r, head, part); }};
}

Sender Exchanges(Random random) {
  std::string answers;
  for (int n = 0; n < 40; ++n) answers += "HTTP/1.1 204 A\r\n\r\n";
  return Endless(random, {}, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", answers);
}

}  // namespace

std::vector<Attack> MessageAttacks() {
  return {Of("requests", "HTTP requests of 18 bytes, 80 in a segment", {}, "GET / HTTP/1.1\r\n\r\n"),
          {"exchanges", "tiny requests and tiny answers", Exchanges},
          Of("headers", "header lines without end", "GET / HTTP/1.1\r\n", "X-a: b\r\n"),
          Of("header-line", "one header line without end", "GET / HTTP/1.1\r\nX-a: ", "abcdefgh"),
          Of("chunks", "chunks of one byte", Post("text/plain", "Transfer-Encoding: chunked\r\n"), "1\r\nx\r\n"),
          Of("parts", "parts of one byte", Post("multipart/form-data; boundary=b"), "\r\n--b\r\n\r\nx"),
          Of("fields", "form fields of one byte", Post("application/x-www-form-urlencoded"), "a=b&"),
          Of("json-deep", "JSON nested without end", Post("application/json"), "[{\"a\":"),
          Of("json-keys", "JSON keys of one byte", Post("application/json"), "{\"a\":1},"),
          Of("xml-deep", "elements nested without end", Post("text/xml"), "<a b='c'>"),
          Of("base64", "base64 in base64's place", Post("text/plain"), "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB")};
}

}  // namespace gander::bench
