// SPDX-License-Identifier: Apache-2.0
// One TCP connection and what its two sides say, played out burst by burst.
#ifndef GANDER_BENCH_CORPUS_CONVERSATION_H_
#define GANDER_BENCH_CORPUS_CONVERSATION_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "corpus/frame.h"
#include "corpus/random.h"

namespace gander::bench {

class TcpConnection {
 public:
  TcpConnection(Endpoint client, Endpoint server, Random& random);

  void Open(FrameWriter& out);   // three-way handshake
  void Close(FrameWriter& out);  // both sides
  // At most `max_segments` of `data`, an acknowledgement from the other side after each two; returns what was
  // sent.
  std::size_t Send(FrameWriter& out, bool to_server, std::string_view data, int max_segments);
  // One segment that nobody acknowledges by itself.
  void SendOne(FrameWriter& out, bool to_server, std::string_view data) {
    Segment(out, to_server, kAck, data);
  }
  void Acknowledge(FrameWriter& out, bool from_client) { Segment(out, from_client, kAck, {}); }
  // As if so many bytes had been sent, which nobody sees.
  void Skip(bool to_server, std::size_t bytes) noexcept {
    (to_server ? client_next_ : server_next_) += static_cast<std::uint32_t>(bytes);
  }

 private:
  void Segment(FrameWriter& out, bool from_client, std::uint8_t flags, std::string_view payload);

  Endpoint client_, server_;
  std::uint32_t client_next_, server_next_;
  int unacknowledged_ = 0;
};

class Conversation {
 public:
  explicit Conversation(TcpConnection connection) noexcept : connection_(connection) {}
  void Say(bool to_server, std::string data) { messages_.push_back({to_server, std::move(data)}); }
  // The next burst; false after the last.
  bool Step(FrameWriter& out);

 private:
  struct Message {
    bool to_server;
    std::string data;
  };
  TcpConnection connection_;
  std::deque<Message> messages_;
  std::size_t sent_ = 0;  // of the first message
  bool open_ = false;
};

// Plays conversations from `next` with `open` of them interleaved, until `enough` says so; those begun are
// ended.
void Interleave(FrameWriter& out, Random random, std::size_t open,
                const std::function<std::unique_ptr<Conversation>()>& next,
                const std::function<bool()>& enough);

}  // namespace gander::bench

#endif  // GANDER_BENCH_CORPUS_CONVERSATION_H_
