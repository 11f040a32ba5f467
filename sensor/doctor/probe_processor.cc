// SPDX-License-Identifier: Apache-2.0
// Cores: which there are, what they can, who shares what, how deep they sleep.
#include <sched.h>

#include <algorithm>
#include <sstream>

#include "doctor/probes.h"

namespace gander::doctor {
namespace {

const std::string kCpu = "/sys/devices/system/cpu";

int NodeOf(const Tree& tree, const std::string& folder) {
  for (const std::string& name : tree.Names(folder)) {
    if (!name.starts_with("node") || name.size() == 4) continue;
    const auto cores = ParseCores(name.substr(4));
    if (cores && cores->size() == 1) return cores->front();
  }
  return -1;
}

int DeepestSleep(const Tree& tree, const std::string& folder) {
  std::int64_t deepest = 0;
  for (const std::string& state : tree.Names(folder + "/cpuidle")) {
    const std::string path = folder + "/cpuidle/" + state;
    if (tree.Number(path + "/disable").value_or(0) != 0) continue;
    deepest = std::max(deepest, tree.Number(path + "/latency").value_or(0));
  }
  return static_cast<int>(std::min<std::int64_t>(deepest, 1'000'000));
}

Core ReadCore(const Tree& tree, int id) {
  const std::string folder = kCpu + "/cpu" + std::to_string(id);
  Core core;
  core.id = id;
  core.node = NodeOf(tree, folder);
  core.siblings = ParseCoreSet(tree.Text(folder + "/topology/thread_siblings_list"));
  if (core.siblings.empty()) core.siblings = {id};
  core.governor = tree.Text(folder + "/cpufreq/scaling_governor");
  core.deepest_sleep_us = DeepestSleep(tree, folder);
  return core;
}

// The value of a kernel parameter that is a list of cores, flags in front of it left out:
// "domain,managed_irq,2-5".
CoreSet KernelParameter(const std::string& command_line, const std::string& name) {
  std::istringstream words(command_line);
  for (std::string word; words >> word;) {
    if (!word.starts_with(name + "=")) continue;
    const std::size_t digit = word.find_first_of("0123456789", name.size());
    return digit == std::string::npos ? CoreSet() : ParseCoreSet(word.substr(digit));
  }
  return {};
}

CoreSet AllowedNow() {
  cpu_set_t set;
  CPU_ZERO(&set);
  CoreSet allowed;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return allowed;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) allowed.insert(core);
  }
  return allowed;
}

}  // namespace

Processor ReadProcessor(const Tree& tree) {
  Processor p;
  const std::string info = tree.Text("/proc/cpuinfo");
  p.model = LineValue(info, "model name");
  p.vendor = LineValue(info, "vendor_id");
  std::istringstream features(LineValue(info, "flags"));
  for (std::string name; features >> name;) p.features.insert(name);
  p.virtual_machine = p.features.contains("hypervisor");
  const CoreSet online = ParseCoreSet(tree.Text(kCpu + "/online"));
  for (const int id : online) p.cores.push_back(ReadCore(tree, id));
  p.allowed = tree.live() ? AllowedNow() : online;
  const std::string command_line = tree.Text("/proc/cmdline");
  p.isolated = ParseCoreSet(tree.Text(kCpu + "/isolated"));
  p.tick_free = ParseCoreSet(tree.Text(kCpu + "/nohz_full"));
  if (p.tick_free.empty()) p.tick_free = KernelParameter(command_line, "nohz_full");
  p.callback_free = KernelParameter(command_line, "rcu_nocbs");
  return p;
}

}  // namespace gander::doctor
