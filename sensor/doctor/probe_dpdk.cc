// SPDX-License-Identifier: Apache-2.0
// What DPDK would find: its library and drivers, PCI network devices and who holds them, VFIO and IOMMU.
#include <sstream>

#include "capture/dpdk_version.h"
#include "capture/packet_source.h"
#include "doctor/probes.h"

namespace gander::doctor {
namespace {

constexpr std::string_view kNetworkClass = "0x02";
constexpr std::string_view kDriverFile = "librte_net_";

// "Iface Destination Gateway ...", destination in hexadecimal.
std::set<std::string> DefaultRoutes(const Tree& tree) {
  std::set<std::string> interfaces;
  std::istringstream routes(tree.Text("/proc/net/route"));
  for (std::string line; std::getline(routes, line);) {
    std::istringstream words(line);
    std::string interface, destination;
    words >> interface >> destination;
    if (destination == "00000000") interfaces.insert(interface);
  }
  return interfaces;
}

// Below the device itself, or below its virtio device.
std::string InterfaceOf(const Tree& tree, const std::string& folder) {
  if (const auto names = tree.Names(folder + "/net"); !names.empty()) return names.front();
  for (const std::string& name : tree.Names(folder)) {
    if (!name.starts_with("virtio")) continue;
    if (const auto names = tree.Names(folder + "/" + name + "/net"); !names.empty()) return names.front();
  }
  return {};
}

std::vector<PciDevice> ReadDevices(const Tree& tree) {
  const std::set<std::string> routes = DefaultRoutes(tree);
  std::vector<PciDevice> devices;
  for (const std::string& address : tree.Names("/sys/bus/pci/devices")) {
    const std::string folder = "/sys/bus/pci/devices/" + address;
    if (!tree.Text(folder + "/class").starts_with(kNetworkClass)) continue;
    const auto hex = [&](const char* file) {
      const std::string text = tree.Text(folder + file);
      return text.starts_with("0x") ? text.substr(2) : text;
    };
    PciDevice d;
    d.address = address;
    d.id = hex("/vendor") + ":" + hex("/device");
    d.driver = tree.Target(folder + "/driver");
    d.interface = InterfaceOf(tree, folder);
    d.node = static_cast<int>(tree.Number(folder + "/numa_node").value_or(-1));
    d.iommu_group = !tree.Target(folder + "/iommu_group").empty();
    d.default_route = routes.contains(d.interface);
    devices.push_back(std::move(d));
  }
  return devices;
}

// Distributions install drivers as <library folder>/dpdk/pmds-<version>/librte_net_<driver>.so.
std::set<std::string> InstalledDrivers(const Tree& tree) {
  std::set<std::string> drivers;
  std::vector<std::string> folders = {"/usr/lib/dpdk", "/usr/lib64/dpdk", "/usr/local/lib/dpdk"};
  for (const std::string& name : tree.Names("/usr/lib")) folders.push_back("/usr/lib/" + name + "/dpdk");
  for (const std::string& name : tree.Names("/usr/local/lib"))
    folders.push_back("/usr/local/lib/" + name + "/dpdk");
  for (const std::string& folder : folders) {
    for (const std::string& version : tree.Names(folder)) {
      if (!version.starts_with("pmds")) continue;
      for (const std::string& file : tree.Names(folder + "/" + version)) {
        if (!file.starts_with(kDriverFile)) continue;
        drivers.insert("net_" + file.substr(kDriverFile.size(), file.find('.') - kDriverFile.size()));
      }
    }
  }
  return drivers;
}

}  // namespace

Dpdk ReadDpdk(const Tree& tree) {
  Dpdk d;
  d.built_in = capture::BuiltWithDpdk();
  d.version = capture::DpdkVersion();
  d.drivers = InstalledDrivers(tree);
  d.devices = ReadDevices(tree);
  d.iommu_groups = tree.Names("/sys/kernel/iommu_groups").size();
  d.vfio_pci = tree.Exists("/sys/bus/pci/drivers/vfio-pci") || tree.Exists("/sys/module/vfio_pci");
  d.no_iommu_mode = tree.Text("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode") == "Y";
  return d;
}

}  // namespace gander::doctor
