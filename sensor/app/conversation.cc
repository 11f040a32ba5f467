// SPDX-License-Identifier: Apache-2.0
#include "app/conversation.h"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "app/log.h"
#include "app/options.h"
#include "app/outcome.h"

namespace gander::app {
namespace {

using config::LogLevel;

std::string NamesOf(const std::vector<std::unique_ptr<capture::PacketSource>>& sources) {
  std::string names;
  for (const auto& source : sources) names += (names.empty() ? "" : ", ") + source->name();
  return names;
}

void TellRules(const report::RulesReload& reload) {
  if (reload.good) {
    Log(LogLevel::kInfo, fmt::format("rules reloaded in {} ms: {} rules, {} added, {} removed",
                                     reload.build_ms + reload.hand_over_ms, reload.rules, reload.added,
                                     reload.removed));
  } else {
    Log(LogLevel::kError, "rules not reloaded, the old ones stay: " + reload.problem);
  }
}

void TellReload(const report::RulesReload& rules, const report::PolicyReload& policy) {
  TellRules(rules);
  if (!policy.good) {
    Log(LogLevel::kError, "policy not reloaded, the old one stays: " + policy.problem);
    return;
  }
  const policy::Difference& d = policy.difference;
  Log(LogLevel::kInfo,
      fmt::format("policy reloaded: {} version {}, {} entries, {} added, {} removed, {} changed, {} warnings",
                  policy.name, policy.version, policy.entries, d.added.size(), d.removed.size(), d.changed.size(),
                  policy.warnings));
}

}  // namespace

Conversation::Conversation(bool watched)
    : service_(watched ? ::getppid() : ::getpid()), reopen_(*ReopensOnSignal()), reopened_(reopen_) {}

void Conversation::Connect(runtime::RunRequest& request, Told also) {
  what_ = "reading " + NamesOf(request.sources);
  stop_ = request.stop;
  request.started = [this] { service_.Ready(what_); };
  request.alive = [this] { OnAlive(); };
  request.reload.build = [this](const config::Snapshot& before) {
    service_.Reloading();
    return config::Rebuild(before, ShippedRules(), Now());
  };
  request.reload.told = [this, also = std::move(also)](const report::RulesReload& rules,
                                                       const report::PolicyReload& policy) {
    TellReload(rules, policy);
    also(rules, policy);
    service_.Ready(what_ + (rules.good && policy.good ? "" : "; the last reload failed"));
  };
}

void Conversation::OnAlive() {
  service_.Alive();
  if (const std::uint32_t asked = reopen_; asked != reopened_) {
    reopened_ = asked;
    ReopenLog();
  }
  if (*stop_ && !std::exchange(stopping_, true)) service_.Stopping();
}

}  // namespace gander::app
