// SPDX-License-Identifier: Apache-2.0
// What a worker is handed to judge by other rules. Made aside; the worker swaps it for what it has, so that it neither
// allocates nor frees, and what was replaced goes back the same way.
#ifndef GANDER_RUNTIME_RULE_CHANGE_H_
#define GANDER_RUNTIME_RULE_CHANGE_H_

#include <memory>

#include "config/snapshot.h"
#include "identify/scanner.h"

namespace gander::runtime {

struct RuleChange {
  std::shared_ptr<const config::Snapshot> snapshot;
  std::unique_ptr<identify::Scanner> scanner;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_RULE_CHANGE_H_
