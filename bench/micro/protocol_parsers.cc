// SPDX-License-Identifier: Apache-2.0
// protocol/: what it costs to follow a conversation that is in order already.
#include <memory>

#include "micro/measure.h"
#include "protocol/registry.h"

namespace gander::bench {
namespace {

constexpr std::size_t kSegment = 1460;

struct CountEvents final : protocol::MessageSink {
  std::uint64_t events = 0, body_bytes = 0, fields = 0;
  void OnEvent(const char*, std::uint32_t, Direction, const Record&) noexcept override { ++events; }
  void OnField(const char*, std::string_view, Direction, Bytes) noexcept override { ++fields; }
  void OnBodyBegin(const protocol::BodyMeta&) noexcept override {}
  void OnBodyPart(Direction, Bytes part) noexcept override { body_bytes += part.size(); }
  void OnBodyGap(Direction, std::uint64_t) noexcept override {}
  void OnBodyEnd(Direction, protocol::BodyEnd) noexcept override {}
  void OnFate(ByteFate, std::uint64_t) noexcept override {}
  void OnExpectedFlow(const protocol::ExpectedFlow&) noexcept override {}
  void OnServerName(std::string_view) noexcept override {}
  void OnAnomaly(const char*) noexcept override {}
};

// What was said, cut as segments or datagrams cut it. Owns its bytes.
class Conversation {
 public:
  explicit Conversation(bool datagrams = false) : datagrams_(datagrams) {}
  Conversation& Says(Direction direction, std::string text, std::size_t segment = kSegment) {
    texts_.push_back(std::make_unique<std::string>(std::move(text)));
    for (const std::string_view piece : Pieces(*texts_.back(), segment)) {
      stream::StreamChunk chunk;
      chunk.direction = direction;
      chunk.offset = offsets_[Index(direction)];
      chunk.bytes = AsBytes(piece);
      chunk.datagram = datagrams_;
      chunks_.push_back(chunk);
      offsets_[Index(direction)] += piece.size();
      bytes_ += piece.size();
    }
    return *this;
  }
  const std::vector<stream::StreamChunk>& chunks() const { return chunks_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::vector<std::unique_ptr<std::string>> texts_;
  std::vector<stream::StreamChunk> chunks_;
  std::uint64_t offsets_[2] = {};
  std::uint64_t bytes_ = 0;
  const bool datagrams_;
};

constexpr const char* kRequest =
    "GET /catalogue/item?page=12 HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux "
    "x86_64)\r\n"
    "Accept: text/html,application/json\r\nAccept-Encoding: gzip, br\r\nCookie: "
    "session=0123456789abcdef\r\n\r\n";

Conversation HttpBodies() {
  Conversation c;
  const std::string body = WebText(Density::kClean).substr(0, 256 << 10);
  for (int i = 0; i < 4; ++i) {
    c.Says(Direction::kToServer, kRequest);
    c.Says(Direction::kToClient, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " +
                                     std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  return c;
}

Conversation HttpHeads() {
  Conversation c;
  for (int i = 0; i < 100; ++i) {
    c.Says(Direction::kToServer, kRequest);
    c.Says(Direction::kToClient,
           "HTTP/1.1 304 Not Modified\r\nDate: Tue, 24 Nov 2026 09:30:00 GMT\r\nServer: nginx\r\n"
           "ETag: \"5f3c-1a2b\"\r\nCache-Control: max-age=3600\r\n\r\n");
  }
  return c;
}

std::string U16(std::size_t v) { return {static_cast<char>(v >> 8), static_cast<char>(v)}; }
std::string Counted16(const std::string& s) { return U16(s.size()) + s; }

// RFC 1035 §4: one question for an address, and its answer.
Conversation DnsPairs() {
  Conversation c(true);
  const std::string name("\3www\7example\3org\0", 17);
  for (std::size_t i = 0; i < 100; ++i) {
    const std::string question = name + U16(1) + U16(1);
    c.Says(Direction::kToServer, U16(i) + U16(0x0100) + U16(1) + U16(0) + U16(0) + U16(0) + question);
    c.Says(Direction::kToClient, U16(i) + U16(0x8180) + U16(1) + U16(1) + U16(0) + U16(0) + question +
                                     U16(0xc00c) + U16(1) + U16(1) + U16(0) + U16(300) +
                                     Counted16("\xc6\x33\x64\x07"));
  }
  return c;
}

// RFC 8446 §4.1.2: a ClientHello with a server name.
Conversation TlsHello() {
  const std::string host = "www.example.org";
  const auto extension = [](std::size_t type, const std::string& data) {
    return U16(type) + Counted16(data);
  };
  const std::string extensions = extension(0, Counted16(std::string(1, '\0') + Counted16(host))) +
                                 extension(10, Counted16(U16(29) + U16(23))) +
                                 extension(13, Counted16(U16(0x0403) + U16(0x0804) + U16(0x0401))) +
                                 extension(16, Counted16(std::string("\2h2"))) +
                                 extension(43, std::string("\4") + U16(0x0304) + U16(0x0303)) +
                                 extension(51, Counted16(U16(29) + Counted16(std::string(32, 'k'))));
  const std::string hello = U16(0x0303) + std::string(32, 'r') + ' ' + std::string(32, 's') +
                            Counted16(U16(0x1301) + U16(0x1302) + U16(0x1303) + U16(0xc02f)) + '\1' + '\0' +
                            Counted16(extensions);
  const std::string message = std::string("\1\0", 2) + U16(hello.size()) + hello;
  Conversation c;
  c.Says(Direction::kToServer, std::string("\x16\x03\x01") + Counted16(message));
  return c;
}

void Parse(benchmark::State& state, const char* protocol, Conversation (*make)(), std::uint64_t items) {
  const Conversation conversation = make();
  const auto parser = protocol::FindProtocol(protocol)->create();
  CountEvents sink;
  for (auto _ : state) {
    parser->Reset();
    for (const stream::StreamChunk& chunk : conversation.chunks()) {
      if (parser->OnChunk(chunk, sink) == protocol::ParseStatus::kNotThis) {
        return state.SkipWithError("not what the parser reads");
      }
    }
    parser->OnEnd(Direction::kToServer, sink);
    parser->OnEnd(Direction::kToClient, sink);
  }
  if (sink.events == 0) return state.SkipWithError("no event came of it");
  Report(state, items, conversation.bytes());
}
BENCHMARK_CAPTURE(Parse, http_bodies, "http", HttpBodies, 4);
BENCHMARK_CAPTURE(Parse, http_keep_alive_heads, "http", HttpHeads, 100);
BENCHMARK_CAPTURE(Parse, dns_pairs, "dns", DnsPairs, 100);
BENCHMARK_CAPTURE(Parse, tls_client_hello, "tls", TlsHello, 1);

}  // namespace
}  // namespace gander::bench
