// SPDX-License-Identifier: Apache-2.0
// Kafka to PostgreSQL, at least once: a batch's offsets are committed when the database has it, and the database takes
// what comes again for what it has (postgresql/take.sql). So nothing is lost and nothing counts twice, whoever dies
// when.
#ifndef GANDER_FLEET_LOADER_H_
#define GANDER_FLEET_LOADER_H_

#include <atomic>
#include <functional>
#include <string>

#include "base/result.h"
#include "fleet/options.h"

namespace gander::fleet {

// Runs until `stop`. Broker and database may be away at any time, also at the start: it waits for them, longer and
// longer up to half a minute, and says so once by `log`. Errors: options that libraries refuse; this build has no
// loader.
Result<bool> Load(const LoaderOptions& options, const std::atomic<bool>& stop,
                  const std::function<void(const std::string&)>& log);

}  // namespace gander::fleet

#endif  // GANDER_FLEET_LOADER_H_
