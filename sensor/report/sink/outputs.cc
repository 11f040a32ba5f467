// SPDX-License-Identifier: Apache-2.0
#include "report/sink/outputs.h"

#include <algorithm>
#include <utility>

#include "report/sink/file_sink.h"
#include "report/sink/stream_sink.h"
#include "report/sink/syslog_frame.h"

namespace gander::report {
namespace {

constexpr std::uint16_t kSyslogTcp = 601, kSyslogTls = 6514;  // RFC 6587 §3.4, RFC 5425 §4.1

Result<std::unique_ptr<Sink>> OpenSyslogSink(const OutputOptions& output, const Outputs::Options& options) {
  const SyslogOptions& o = output.syslog;
  std::unique_ptr<Transport> transport;
  if (o.use_tls) {
    auto tls = NewTlsTransport(o.host, o.port == 0 ? kSyslogTls : o.port, o.tls);
    if (!tls) return Failure(tls.error());
    transport = std::move(*tls);
  } else {
    transport = NewTcpTransport(o.host, o.port == 0 ? kSyslogTcp : o.port);
  }
  const SyslogHeader header{o.facility, options.sensor_name, o.app_name, options.version, o.structured};
  return std::make_unique<StreamSink>(StreamSink::Options{output.name, NameOf(output.type), false, output.retry_max_s},
                                      std::move(transport), NewSyslogFramer(header));
}

}  // namespace

const char* NameOf(OutputType type) noexcept {
  static constexpr const char* kNames[] = {"file", "unix", "syslog", "kafka"};
  return kNames[static_cast<std::size_t>(type)];
}

Result<std::unique_ptr<Sink>> OpenSink(const OutputOptions& output, const Outputs::Options& options) {
  switch (output.type) {
    case OutputType::kFile: return OpenFileSink(output.file, output.name);
    case OutputType::kUnix: return OpenUnixSink(output);
    case OutputType::kSyslog: return OpenSyslogSink(output, options);
    case OutputType::kKafka: break;
  }
  return OpenKafkaSink(output);
}

// A sink that renders for others: what it takes it hands on in its layout.
class Outputs::Renderer final : public Sink {
 public:
  Renderer(Layout layout, const std::string& version)
      : Sink(std::string("layout-") + gander::report::NameOf(layout), "layout"),
        mapper_(NewLayoutMapper(layout, version)) {}

  // Before the first batch.
  void Feed(SinkQueue* queue) { queues_.push_back(queue); }

  std::size_t Write(const EventBatch& batch, std::size_t from) noexcept override {
    auto out = std::make_shared<EventBatch>();
    out->text.reserve(batch.text.size() * 3 / 2);
    for (std::size_t i = from; i < batch.lines.size(); ++i) {
      line_.clear();
      if (mapper_->Append(batch.line(i), line_)) {
        out->Add(line_, batch.lines[i]);
      } else {
        meter().Lost(Loss::kLayout, batch.lines[i]);
      }
    }
    meter().Written(out->lines.size(), out->text.size());
    if (!out->lines.empty()) {
      for (SinkQueue* queue : queues_) queue->Push(out);
    }
    return batch.lines.size();
  }

 private:
  std::unique_ptr<LayoutMapper> mapper_;
  std::vector<SinkQueue*> queues_;
  std::string line_;
};

Result<bool> Outputs::Open(const std::vector<OutputOptions>& outputs) {
  for (const OutputOptions& output : outputs) {
    auto sink = OpenSink(output, options_);
    if (!sink) {
      Error error = sink.error();
      if (!output.where.empty()) {
        error.cause = error.file + ": " + error.cause;
        error.file = output.where;
        error.line = output.line;
      }
      return Failure(std::move(error));
    }
    QueueOptions queue;
    queue.bytes = output.queue;
    queue.types = output.types;
    Attach(std::move(*sink), output.layout, std::move(queue));
  }
  return true;
}

void Outputs::Attach(std::unique_ptr<Sink> sink, Layout layout, QueueOptions queue) {
  queue.offline = options_.offline;
  queue.reopen = options_.reopen;
  queue.tell = options_.tell;
  const auto index = static_cast<std::size_t>(layout);
  if (layout != Layout::kEve && renderers_[index] == nullptr) {
    auto renderer = std::make_unique<Renderer>(layout, options_.version);
    rendering_[index] = renderer.get();
    QueueOptions rendered;
    rendered.bytes = std::max(queue.bytes, QueueOptions{}.bytes);  // an epoch's events come at once
    rendered.offline = options_.offline;
    renderers_[index] = std::make_unique<SinkQueue>(std::move(renderer), std::move(rendered));
  }
  sinks_.push_back({layout, std::make_unique<SinkQueue>(std::move(sink), std::move(queue))});
  if (layout != Layout::kEve) rendering_[index]->Feed(sinks_.back().queue.get());
}

bool Outputs::Wants(std::string_view type) const noexcept {
  return std::any_of(sinks_.begin(), sinks_.end(), [type](const Running& r) { return r.queue->Wants(type); });
}

void Outputs::Push(EventBatch batch) {
  if (batch.lines.empty()) return;
  const auto shared = std::make_shared<const EventBatch>(std::move(batch));
  for (const Running& r : sinks_) {
    if (r.layout == Layout::kEve) r.queue->Push(shared);
  }
  for (const auto& renderer : renderers_) {
    if (renderer != nullptr) renderer->Push(shared);
  }
}

void Outputs::Close() {
  for (const auto& renderer : renderers_) {
    if (renderer != nullptr) renderer->Close();
  }
  for (const Running& r : sinks_) r.queue->Close();
}

std::vector<SinkState> Outputs::States() const {
  std::vector<SinkState> states;
  for (const Running& r : sinks_) {
    states.push_back(r.queue->state());
    states.back().layout = gander::report::NameOf(r.layout);
  }
  for (int i = 0; i < kLayouts; ++i) {
    if (renderers_[i] == nullptr) continue;
    states.push_back(renderers_[i]->state());
    states.back().layout = gander::report::NameOf(static_cast<Layout>(i));
  }
  return states;
}

}  // namespace gander::report
