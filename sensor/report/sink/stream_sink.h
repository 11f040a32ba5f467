// SPDX-License-Identifier: Apache-2.0
// Events over a connection that may break: connects, connects again with growing pauses, frames, keeps the place.
#ifndef GANDER_REPORT_SINK_STREAM_SINK_H_
#define GANDER_REPORT_SINK_STREAM_SINK_H_

#include <chrono>
#include <memory>
#include <string>

#include "report/sink/sink.h"
#include "report/sink/transport.h"

namespace gander::report {

// How an event stands on the wire.
class Framer {
 public:
  virtual ~Framer() = default;
  // Appends line `i`, which is the one after `ahead` others that are not done with yet. Asked again for a line that did
  // not get out, it appends the same; `Next` is told when a line is done with.
  virtual void Append(const EventBatch& batch, std::size_t i, std::size_t ahead, std::string& out) = 0;
  virtual void Next() noexcept {}
};

// Lines as they are.
std::unique_ptr<Framer> NewLineFramer();

class StreamSink final : public Sink {
 public:
  struct Options {
    std::string name, type;
    bool datagrams = false;          // an event a send, whole or not at all
    std::uint32_t retry_max_s = 30;
  };
  StreamSink(Options options, std::unique_ptr<Transport> transport, std::unique_ptr<Framer> framer);

  std::size_t Write(const EventBatch& batch, std::size_t from) noexcept override;
  void Tick() noexcept override;
  void Reopen() noexcept override { next_try_ = {}; }
  void Close() noexcept override;
  int patience_ms() const noexcept override { return 30'000; }

 private:
  using Clock = std::chrono::steady_clock;

  bool Connect() noexcept;
  void Broken(const std::string& why) noexcept;
  std::size_t SendDatagrams(const EventBatch& batch, std::size_t from) noexcept;
  std::size_t SendStream(const EventBatch& batch, std::size_t from) noexcept;
  void NoRoom() noexcept;
  void Done(const EventBatch& batch, std::size_t i) noexcept;

  const Options options_;
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<Framer> framer_;
  bool connected_ = false;
  Clock::duration pause_{};
  Clock::time_point next_try_{}, last_sent_{};
  std::string frames_;
  std::size_t partial_ = 0;  // bytes of the next line's frame that are out already on this connection
  const char* partial_of_ = nullptr;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_STREAM_SINK_H_
