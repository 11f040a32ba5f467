// SPDX-License-Identifier: Apache-2.0
// DPDK: the library, drivers for the devices, who holds them, VFIO and IOMMU.
#include <fmt/format.h>

#include <algorithm>

#include "capture/rss_key.h"
#include "doctor/checks.h"

namespace gander::doctor {
namespace {

// Poll mode drivers by PCI id, those of the NICs met most. An id that is not here is not judged.
struct Pmd {
  const char* prefix;   // of "vendor:device"
  const char* drivers;  // any of them
};
constexpr Pmd kPmds[] = {
    {"15b3:", "net_mlx5 net_mlx4"},
    {"1d0f:ec2", "net_ena"},
    {"1af4:", "net_virtio"},
    {"15ad:07b0", "net_vmxnet3"},
    {"14e4:", "net_bnxt net_bnx2x"},
    {"1414:", "net_mana net_mlx5"},
    {"1425:", "net_cxgbe"},
    {"1924:", "net_sfc"},
    {"8086:", "net_ice net_i40e net_ixgbe net_e1000 net_igc net_iavf"},
};

bool Installed(const std::set<std::string>& drivers, const std::string& names) {
  for (std::size_t at = 0; at < names.size();) {
    const std::size_t end = std::min(names.find(' ', at), names.size());
    if (drivers.contains(names.substr(at, end - at))) return true;
    at = end + 1;
  }
  return false;
}

std::string Listed(const std::vector<PciDevice>& devices) {
  std::string out;
  for (const PciDevice& d : devices) {
    out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", d.address,
                       d.interface.empty() ? d.id : d.interface);
  }
  return out.empty() ? "none" : out;
}

bool OnlyVirtual(const Case& c) {
  return c.eal.no_pci || (c.eal.allowed.empty() && !c.eal.virtual_devices.empty());
}

void JudgeBinding(const PciDevice& d, Findings& out) {
  if (GivenToPrograms(d) || SharesDevice(d)) {
    out.push_back({"device.driver",
                   Severity::kOk,
                   fmt::format("{} is held by {}{}", d.address, d.driver.empty() ? "no driver" : d.driver,
                               SharesDevice(d) ? ", which shares it with DPDK" : ""),
                   "",
                   {}});
    return;
  }
  std::vector<std::string> commands;
  if (d.default_route)
    commands.push_back("# it is this machine's default route: you lose it. Take another device");
  if (!d.interface.empty()) commands.push_back(fmt::format("ip link set {} down", d.interface));
  commands.push_back("modprobe vfio-pci");
  commands.push_back(fmt::format("dpdk-devbind.py --bind=vfio-pci {}", d.address));
  out.push_back({"device.driver", Severity::kFault,
                 fmt::format("{} is held by {}{}", d.address, d.driver.empty() ? "no driver" : d.driver,
                             d.interface.empty() ? "" : " as " + d.interface),
                 "DPDK reads a device only when the kernel has left it to vfio-pci", std::move(commands)});
}

}  // namespace

bool GivenToPrograms(const PciDevice& d) {
  return d.driver == "vfio-pci" || d.driver == "uio_pci_generic" || d.driver == "igb_uio";
}

bool SharesDevice(const PciDevice& d) {
  return d.driver == "mlx5_core" || d.driver == "mlx4_core" || d.driver == "mana";
}

void CheckDpdk(const Case& c, Findings& out) {
  if (!c.dpdk() && !(c.general() && c.machine.dpdk.built_in)) return;
  if (c.machine.dpdk.built_in) {
    out.push_back({"device.dpdk", Severity::kOk, "built with " + c.machine.dpdk.version, "", {}});
    return;
  }
  out.push_back({"device.dpdk",
                 Severity::kFault,
                 "this program is built without DPDK",
                 "a profile with capture.dpdk cannot be run",
                 {"apt-get install libdpdk-dev && cmake --preset release && cmake --build build/release"}});
}

void CheckPmd(const Case& c, Findings& out) {
  const std::set<std::string>& have = c.machine.dpdk.drivers;
  if (!c.dpdk() || have.empty()) return;
  std::set<std::string> missing;
  for (const VirtualDevice& v : c.eal.virtual_devices) {
    if (!have.contains(v.driver)) missing.insert(v.driver);
  }
  for (const PciDevice* d : c.Devices()) {
    const auto known = std::find_if(std::begin(kPmds), std::end(kPmds),
                                    [&](const Pmd& p) { return d->id.starts_with(p.prefix); });
    if (known != std::end(kPmds) && !Installed(have, known->drivers))
      missing.insert(fmt::format("{} for {}", known->drivers, d->id));
  }
  if (missing.empty()) {
    out.push_back({"device.pmd", Severity::kOk, "poll mode drivers for the devices are installed", "", {}});
    return;
  }
  out.push_back({"device.pmd",
                 Severity::kFault,
                 fmt::format("no poll mode driver: {}", fmt::join(missing, ", ")),
                 "DPDK finds no port where it has no driver",
                 {"apt-get install librte-net*   # or the vendor's DPDK"}});
}

