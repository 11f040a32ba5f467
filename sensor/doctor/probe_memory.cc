// SPDX-License-Identifier: Apache-2.0
// Memory, huge pages of each node, and what the kernel does with pages behind our back.
#include <charconv>
#include <sstream>

#include "doctor/probes.h"

namespace gander::doctor {
namespace {

// "24684084 kB"
std::uint64_t KiBytes(const std::string& text) {
  std::uint64_t value = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), value);
  return value << 10;
}

std::optional<std::uint64_t> NumberAfter(const std::string& name, const std::string& prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  std::uint64_t value = 0;
  if (std::from_chars(name.data() + prefix.size(), name.data() + name.size(), value).ec != std::errc{}) {
    return std::nullopt;
  }
  return value;
}

void ReadPools(const Tree& tree, const std::string& folder, int node, std::vector<HugePages>& out) {
  for (const std::string& name : tree.Names(folder)) {
    const auto kib = NumberAfter(name, "hugepages-");
    if (!kib) continue;
    const auto count = [&](const char* file) {
      return static_cast<std::uint64_t>(tree.Number(folder + "/" + name + file).value_or(0));
    };
    out.push_back({node, *kib << 10, count("/nr_hugepages"), count("/free_hugepages")});
  }
}

std::vector<HugePages> ReadHugePages(const Tree& tree) {
  std::vector<HugePages> pools;
  for (const std::string& name : tree.Names("/sys/devices/system/node")) {
    if (const auto node = NumberAfter(name, "node")) {
      ReadPools(tree, "/sys/devices/system/node/" + name + "/hugepages", static_cast<int>(*node), pools);
    }
  }
  if (pools.empty()) ReadPools(tree, "/sys/kernel/mm/hugepages", 0, pools);  // a kernel without NUMA
  return pools;
}

// "always [madvise] never"
std::string Chosen(const std::string& text) {
  const std::size_t open = text.find('['), close = text.find(']');
  return open == std::string::npos || close <= open ? std::string() : text.substr(open + 1, close - open - 1);
}

}  // namespace

Memory ReadMemory(const Tree& tree) {
  Memory m;
  const std::string info = tree.Text("/proc/meminfo");
  m.total = KiBytes(LineValue(info, "MemTotal"));
  m.available = KiBytes(LineValue(info, "MemAvailable"));
  m.swap = KiBytes(LineValue(info, "SwapTotal"));
  m.huge_pages = ReadHugePages(tree);
  std::istringstream mounts(tree.Text("/proc/mounts"));
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string device, path, type;
    words >> device >> path >> type;
    m.huge_page_mount = m.huge_page_mount || type == "hugetlbfs";
  }
  m.transparent_huge_pages = Chosen(tree.Text("/sys/kernel/mm/transparent_hugepage/enabled"));
  m.numa_balancing = tree.Number("/proc/sys/kernel/numa_balancing");
  m.swappiness = tree.Number("/proc/sys/vm/swappiness");
  return m;
}

}  // namespace gander::doctor
