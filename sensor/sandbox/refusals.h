// SPDX-License-Identifier: Apache-2.0
// SIGSYS: a call that the filter refused. It returns EPERM to whoever made it, is counted, and each kind is told once.
#ifndef GANDER_SANDBOX_REFUSALS_H_
#define GANDER_SANDBOX_REFUSALS_H_

namespace gander::sandbox {

// Takes the signal. A thread that blocks it dies with the process at its first refused call.
void CountRefusals();

}  // namespace gander::sandbox

#endif  // GANDER_SANDBOX_REFUSALS_H_
