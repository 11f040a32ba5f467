// SPDX-License-Identifier: Apache-2.0
#include "config/snapshot.h"

#include <iterator>

#include "config/own_lists.h"
#include "config/policy_file.h"
#include "config/rule_packs.h"

namespace gander::config {

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
  std::move(own.rules.begin(), own.rules.end(), std::back_inserter(*sources));
  if (before != nullptr) identify::KeepPlaces(*before, *sources);
  return identify::RuleSet::Compile(std::move(*sources), settings.identify.cache, std::move(own.allowed));
}

Result<std::shared_ptr<const Snapshot>> RebuildRules(const Snapshot& before, const std::string& shipped_rules) {
  auto rules = BuildRules(before.settings, shipped_rules, before.rules.get());
  if (!rules) return Failure(rules.error());
  auto next = std::make_shared<Snapshot>(before);
  next->rules = std::move(*rules);
  return next;
}

Result<std::shared_ptr<const Snapshot>> BuildSnapshot(Settings settings, const std::string& shipped_rules,
                                                      Timestamp now) {
  auto snapshot = std::make_shared<Snapshot>();
  auto rules = BuildRules(settings, shipped_rules);
  if (!rules) return Failure(rules.error());
  snapshot->rules = std::move(*rules);

  auto policy_source = settings.policy_file.empty() ? Result<policy::PolicySource>(DefaultPolicy())
                                                    : LoadPolicy(settings.policy_file);
  if (!policy_source) return Failure(policy_source.error());
  policy_source->read_at = now;
  auto built = policy::Policy::Build(std::move(*policy_source), &snapshot->warnings);
  if (!built) return Failure(built.error());
  snapshot->policy = std::move(*built);

  snapshot->settings = std::move(settings);
  return snapshot;
}

}  // namespace gander::config
