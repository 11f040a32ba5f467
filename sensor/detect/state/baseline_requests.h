// SPDX-License-Identifier: Apache-2.0
// What `gander baseline` asks of a sensor lies beside its snapshot in "<file>.requests", sealed with the same key. The
// sensor takes it when it starts and whenever it writes a snapshot; so it does not matter whether one runs.
#ifndef GANDER_DETECT_STATE_BASELINE_REQUESTS_H_
#define GANDER_DETECT_STATE_BASELINE_REQUESTS_H_

#include <vector>

#include "base/result.h"
#include "detect/state/baseline.h"
#include "detect/state/snapshot_file.h"

namespace gander::detect {

inline constexpr std::size_t kMostRequests = 1024;  // that wait

std::string RequestsFile(const std::string& snapshot);

// Behind those that wait already. Errors: the folder or the disk, or what lies there is no request.
Result<bool> AddBaselineRequest(const SnapshotOptions& options, const SnapshotKey& key, const BaselineRequest& request);

// All that wait, in their order; they are gone then. What cannot be read is gone too, and an error.
Result<std::vector<BaselineRequest>> TakeBaselineRequests(const SnapshotOptions& options, const SnapshotKey& key);

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_BASELINE_REQUESTS_H_
