// SPDX-License-Identifier: Apache-2.0
// A kernel interface: what sysfs says of it.
#include <net/if.h>

#include <charconv>

#include "doctor/probes.h"

namespace gander::doctor {
namespace {

// A virtio device has its interrupts at the PCI device above it.
std::map<int, CoreSet> Interrupts(const Tree& tree, const std::string& folder) {
  std::map<int, CoreSet> out;
  for (const char* below : {"/device/msi_irqs", "/device/../msi_irqs"}) {
    for (const std::string& name : tree.Names(folder + below)) {
      const auto number = ParseCores(name);
      if (!number || number->size() != 1) continue;
      const std::string irq = "/proc/irq/" + name;
      std::string cores = tree.Text(irq + "/effective_affinity_list");
      if (cores.empty()) cores = tree.Text(irq + "/smp_affinity_list");
      out[number->front()] = ParseCoreSet(cores);
    }
    if (!out.empty()) break;
  }
  return out;
}

unsigned long Flags(const std::string& text) {
  unsigned long flags = 0;
  if (text.starts_with("0x")) (void)std::from_chars(text.data() + 2, text.data() + text.size(), flags, 16);
  return flags;
}

}  // namespace

Interface ReadInterface(const Tree& tree, const std::string& name) {
  Interface i;
  i.name = name;
  const std::string folder = "/sys/class/net/" + name;
  i.present = !name.empty() && name.find('/') == std::string::npos && tree.Exists(folder);
  if (!i.present) return i;
  i.up = (Flags(tree.Text(folder + "/flags")) & IFF_UP) != 0;
  i.driver = tree.Target(folder + "/device/driver");
  if (const auto carrier = tree.Number(folder + "/carrier")) i.carrier = *carrier != 0;
  i.mtu = tree.Number(folder + "/mtu").value_or(0);
  i.node = static_cast<int>(tree.Number(folder + "/device/numa_node").value_or(-1));
  const auto count = [&](const char* file) {
    return static_cast<std::uint64_t>(tree.Number(folder + "/statistics/" + file).value_or(0));
  };
  i.dropped = count("rx_dropped");
  i.missed = count("rx_missed_errors");
  i.interrupts = Interrupts(tree, folder);
  if (tree.live()) AskDriver(i);
  return i;
}

}  // namespace gander::doctor
