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

report::RulesReload OutcomeOfRules(const config::Snapshot& before, const config::Rebuilt& next) {
  report::RulesReload outcome;
  const std::set<std::string> known = IdsOf(*before.rules);
  outcome.old_digest = outcome.new_digest = before.rules->digest();
  outcome.rules_before = outcome.rules = known.size();
  outcome.build_ms = next.rules_ms;
  outcome.good = next.rules.has_value();
  if (!outcome.good) {
    outcome.problem = next.rules.error().ToString();
    return outcome;
  }
  const std::set<std::string> ids = IdsOf(*next.snapshot->rules);
  outcome.new_digest = next.snapshot->rules->digest();
  outcome.rules = ids.size();
  outcome.added = Missing(ids, known);
  outcome.removed = Missing(known, ids);
  return outcome;
}

report::PolicyReload OutcomeOfPolicy(const config::Snapshot& before, const config::Rebuilt& next) {
  report::PolicyReload outcome;
  const policy::Policy& after = *next.snapshot->policy;  // the old one where the new failed
  outcome.good = next.policy.has_value();
  if (!outcome.good) outcome.problem = next.policy.error().ToString();
  outcome.name = after.name();
  outcome.old_version = before.policy->version();
  outcome.version = after.version();
  outcome.old_digest = before.policy->digest();
  outcome.new_digest = after.digest();
  outcome.generation = outcome.good ? next.snapshot->generation : before.generation;
  const auto& entries = after.transfers();
  outcome.entries = static_cast<std::uint64_t>(
      std::count_if(entries.begin(), entries.end(), [](const policy::TransferEntry& e) { return !e.retired; }));
  outcome.warnings = outcome.good ? next.snapshot->warnings.size() : 0;
  outcome.difference = policy::Compare(*before.policy, after);
  outcome.build_ms = next.policy_ms;
  return outcome;
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
  config::Rebuilt next = reload_.build(*snapshot_);
  report::RulesReload rules = OutcomeOfRules(*snapshot_, next);
  report::PolicyReload policy = OutcomeOfPolicy(*snapshot_, next);
  if (rules.good || policy.good) {
    const Clock::time_point offered = Clock::now();
    Hand(next.snapshot);
    const std::uint64_t took = MillisecondsSince(offered);
    rules.hand_over_ms = rules.good ? took : 0;
    policy.hand_over_ms = policy.good ? took : 0;
    snapshot_ = std::move(next.snapshot);
  }
  if (end_) return;  // nobody writes events any more
  if (reload_.told) reload_.told(rules, policy);
  aggregator_.AddReload(std::move(rules), std::move(policy));
}

void RuleReloader::Hand(const std::shared_ptr<const config::Snapshot>& next) {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    changes_[i].snapshot = next;
    changes_[i].scanner =
        std::make_unique<identify::Scanner>(next->rules, config::ScannerOptions(next->settings), tag_key_);
  }
  for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i]->Offer(changes_[i]);
  const auto taken = [](const auto& lane) { return lane->HasTaken(); };
  while (!end_ && !std::all_of(lanes_.begin(), lanes_.end(), taken)) std::this_thread::sleep_for(kWaitForLanes);
  if (end_) return;  // a lane that has not ended yet may be taking it
  for (RuleChange& change : changes_) change = {};
}

}  // namespace gander::runtime
