// SPDX-License-Identifier: Apache-2.0
// Why the EAL did not start, from what it wrote to its log.
#ifndef GANDER_CAPTURE_DPDK_EAL_FAILURE_H_
#define GANDER_CAPTURE_DPDK_EAL_FAILURE_H_

#include <string>

#include "base/result.h"

namespace gander::capture {

// `words` are DPDK's own, its error number's among them.
Error EalFailure(const std::string& words);

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_EAL_FAILURE_H_
