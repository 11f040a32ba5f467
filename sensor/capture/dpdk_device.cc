// SPDX-License-Identifier: Apache-2.0
// Closing and hot-plugging of devices.
#ifdef GANDER_WITH_DPDK
#include "capture/dpdk_device.h"

#include <fmt/format.h>
#include <rte_bus.h>
#include <rte_dev.h>
#include <rte_devargs.h>
#include <rte_errno.h>
#include <rte_ethdev.h>

#include "capture/dpdk_eal.h"

namespace gander::capture {

DpdkDevice::DpdkDevice(std::uint16_t port) {
  rte_eth_dev_info info{};
  if (rte_eth_dev_info_get(port, &info) != 0 || info.device == nullptr) return;
  bus_ = rte_bus_name(rte_dev_bus(info.device));
  name_ = rte_dev_name(info.device);
  const rte_devargs* arguments = rte_dev_devargs(info.device);
  if (arguments != nullptr && arguments->args != nullptr) arguments_ = arguments->args;
}

void DpdkDevice::Close(std::uint16_t port, bool unplug) const noexcept {
  rte_eth_dev_info info{};
  const bool known = rte_eth_dev_info_get(port, &info) == 0 && info.device != nullptr;
  (void)rte_eth_dev_stop(port);
  (void)rte_eth_dev_close(port);
  if (known && (unplug || is_virtual())) (void)rte_dev_remove(info.device);
}

Result<std::uint16_t> DpdkDevice::Find(const std::string& port_name) const {
  std::uint16_t port = 0;
  if (rte_eth_dev_get_port_by_name(port_name.c_str(), &port) == 0) return port;
  (void)TakeDpdkComplaint();
  const int status = rte_eal_hotplug_add(bus_.c_str(), name_.c_str(), arguments_.c_str());
  if (status == 0 && rte_eth_dev_get_port_by_name(port_name.c_str(), &port) == 0) return port;
  return Fail(kDpdkConfiguration, 0,
              fmt::format("device {} is not there: {}{}", name_, rte_strerror(-status), TakeDpdkComplaint()),
              "plug it in; it is looked for again");
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
