// SPDX-License-Identifier: Apache-2.0
// Landlock: files that the process may still open, whatever their modes say (Linux 5.13).
#ifndef GANDER_SANDBOX_LANDLOCK_H_
#define GANDER_SANDBOX_LANDLOCK_H_

#include <string>
#include <vector>

#include "sandbox/sandbox.h"

namespace gander::sandbox {

// The kernel's version of the interface; 0 where it has none.
int LandlockVersion() noexcept;

// From here on this thread and those it starts read what `access` names and what the C library needs (/etc, /usr, /proc,
// /sys, /dev), write into the folders of what `access` says is written, and execute nothing. Needs no_new_privs. Returns
// the version in force; 0 with a warning where there is none.
int RestrictFiles(const Access& access, std::vector<std::string>& warnings);

}  // namespace gander::sandbox

#endif  // GANDER_SANDBOX_LANDLOCK_H_
