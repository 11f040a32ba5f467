// SPDX-License-Identifier: Apache-2.0
// A live run's talk with those around it: signals in; the log and the service manager out.
#ifndef GANDER_APP_CONVERSATION_H_
#define GANDER_APP_CONVERSATION_H_

#include <atomic>
#include <functional>
#include <string>

#include "app/service.h"
#include "runtime/engine.h"

namespace gander::app {

class Conversation {
 public:
  // Takes SIGUSR2, connects to the service manager. `watched`: it is the supervisor that the manager started.
  explicit Conversation(bool watched);
  // Sets what the run calls: started, alive, reload. `request.sources` and `request.stop` are there already; this lives
  // longer than the run. `also` is told of reloads too.
  using Told = std::function<void(const report::RulesReload&, const report::PolicyReload&)>;
  void Connect(runtime::RunRequest& request, Told also);

 private:
  void OnAlive();

  Service service_;
  std::string what_;  // "reading eth0"
  const std::atomic<bool>* stop_ = nullptr;
  const std::atomic<std::uint32_t>& reopen_;
  std::uint32_t reopened_;
  bool stopping_ = false;
};

}  // namespace gander::app

#endif  // GANDER_APP_CONVERSATION_H_
