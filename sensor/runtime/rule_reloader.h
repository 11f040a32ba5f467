// SPDX-License-Identifier: Apache-2.0
// New rules and a new policy for a live run: read, compiled and tried in a thread of their own, then offered to every
// lane, which takes them between two bursts. No packet waits. Where one of them is wrong the old one stays.
#ifndef GANDER_RUNTIME_RULE_RELOADER_H_
#define GANDER_RUNTIME_RULE_RELOADER_H_

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "runtime/aggregator.h"
#include "runtime/engine.h"
#include "runtime/lane.h"

namespace gander::runtime {

class RuleReloader {
 public:
  // The lanes, the aggregator and what `reload` names outlive it.
  RuleReloader(const std::vector<std::unique_ptr<Lane>>& lanes, Aggregator& aggregator, Reload reload,
               std::shared_ptr<const config::Snapshot> snapshot, const HashKey& tag_key);
  ~RuleReloader();  // after the lanes have ended, or before they began: what was offered is taken back

 private:
  void Run();
  void ReloadOnce();
  // Returns when all have taken it, or at the end of the run.
  void Hand(const std::shared_ptr<const config::Snapshot>& next);

  const std::vector<std::unique_ptr<Lane>>& lanes_;
  Aggregator& aggregator_;
  const Reload reload_;
  std::shared_ptr<const config::Snapshot> snapshot_;  // that judges now
  const HashKey tag_key_;
  std::vector<RuleChange> changes_;  // by lane; afterwards they hold what was replaced
  std::atomic<bool> end_{false};
  std::thread thread_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_RULE_RELOADER_H_
