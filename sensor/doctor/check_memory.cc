// SPDX-License-Identifier: Apache-2.0
// Memory: whether the tables, the packet buffers and their huge pages fit, and on the right node.
#include <fmt/format.h>

#include <algorithm>

#include "doctor/checks.h"

namespace gander::doctor {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kSmallPage = 2 * kMiB;
constexpr std::uint64_t kNoHugeDefault = 64 * kMiB;  // of DPDK, without -m

std::uint64_t Pages(std::uint64_t bytes, std::uint64_t page) { return (bytes + page - 1) / page; }

struct Supply {
  std::uint64_t free = 0;                         // bytes, pages of every size
  std::uint64_t small_total = 0, small_free = 0;  // pages of 2 MiB
};

Supply SupplyOf(const Memory& memory, int node) {
  Supply s;
  for (const HugePages& p : memory.huge_pages) {
    if (node >= 0 && p.node != node) continue;
    s.free += p.free * p.page_bytes;
    if (p.page_bytes == kSmallPage) {
      s.small_total += p.total;
      s.small_free += p.free;
    }
  }
  return s;
}

// Without a deployment there is nothing to measure them by.
void SayHugePages(const Memory& memory, Findings& out) {
  const Supply s = SupplyOf(memory, -1);
  if (s.free > 0) {
    out.push_back({"memory.hugepages",
                   Severity::kOk,
                   fmt::format("{} in huge pages are free ({} of 2 MiB of {})", ShowBytes(s.free),
                               s.small_free, s.small_total),
                   "",
                   {}});
    return;
  }
  out.push_back(
      {"memory.hugepages",
       Severity::kNote,
       "no huge page is free",
       "DPDK profiles without --no-huge need them; `gander doctor --profile` says how many",
       {fmt::format("echo {} > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages   # 128 MiB more",
                    s.small_total + 64)}});
}

std::uint64_t HugeBytesWanted(const Case& c) { return std::max(c.needs.dpdk_bytes, c.eal.memory); }

}  // namespace

void CheckMemory(const Case& c, Findings& out) {
  const Memory& m = c.machine.memory;
  if (m.total == 0) return;
  const std::uint64_t need = c.needs.total();
  const std::string what = fmt::format(
      "at most {} of {}: flows {}, reassembly {}, fragments {}, epochs {}, hand-over {}, packet buffers {}, "
      "detectors {}, rules and program {}",
      ShowBytes(need), ShowBytes(m.total), ShowBytes(c.needs.flow_bytes), ShowBytes(c.needs.stream_bytes),
      ShowBytes(c.needs.fragment_bytes), ShowBytes(c.needs.epoch_bytes), ShowBytes(c.needs.handover_bytes),
      ShowBytes(c.needs.dpdk_bytes + c.needs.kernel_ring_bytes), ShowBytes(c.needs.detect_bytes),
      ShowBytes(c.needs.fixed_bytes));
  const auto fewer = std::max<std::uint64_t>(1000, c.settings().flow.max_flows / 2);
  const std::vector<std::string> commands = {fmt::format("gander run --set flow.max_flows={} ...", fewer),
                                             "gander run --set stream.memory=64MiB ..."};
  if (need > m.total) {
    out.push_back({"memory.total", Severity::kFault, what,
                   "under full load the kernel ends the sensor, and what it held is lost", commands});
  } else if (m.available > 0 && need > m.available) {
    out.push_back({"memory.total", Severity::kWarning,
                   fmt::format("{}; {} of them are free now", what, ShowBytes(m.available)),
                   "other programs hold memory that the sensor takes under full load", commands});
  } else {
    out.push_back({"memory.total", Severity::kOk, what, "", {}});
  }
}

