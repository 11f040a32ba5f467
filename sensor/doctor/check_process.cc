// SPDX-License-Identifier: Apache-2.0
// Rights and limits of this process, and the clocks it reads.
#include <fmt/format.h>
#include <linux/capability.h>

#include "doctor/checks.h"

namespace gander::doctor {
namespace {

constexpr std::uint64_t kPage = 2 << 20;
constexpr std::uint64_t kSpareFiles = 256;  // beside one a huge page
constexpr std::uint64_t kUsualLimit = 1024;

struct Right {
  int bit;
  const char* name;
  const char* use;
};

bool NeedsLockedMemory(const Case& c) { return c.dpdk() && !c.Devices().empty(); }

std::vector<Right> RightsWanted(const Case& c) {
  if (!c.dpdk()) {
    if (c.machine.interfaces.empty()) return {};
    return {{CAP_NET_RAW, "cap_net_raw", "opens packet sockets, promiscuous ones too (packet(7))"}};
  }
  std::vector<Right> rights;
  if (NeedsLockedMemory(c))
    rights.push_back({CAP_IPC_LOCK, "cap_ipc_lock", "pins the memory that a device writes into"});
  for (const PciDevice* d : c.Devices()) {
    if (!SharesDevice(*d)) continue;
    rights.push_back({CAP_NET_RAW, "cap_net_raw", "opens raw queues of a shared device"});
    rights.push_back({CAP_NET_ADMIN, "cap_net_admin", "steers packets on a shared device"});
    break;
  }
  for (const VirtualDevice& v : c.eal.virtual_devices) {
    if (v.driver == "net_af_packet" || v.driver == "net_tap") {
      rights.push_back({CAP_NET_RAW, "cap_net_raw", "opens packet sockets"});
      rights.push_back({CAP_NET_ADMIN, "cap_net_admin", "makes the interface promiscuous"});
    }
  }
  return rights;
}

}  // namespace

void CheckCapabilities(const Case& c, Findings& out) {
  const auto& have = c.machine.process.capabilities;
  const std::vector<Right> wanted = RightsWanted(c);
  if (!have || wanted.empty()) return;
  std::string missing, set, uses;
  for (const Right& r : wanted) {
    if ((*have >> r.bit & 1) != 0 || set.find(r.name) != std::string::npos) continue;
    missing += fmt::format("{}{}", missing.empty() ? "" : ", ", r.name);
    set += fmt::format("{}{}", set.empty() ? "" : ",", r.name);
    uses += fmt::format("{}{} {}", uses.empty() ? "" : "; ", r.name, r.use);
  }
  if (missing.empty()) {
    out.push_back(
        {"process.capabilities", Severity::kOk, "this process has the rights that the run needs", "", {}});
    return;
  }
  out.push_back({"process.capabilities",
                 Severity::kFault,
                 "this process lacks " + missing,
                 uses,
                 {fmt::format("setcap {}=eip \"$(readlink -f \"$(command -v gander)\")\"", set),
                  fmt::format("# under systemd: AmbientCapabilities={}",
                              fmt::join(std::vector<std::string>{set}, " "))}});
}

void CheckLockedMemory(const Case& c, Findings& out) {
  const auto& limit = c.machine.process.locked_memory;
  const auto& rights = c.machine.process.capabilities;
  if (!limit || !NeedsLockedMemory(c) || (rights && (*rights >> CAP_IPC_LOCK & 1) != 0)) return;
  if (*limit >= c.needs.dpdk_bytes) return;
  out.push_back({"process.locked_memory",
                 Severity::kFault,
                 fmt::format("{} may be locked, the packet buffers take {}", ShowBytes(*limit),
                             ShowBytes(c.needs.dpdk_bytes)),
                 "vfio counts the memory a device may write into against this limit",
                 {"ulimit -l unlimited", "# under systemd: LimitMEMLOCK=infinity"}});
}

void CheckOpenFiles(const Case& c, Findings& out) {
  const auto& limit = c.machine.process.open_files;
  if (!limit) return;
  const bool pages = c.dpdk() && !c.eal.no_huge;
  const std::uint64_t need = std::max(kUsualLimit, pages ? c.needs.dpdk_bytes / kPage + kSpareFiles : 0);
  if (*limit >= need) {
    out.push_back({"process.open_files", Severity::kOk, fmt::format("{} files may be open", *limit), "", {}});
    return;
  }
  out.push_back({"process.open_files",
                 Severity::kWarning,
                 fmt::format("{} files may be open, {} are wanted", *limit, need),
                 pages ? "DPDK opens a file for each huge page" : "events, rules and sockets are files too",
                 {fmt::format("ulimit -n {}", need), fmt::format("# under systemd: LimitNOFILE={}", need)}});
}

void CheckBpfJit(const Case& c, Findings& out) {
  if (c.dpdk() || c.settings().live.bpf.empty() || c.machine.bpf_jit.value_or(1) != 0) return;
  out.push_back({"process.bpf_jit",
                 Severity::kNote,
                 "the kernel interprets packet filters",
                 "capture.live.bpf then costs several times more for each packet",
                 {"sysctl -w net.core.bpf_jit_enable=1"}});
}

void CheckClockSource(const Case& c, Findings& out) {
  const Clock& clock = c.machine.clock;
  if (clock.source.empty()) return;
  if (clock.source == "tsc" || clock.source == "kvm-clock" || clock.source == "hyperv_clocksource_tsc_page" ||
      clock.source == "arch_sys_counter") {
    out.push_back({"time.clock_source",
                   Severity::kOk,
                   fmt::format("the clock is {}, read without a system call", clock.source),
                   "",
                   {}});
    return;
  }
  out.push_back({"time.clock_source",
                 Severity::kWarning,
                 fmt::format("the clock is {}", clock.source),
                 "reading it takes a microsecond and more, once a burst",
                 {clock.available.contains("tsc")
                      ? "echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource"
                      : "# the kernel found the TSC unstable (dmesg | grep -i tsc); tsc=reliable on its "
                        "command line overrules it"}});
}

void CheckSynchronised(const Case& c, Findings& out) {
  const auto& good = c.machine.clock.synchronised;
  if (!good) return;
  if (*good) {
    out.push_back({"time.synchronised", Severity::kOk, "the clock is kept by NTP or PTP", "", {}});
    return;
  }
  out.push_back({"time.synchronised",
                 Severity::kWarning,
                 "the clock is kept by nobody",
                 "times in events and evidence drift, and registers end on the wrong day",
                 {"apt-get install chrony && systemctl enable --now chrony"}});
}

}  // namespace gander::doctor
