// SPDX-License-Identifier: Apache-2.0
// Stands for the loader in a build without librdkafka or libpq.
#ifndef GANDER_WITH_FLEET_LOADER
#include "fleet/loader.h"

namespace gander::fleet {

Result<bool> Load(const LoaderOptions& options, const std::atomic<bool>&,
                  const std::function<void(const std::string&)>&) {
  return Fail(options.brokers, 0, "this build has no loader",
              "install librdkafka-dev and libpq-dev and build with -DGANDER_KAFKA=ON");
}

}  // namespace gander::fleet
#endif