void CheckHugePages(const Case& c, Findings& out) {
  if (c.general()) return SayHugePages(c.machine.memory, out);
  if (!c.dpdk()) return;
  if (c.eal.no_huge) {
    const bool real = !c.Devices().empty();
    out.push_back(
        {"memory.hugepages", real ? Severity::kWarning : Severity::kOk,
         "none are needed: the profile runs with --no-huge",
         real ? "a NIC's buffers in pages of 4 KiB cost a TLB miss a packet, and most drivers refuse them"
              : "",
         real ? std::vector<std::string>{"# in the profile: take \"--no-huge\" out of capture.dpdk.eal"}
              : std::vector<std::string>{}});
    return;
  }
  const int node = c.PortNode();
  const Supply s = SupplyOf(c.machine.memory, node);
  const std::uint64_t wanted = HugeBytesWanted(c), pages = Pages(wanted, kSmallPage);
  const std::string where = node >= 0 ? fmt::format(" on node {}", node) : "";
  const std::string sum =
      fmt::format("{} of 2 MiB{} ({}: {} of {} packet buffers of {} bytes, rings and DPDK's own)",
                  Plural(pages, "huge page"), where, ShowBytes(wanted), Plural(c.needs.queues, "queue"),
                  c.settings().dpdk.mempool_size, c.needs.buffer_bytes);
  if (s.free >= wanted) {
    out.push_back({"memory.hugepages",
                   Severity::kOk,
                   fmt::format("{} are needed, {} are free", sum, ShowBytes(s.free)),
                   "",
                   {}});
    return;
  }
  const std::uint64_t total = s.small_total + pages - std::min(pages, s.small_free);
  const std::string file =
      node >= 0 ? fmt::format("/sys/devices/system/node/node{}/hugepages/hugepages-2048kB/nr_hugepages", node)
                : "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages";
  out.push_back(
      {"memory.hugepages",
       Severity::kFault,
       fmt::format("{} are needed, {} are free", sum, ShowBytes(s.free)),
       "DPDK keeps packet buffers in huge pages and does not start without them",
       {fmt::format("echo {} > {}", total, file),
        fmt::format("echo 'vm.nr_hugepages = {}' > /etc/sysctl.d/80-gander.conf   # for the next boot{}",
                    total, node > 0 ? ", all nodes together" : "")}});
}

void CheckHugePageMount(const Case& c, Findings& out) {
  if (!c.dpdk() || c.eal.no_huge) return;
  if (c.eal.in_memory || c.machine.memory.huge_page_mount) {
    out.push_back({"memory.hugetlbfs",
                   Severity::kOk,
                   c.eal.in_memory ? "huge pages are taken without a file system (--in-memory)"
                                   : "hugetlbfs is mounted",
                   "",
                   {}});
    return;
  }
  out.push_back({"memory.hugetlbfs",
                 Severity::kFault,
                 "no hugetlbfs is mounted, and the profile has no --in-memory",
                 "DPDK makes its huge pages as files there and does not start without",
                 {"mkdir -p /dev/hugepages && mount -t hugetlbfs hugetlbfs /dev/hugepages",
                  "# or in the profile: add \"--in-memory\" to capture.dpdk.eal"}});
}

void CheckPool(const Case& c, Findings& out) {
  if (!c.dpdk()) return;
  const auto& d = c.settings().dpdk;
  const std::string sum =
      fmt::format("{} packet buffers a queue; {} descriptors + 128 in two bursts + {} in the core's cache",
                  d.mempool_size, d.rx_descriptors, d.mempool_cache * 3 / 2);
  std::uint64_t good = 511;
  while (good < c.needs.least_buffers) good = good * 2 + 1;
  const std::vector<std::string> commands = {
      fmt::format("# in the profile: capture.dpdk.mempool_size: {}", good)};
  if (d.mempool_size < c.needs.least_buffers) {
    out.push_back({"memory.pool", Severity::kFault, fmt::format("{} make {}", sum, c.needs.least_buffers),
                   "the queue would wait for buffers although packets are read in time", commands});
  } else if (((d.mempool_size + 1) & d.mempool_size) != 0) {
    out.push_back({"memory.pool", Severity::kNote, sum + "; the number is not 2^n - 1",
                   "a pool's ring has a power of two of places, of which one stays empty: the rest is wasted",
                   commands});
  } else {
    out.push_back({"memory.pool", Severity::kOk, sum, "", {}});
  }
}

