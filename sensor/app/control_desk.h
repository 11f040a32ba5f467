// SPDX-License-Identifier: Apache-2.0
// What a running sensor answers on its control socket: holds the last state that the aggregator published, the last
// reload, and the acknowledgements of alerts.
#ifndef GANDER_APP_CONTROL_DESK_H_
#define GANDER_APP_CONTROL_DESK_H_

#include <memory>
#include <mutex>
#include <string>

#include "config/settings.h"
#include "control/server.h"
#include "detect/alerting/suppressions.h"
#include "report/confinement_state.h"
#include "report/events/policy_reload_event.h"
#include "report/events/rules_reload_event.h"
#include "report/run_state.h"

namespace gander::app {

class ControlDesk {
 public:
  // Makes the socket where one is configured. Errors as Server::Open.
  static Result<std::unique_ptr<ControlDesk>> Open(const config::Settings& settings);
  // Once the process has given up its privileges: opens acknowledgements, and answers. `confined` is not called before the
  // first Publish. Errors as Acknowledgements::Open.
  Result<bool> Start(const config::Settings& settings, report::ConfinementReader confined);

  const detect::Acknowledgements& acknowledgements() const { return *acknowledgements_; }
  // Any thread.
  void Publish(std::shared_ptr<const report::RunState> state);
  void NoteReload(const report::RulesReload& rules, const report::PolicyReload& policy);

 private:
  struct LastReload {
    std::uint64_t count = 0;
    bool rules_good = true, policy_good = true;
    std::string rules_problem, policy_problem;
    std::uint64_t rules = 0, policy_entries = 0;
  };

  control::Server::Verbs Verbs();
  std::shared_ptr<const report::RunState> State() const;
  control::Reply Status() const;
  control::Reply Alerts() const;
  control::Reply Acks() const;
  control::Reply Acknowledge(const control::Request& request);
  control::Reply Unacknowledge(const control::Request& request);
  control::Reply ReloadState() const;
  void Audit(const control::Request& request, const std::string& what) const;

  std::string evidence_directory_;
  report::ConfinementReader confined_;
  std::unique_ptr<detect::Acknowledgements> acknowledgements_;
  mutable std::mutex mutex_;
  std::shared_ptr<const report::RunState> state_;
  LastReload reload_;
  std::unique_ptr<control::Server> server_;  // last: its thread uses the rest
};

}  // namespace gander::app

#endif  // GANDER_APP_CONTROL_DESK_H_
