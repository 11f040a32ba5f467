// SPDX-License-Identifier: Apache-2.0
#include "protocol/websocket/websocket.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <string>

#include "protocol/harness.h"
#include "protocol/http/http.h"

namespace gander::protocol {
namespace {

constexpr unsigned kFin = 0x80, kDeflated = 0x40, kText = 1, kBinary = 2, kClose = 8, kPing = 9;

std::string Frame(unsigned first, const std::string& payload, bool masked = false) {
  std::string out(1, static_cast<char>(first));
  const unsigned mask = masked ? 0x80 : 0;
  if (payload.size() < 126) {
    out += static_cast<char>(mask | payload.size());
  } else if (payload.size() < 65536) {
    out += {static_cast<char>(mask | 126), static_cast<char>(payload.size() >> 8), static_cast<char>(payload.size())};
  } else {
    out += static_cast<char>(mask | 127);
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(payload.size() >> shift);
  }
  if (!masked) return out + payload;
  const std::string key = "\x01\x02\x03\x04";
  out += key;
  for (std::size_t i = 0; i < payload.size(); ++i) out += static_cast<char>(payload[i] ^ key[i % 4]);
  return out;
}
Talk Chat() {
  return {Client(Frame(kFin | kText, "my number is 12345", true)),
          Server(Frame(kText, "in two ") + Frame(kFin | kPing, "p") + Frame(kFin, "pieces")),
          Client(Frame(kFin | kClose, "\x03\xe8" "bye", true))};
}

TEST(WebSocketTest, FramesAreToldAndMessagesScanned) {
  const RecordingSink sink = Play(kWebSocket, Chat());
  EXPECT_THAT(sink.fields, ElementsAre("websocket.message > =my number is 12345", "websocket.message < =in two pieces",
                                       "websocket.close > =bye"));
  EXPECT_THAT(sink.events,
              ElementsAre(R"(websocket #0 > "websocket":{"fin":true,"mask":16909060,"opcode":"text"})",
                          R"(websocket #1 < "websocket":{"fin":false,"opcode":"text"})",
                          R"(websocket #2 < "websocket":{"fin":true,"opcode":"ping"})",
                          R"(websocket #3 < "websocket":{"fin":true,"opcode":"continuation"})",
                          R"(websocket #4 > "websocket":{"fin":true,"mask":16909060,"opcode":"connection_close"})"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(WebSocketTest, SameAtEverySplit) {
  Talk talk = Chat();
  talk.pop_back();  // what a close frame says is told as it comes
  talk.push_back(Server(Frame(kFin | kBinary, std::string(200, 'b'))));
  ExpectSameAtEverySplit(kWebSocket, talk);
}
TEST(WebSocketTest, SurvivesDamage) { ExpectSurvivesDamage(kWebSocket, Chat()); }

TEST(WebSocketTest, LongAndBinaryMessagesAreBodies) {
  const std::string text(websocket::kMaxField + 1, 't');
  const RecordingSink sink =
      Play(kWebSocket, {Server(Frame(kFin | kText, text)), Server(Frame(kFin | kBinary, "\1\2"))});
  EXPECT_THAT(sink.bodies, ElementsAre("websocket.message #0 < text/plain|||-1|" + text + "|complete",
                                       "websocket.message #1 < |||-1|\1\2|complete"));
  EXPECT_THAT(sink.fields, IsEmpty());
}

TEST(WebSocketTest, TextWithAStructureIsABody) {
  for (const std::string text : {"{\"a\":1}", "[1]", "<p>x</p>", "two\nlines"}) {
    const RecordingSink sink = Play(kWebSocket, {Server(Frame(kFin | kText, text))});
    EXPECT_THAT(sink.bodies, ElementsAre("websocket.message #0 < text/plain|||-1|" + text + "|complete"));
    EXPECT_THAT(sink.fields, IsEmpty());
  }
}

// As a sender with a window from message to message does it.
class Deflater {
 public:
  Deflater() { deflateInit2(&stream_, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY); }
  ~Deflater() { deflateEnd(&stream_); }
  std::string operator()(std::string text) {
    std::string out(text.size() + 256, '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(text.data());
    stream_.avail_in = static_cast<uInt>(text.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    deflate(&stream_, Z_SYNC_FLUSH);
    out.resize(out.size() - stream_.avail_out - 4);
    return out;
  }

 private:
  z_stream stream_{};
};

RecordingSink PlayDeflated(const Talk& talk) {
  Player player(kWebSocket);
  ExpectedFlow agreed;
  agreed.protocol = "websocket";
  agreed.command = "permessage-deflate";
  player.parser().SetExpectation(agreed);
  player.Feed(talk, 5);
  player.End();
  return std::move(player.sink);
}

TEST(WebSocketTest, CompressedMessagesShareAWindow) {
  Deflater deflater;
  const std::string first = deflater("Ann Example lives here"), second = deflater("Ann Example lives here no more");
  const RecordingSink sink = PlayDeflated({Server(Frame(kFin | kText | kDeflated, first)),
                                           Server(Frame(kText | kDeflated, second.substr(0, 4))),
                                           Server(Frame(kFin, second.substr(4)))});
  EXPECT_THAT(sink.fields, ElementsAre("websocket.message < =Ann Example lives here",
                                       "websocket.message < =Ann Example lives here no more"));
}

TEST(WebSocketTest, InflatedMessagesAreBounded) {
  Deflater deflater;
  const std::string bomb = deflater(std::string(websocket::kMaxInflated + 100000, 'z'));
  const RecordingSink sink = PlayDeflated({Server(Frame(kFin | kText | kDeflated, bomb)),
                                           Server(Frame(kFin | kText | kDeflated, deflater("behind it"))),
                                           Server(Frame(kFin | kText, "in clear"))});
  EXPECT_THAT(sink.anomalies, ElementsAre("invalid_compressed_message"));
  EXPECT_LE(sink.body_bytes, websocket::kMaxInflated + 8192);
  EXPECT_THAT(sink.fields, ElementsAre("websocket.message < =in clear"));
  EXPECT_GT(sink.fates.at(ByteFate::kOpaqueUndecodable), 0u);
}

TEST(WebSocketTest, WhatWasNotAgreedOnIsInvalid) {
  EXPECT_THAT(Play(kWebSocket, {Server(Frame(kFin | kText | kDeflated, "x"))}).anomalies, ElementsAre("invalid_frame"));
  EXPECT_THAT(Play(kWebSocket, {Server(Frame(kFin | 3, "x"))}).anomalies, ElementsAre("invalid_frame"));
  EXPECT_THAT(Play(kWebSocket, {Server(Frame(kPing, "x"))}).anomalies, ElementsAre("invalid_frame"));
  EXPECT_THAT(Play(kWebSocket, {Server(Frame(kFin, "x"))}).anomalies, ElementsAre("continuation_without_message"));
}

TEST(WebSocketTest, GapWithinAMessageKeepsTheMask) {
  const std::string frame = Frame(kFin | kText, "0123456789abcdef", true);
  const RecordingSink sink = Play(kWebSocket, {Client(frame.substr(0, 10)), Client(frame.substr(15), 5),
                                               Client(Frame(kFin | kText, "next", true))});
  EXPECT_THAT(sink.fields, ElementsAre("websocket.message > =0123", "websocket.message > =9abcdef",
                                       "websocket.message > =next"));
}

TEST(WebSocketTest, HttpNamesWhatFollows) {
  Player player(kHttp);
  player.Feed({Client("GET /chat HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
               Server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n\r\n")});
  EXPECT_EQ(player.status(), ParseStatus::kSwitch);
  EXPECT_STREQ(player.parser().Successor().protocol, "websocket");
  EXPECT_EQ(player.parser().Successor().command, "permessage-deflate; server_no_context_takeover");
  player.Restart();
  player.Feed({Client("GET / HTTP/1.1\r\nHost: a.example\r\nUpgrade: h2c\r\n\r\n"),
               Server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n")});
  EXPECT_STREQ(player.parser().Successor().protocol, "http2");
  player.Restart();
  EXPECT_EQ(player.parser().Successor().protocol, nullptr);
}

}  // namespace
}  // namespace gander::protocol
