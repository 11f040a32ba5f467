// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/metrics_live.h"

#include "base/shed.h"
#include "report/packet_loss.h"

namespace gander::report {
namespace {

double LevelNumber(const std::string& name) noexcept {
  for (int level = 0; level < kShedLevels; ++level) {
    if (name == NameOf(static_cast<ShedLevel>(level))) return level;
  }
  return 0;
}

void AddQueue(const QueueState& q, MetricTable& table) {
  static const MetricSpec kPackets{"gander_queue_packets_total",
                                   "Packets received, by receive queue",
                                   kCounter,
                                   {"port", "queue", "worker"}};
  static const MetricSpec kDropped{"gander_queue_dropped_packets_total",
                                   "Packets lost before a worker saw them, by receive queue",
                                   kCounter,
                                   {"port", "queue", "reason"}};
  static const MetricSpec kHandedOver{"gander_worker_handed_over_packets_total",
                                      "Packets a worker passed on to the worker they belong to",
                                      kCounter,
                                      {"worker"}};
  static const MetricSpec kStalled{
      "gander_worker_stalled", "1 when a worker gives no answer", kGauge, {"worker"}};
  static const MetricSpec kOutages{"gander_port_outages_total",
                                   "Times a queue's port was gone or its link down",
                                   kCounter,
                                   {"port", "queue"}};
  const std::string queue = std::to_string(q.queue), worker = std::to_string(q.worker);
  table.Add(kPackets, {q.port, queue, worker}, static_cast<double>(q.received));
  for (const PacketLoss& loss : PacketLosses(q)) {
    table.Add(kDropped, {q.port, queue, std::string(loss.stage) + "_" + loss.reason},
              static_cast<double>(loss.packets));
  }
  table.Add(kHandedOver, {worker}, static_cast<double>(q.handed_over));
  table.Add(kOutages, {q.port, queue}, static_cast<double>(q.outages));
  // The family adds up, and a worker with two queues is stalled once.
  if (table.Has(kStalled, {worker})) return;
  table.Add(kStalled, {worker}, q.stalled ? 1 : 0);
}

}  // namespace

void AddLive(const RunState& s, MetricTable& table) {
  static const MetricSpec kLevel{
      "gander_shed_level",
      "What a worker leaves out: 0 nothing, 1 opaque bulk, 2 large bodies, 3 all but the first "
      "bytes of each flow",
      kGauge,
      {"worker"}};
  static const MetricSpec kSeconds{"gander_shed_seconds_total",
                                   "Packet time in which something was left out, workers added up",
                                   kCounter,
                                   {}};
  static const MetricSpec kUp{"gander_port_up", "0 while a port does not work", kGauge, {"port"}};
  if (s.offline) return;
  for (const QueueState& queue : s.queues) {
    AddQueue(queue, table);
    if (!table.Has(kUp, {queue.port}))
      table.Add(kUp, {queue.port}, s.broken_ports.contains(queue.port) ? 0 : 1);
  }
  for (std::size_t worker = 0; worker < s.shed_levels.size(); ++worker) {
    table.Add(kLevel, {std::to_string(worker)}, LevelNumber(s.shed_levels[worker]));
  }
  table.Add(kSeconds, static_cast<double>(s.shedding_seconds));
}

}  // namespace gander::report
