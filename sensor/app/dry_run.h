// SPDX-License-Identifier: Apache-2.0
// gander run --dry-run: what would run, told once all is open that can be opened without traffic.
#ifndef GANDER_APP_DRY_RUN_H_
#define GANDER_APP_DRY_RUN_H_

#include "runtime/engine.h"
#include "sandbox/sandbox.h"

namespace gander::app {

// Prints the plan on standard output. Returns the exit code: kBadUsage where an output could not be written. No output
// is opened, since that would empty it.
int TellPlan(const runtime::RunRequest& request, const sandbox::Access& access,
             const sandbox::Confinement& confinement);

}  // namespace gander::app

#endif  // GANDER_APP_DRY_RUN_H_
