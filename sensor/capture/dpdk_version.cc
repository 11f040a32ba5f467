// SPDX-License-Identifier: Apache-2.0
#include "capture/dpdk_version.h"

#ifdef GANDER_WITH_DPDK
#include <rte_version.h>
#endif

namespace gander::capture {

std::string DpdkVersion() {
#ifdef GANDER_WITH_DPDK
  return rte_version();
#else
  return {};
#endif
}

}  // namespace gander::capture
