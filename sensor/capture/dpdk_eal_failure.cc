// SPDX-License-Identifier: Apache-2.0
// The EAL's usual failures, each with what mends it.
#ifdef GANDER_WITH_DPDK
#include "capture/dpdk_eal_failure.h"

#include <fmt/format.h>

#include "capture/dpdk_eal.h"

namespace gander::capture {
namespace {

struct Known {
  const char* said;  // somewhere in DPDK's words
  const char* cause;
  const char* remedy;
};

// The first that fits counts: the particular before the general.
constexpr Known kKnown[] = {
    {"unrecognized option", "it does not know one of its arguments", "take it out of capture.dpdk.eal"},
    {"parse device", "it knows no driver for a device",
     "check the device's name in capture.dpdk.eal, and that its driver's package (librte-net-...) is "
     "installed"},
    {"core list", "the core list names cores that it may not use",
     "name in -l only cores that this process may run on: taskset -cp $$"},
    {"--lcores", "the core list names cores that it may not use",
     "name in --lcores only cores that this process may run on: taskset -cp $$"},
    {"coremask", "the core mask names cores that it may not use",
     "name cores that this process may run on (taskset -cp $$), better with -l"},
    {"another primary process", "another DPDK program runs under the same name",
     "end it, or add --file-prefix=NAME to capture.dpdk.eal"},
    {"runtime directory", "it cannot write its runtime directory",
     "see that /var/run/dpdk can be written, or add --in-memory to capture.dpdk.eal"},
    {"hugepage", "it gets no huge pages",
     "reserve them: sysctl vm.nr_hugepages=1024 (as root), and mount /dev/hugepages for this user; or add "
     "--no-huge and "
     "-m MIB to capture.dpdk.eal"},
    {"init memory", "it gets not as much memory as it asks for",
     "reserve more huge pages (sysctl vm.nr_hugepages=1024), or give -m less in capture.dpdk.eal"},
    {"VFIO", "it may not use vfio",
     "load vfio-pci, give this user /dev/vfio/*, and raise the limit of locked memory (ulimit -l unlimited)"},
    {"ermission denied", "this user may not", "run as root, or give this user huge pages and /dev/vfio/*"},
};

}  // namespace

Error EalFailure(const std::string& words) {
  for (const Known& known : kKnown) {
    if (words.find(known.said) == std::string::npos) continue;
    return {kDpdkConfiguration, 0, fmt::format("DPDK does not start, {}: {}", known.cause, words),
            known.remedy};
  }
  return {
      kDpdkConfiguration, 0, fmt::format("DPDK does not start: {}", words),
      "check capture.dpdk.eal: huge pages (or --no-huge), devices bound to vfio-pci, rights of this user"};
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
