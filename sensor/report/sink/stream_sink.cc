// SPDX-License-Identifier: Apache-2.0
#include "report/sink/stream_sink.h"

#include <algorithm>
#include <utility>

namespace gander::report {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(100);  // doubled with each failure
constexpr auto kStalledAfter = std::chrono::seconds(5);       // then it is said that the reader hangs
constexpr std::size_t kFramesSize = 256 << 10;                // gathered for one send

class LineFramer final : public Framer {
 public:
  void Append(const EventBatch& batch, std::size_t i, std::size_t, std::string& out) override {
    out += batch.line(i);
  }
};

}  // namespace

std::unique_ptr<Framer> NewLineFramer() { return std::make_unique<LineFramer>(); }

StreamSink::StreamSink(Options options, std::unique_ptr<Transport> transport, std::unique_ptr<Framer> framer)
    : Sink(options.name, options.type),
      options_(std::move(options)),
      transport_(std::move(transport)),
      framer_(std::move(framer)) {}

bool StreamSink::Connect() noexcept {
  if (connected_) return true;
  const Clock::time_point now = Clock::now();
  if (now < next_try_) return false;
  std::string problem;
  if (!transport_->Connect(problem)) {
    Broken(problem);
    return false;
  }
  connected_ = true;
  pause_ = {};
  partial_ = 0;
  last_sent_ = now;
  meter().Connected(true);
  meter().Problem("");
  return true;
}

// The line that was under way is sent again, whole, on the next connection.
void StreamSink::Broken(const std::string& why) noexcept {
  transport_->Disconnect();
  connected_ = false;
  partial_ = 0;
  pause_ = pause_ == Clock::duration{} ? kFirstPause : pause_ * 2;
  pause_ = std::min<Clock::duration>(pause_, std::chrono::seconds(options_.retry_max_s));
  next_try_ = Clock::now() + pause_;
  meter().Connected(false);
  meter().Failed();
  meter().Problem(transport_->address() + ": " + why);
}

void StreamSink::Tick() noexcept {
  if (connected_ && transport_->PeerClosed()) Broken("the reader has closed the connection");
  Connect();
}

void StreamSink::Close() noexcept {
  if (connected_) transport_->Disconnect();
  connected_ = false;
  meter().Connected(false);
}

std::size_t StreamSink::Write(const EventBatch& batch, std::size_t from) noexcept {
  if (!Connect()) {
    meter().Blocked(Loss::kNotConnected);
    return from;
  }
  return options_.datagrams ? SendDatagrams(batch, from) : SendStream(batch, from);
}

void StreamSink::NoRoom() noexcept {
  meter().Blocked(Loss::kStalled);
  if (Clock::now() - last_sent_ < kStalledAfter) return;
  meter().Problem(transport_->address() + ": the reader takes nothing");
}

void StreamSink::Done(const EventBatch& batch, std::size_t i) noexcept {
  framer_->Next();
  meter().Written(1, batch.lines[i].length);
}

std::size_t StreamSink::SendDatagrams(const EventBatch& batch, std::size_t from) noexcept {
  std::string problem;
  for (std::size_t i = from; i < batch.lines.size(); ++i) {
    frames_.clear();
    framer_->Append(batch, i, 0, frames_);
    std::size_t count = 0;
    switch (transport_->Send(frames_, count, problem)) {
      case Transport::Sent::kSome:
        Done(batch, i);
        break;
      case Transport::Sent::kTooLong:
        meter().Lost(Loss::kTooLong, batch.lines[i]);
        framer_->Next();
        break;
      case Transport::Sent::kNoRoom:
        NoRoom();
        return i;
      case Transport::Sent::kBroken:
        Broken(problem);
        meter().Blocked(Loss::kNotConnected);
        return i;
    }
  }
  last_sent_ = Clock::now();
  meter().Problem("");
  return batch.lines.size();
}

std::size_t StreamSink::SendStream(const EventBatch& batch, std::size_t from) noexcept {
  std::string problem;
  std::size_t i = from;
  if (partial_ > 0 && partial_of_ != batch.line(i).data()) {
    Broken("an event was given up half-way");  // what follows on this connection would be read as its end
    meter().Blocked(Loss::kNotConnected);
    return i;
  }
  while (i < batch.lines.size()) {
    // Framed anew from the first line that is not wholly out: the same bytes, so the place in them holds.
    frames_.clear();
    std::vector<std::size_t> ends;
    for (std::size_t k = i; k < batch.lines.size() && frames_.size() < kFramesSize; ++k) {
      framer_->Append(batch, k, k - i, frames_);
      ends.push_back(frames_.size());
    }
    std::size_t count = 0;
    const auto sent = transport_->Send(std::string_view(frames_).substr(partial_), count, problem);
    if (sent == Transport::Sent::kNoRoom) {
      NoRoom();
      return i;
    }
    if (sent != Transport::Sent::kSome) {
      Broken(problem);
      meter().Blocked(Loss::kNotConnected);
      return i;
    }
    const std::size_t out = partial_ + count;
    std::size_t whole = 0;
    while (whole < ends.size() && ends[whole] <= out) Done(batch, i + whole++);
    partial_ = out - (whole > 0 ? ends[whole - 1] : 0);
    i += whole;
    if (partial_ > 0) partial_of_ = batch.line(i).data();
    last_sent_ = Clock::now();
  }
  meter().Problem("");
  return i;
}

}  // namespace gander::report
