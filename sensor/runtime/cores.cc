// SPDX-License-Identifier: Apache-2.0
#include "runtime/cores.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/core_list.h"

namespace gander::runtime {
namespace {

constexpr const char* kSetting = "runtime.cores";

std::string ListOf(std::span<const int> cores) {
  std::string out;
  for (const int core : cores) out += (out.empty() ? "" : ",") + std::to_string(core);
  return out;
}

}  // namespace

std::vector<int> AllowedCores() {
  std::vector<int> cores;
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return {0};
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  }
  return cores;
}

Result<std::vector<int>> ReadCores(std::string_view text) {
  auto cores = ParseCores(text);
  if (!cores) {
    return Fail(kSetting, 0, "\"" + std::string(text) + "\" is no list of cores",
                "list cores and ranges as in 2-5,8");
  }
  std::set<int> seen;
  for (const int core : *cores) {
    if (seen.insert(core).second) continue;
    return Fail(kSetting, 0, "core " + std::to_string(core) + " is listed twice",
                "list each core once: every packet thread needs one of its own");
  }
  return std::move(*cores);
}

Result<std::vector<int>> ChooseCores(std::string_view text, std::size_t threads,
                                     std::span<const int> allowed) {
  auto cores = ReadCores(text);
  if (!cores) return cores;
  if (cores->empty()) {
    for (std::size_t i = 0; i < threads && !allowed.empty(); ++i)
      cores->push_back(allowed[i % allowed.size()]);
    return cores;
  }
  for (const int core : *cores) {
    if (std::find(allowed.begin(), allowed.end(), core) != allowed.end()) continue;
    return Fail(kSetting, 0,
                "core " + std::to_string(core) + " does not exist or this process may not use it",
                "choose from " + ListOf(allowed) + ", or widen the process's cpuset (taskset, CPUAffinity=)");
  }
  if (cores->size() < threads) {
    return Fail(kSetting, 0,
                std::to_string(cores->size()) + " cores are listed for " + std::to_string(threads) +
                    " packet threads",
                "list as many cores as there are receive queues (or runtime.workers), or leave it empty");
  }
  cores->resize(threads);
  return cores;
}

bool PinThisThread(int core) noexcept {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  return pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0;
}

}  // namespace gander::runtime
