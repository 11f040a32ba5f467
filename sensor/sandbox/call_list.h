// SPDX-License-Identifier: Apache-2.0
// System calls by who needs them.
#ifndef GANDER_SANDBOX_CALL_LIST_H_
#define GANDER_SANDBOX_CALL_LIST_H_

#include <span>

namespace gander::sandbox {

// By name, as libseccomp knows them; a name that this architecture has not is passed over.
using CallNames = std::span<const char* const>;

CallNames AlwaysAllowed();   // any run: memory, threads, time, files
CallNames NetworkAllowed();  // sinks, endpoint, control socket: what is done with a socket; socket(2) itself is judged apart
CallNames DpdkAllowed();     // environment layer and drivers
CallNames Forbidden();       // nothing in Gander or below it makes them
// Of those, the ones that a run makes until it reads traffic: to become the sensor and its user.
CallNames MadeAtStart();
// ... and those that DPDK's drivers may.
CallNames MadeForDevices();

}  // namespace gander::sandbox

#endif  // GANDER_SANDBOX_CALL_LIST_H_
