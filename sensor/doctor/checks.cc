// SPDX-License-Identifier: Apache-2.0
// The table of checks. A new one is its function and a line here.
#include "doctor/checks.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace gander::doctor {
namespace {

CoreSet WorkerCores(const Machine& machine, const std::string& text, std::uint32_t threads) {
  const CoreSet& allowed = machine.processor.allowed;
  const auto named = ParseCores(text);
  const std::vector<int> all =
      text.empty() || !named ? std::vector<int>(allowed.begin(), allowed.end()) : *named;
  return {all.begin(), all.begin() + std::min<std::ptrdiff_t>(std::ssize(all), threads)};
}

constexpr auto kChecks = std::to_array<Check>({
    {CheckInstructions},
    {CheckCoreList, true},
    {CheckCoreCount},
    {CheckQueues},
    {CheckSiblings},
    {CheckIsolation},
    {CheckEalCores, true},
    {CheckGovernor},
    {CheckSleep},
    {CheckMemory, true},
    {CheckHugePages, true},
    {CheckHugePageMount, true},
    {CheckPool},  // capture says it too, with the port's own number of descriptors
    {CheckEalMemory, true},
    {CheckNode},
    {CheckNumaBalancing},
    {CheckTransparentHugePages},
    {CheckSwap},
    {CheckDpdk},
    {CheckPmd},
    {CheckDevices, true},
    {CheckVfio},
    {CheckIommu},
    {CheckRssKey},
    {CheckInterfaceUp},
    {CheckMerging},
    {CheckRing},
    {CheckChannels},
    {CheckHashKey},
    {CheckMtu},
    {CheckInterrupts},
    {CheckPromiscuous},
    {CheckInterfaceLosses},
    {CheckCapabilities},
    {CheckLockedMemory, true},
    {CheckOpenFiles},
    {CheckConfinement},
    {CheckBpfJit},
    {CheckClockSource},
    {CheckSynchronised},
    {CheckRules},
    {CheckDisk},
    {CheckMetricsPort},
    {CheckTunnels},
});

}  // namespace

std::span<const Check> Checks() { return kChecks; }

Case::Case(const Machine& m, const Deployment& d)
    : machine(m),
      deployment(d),
      eal(EalArguments::Read(d.settings.dpdk.eal)),
      needs(Needs::Of(d.settings, eal, d.dpdk, Devices().size())),
      worker_cores(WorkerCores(m, d.settings.runtime.cores, needs.threads)) {}

std::vector<const PciDevice*> Case::Devices() const {
  std::vector<const PciDevice*> out;
  if (!dpdk() || eal.no_pci) return out;
  for (const PciDevice& d : machine.dpdk.devices) {
    const bool named = std::find(eal.allowed.begin(), eal.allowed.end(), d.address) != eal.allowed.end();
    if (named || (eal.allowed.empty() && GivenToPrograms(d))) out.push_back(&d);
  }
  return out;
}

int Case::PortNode() const {
  CoreSet nodes;
  for (const PciDevice* d : Devices()) nodes.insert(d->node);
  if (!dpdk()) {
    for (const Interface& i : machine.interfaces) nodes.insert(i.node);
  }
  return nodes.size() == 1 ? *nodes.begin() : -1;
}

std::string ShowBytes(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  if (bytes == UINT64_MAX) return "any amount";
  char text[32];
  std::snprintf(text, sizeof text,
                value >= 100 || unit == 0 || value == static_cast<int>(value) ? "%.0f %s" : "%.1f %s", value,
                kUnits[unit]);
  return text;
}

std::string Plural(std::uint64_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

}  // namespace gander::doctor
