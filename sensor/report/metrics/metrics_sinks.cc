// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/metrics_sinks.h"

namespace gander::report {
namespace {

void AddSink(const SinkState& s, MetricTable& table) {
  static const MetricSpec kInfo{"gander_sink_info", "An output of the configuration; always 1", kGauge,
                                {"sink", "type", "layout"}};
  static const MetricSpec kWritten{"gander_sink_written_events_total", "Events the other end has", kCounter, {"sink"}};
  static const MetricSpec kBytes{"gander_sink_written_bytes_total", "Bytes of those events", kCounter, {"sink"}};
  static const MetricSpec kLost{"gander_sink_lost_events_total",
                                "Events that did not get out; high: alerts, transfers, the sensor's own state", kCounter,
                                {"sink", "reason", "priority"}};
  static const MetricSpec kQueue{"gander_sink_queue_bytes", "Waiting in memory for this output", kGauge, {"sink"}};
  static const MetricSpec kLimit{"gander_sink_queue_limit_bytes", "What may wait there", kGauge, {"sink"}};
  static const MetricSpec kSpool{"gander_sink_spool_bytes", "Waiting on disk for this output", kGauge, {"sink"}};
  static const MetricSpec kSpooled{"gander_sink_spool_events", "Events waiting on disk for this output", kGauge,
                                   {"sink"}};
  static const MetricSpec kConnected{"gander_sink_connected", "1 while the output is open or connected", kGauge,
                                     {"sink"}};
  static const MetricSpec kConnects{"gander_sink_connects_total", "Times it was opened or connected", kCounter,
                                    {"sink"}};
  static const MetricSpec kFailures{"gander_sink_failures_total", "Tries to open, connect or write that failed",
                                    kCounter, {"sink"}};
  table.Add(kInfo, {s.name, s.type, s.layout}, 1);
  table.Add(kWritten, {s.name}, static_cast<double>(s.written));
  table.Add(kBytes, {s.name}, static_cast<double>(s.written_bytes));
  for (std::size_t i = 0; i < kLosses; ++i) {
    const char* reason = NameOf(static_cast<Loss>(i));
    table.Add(kLost, {s.name, reason, "high"}, static_cast<double>(s.lost[i].high));
    table.Add(kLost, {s.name, reason, "low"}, static_cast<double>(s.lost[i].low));
  }
  table.Add(kQueue, {s.name}, static_cast<double>(s.queued_bytes));
  table.Add(kLimit, {s.name}, static_cast<double>(s.queue_bytes_limit));
  table.Add(kSpool, {s.name}, static_cast<double>(s.spool_bytes));
  table.Add(kSpooled, {s.name}, static_cast<double>(s.spool_events));
  table.Add(kConnected, {s.name}, s.connected ? 1 : 0);
  table.Add(kConnects, {s.name}, static_cast<double>(s.connects));
  table.Add(kFailures, {s.name}, static_cast<double>(s.failures));
}

}  // namespace

void AddSinks(const RunState& state, MetricTable& table) {
  for (const SinkState& sink : state.sinks) AddSink(sink, table);
}

}  // namespace gander::report
