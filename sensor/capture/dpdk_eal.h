// SPDX-License-Identifier: Apache-2.0
// The environment layer of DPDK: started once a process, its log kept from the terminal.
#ifndef GANDER_CAPTURE_DPDK_EAL_H_
#define GANDER_CAPTURE_DPDK_EAL_H_

#include <string>
#include <vector>

#include "base/result.h"

namespace gander::capture {

// Where errors of DPDK's configuration are said to come from.
inline constexpr const char* kDpdkConfiguration = "capture.dpdk";

// Starts the EAL. When it already runs, only `--vdev=` arguments of devices it does not know yet take effect:
// they are plugged in. Errors: EAL refused (its own last error is the cause), a device could not be plugged
// in.
Result<bool> StartEal(const std::vector<std::string>& arguments);

// ": " and the errors DPDK logged since the last call, or "".
std::string TakeDpdkComplaint();

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_EAL_H_
