// SPDX-License-Identifier: Apache-2.0
// The device behind an ethdev port: what it takes to plug it in again when it was pulled.
#ifndef GANDER_CAPTURE_DPDK_DEVICE_H_
#define GANDER_CAPTURE_DPDK_DEVICE_H_

#include <cstdint>
#include <string>

#include "base/result.h"

namespace gander::capture {

class DpdkDevice {
 public:
  DpdkDevice() = default;
  explicit DpdkDevice(std::uint16_t port);

  bool is_virtual() const noexcept { return bus_ == "vdev"; }

  // Stops and closes `port`, if it is still there. A virtual device is gone with its port, so that its name
  // can be used again; with `unplug` any device is.
  void Close(std::uint16_t port, bool unplug) const noexcept;
  // Finds the port of the name again, probing the device if DPDK has forgotten it. Error: it is not there.
  Result<std::uint16_t> Find(const std::string& port_name) const;

 private:
  std::string bus_, name_, arguments_;
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_DEVICE_H_