void CheckDevices(const Case& c, Findings& out) {
  if (!c.dpdk()) return;
  const auto& all = c.machine.dpdk.devices;
  if (OnlyVirtual(c)) {
    out.push_back(
        {"device.ports",
         Severity::kOk,
         fmt::format("the profile reads {}", Plural(c.eal.virtual_devices.size(), "virtual device")),
         "",
         {}});
    return;
  }
  for (const std::string& address : c.eal.allowed) {
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const PciDevice& d) { return d.address == address; });
    if (at != all.end()) {
      JudgeBinding(*at, out);
      continue;
    }
    out.push_back(
        {"device.ports",
         Severity::kFault,
         fmt::format("{} of the profile is not in this machine; its network devices: {}", address,
                     Listed(all)),
         "DPDK ends when an allowed device is not there",
         {"dpdk-devbind.py --status-dev net", "# in the profile's capture.dpdk.eal: \"-a\", \"ADDRESS\""}});
  }
  if (!c.eal.allowed.empty() || !c.Devices().empty()) {
    if (c.eal.allowed.empty()) {
      for (const PciDevice* d : c.Devices()) JudgeBinding(*d, out);
    }
    return;
  }
  const auto free = std::find_if(all.begin(), all.end(), [](const PciDevice& d) { return !d.default_route; });
  out.push_back(
      {"device.ports",
       Severity::kFault,
       "no device is left to DPDK; network devices: " + Listed(all),
       "a run ends with `DPDK found no port`",
       {"modprobe vfio-pci",
        fmt::format("dpdk-devbind.py --bind=vfio-pci {}",
                    free == all.end() ? "ADDRESS   # of a second network device" : free->address)}});
}

void CheckVfio(const Case& c, Findings& out) {
  if (!c.dpdk() || OnlyVirtual(c)) return;
  const auto devices = c.Devices();
  const auto needs = [](const PciDevice* d) { return !SharesDevice(*d); };
  if (!devices.empty() && std::none_of(devices.begin(), devices.end(), needs)) return;
  if (c.machine.dpdk.vfio_pci) {
    out.push_back({"device.vfio", Severity::kOk, "vfio-pci is loaded", "", {}});
    return;
  }
  out.push_back(
      {"device.vfio",
       Severity::kFault,
       "vfio-pci is not loaded",
       "it is the kernel's safe way to hand a device to a program",
       {"modprobe vfio-pci", "echo vfio-pci > /etc/modules-load.d/gander.conf   # for the next boot"}});
}

void CheckIommu(const Case& c, Findings& out) {
  if (!c.dpdk() || OnlyVirtual(c)) return;
  const auto devices = c.Devices();
  const auto shared = [](const PciDevice* d) { return SharesDevice(*d); };
  if (!devices.empty() && std::all_of(devices.begin(), devices.end(), shared)) return;
  if (c.machine.dpdk.iommu_groups > 0) {
    out.push_back(
        {"device.iommu", Severity::kOk, Plural(c.machine.dpdk.iommu_groups, "IOMMU group"), "", {}});
    return;
  }
  const std::string parameter =
      c.machine.processor.vendor == "AuthenticAMD" ? "iommu=pt" : "intel_iommu=on iommu=pt";
  if (c.machine.dpdk.no_iommu_mode) {
    out.push_back(
        {"device.iommu",
         Severity::kWarning,
         "no IOMMU: vfio runs in its unsafe no-IOMMU mode",
         "the device may write anywhere in memory, and the kernel is tainted",
         {fmt::format("sed -i 's/^GRUB_CMDLINE_LINUX=\"/&{} /' /etc/default/grub && update-grub && reboot",
                      parameter)}});
    return;
  }
  out.push_back(
      {"device.iommu",
       Severity::kFault,
       "no IOMMU groups",
       "vfio-pci refuses a device whose memory accesses nobody confines",
       {fmt::format(
            "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&{} /' /etc/default/grub && update-grub && reboot   # and VT-d "
            "or AMD-Vi in the firmware",
            parameter),
        "echo Y > /sys/module/vfio/parameters/enable_unsafe_noiommu_mode   # a virtual machine without "
        "one"}});
}

void CheckRssKey(const Case& c, Findings& out) {
  if (!c.dpdk()) return;
  const auto key = capture::RssKey::Parse(c.settings().dpdk.rss_key);
  if (!key) {
    out.push_back({"device.rss_key",
                   Severity::kFault,
                   "capture.dpdk.rss_key: " + key.error().cause,
                   "the two directions of a flow would meet different packet threads",
                   {"# in the profile: capture.dpdk.rss_key: \"\"   # 6d5a repeated"}});
    return;
  }
  if (c.settings().dpdk.rx_queues < 2) return;
  out.push_back({"device.rss_key",
                 Severity::kOk,
                 "the hash key is symmetric; whether the port takes it is seen when it starts",
                 "",
                 {}});
}

}  // namespace gander::doctor
