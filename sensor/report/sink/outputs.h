// SPDX-License-Identifier: Apache-2.0
// All outputs of a run: each sink behind its own queue and thread; each layout but EVE rendered once, in a thread of its
// own, for all its sinks.
#ifndef GANDER_REPORT_SINK_OUTPUTS_H_
#define GANDER_REPORT_SINK_OUTPUTS_H_

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "report/sink/output_options.h"
#include "report/sink/sink_queue.h"

namespace gander::report {

class Outputs {
 public:
  struct Options {
    bool offline = false;      // wait for sinks instead of dropping
    std::string sensor_name;   // HOSTNAME of syslog
    std::string version;       // of the sensor
    const std::atomic<std::uint32_t>* reopen = nullptr;  // counts the signals that ask for it
    // Problems of sinks, in words, at once; from their threads. May be empty.
    std::function<void(const std::string&)> tell;
  };
  explicit Outputs(Options options) : options_(std::move(options)) {}
  ~Outputs() { Close(); }
  Outputs(const Outputs&) = delete;
  Outputs& operator=(const Outputs&) = delete;

  // Opens what the configuration names. Errors, with its file and line: a file that cannot be written or that another
  // sensor writes, a socket that another sensor feeds, a certificate that cannot be read, Kafka in a build without it. A
  // reader that is not there yet is no error.
  Result<bool> Open(const std::vector<OutputOptions>& outputs);
  // A sink of the caller's own.
  void Attach(std::unique_ptr<Sink> sink, Layout layout, QueueOptions queue);

  bool empty() const noexcept { return sinks_.empty(); }
  bool Wants(std::string_view type) const noexcept;
  // EVE lines, to all sinks that want them. One thread.
  void Push(EventBatch batch);
  // Writes what is queued, as SinkQueue::Close, and ends all threads.
  void Close();
  // Of each sink, and of each layout but EVE (type `layout`), where events can be lost, too. Any thread.
  std::vector<SinkState> States() const;

 private:
  class Renderer;
  struct Running {
    Layout layout;
    std::unique_ptr<SinkQueue> queue;
  };
  const Options options_;
  std::vector<Running> sinks_;
  std::array<std::unique_ptr<SinkQueue>, kLayouts> renderers_;
  std::array<Renderer*, kLayouts> rendering_{};
};

// One of them, as Open does it.
Result<std::unique_ptr<Sink>> OpenSink(const OutputOptions& output, const Outputs::Options& options);
// Null where Gander was built without librdkafka: an error that says so.
Result<std::unique_ptr<Sink>> OpenKafkaSink(const OutputOptions& output);
Result<std::unique_ptr<Sink>> OpenUnixSink(const OutputOptions& output);

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_OUTPUTS_H_
