// SPDX-License-Identifier: Apache-2.0
#include "runtime/rule_reloader.h"

#include <algorithm>
#include <chrono>
#include <set>

namespace gander::runtime {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kLookEvery = std::chrono::milliseconds(20);
constexpr auto kWaitForLanes = std::chrono::microseconds(200);

std::uint64_t MillisecondsSince(Clock::time_point begin) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count());
}

std::set<std::string> IdsOf(const identify::RuleSet& rules) {
  std::set<std::string> ids;
  for (const identify::RuleInfo& rule : rules.rules()) {
    if (!rule.retired) ids.insert(rule.id);
  }
  return ids;
}

// How many of `a` are not in `b`.
std::uint64_t Missing(const std::set<std::string>& a, const std::set<std::string>& b) {
  return static_cast<std::uint64_t>(
      std::count_if(a.begin(), a.end(), [&](const std::string& id) { return !b.contains(id); }));
}

}  // namespace

RuleReloader::RuleReloader(const std::vector<std::unique_ptr<Lane>>& lanes, Aggregator& aggregator, Reload reload,
                           std::shared_ptr<const config::Snapshot> snapshot, const HashKey& tag_key)
    : lanes_(lanes),
      aggregator_(aggregator),
      reload_(std::move(reload)),
      snapshot_(std::move(snapshot)),
      tag_key_(tag_key),
      changes_(lanes.size()) {
  if (reload_.asked != nullptr && reload_.build) thread_ = std::thread([this] { Run(); });
}

RuleReloader::~RuleReloader() {
  end_ = true;
  if (thread_.joinable()) thread_.join();
}

void RuleReloader::Run() {
  // A signal that came while the run was starting counts: its packs may be newer than those that were read.
  for (std::uint32_t served = reload_.served; !end_; std::this_thread::sleep_for(kLookEvery)) {
    const std::uint32_t asked = reload_.asked->load(std::memory_order_acquire);
    if (asked == served) continue;
    served = asked;  // several signals at once ask for one reload
    ReloadOnce();
  }
}

void RuleReloader::ReloadOnce() {
  report::RulesReload outcome;
  const identify::RuleSet& before = *snapshot_->rules;
  const std::set<std::string> known = IdsOf(before);
  outcome.old_digest = outcome.new_digest = before.digest();
  outcome.rules_before = outcome.rules = known.size();
  const Clock::time_point begin = Clock::now();
  auto next = reload_.build(*snapshot_);
  outcome.build_ms = MillisecondsSince(begin);
  if (next) {
    const identify::RuleSet& after = *(*next)->rules;
    const std::set<std::string> ids = IdsOf(after);
    outcome.good = true;
    outcome.new_digest = after.digest();
    outcome.rules = ids.size();
    outcome.added = Missing(ids, known);
    outcome.removed = Missing(known, ids);
    const Clock::time_point offered = Clock::now();
    Hand(*next);
    outcome.hand_over_ms = MillisecondsSince(offered);
    snapshot_ = std::move(*next);
  } else {
    outcome.problem = next.error().ToString();
  }
  if (end_) return;  // nobody writes events any more
  if (reload_.told) reload_.told(outcome);
  aggregator_.AddReload(std::move(outcome));
}

void RuleReloader::Hand(const std::shared_ptr<const config::Snapshot>& next) {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    changes_[i].snapshot = next;
    changes_[i].scanner = std::make_unique<identify::Scanner>(next->rules, next->settings.identify, tag_key_);
  }
  for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i]->Offer(changes_[i]);
  const auto taken = [](const auto& lane) { return lane->HasTaken(); };
  while (!end_ && !std::all_of(lanes_.begin(), lanes_.end(), taken)) std::this_thread::sleep_for(kWaitForLanes);
  if (end_) return;  // a lane that has not ended yet may be taking it
  for (RuleChange& change : changes_) change = {};
}

}  // namespace gander::runtime
