// SPDX-License-Identifier: Apache-2.0
// Capabilities of the calling thread, which threads started later inherit.
#ifndef GANDER_SANDBOX_CAPABILITIES_H_
#define GANDER_SANDBOX_CAPABILITIES_H_

#include <string>
#include <vector>

namespace gander::sandbox {

// The kernel takes all away where root becomes another user, unless told before.
void KeepCapabilitiesOverSwitch();

// Leaves those of `wanted` that the process has, and nothing to inherit or to gain. A process that stays root keeps
// CAP_DAC_OVERRIDE too, since it was given files as root. Returns their names, "cap_net_raw cap_ipc_lock".
std::string KeepOnly(const std::vector<int>& wanted, std::vector<std::string>& warnings);

// The same for a process that starts others: they get these, too, also as a user who is not root. Nothing beside them
// comes back, neither here nor there.
std::string KeepForChildren(const std::vector<int>& wanted);

}  // namespace gander::sandbox

#endif  // GANDER_SANDBOX_CAPABILITIES_H_
