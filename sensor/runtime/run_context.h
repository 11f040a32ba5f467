// SPDX-License-Identifier: Apache-2.0
// What all workers of a run have in common beside their configuration.
#ifndef GANDER_RUNTIME_RUN_CONTEXT_H_
#define GANDER_RUNTIME_RUN_CONTEXT_H_

#include <cstdint>

#include "base/hash.h"
#include "detect/fleet/fleet_key.h"
#include "report/quarantine/quarantine.h"
#include "runtime/poison_list.h"

namespace gander::runtime {

struct RunRequest;

struct RunContext {
  RunContext(const HashKey& key, report::Quarantine* keeper = nullptr)
      : tag_key(key), quarantine(keeper), flow_seed(key.k0 ^ key.k1) {}

  // As the run was asked for. Tags are made under the fleet's key where there is one, else under the snapshot's, else
  // under `otherwise`. `flows` lives longer.
  RunContext(const RunRequest& request, const PoisonList& flows, const HashKey& otherwise);

  // Of a table that senders fill: a key of its own, the same in all workers of a run.
  HashKey KeyOf(std::uint64_t table) const noexcept {
    return {SipHash13(tag_key, 2 * table), SipHash13(tag_key, 2 * table + 1)};
  }
  static constexpr std::uint64_t kFragments = 1, kHostNames = 2;

  HashKey tag_key;                           // of subject tags
  report::Quarantine* quarantine = nullptr;  // null = no file is kept
  std::uint64_t flow_seed;                   // of the flow tables; a supervisor's where there is one
  const PoisonList* poison = nullptr;        // null = no flow is left out
  const detect::FleetKey* fleet = nullptr;   // null = the sensor is one by itself
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_RUN_CONTEXT_H_
