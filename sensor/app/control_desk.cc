// SPDX-License-Identifier: Apache-2.0
#include "app/control_desk.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "app/outcome.h"
#include "evidence/recorder.h"
#include "report/events/eve_writer.h"
#include "report/summary/summary.h"

namespace gander::app {
namespace {

using control::Reply;
using control::Request;
using control::Role;
using Json = nlohmann::ordered_json;

constexpr std::int64_t kMostDays = 366;  // an acknowledgement without an end in sight is a suppression

std::string Text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string Argument(const Request& request, const char* name) {
  const auto found = request.arguments.find(name);
  return found == request.arguments.end() ? std::string() : found->second;
}

// "7d", "12h", or a date.
bool ReadUntil(const std::string& text, Timestamp now, Timestamp& out) {
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error == std::errc() && end + 1 == text.data() + text.size() && n > 0 && n <= kMostDays * 24) {
    if (*end == 'd' || *end == 'h') {
      out = now + Duration::Seconds(n * (*end == 'd' ? 86'400 : 3'600));
      return true;
    }
  }
  return ParseDate(text, out);
}

}  // namespace

Result<std::unique_ptr<ControlDesk>> ControlDesk::Open(const config::Settings& settings) {
  auto desk = std::make_unique<ControlDesk>();
  desk->evidence_directory_ = settings.evidence.directory;
  if (settings.control.socket.empty()) return desk;
  auto server = control::Server::Open(settings.control, desk->Verbs());
  if (!server) return Failure(server.error());
  desk->server_ = std::move(*server);
  return desk;
}

Result<bool> ControlDesk::Start(const config::Settings& settings, report::ConfinementReader confined) {
  confined_ = std::move(confined);
  auto acknowledgements = detect::Acknowledgements::Open(settings.acknowledgements_file);
  if (!acknowledgements) return Failure(acknowledgements.error());
  acknowledgements_ = std::move(*acknowledgements);
  if (server_ != nullptr) server_->Start();
  return true;
}

void ControlDesk::Publish(std::shared_ptr<const report::RunState> state) {
  const std::lock_guard lock(mutex_);
  state_ = std::move(state);
}

std::shared_ptr<const report::RunState> ControlDesk::State() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void ControlDesk::NoteReload(const report::RulesReload& rules, const report::PolicyReload& policy) {
  const std::lock_guard lock(mutex_);
  reload_ = {reload_.count + 1, rules.good, policy.good, rules.problem, policy.problem, rules.rules, policy.entries};
}

control::Server::Verbs ControlDesk::Verbs() {
  control::Server::Verbs verbs;
  verbs["status"] = {Role::kReader, [this](const Request&) { return Status(); }};
  verbs["alerts"] = {Role::kReader, [this](const Request&) { return Alerts(); }};
  verbs["acks"] = {Role::kReader, [this](const Request&) { return Acks(); }};
  verbs["reload_state"] = {Role::kReader, [this](const Request&) { return ReloadState(); }};
  verbs["reload"] = {Role::kOperator, [this](const Request& request) {
                       const Reply before = ReloadState();
                       RequestReload();
                       Audit(request, "reload");
                       return before;
                     }};
  verbs["drain"] = {Role::kOperator, [this](const Request& request) {
                      Audit(request, "drain");
                      RequestStop();
                      return Reply{true, "\"ending\"", "", ""};
                    }};
  verbs["ack"] = {Role::kOperator, [this](const Request& request) { return Acknowledge(request); }};
  verbs["unack"] = {Role::kOperator, [this](const Request& request) { return Unacknowledge(request); }};
  return verbs;
}

Reply ControlDesk::Status() const {
  const auto state = State();
  if (state == nullptr) return {false, "", "the first epoch has not ended yet", "ask again in a few seconds"};
  const report::ConfinementState confined = confined_();
  return {true, report::JsonSummary(*state, &confined), "", ""};
}

Reply ControlDesk::Alerts() const {
  const auto state = State();
  Json out = Json::array();
  if (state != nullptr) {
    for (const detect::Alert& a : state->raised) {
      out.push_back({{"id", report::AlertId(a)},
                     {"time", FormatEveTime(a.time)},
                     {"severity", detect::NameOf(a.severity)},
                     {"detector", a.detector},
                     {"signature", a.signature}});
    }
  }
  return {true, Text(out), "", ""};
}

Reply ControlDesk::Acks() const {
  Json out = Json::array();
  for (const detect::Suppression& s : acknowledgements_->List(Now())) {
    out.push_back({{"id", s.name},
                   {"detector", s.detector},
                   {"until", FormatEveTime(s.until)},
                   {"reason", s.reason},
                   {"user", s.user}});
  }
  return {true, Text(out), "", ""};
}

Reply ControlDesk::Acknowledge(const Request& request) {
  const std::string id = Argument(request, "id"), reason = Argument(request, "reason");
  const Timestamp now = Now();
  detect::Suppression ack;
  if (reason.empty()) return {false, "", "an acknowledgement has a reason", "say why with --reason"};
  if (!ReadUntil(Argument(request, "until"), now, ack.until) || ack.until <= now ||
      ack.until - now > Duration::Seconds(kMostDays * 86'400)) {
    return {false, "", "`" + Argument(request, "until") + "` is no end within a year from now",
            "write 7d, 12h or a date like 2027-01-31"};
  }
  const auto state = State();
  const detect::Alert* alert = nullptr;
  for (std::size_t i = 0; state != nullptr && i < state->raised.size() && alert == nullptr; ++i) {
    if (report::AlertId(state->raised[i]) == id) alert = &state->raised[i];
  }
  if (alert == nullptr) {
    return {false, "", "no alert among the last ones has the id `" + id + "`",
            "`gander ctl alerts` lists them; older ones are suppressed by rule, detect.suppress"};
  }
  ack.name = id;
  ack.detector = alert->detector;
  ack.key = detect::DedupHash(*alert);
  ack.reason = reason;
  ack.user = request.user;
  if (auto added = acknowledgements_->Add(ack, now); !added) {
    return {false, "", added.error().cause, added.error().remedy};
  }
  Audit(request, "ack");
  return {true, Text({{"id", id}, {"detector", ack.detector}, {"until", FormatEveTime(ack.until)}}), "", ""};
}

Reply ControlDesk::Unacknowledge(const Request& request) {
  const std::string id = Argument(request, "id");
  if (!acknowledgements_->Remove(id, Now())) {
    return {false, "", "no acknowledgement has the id `" + id + "`", "`gander ctl acks` lists them"};
  }
  Audit(request, "unack");
  return {true, Text({{"id", id}}), "", ""};
}

Reply ControlDesk::ReloadState() const {
  const std::lock_guard lock(mutex_);
  return {true, Text({{"count", reload_.count},
                      {"rules_good", reload_.rules_good},
                      {"rules_problem", reload_.rules_problem},
                      {"rules", reload_.rules},
                      {"policy_good", reload_.policy_good},
                      {"policy_problem", reload_.policy_problem},
                      {"policy_entries", reload_.policy_entries}}),
          "", ""};
}

void ControlDesk::Audit(const Request& request, const std::string& what) const {
  if (evidence_directory_.empty()) return;
  Json body{{"action", "control_" + what}, {"user", request.user}, {"time", FormatEveTime(Now())}};
  for (const auto& [name, value] : request.arguments) body[name] = value;
  (void)evidence::RequestAudit(evidence_directory_, Text(body));  // the log tells itself when it cannot be written
}

}  // namespace gander::app
