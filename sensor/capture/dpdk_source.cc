// SPDX-License-Identifier: Apache-2.0
// Opening of DPDK: what is asked for is checked, the EAL and the ports are started, each queue becomes a
// source.
#ifdef GANDER_WITH_DPDK
#include <fmt/format.h>
#include <rte_ethdev.h>

#include <algorithm>

#include "capture/dpdk_eal.h"
#include "capture/dpdk_queue.h"
#include "capture/packet_source.h"

namespace gander::capture {
namespace {

constexpr std::uint16_t kMaxQueues = 64;
constexpr const char* kOffloads[] = {"checksum", "vlan", "timestamp", "scatter"};

// What can be told without a device.
Result<bool> CheckOptions(const DpdkOptions& options) {
  if (options.rx_queues == 0 || options.rx_queues > kMaxQueues) {
    return Fail(kDpdkConfiguration, 0, fmt::format("{} receive queues are asked for", options.rx_queues),
                fmt::format("set capture.dpdk.rx_queues to between 1 and {}", kMaxQueues));
  }
  for (const std::string& name : options.offloads) {
    if (std::find(std::begin(kOffloads), std::end(kOffloads), name) != std::end(kOffloads)) continue;
    return Fail(kDpdkConfiguration, 0, fmt::format("\"{}\" is no offload", name),
                fmt::format("choose from {}", fmt::join(kOffloads, ", ")));
  }
  for (auto port = options.ports.begin(); port != options.ports.end(); ++port) {
    if (std::find(options.ports.begin(), port, *port) == port) continue;
    return Fail(kDpdkConfiguration, 0, fmt::format("port {} is listed twice", *port),
                "list each port once in capture.dpdk.ports");
  }
  return true;
}

// Without a list, all ports that no part of the process reads.
std::vector<std::uint16_t> PortsOf(const DpdkOptions& options) {
  if (!options.ports.empty()) return options.ports;
  std::vector<std::uint16_t> all;
  std::uint16_t id;
  RTE_ETH_FOREACH_DEV(id) all.push_back(id);
  return all;
}

Failure NoPort() {
  const std::string complaint = TakeDpdkComplaint();
  return Fail(
      kDpdkConfiguration, 0, "DPDK found no port" + complaint,
      complaint.empty()
          ? "bind an interface to vfio-pci (dpdk-devbind.py), or name one with --vdev in capture.dpdk.eal"
          : "check the devices in capture.dpdk.eal: their names, parameters, and the rights of this user");
}

// Ports see one direction of a flow each, so with one queue a port the two never meet; with as many queues on
// each, filled by the same table, queues of one number belong together.
Steering SteeringOf(const std::vector<std::shared_ptr<DpdkPort>>& ports) {
  if (ports[0]->options().rx_queues == 1) return ports.size() == 1 ? Steering::kHostPair : Steering::kNone;
  for (const auto& port : ports) {
    if (!port->rss().by_host_pair() || port->rss().table() != ports[0]->rss().table()) return Steering::kNone;
  }
  return Steering::kHostPair;
}

}  // namespace

bool BuiltWithDpdk() noexcept { return true; }

Result<std::vector<std::unique_ptr<PacketSource>>> OpenDpdk(const DpdkOptions& options) {
  if (auto checked = CheckOptions(options); !checked) return Failure(checked.error());
  auto key = RssKey::Parse(options.rss_key);
  if (!key) return Failure(key.error());
  if (auto started = StartEal(options.eal); !started) return Failure(started.error());
  const std::vector<std::uint16_t> ids = PortsOf(options);
  if (ids.empty()) return NoPort();
  std::vector<std::shared_ptr<DpdkPort>> ports;
  for (const std::uint16_t id : ids) {
    auto port = DpdkPort::Start(id, options, *key);
    if (!port) return Failure(port.error());
    ports.push_back(std::move(*port));
  }
  const Steering steering = SteeringOf(ports);
  std::vector<std::unique_ptr<PacketSource>> sources;
  for (const auto& port : ports) {
    for (std::uint16_t queue = 0; queue < options.rx_queues; ++queue) {
      sources.push_back(std::make_unique<DpdkQueue>(port, queue, steering));
    }
  }
  return sources;
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
