// SPDX-License-Identifier: Apache-2.0
// gander-dpdk-rx DEVICE [--seconds S]: a bare receive loop: bursts are taken, counted and freed, nothing is
// read. DEVICE is an argument of --vdev: net_null0,size=60,copy=1 | net_pcap0,rx_pcap=FILE,infinite_rx=1 |
// net_ring0. Into a ring the same thread sends first, so that its figure holds both ways. JSON.
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include <cstring>

#include "arguments.h"
#include "timing.h"

namespace gander::bench {
namespace {

constexpr std::uint16_t kBurst = 32, kDescriptors = 1024, kFrame = 60;
constexpr unsigned kBuffers = 65535, kCache = 256;

[[noreturn]] void Die(const char* what) {
  std::fprintf(stderr, "gander-dpdk-rx: %s\n", what);
  std::exit(3);
}

std::vector<std::string> EalArguments(const std::string& device) {
  return {"gander-dpdk-rx", "--no-huge",      "-m", "512", "--no-pci",
          "--no-shconf",    "--no-telemetry", "-l", "0",   "--vdev=" + device};
}

std::uint16_t StartPort(rte_mempool* pool) {
  const std::uint16_t port = rte_eth_find_next(0);
  rte_eth_conf conf{};
  if (port >= RTE_MAX_ETHPORTS || rte_eth_dev_configure(port, 1, 1, &conf) != 0 ||
      rte_eth_rx_queue_setup(port, 0, kDescriptors, 0, nullptr, pool) != 0 ||
      rte_eth_tx_queue_setup(port, 0, kDescriptors, 0, nullptr) != 0 || rte_eth_dev_start(port) != 0) {
    Die("no such device, or it does not start");
  }
  return port;
}

void SendBurst(std::uint16_t port, rte_mempool* pool) {
  rte_mbuf* out[kBurst];
  if (rte_pktmbuf_alloc_bulk(pool, out, kBurst) != 0) return;
  for (rte_mbuf* m : out) std::memset(rte_pktmbuf_append(m, kFrame), 0, kFrame);
  const std::uint16_t sent = rte_eth_tx_burst(port, 0, out, kBurst);
  rte_pktmbuf_free_bulk(out + sent, kBurst - sent);
}

int Run(const std::string& device, double seconds) {
  std::vector<std::string> texts = EalArguments(device);
  std::vector<char*> argv;
  for (std::string& t : texts) argv.push_back(t.data());
  if (rte_eal_init(static_cast<int>(argv.size()), argv.data()) < 0) Die("the EAL does not start");
  rte_mempool* pool = rte_pktmbuf_pool_create("bench", kBuffers, kCache, 0, RTE_MBUF_DEFAULT_BUF_SIZE, 0);
  if (pool == nullptr) Die("no memory for packets");
  const std::uint16_t port = StartPort(pool);
  const bool ring = device.starts_with("net_ring");
  std::uint64_t packets = 0, bytes = 0;
  const double begin = ThreadSeconds(), until = WallSeconds() + seconds;
  for (unsigned turn = 0; (turn & 1023) != 0 || WallSeconds() < until; ++turn) {
    if (ring) SendBurst(port, pool);
    rte_mbuf* in[kBurst];
    const std::uint16_t got = rte_eth_rx_burst(port, 0, in, kBurst);
    for (std::uint16_t i = 0; i < got; ++i) bytes += in[i]->pkt_len;
    rte_pktmbuf_free_bulk(in, got);
    packets += got;
  }
  const double cpu = ThreadSeconds() - begin;
  rte_eth_dev_stop(port);
  const nlohmann::json result{{"device", device},
                              {"packets", packets},
                              {"bytes", bytes},
                              {"cpu_s", cpu},
                              {"packets_per_s", static_cast<double>(packets) / cpu},
                              {"bytes_per_s", static_cast<double>(bytes) / cpu}};
  std::printf("%s\n", result.dump(1).c_str());
  rte_eal_cleanup();
  return 0;
}

}  // namespace
}  // namespace gander::bench

int main(int argc, char** argv) {
  const gander::bench::Arguments arguments(argc, argv, "gander-dpdk-rx DEVICE [--seconds S]");
  return gander::bench::Run(arguments.capture(), arguments.Number("--seconds", 3));
}
