// SPDX-License-Identifier: Apache-2.0
// gander register check: everything that is wrong or odd in a policy, in one pass.
#include <algorithm>
#include <cstdio>

#include "app/options.h"
#include "app/transfer_register.h"
#include "config/rule_packs.h"

namespace gander::app {
namespace {

struct CheckOptions {
  std::string policy;
  std::vector<std::string> rules;
  bool strict = false;
};

int Check(const CheckOptions& options) {
  std::vector<Error> warnings;
  const auto policy = ReadTransferRegister(options.policy, options.rules, &warnings);
  for (const Error& w : warnings) std::fprintf(stderr, "gander: warning: %s\n", w.ToString().c_str());
  if (policy == nullptr) return kBadUsage;
  const Timestamp now = Now();
  const auto& entries = policy->transfers();
  const auto ended = std::count_if(entries.begin(), entries.end(), [&](const auto& e) { return e.until <= now; });
  const std::size_t soon = policy->EndingBefore(now + Duration::Seconds(7 * 86'400), now).size();
  std::printf(
      "%s is good: %s version %d, %zu zones, %zu register entries (%td ended, %zu end within 7 days), %zu meters, "
      "%zu warnings\ndigest %s\n",
      options.policy.c_str(), policy->name().c_str(), policy->version(), policy->zones().size(), entries.size(), ended,
      soon, policy->meters().size(), warnings.size(), policy->digest().c_str());
  return options.strict && !warnings.empty() ? kAlerts : kDone;
}

}  // namespace

void AddRulesOption(CLI::App& verb, std::vector<std::string>& rules) {
  verb.add_option("--rules", rules, "rule packs whose classes a policy may name; the shipped ones if not given")
      ->type_name("DIR")
      ->allow_extra_args(false)
      ->take_all();
}

Result<ClassSensitivities> ReadClasses(const std::vector<std::string>& rules) {
  const auto packs = config::LoadRulePacks(rules.empty() ? std::vector<std::string>{ShippedRules()} : rules);
  if (!packs) return Failure(packs.error());
  ClassSensitivities classes;
  for (const identify::RuleSource& rule : *packs) {
    const auto [at, fresh] = classes.emplace(rule.data_class, rule.sensitivity);
    if (!fresh) at->second = std::max(at->second, rule.sensitivity);
  }
  classes.emplace("record", identify::Sensitivity::kSensitive);  // what own lists are, if they do not say
  return classes;
}

std::shared_ptr<const policy::Policy> ReadTransferRegister(const std::string& path,
                                                           const std::vector<std::string>& rules,
                                                           std::vector<Error>* warnings) {
  const auto classes = ReadClasses(rules);
  if (!classes) {
    Complain(classes.error());
    return nullptr;
  }
  config::PolicyReading reading;
  reading.now = Now();
  for (const auto& [name, sensitivity] : *classes) reading.known_classes.push_back(name);
  std::vector<Error> errors, own;
  auto policy = config::BuildPolicy(path, reading, errors, warnings != nullptr ? warnings : &own);
  for (const Error& e : errors) Complain(e);
  for (const Error& w : own) std::fprintf(stderr, "gander: warning: %s\n", w.ToString().c_str());
  return policy;
}

void AddRegisterCheck(CLI::App& verb, int& exit_code) {
  CLI::App* sub = verb.add_subcommand("check", "every error and warning of a policy")->group(kTransferRegisterGroup);
  auto options = std::make_shared<CheckOptions>();
  sub->add_option("policy", options->policy, "policy file")->required();
  sub->add_flag("--strict", options->strict, "exit 1 when there are warnings");
  AddRulesOption(*sub, options->rules);
  sub->callback([options, &exit_code] { exit_code = Check(*options); });
}

}  // namespace gander::app
