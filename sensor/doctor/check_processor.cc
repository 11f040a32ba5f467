// SPDX-License-Identifier: Apache-2.0
// Cores: what they can, which ones the packet threads get, and who else uses them.
#include <fmt/format.h>

#include <algorithm>

#include "doctor/checks.h"

namespace gander::doctor {
namespace {

constexpr int kSlowWakeUs = 20;  // 300 packets of 64 bytes at 10 Gbit/s

const Core* FindCore(const Processor& p, int id) {
  const auto at = std::find_if(p.cores.begin(), p.cores.end(), [&](const Core& c) { return c.id == id; });
  return at == p.cores.end() ? nullptr : &*at;
}

CoreSet Online(const Processor& p) {
  CoreSet out;
  for (const Core& c : p.cores) out.insert(c.id);
  return out;
}

// One thread of each physical core, those beside core 0 first: it serves the kernel.
CoreSet GoodCores(const Case& c, std::size_t count) {
  CoreSet out, taken;
  const int node = c.PortNode();
  for (const bool first_too : {false, true}) {
    for (const Core& core : c.machine.processor.cores) {
      const bool wanted = (core.id != 0 || first_too) && (node < 0 || core.node < 0 || core.node == node);
      if (!wanted || out.size() == count || taken.contains(core.id)) continue;
      out.insert(core.id);
      taken.insert(core.siblings.begin(), core.siblings.end());
    }
  }
  return out;
}

// One core for each packet thread; where there are fewer cores, fewer threads.
std::string SetCores(const Case& c, std::size_t wanted) {
  const CoreSet cores = GoodCores(c, wanted);
  const std::string fewer =
      cores.size() < c.needs.threads
          ? fmt::format(" --set runtime.workers={}", std::max<std::size_t>(1, cores.size()))
          : "";
  return fmt::format("gander run --set runtime.cores={}{} ...   # or the same keys in the profile",
                     ShowCores(cores), fewer);
}

CoreSet Without(const CoreSet& all, const CoreSet& less) {
  CoreSet out;
  std::set_difference(all.begin(), all.end(), less.begin(), less.end(), std::inserter(out, out.end()));
  return out;
}

}  // namespace

void CheckInstructions(const Case& c, Findings& out) {
  const auto& have = c.machine.processor.features;
  if (have.empty()) return;
  std::string missing;
  for (const char* name : {"avx2", "bmi1", "bmi2", "fma", "movbe", "f16c", "ssse3"}) {
    if (!have.contains(name)) missing += (missing.empty() ? "" : ", ") + std::string(name);
  }
  if (missing.empty()) {
    out.push_back(
        {"processor.instructions", Severity::kOk, "the processor has AVX2, BMI2 and SSSE3", "", {}});
    return;
  }
  out.push_back(
      {"processor.instructions",
       Severity::kFault,
       "the processor lacks " + missing,
       "this program is compiled for x86-64-v3, and Hyperscan needs SSSE3: it ends with an illegal "
       "instruction",
       {"cmake --preset release -DGANDER_ARCH=x86-64-v2 && cmake --build build/release   # needs SSSE3",
        "# in a virtual machine: give it the host's processor (cpu host-passthrough)"}});
}

void CheckCoreList(const Case& c, Findings& out) {
  const std::string& text = c.settings().runtime.cores;
  if (text.empty()) return;
  const auto add = [&](const std::string& what, const std::string& why) {
    out.push_back({"processor.core_list", Severity::kFault, what, why, {SetCores(c, c.needs.threads)}});
  };
  const auto cores = ParseCores(text);
  if (!cores)
    return add(fmt::format("runtime.cores: `{}` is no list of cores", text),
               "packet threads cannot be placed");
  CoreSet seen, twice;
  for (const int core : *cores) {
    if (!seen.insert(core).second) twice.insert(core);
  }
  if (!twice.empty()) {
    return add(
        fmt::format("runtime.cores: `{}` overlaps, it names {} more than once", text, ShowCores(twice)),
        "two packet threads on one core each get half of it, and their queues run over");
  }
  const Processor& p = c.machine.processor;
  const CoreSet absent = p.cores.empty() ? CoreSet() : Without(seen, Online(p));
  if (!absent.empty()) {
    return add(
        fmt::format("runtime.cores names {}, the machine has {}", ShowCores(absent), ShowCores(Online(p))),
        "a thread that cannot be pinned runs where the scheduler likes, far from its memory");
  }
  const CoreSet forbidden = p.allowed.empty() ? CoreSet() : Without(seen, p.allowed);
  if (!forbidden.empty()) {
    return add(fmt::format("runtime.cores names {}, this process may use {}", ShowCores(forbidden),
                           ShowCores(p.allowed)),
               "a cpuset or taskset forbids these cores, so that threads cannot be pinned to them");
  }
  if (seen.size() < c.needs.threads) {
    return add(fmt::format("runtime.cores names {} for {}", Plural(seen.size(), "core"),
                           Plural(c.needs.threads, "packet thread")),
               "two packet threads would share a core");
  }
  out.push_back({"processor.core_list",
                 Severity::kOk,
                 "the packet threads' cores exist and are theirs: " + text,
                 "",
                 {}});
}

void CheckCoreCount(const Case& c, Findings& out) {
  const std::size_t have = c.machine.processor.allowed.size(), workers = c.needs.threads;
  if (have == 0) return;
  const std::string what =
      fmt::format("{}, {} for this process", Plural(workers, "packet thread"), Plural(have, "core"));
  if (workers > have) {
    out.push_back(
        {"processor.cores",
         Severity::kWarning,
         what,
         "packet threads poll without rest; those that share a core lose packets in turn",
         {fmt::format("gander run --set runtime.workers={} ...", std::max<std::size_t>(1, have - 1))}});
  } else if (workers == have && c.dpdk()) {
    out.push_back(
        {"processor.cores",
         Severity::kNote,
         what + ": none is left for aggregator, sinks and kernel",
         "packet threads and everything else interrupt each other; a spare core is worth more than another "
         "worker",
         {fmt::format("gander run --set runtime.workers={} ...", std::max<std::size_t>(1, have - 1))}});
  } else {
    out.push_back({"processor.cores", Severity::kOk, what, "", {}});
  }
}

void CheckQueues(const Case& c, Findings& out) {
  if (c.general()) return;
  const std::uint32_t workers = c.needs.threads, queues = c.needs.queues;
  const std::string kind = c.dpdk() ? "receive queue" : "packet socket";
  const std::string key = c.dpdk() ? "capture.dpdk.rx_queues" : "capture.live.sockets";
  const std::string what = fmt::format("{} for {}", Plural(queues, kind), Plural(workers, "packet thread"));
  if (workers > queues && c.settings().runtime.redistribute == "never") {
    out.push_back(
        {"processor.queues",
         Severity::kWarning,
         what + ", and runtime.redistribute is never",
         "packet threads without a queue get no packets: their cores and tables are wasted",
         {fmt::format("gander run --set {}={} ...", key, workers),
          "gander run --set runtime.redistribute=always ...   # where the port has no more queues"}});
  } else {
    out.push_back({"processor.queues", Severity::kOk, what, "", {}});
  }
}

void CheckSiblings(const Case& c, Findings& out) {
  CoreSet shared;
  for (const int id : c.worker_cores) {
    const Core* core = FindCore(c.machine.processor, id);
    if (core == nullptr) return;  // processor.core_list says that it is not there
    for (const int other : core->siblings) {
      if (other != id && c.worker_cores.contains(other)) shared.insert(id);
    }
  }
  if (c.worker_cores.empty()) return;
  if (shared.empty()) {
    out.push_back(
        {"processor.siblings", Severity::kOk, "each packet thread has a physical core of its own", "", {}});
    return;
  }
  out.push_back(
      {"processor.siblings",
       Severity::kWarning,
       fmt::format("packet threads on {} are hardware threads of the same physical cores", ShowCores(shared)),
       "two busy threads of one core give about 1.3 times one, and share its caches",
       {SetCores(c, c.worker_cores.size()), "echo off > /sys/devices/system/cpu/smt/control"}});
}

void CheckIsolation(const Case& c, Findings& out) {
  const Processor& p = c.machine.processor;
  if (!c.dpdk() || c.worker_cores.empty() || p.cores.size() < 4) return;  // nothing to spare for isolation
  const CoreSet open = Without(c.worker_cores, p.isolated), ticking = Without(c.worker_cores, p.tick_free),
                callbacks = Without(c.worker_cores, p.callback_free);
  if (open.empty() && ticking.empty() && callbacks.empty()) {
    out.push_back({"processor.isolation",
                   Severity::kOk,
                   "the packet threads' cores are isolated: " + ShowCores(c.worker_cores),
                   "",
                   {}});
    return;
  }
  const std::string cores = ShowCores(c.worker_cores);
  out.push_back(
      {"processor.isolation",
       Severity::kNote,
       fmt::format(
           "of the packet threads' cores {}: not isolated {}, with timer tick {}, with RCU callbacks {}",
           cores, open.empty() ? "none" : ShowCores(open), ticking.empty() ? "none" : ShowCores(ticking),
           callbacks.empty() ? "none" : ShowCores(callbacks)),
       "another program or the kernel's own work takes a core away for milliseconds, in which its queue can "
       "run over",
       {fmt::format(
            "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&isolcpus={0} nohz_full={0} rcu_nocbs={0} /' /etc/default/grub",
            cores),
        "update-grub && reboot"}});
}

void CheckEalCores(const Case& c, Findings& out) {
  if (!c.dpdk()) return;
  if (!c.eal.cores.empty()) {
    const CoreSet& allowed = c.machine.processor.allowed;
    if (allowed.empty() || Without(ParseCoreSet(c.eal.cores), allowed).empty()) return;
    out.push_back(
        {"processor.eal_cores",
         Severity::kFault,
         fmt::format("capture.dpdk.eal has -l {}, this process may use {}", c.eal.cores, ShowCores(allowed)),
         "DPDK does not start on cores that are not there",
         {fmt::format("# in the profile's capture.dpdk.eal: \"-l\", \"{}\"", *allowed.begin())}});
    return;
  }
  if (c.Devices().empty()) return;  // a lab's
  out.push_back({"processor.eal_cores",
                 Severity::kNote,
                 "capture.dpdk.eal has no -l",
                 "DPDK starts a thread of its own on every core and knows no free slot for the packet "
                 "threads, which then "
                 "go without a buffer cache on machines of 128 cores",
                 {"# in the profile's capture.dpdk.eal: \"-l\", \"0\""}});
}

void CheckGovernor(const Case& c, Findings& out) {
  CoreSet slow;
  std::string governor;
  bool any = false;
  for (const int id : c.worker_cores) {
    const Core* core = FindCore(c.machine.processor, id);
    if (core == nullptr || core->governor.empty()) continue;
    any = true;
    if (core->governor == "performance") continue;
    slow.insert(id);
    governor = core->governor;
  }
  if (!any) return;  // a virtual machine, or frequencies the firmware keeps
  if (slow.empty()) {
    out.push_back(
        {"processor.governor", Severity::kOk, "the packet threads' cores run at full frequency", "", {}});
    return;
  }
  out.push_back({"processor.governor",
                 Severity::kWarning,
                 fmt::format("cores {} have the frequency governor {}", ShowCores(slow), governor),
                 "a core that was given back while idle comes back slow, just when a burst arrives",
                 {fmt::format("cpupower -c {} frequency-set -g performance", ShowCores(slow))}});
}

void CheckSleep(const Case& c, Findings& out) {
  if (c.machine.processor.virtual_machine) return;  // the host decides
  int deepest = 0;
  for (const int id : c.worker_cores) {
    if (const Core* core = FindCore(c.machine.processor, id))
      deepest = std::max(deepest, core->deepest_sleep_us);
  }
  if (deepest <= kSlowWakeUs || c.settings().runtime.idle_sleep_us == 0) return;
  out.push_back({"processor.sleep",
                 Severity::kNote,
                 fmt::format("the packet threads' cores may sleep so deep that waking takes {} us", deepest),
                 "that is added to runtime.idle_sleep_us before the first packet of a burst is read",
                 {fmt::format("cpupower -c {} idle-set -D {}", ShowCores(c.worker_cores), kSlowWakeUs)}});
}

}  // namespace gander::doctor
