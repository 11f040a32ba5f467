// SPDX-License-Identifier: Apache-2.0
// What the arguments of DPDK's environment layer (capture.dpdk.eal) ask of a machine; the few that matter
// here.
#ifndef GANDER_DOCTOR_EAL_ARGUMENTS_H_
#define GANDER_DOCTOR_EAL_ARGUMENTS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace gander::doctor {

struct VirtualDevice {
  std::string driver;      // net_pcap
  std::string parameters;  // after the name's comma
};

struct EalArguments {
  bool no_huge = false, in_memory = false, no_pci = false;
  std::uint64_t memory = 0;          // bytes reserved at the start, 0 = as needed
  std::vector<std::string> allowed;  // PCI addresses, with their domain
  std::vector<VirtualDevice> virtual_devices;
  std::string cores;  // of -l

  static EalArguments Read(const std::vector<std::string>& arguments);
};

// The value of `key=` among comma-separated parameters, "" when there is none.
std::string Parameter(const std::string& parameters, const std::string& key);

}  // namespace gander::doctor

#endif  // GANDER_DOCTOR_EAL_ARGUMENTS_H_
