// SPDX-License-Identifier: Apache-2.0
#include "config/snapshot.h"

#include <chrono>
#include <iterator>
#include <set>

#include "config/own_lists.h"
#include "config/policy_file.h"
#include "config/rule_packs.h"
#include "config/suppress_file.h"

namespace gander::config {
namespace {

using Clock = std::chrono::steady_clock;

std::uint64_t MillisecondsSince(Clock::time_point begin) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count());
}

// What is wrong with the policy is told when it is built.
std::vector<policy::Asset> AssetsOf(const std::string& policy_file) {
  const auto yaml = LoadYaml(policy_file);
  std::vector<Error> ignored;
  return yaml ? ReadPolicy(*yaml, ignored).assets : std::vector<policy::Asset>{};
}

}  // namespace

policy::PolicySource DefaultPolicy() {
  policy::PolicySource source;
  source.file = "built-in policy";
  source.name = "none";
  policy::Zone zone;
  zone.id = "private";
  zone.kind = "office";
  // RFC 1918, RFC 4193, RFC 3927, RFC 4291 link-local.
  for (const char* net : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"}) {
    IpPrefix prefix;
    if (IpPrefix::Parse(net, prefix)) zone.nets.push_back(prefix);
  }
  source.zones.push_back(std::move(zone));
  return source;
}

Result<std::shared_ptr<const identify::RuleSet>> BuildRules(const Settings& settings,
                                                            const std::string& shipped_rules,
                                                            const identify::RuleSet* before) {
  auto sources = LoadRulePacks(settings.rule_paths.empty() ? std::vector<std::string>{shipped_rules}
                                                           : settings.rule_paths);
  if (!sources) return Failure(sources.error());
  OwnLists own;
  if (!settings.registers_file.empty()) {
    auto lists = LoadOwnLists(settings.registers_file);
    if (!lists) return Failure(lists.error());
    own = std::move(*lists);
  }
  if (!settings.policy_file.empty()) {
    if (auto added = AddCanaries(settings.policy_file, AssetsOf(settings.policy_file), own); !added) {
      return Failure(added.error());
    }
  }
  std::move(own.rules.begin(), own.rules.end(), std::back_inserter(*sources));
  if (before != nullptr) identify::KeepPlaces(*before, *sources);
  return identify::RuleSet::Compile(std::move(*sources), settings.identify.cache, std::move(own.allowed));
}

std::vector<std::string> ClassesOf(const identify::RuleSet& rules) {
  std::set<std::string> classes;
  for (const identify::RuleInfo& rule : rules.rules()) {
    if (!rule.retired) classes.insert(rule.data_class);
  }
  return {classes.begin(), classes.end()};
}

Result<std::shared_ptr<const policy::Policy>> BuildPolicy(const Settings& settings, const identify::RuleSet& rules,
                                                          Timestamp now, std::vector<Error>* warnings,
                                                          const policy::Policy* before) {
  if (settings.policy_file.empty()) return policy::Policy::Build(DefaultPolicy(), warnings);
  std::vector<Error> errors;
  auto policy = BuildPolicy(settings.policy_file, {now, ClassesOf(rules), before}, errors, warnings);
  if (policy == nullptr) return Failure(Joined(errors));
  return policy;
}

static Result<detect::Suppressions> BuildSuppressions(const Settings& settings, Timestamp now, std::vector<Error>* warnings) {
  if (settings.suppress_file.empty()) return detect::Suppressions{};
  return LoadSuppressions(settings.suppress_file, now, warnings);
}

Rebuilt Rebuild(const Snapshot& before, const std::string& shipped_rules, Timestamp now) {
  Rebuilt out;
  auto next = std::make_shared<Snapshot>(before);
  ++next->generation;
  next->warnings.clear();
  auto bundle = CheckSigned(before.settings, now, &next->warnings);
  if (!bundle) {
    out.rules = out.policy = Failure(bundle.error());
    out.snapshot = std::move(next);
    return out;
  }
  Clock::time_point begin = Clock::now();
  auto rules = BuildRules(before.settings, shipped_rules, before.rules.get());
  out.rules_ms = MillisecondsSince(begin);
  if (rules) {
    next->rules = std::move(*rules);
  } else {
    out.rules = Failure(rules.error());
  }
  begin = Clock::now();
  auto policy = BuildPolicy(before.settings, *next->rules, now, &next->warnings, before.policy.get());
  out.policy_ms = MillisecondsSince(begin);
  auto suppressions = BuildSuppressions(before.settings, now, &next->warnings);
  if (policy && suppressions) {
    next->policy = std::move(*policy);
    next->suppressions = std::move(*suppressions);
    if (rules) next->bundle = std::move(*bundle);
  } else {
    out.policy = Failure(policy ? suppressions.error() : policy.error());
  }
  out.snapshot = std::move(next);
  return out;
}

Result<std::shared_ptr<const Snapshot>> BuildSnapshot(Settings settings, const std::string& shipped_rules,
                                                      Timestamp now) {
  auto snapshot = std::make_shared<Snapshot>();
  auto bundle = CheckSigned(settings, now, &snapshot->warnings);
  if (!bundle) return Failure(bundle.error());
  snapshot->bundle = std::move(*bundle);
  auto rules = BuildRules(settings, shipped_rules);
  if (!rules) return Failure(rules.error());
  snapshot->rules = std::move(*rules);

  auto built = BuildPolicy(settings, *snapshot->rules, now, &snapshot->warnings);
  if (!built) return Failure(built.error());
  snapshot->policy = std::move(*built);

  auto suppressions = BuildSuppressions(settings, now, &snapshot->warnings);
  if (!suppressions) return Failure(suppressions.error());
  snapshot->suppressions = std::move(*suppressions);
  snapshot->settings = std::move(settings);
  return snapshot;
}

}  // namespace gander::config
