// SPDX-License-Identifier: Apache-2.0
#include "corpus/conversation.h"

#include <algorithm>
#include <vector>

namespace gander::bench {
namespace {
constexpr int kBurst = 10;  // segments in a row of one connection
}  // namespace

TcpConnection::TcpConnection(Endpoint client, Endpoint server, Random& random)
    : client_(client),
      server_(server),
      client_next_(static_cast<std::uint32_t>(random.Next())),
      server_next_(static_cast<std::uint32_t>(random.Next())) {}

void TcpConnection::Open(FrameWriter& out) {
  out.Tcp({client_, server_, client_next_++, 0, kSyn}, {});
  Segment(out, false, kSyn | kAck, {});
  Segment(out, true, kAck, {});
}

void TcpConnection::Close(FrameWriter& out) {
  Segment(out, true, kFin | kAck, {});
  Segment(out, false, kFin | kAck, {});
  Segment(out, true, kAck, {});
}

std::size_t TcpConnection::Send(FrameWriter& out, bool to_server, std::string_view data, int max_segments) {
  std::size_t sent = 0;
  for (; max_segments > 0 && sent < data.size(); --max_segments) {
    const std::string_view part = data.substr(sent, kSegment);
    sent += part.size();
    Segment(out, to_server, sent == data.size() ? kPush | kAck : kAck, part);
    if (++unacknowledged_ == 2) {
      Acknowledge(out, !to_server);
      unacknowledged_ = 0;
    }
  }
  return sent;
}

void TcpConnection::Segment(FrameWriter& out, bool from_client, std::uint8_t flags,
                            std::string_view payload) {
  std::uint32_t& next = from_client ? client_next_ : server_next_;
  const std::uint32_t other = from_client ? server_next_ : client_next_;
  out.Tcp({from_client ? client_ : server_, from_client ? server_ : client_, next, other, flags}, payload);
  next += static_cast<std::uint32_t>(payload.size()) + ((flags & (kSyn | kFin)) != 0 ? 1 : 0);
}

bool Conversation::Step(FrameWriter& out) {
  if (!open_) {
    connection_.Open(out);
    open_ = true;
    return true;
  }
  if (messages_.empty()) {
    connection_.Close(out);
    return false;
  }
  const Message& m = messages_.front();
  sent_ += connection_.Send(out, m.to_server, std::string_view(m.data).substr(sent_), kBurst);
  if (sent_ >= m.data.size()) {
    connection_.Acknowledge(out, !m.to_server);
    messages_.pop_front();
    sent_ = 0;
  }
  return true;
}

void Interleave(FrameWriter& out, Random random, std::size_t open,
                const std::function<std::unique_ptr<Conversation>()>& next,
                const std::function<bool()>& enough) {
  std::vector<std::unique_ptr<Conversation>> running;
  while (true) {
    while (running.size() < open && !enough()) running.push_back(next());
    if (running.empty()) return;
    const std::size_t i = random.Below(static_cast<std::uint32_t>(running.size()));
    if (running[i]->Step(out)) continue;
    std::swap(running[i], running.back());
    running.pop_back();
  }
}

}  // namespace gander::bench
