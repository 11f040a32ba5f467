// SPDX-License-Identifier: Apache-2.0
// gander policy replay|diff: what a change of the policy would do, before it takes hold.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "app/past_transfers.h"
#include "app/transfer_register.h"
#include "app/verbs.h"
#include "base/format.h"
#include "policy/difference.h"
#include "policy/replay.h"

namespace gander::app {
namespace {

using Json = nlohmann::ordered_json;
using policy::Difference;
using policy::Policy;
using policy::ReplayGroup;
using policy::ReplayOutcome;

struct ReplayOptions {
  std::string next, against, events;
  std::vector<std::string> rules;
  bool json = false;
};

std::string Named(const char* verdict, const std::string& entry) {
  return entry.empty() ? verdict : std::string(verdict) + " (" + entry + ")";
}

std::string People(const ReplayGroup& g) {
  if (g.people == g.people_sum) return std::to_string(g.people);
  return std::to_string(g.people) + " to " + std::to_string(g.people_sum);
}

void PrintGroup(const ReplayGroup& g) {
  std::printf("  %s -> %s\n", Named(NameOf(g.before), g.entry_before).c_str(),
              Named(NameOf(g.after), g.entry_after).c_str());
  std::printf("      %s to %s, %s: %s people, %llu bytes in %llu transfers\n", g.from.c_str(), g.to.c_str(),
              g.data_class.empty() ? "no class" : g.data_class.c_str(), People(g).c_str(),
              static_cast<unsigned long long>(g.bytes), static_cast<unsigned long long>(g.transfers));
  std::printf("      %s\n", g.why.c_str());
}

void Print(const ReplayOutcome& outcome, const Policy& next, const Policy* before) {
  std::printf("%llu past transfers, judged by %s version %d against %s\n",
              static_cast<unsigned long long>(outcome.transfers), next.name().c_str(), next.version(),
              before == nullptr ? "what was said of them then"
                                : (before->name() + " version " + std::to_string(before->version())).c_str());
  std::printf("%llu verdicts change: %llu lose their permission, %llu gain one\n",
              static_cast<unsigned long long>(outcome.changed), static_cast<unsigned long long>(outcome.tightened),
              static_cast<unsigned long long>(outcome.loosened));
  if (outcome.changed > 0) {
    std::printf("concerned: %llu people at most (a person in several transfers counts in each), %llu bytes\n",
                static_cast<unsigned long long>(outcome.people_changed),
                static_cast<unsigned long long>(outcome.bytes_changed));
  }
  if (outcome.quota_kept > 0) {
    std::printf("%llu were over a quota that the sensor had counted, and are held to be so still\n",
                static_cast<unsigned long long>(outcome.quota_kept));
  }
  bool entries = false;
  for (const ReplayGroup& g : outcome.groups) {
    if (g.before == g.after && !entries) std::printf("the same verdict by another entry:\n");
    entries = entries || g.before == g.after;
    PrintGroup(g);
  }
}

Json IdentityOf(const Policy& policy) {
  return {{"file", policy.source().file},
          {"name", policy.name()},
          {"version", policy.version()},
          {"digest", policy.digest()}};
}

Json ToJson(const ReplayOutcome& outcome, const Policy& next, const Policy* before, const PastTransfers& past) {
  Json groups = Json::array();
  for (const ReplayGroup& g : outcome.groups) {
    groups.push_back({{"before", {{"verdict", NameOf(g.before)}, {"entry", g.entry_before}}},
                      {"after", {{"verdict", NameOf(g.after)}, {"entry", g.entry_after}, {"why", g.why}}},
                      {"from", g.from},
                      {"to", g.to},
                      {"data_class", g.data_class},
                      {"transfers", g.transfers},
                      {"people_at_least", g.people},
                      {"people_at_most", g.people_sum},
                      {"bytes", g.bytes}});
  }
  Json out{{"policy", IdentityOf(next)}};
  if (before != nullptr) out["against"] = IdentityOf(*before);
  out["transfers"] = outcome.transfers;
  out["unreadable"] = past.unreadable;
  out["changed"] = outcome.changed;
  out["permission_lost"] = outcome.tightened;
  out["permission_gained"] = outcome.loosened;
  out["people_at_most"] = outcome.people_changed;
  out["bytes"] = outcome.bytes_changed;
  out["quota_kept"] = outcome.quota_kept;
  out["groups"] = std::move(groups);
  return out;
}

int ReplayVerb(const ReplayOptions& options) {
  const auto next = ReadTransferRegister(options.next, options.rules);
  if (next == nullptr) return kBadUsage;
  std::shared_ptr<const Policy> before;
  if (!options.against.empty() && (before = ReadTransferRegister(options.against, options.rules)) == nullptr)
    return kBadUsage;
  const auto past = ReadPastTransfers(options.events);
  if (!past) return Complain(past.error());
  if (past->unreadable > 0) {
    std::fprintf(stderr, "gander: warning: %s:%d: %llu lines cannot be read as events and are left out\n",
                 options.events.c_str(), past->first_unreadable, static_cast<unsigned long long>(past->unreadable));
  }
  if (past->transfers.empty()) {
    return Complain({options.events, 0, "holds no `transfer` event", "write one with `gander scan --events FILE`"});
  }
  const ReplayOutcome outcome = policy::Replay(past->transfers, *next, before.get());
  if (options.json) {
    std::printf("%s\n", ToJson(outcome, *next, before.get(), *past).dump(2).c_str());
  } else {
    Print(outcome, *next, before.get());
  }
  return outcome.changed > 0 ? kAlerts : kDone;
}

void Print(const Difference& d) {
  for (const std::string& id : d.added) std::printf("+ %s\n", id.c_str());
  for (const std::string& id : d.removed) std::printf("- %s\n", id.c_str());
  for (const Difference::Entry& e : d.changed) {
    std::printf("~ %s\n", e.id.c_str());
    for (const Difference::Field& f : e.fields) {
      std::printf("    %s: %s -> %s\n", f.key.c_str(), f.before.empty() ? "(nothing)" : f.before.c_str(),
                  f.after.empty() ? "(nothing)" : f.after.c_str());
    }
  }
  for (const std::string& s : d.sections) std::printf("~ `%s` differs\n", s.c_str());
}

Json ToJson(const Difference& d) {
  Json changed = Json::array();
  for (const Difference::Entry& e : d.changed) {
    Json fields = Json::object();
    for (const Difference::Field& f : e.fields) fields[f.key] = {{"before", f.before}, {"after", f.after}};
    changed.push_back({{"id", e.id}, {"fields", fields}});
  }
  return {{"added", d.added}, {"removed", d.removed}, {"changed", changed}, {"sections", d.sections}};
}

int DiffVerb(const ReplayOptions& options) {
  const auto before = ReadTransferRegister(options.against, options.rules);
  const auto after = ReadTransferRegister(options.next, options.rules);
  if (before == nullptr || after == nullptr) return kBadUsage;
  const Difference difference = policy::Compare(*before, *after);
  if (options.json) {
    std::printf("%s\n", ToJson(difference).dump(2).c_str());
  } else {
    Print(difference);
  }
  return difference.empty() ? kDone : kAlerts;
}

}  // namespace

void AddPolicy(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("policy", "what a change of the policy would do, before it takes hold");
  verb->require_subcommand(1);
  verb->footer(
      "Examples:\n"
      "  gander policy replay --policy new.yaml events.json\n"
      "  gander policy replay --policy new.yaml --against policy.yaml --json events.json\n"
      "  gander policy diff policy.yaml new.yaml\n"
      "Exit codes: 0 nothing changes, 1 something does, 2 a policy or the events cannot be read.");
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* replay =
      verb->add_subcommand("replay", "past `transfer` events judged by another policy: which verdicts change");
  replay->add_option("--policy", options->next, "the policy to try")->required();
  replay->add_option("--against", options->against, "compare with this policy instead of what the events say");
  replay->add_option("events", options->events, "EVE lines that `gander scan` or `run` wrote; - is standard input")
      ->required();
  replay->add_flag("--json", options->json, "for machines");
  AddRulesOption(*replay, options->rules);
  replay->callback([options, &exit_code] { exit_code = ReplayVerb(*options); });
  CLI::App* diff = verb->add_subcommand("diff", "what two policies say differently, entry by entry");
  diff->add_option("old", options->against, "policy before")->required();
  diff->add_option("new", options->next, "policy after")->required();
  diff->add_flag("--json", options->json, "for machines");
  AddRulesOption(*diff, options->rules);
  diff->callback([options, &exit_code] { exit_code = DiffVerb(*options); });
}

}  // namespace gander::app
