// SPDX-License-Identifier: Apache-2.0
// The list of calls as a filter of the kernel's (seccomp(2)), made by libseccomp.
#ifndef GANDER_SANDBOX_SECCOMP_FILTER_H_
#define GANDER_SANDBOX_SECCOMP_FILTER_H_

#include "sandbox/sandbox.h"

namespace gander::sandbox {

// Loads it on all threads; `mode` is not kOff. Returns how many calls are on the list. Errors: no seccomp in the kernel,
// or one that it refuses.
Result<unsigned> InstallFilter(SeccompMode mode, const Access& access);

// For a process that starts sensors, and so for them, too: what none of them ever makes ends it; all else is free,
// since what a sensor needs to start is. True when it is in force.
bool RefuseForbidden(bool devices);

}  // namespace gander::sandbox

#endif  // GANDER_SANDBOX_SECCOMP_FILTER_H_