void CheckEalMemory(const Case& c, Findings& out) {
  if (!c.dpdk() || (c.eal.memory == 0 && !c.eal.no_huge)) return;
  const std::uint64_t have = c.eal.memory == 0 ? kNoHugeDefault : c.eal.memory;
  const std::string what = fmt::format("the profile gives DPDK {}, its packet buffers take {}",
                                       ShowBytes(have), ShowBytes(c.needs.dpdk_bytes));
  if (have >= c.needs.dpdk_bytes) {
    out.push_back({"memory.eal", Severity::kOk, what, "", {}});
  } else if (c.eal.no_huge) {
    out.push_back({"memory.eal",
                   Severity::kFault,
                   what,
                   "without huge pages DPDK cannot take more once it runs",
                   {fmt::format("# in the profile's capture.dpdk.eal: \"-m\", \"{}\"",
                                c.needs.dpdk_bytes / kMiB + 1)}});
  }
}

void CheckNode(const Case& c, Findings& out) {
  const int node = c.PortNode();
  if (node < 0 || c.worker_cores.empty()) return;
  CoreSet near, far;
  for (const Core& core : c.machine.processor.cores) {
    if (core.node == node) near.insert(core.id);
    if (core.node >= 0 && core.node != node && c.worker_cores.contains(core.id)) far.insert(core.id);
  }
  if (far.empty()) {
    out.push_back(
        {"memory.node", Severity::kOk, fmt::format("port and packet threads are on node {}", node), "", {}});
    return;
  }
  CoreSet chosen;
  for (const int core : near) {
    if (chosen.size() < c.worker_cores.size()) chosen.insert(core);
  }
  out.push_back(
      {"memory.node",
       Severity::kWarning,
       fmt::format("the port is on node {}, packet threads on cores {} of another", node, ShowCores(far)),
       "each packet crosses the link between the processors, and the port writes into far memory",
       {fmt::format("gander run --set runtime.cores={} ...   # node {} has {}", ShowCores(chosen), node,
                    ShowCores(near))}});
}

void CheckNumaBalancing(const Case& c, Findings& out) {
  int nodes = 0;
  for (const Core& core : c.machine.processor.cores) nodes = std::max(nodes, core.node + 1);
  if (c.machine.memory.numa_balancing.value_or(0) == 0 || nodes < 2) return;
  out.push_back(
      {"memory.numa_balancing",
       Severity::kWarning,
       "the kernel moves pages between NUMA nodes by itself",
       "it unmaps pages of the tables again and again to see who touches them: packets wait meanwhile",
       {"sysctl -w kernel.numa_balancing=0",
        "echo 'kernel.numa_balancing = 0' > /etc/sysctl.d/81-gander.conf   # for the next boot"}});
}

void CheckTransparentHugePages(const Case& c, Findings& out) {
  const std::string& mode = c.machine.memory.transparent_huge_pages;
  if (mode.empty()) return;
  if (mode != "never") {
    out.push_back({"memory.transparent_hugepages",
                   Severity::kOk,
                   fmt::format("the flow table gets huge pages (transparent_hugepage is {})", mode),
                   "",
                   {}});
    return;
  }
  out.push_back({"memory.transparent_hugepages",
                 Severity::kNote,
                 "transparent huge pages are off",
                 "with many flows each lookup then misses the TLB as well as the cache",
                 {"echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"}});
}

void CheckSwap(const Case& c, Findings& out) {
  const Memory& m = c.machine.memory;
  if (m.total == 0) return;
  if (m.swap == 0) {
    out.push_back({"memory.swap", Severity::kOk, "there is no swap", "", {}});
    return;
  }
  out.push_back(
      {"memory.swap",
       Severity::kWarning,
       fmt::format("{} of swap are in use by the kernel", ShowBytes(m.swap)),
       "payload that waits for reassembly could reach a disk, and a table read back from it stops a worker",
       {"swapoff -a", "sed -i '/\\sswap\\s/s/^/#/' /etc/fstab   # for the next boot"}});
}

}  // namespace gander::doctor
