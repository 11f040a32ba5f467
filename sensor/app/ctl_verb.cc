// SPDX-License-Identifier: Apache-2.0
// gander ctl status|top|alerts|rules|reload|drain|ack|unack|acks: asks a running sensor, over its control socket.
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/options.h"
#include "app/outcome.h"
#include "app/top_screen.h"
#include "app/verbs.h"
#include "control/server.h"

namespace gander::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kUsualSocket = "/run/gander/control.sock";
constexpr int kAnswerSeconds = 10;
constexpr int kReloadSeconds = 120;

struct CtlOptions {
  ConfigOptions config;
  std::string socket, id, until, reason;
  bool json = false, once = false;
  double interval = 2;
};

Result<std::string> SocketOf(const CtlOptions& options) {
  if (!options.socket.empty()) return options.socket;
  if (options.config.config.empty()) return std::string(kUsualSocket);
  const auto settings = LoadSettings(options.config);
  if (!settings) return Failure(settings.error());
  return settings->control.socket.empty() ? std::string(kUsualSocket) : settings->control.socket;
}

// The body of a good answer.
Result<Json> Ask(const CtlOptions& options, const std::string& verb,
                 const std::map<std::string, std::string>& arguments = {}) {
  const auto socket = SocketOf(options);
  if (!socket) return Failure(socket.error());
  const auto reply = control::Ask(*socket, {verb, arguments, {}, {}}, kAnswerSeconds);
  if (!reply) return Failure(reply.error());
  if (!reply->good) return Fail(*socket, 0, reply->error, reply->remedy);
  return Json::parse(reply->body, nullptr, false);
}

void PrintJson(const Json& json) {
  std::printf("%s\n", json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

ScreenSize TerminalSize() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 40 || size.ws_row < 8) return {};
  return {std::min<int>(size.ws_col, 200), size.ws_row - 1};
}

int Status(const CtlOptions& options) {
  const auto now = Ask(options, "status");
  if (!now) return Complain(now.error(), kFailed);
  if (options.json) {
    PrintJson(*now);
  } else {
    std::fputs(DrawTop(*now, nullptr, 0, {TerminalSize().width, 40}).c_str(), stdout);
  }
  return kDone;
}

int Top(const CtlOptions& options) {
  const std::atomic<bool>* stop = StopOnSignals();
  const bool screen = isatty(STDOUT_FILENO) != 0;
  Json before;
  auto asked = std::chrono::steady_clock::now();
  for (int round = 0; !*stop; ++round) {
    const auto now = Ask(options, "status");
    if (!now) return Complain(now.error(), kFailed);
    const auto at = std::chrono::steady_clock::now();
    const std::string text = DrawTop(*now, before, std::chrono::duration<double>(at - asked).count(), TerminalSize());
    if (screen) std::fputs("\x1b[H\x1b[2J", stdout);
    if (!options.once || round == 1) std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
    if (options.once && round == 1) break;
    before = *now;
    asked = at;
    const auto until = at + std::chrono::duration<double>(options.interval);
    while (!*stop && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return kDone;
}

int List(const CtlOptions& options, const char* verb, const std::vector<const char*>& columns) {
  const auto rows = Ask(options, verb);
  if (!rows) return Complain(rows.error(), kFailed);
  if (options.json) {
    PrintJson(*rows);
    return kDone;
  }
  for (const Json& row : *rows) {
    std::string line;
    for (const char* column : columns) line += (line.empty() ? "" : "  ") + row.value(column, std::string("-"));
    std::printf("%s\n", line.c_str());
  }
  if (rows->empty()) std::printf("none\n");
  return kDone;
}

int Rules(const CtlOptions& options) {
  const auto now = Ask(options, "status");
  if (!now) return Complain(now.error(), kFailed);
  const Json out{{"rules", now->value("rules", Json::object())}, {"findings", now->value("findings", Json::array())}};
  if (options.json) {
    PrintJson(out);
    return kDone;
  }
  std::printf("%s rules, digest %s\n", out["rules"].value("loaded", Json()).dump().c_str(),
              out["rules"].value("digest", std::string()).c_str());
  for (const Json& f : out["findings"]) {
    std::printf("%10s  %-9s %s\n", f.value("count", Json()).dump().c_str(), f.value("result", std::string()).c_str(),
                f.value("rule", std::string()).c_str());
  }
  return kDone;
}

int Reload(const CtlOptions& options) {
  const auto before = Ask(options, "reload");
  if (!before) return Complain(before.error(), kFailed);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(kReloadSeconds);
  while (std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const auto now = Ask(options, "reload_state");
    if (!now) return Complain(now.error(), kFailed);
    if ((*now)["count"] == (*before)["count"]) continue;
    const bool rules = (*now)["rules_good"].get<bool>(), policy = (*now)["policy_good"].get<bool>();
    if (rules) std::printf("rules: %s in use\n", (*now)["rules"].dump().c_str());
    if (policy) std::printf("policy: %s entries in use\n", (*now)["policy_entries"].dump().c_str());
    if (!rules) std::fprintf(stderr, "rules: the old ones stay: %s\n", now->value("rules_problem", "").c_str());
    if (!policy) std::fprintf(stderr, "policy: the old one stays: %s\n", now->value("policy_problem", "").c_str());
    return rules && policy ? kDone : kBadUsage;
  }
  return Complain({"gander ctl reload", 0, "the sensor has not reloaded within " + std::to_string(kReloadSeconds) + " s",
                   "look at its log"},
                  kFailed);
}

int Instruct(const CtlOptions& options, const char* verb) {
  std::map<std::string, std::string> arguments;
  if (!options.id.empty()) arguments["id"] = options.id;
  if (!options.until.empty()) arguments["until"] = options.until;
  if (!options.reason.empty()) arguments["reason"] = options.reason;
  const auto answer = Ask(options, verb, arguments);
  if (!answer) return Complain(answer.error());
  PrintJson(*answer);
  return kDone;
}

}  // namespace

void AddCtl(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("ctl", "ask a running sensor: status, top, alerts, reload, drain, ack");
  verb->require_subcommand(1);
  verb->footer(
      "Examples:\n  gander ctl top\n  gander ctl reload --config /etc/gander/gander.yaml\n"
      "  gander ctl ack 1c2f0a1b-... --until 14d --reason 'vendor migration, ticket 4711'\n"
      "The sensor listens where control.socket says. An acknowledged alert is counted and kept as evidence, not told.");
  auto options = std::make_shared<CtlOptions>();
  const auto add = [&](const char* name, const char* help, std::function<int(const CtlOptions&)> run) {
    CLI::App* action = verb->add_subcommand(name, help);
    action->add_option("--socket", options->socket, "where the sensor listens")->type_name("PATH");
    action->add_option("--config,-c", options->config.config, "configuration that names the socket")->type_name("FILE");
    action->add_flag("--json", options->json, "as JSON");
    action->callback([options, run, &exit_code] { exit_code = run(*options); });
    return action;
  };
  add("status", "what it has seen and said so far", Status);
  CLI::App* top = add("top", "the same, live", Top);
  top->add_flag("--once", options->once, "one screen, with rates, and end");
  top->add_option("--interval", options->interval, "seconds between two screens")->check(CLI::Range(0.2, 60.0));
  add("alerts", "the last alerts, with the ids to acknowledge them by",
      [](const CtlOptions& o) { return List(o, "alerts", {"id", "time", "severity", "detector", "signature"}); });
  add("rules", "rules in use and what they have found", Rules);
  add("reload", "read rules, own lists and policy anew; exit 2 when one of them is wrong and the old one stays", Reload);
  add("drain", "finish what was received, write everything, end",
      [](const CtlOptions& o) { return Instruct(o, "drain"); });
  CLI::App* ack = add("ack", "do not tell this matter again until then",
                      [](const CtlOptions& o) { return Instruct(o, "ack"); });
  ack->add_option("id", options->id, "alert.context.id of the alert")->required();
  ack->add_option("--until", options->until, "7d, 12h or a date, within a year")->required();
  ack->add_option("--reason", options->reason, "for whoever reads it next")->required();
  add("unack", "tell it again", [](const CtlOptions& o) { return Instruct(o, "unack"); })
      ->add_option("id", options->id, "id of the acknowledgement")->required();
  add("acks", "acknowledgements in force",
      [](const CtlOptions& o) { return List(o, "acks", {"id", "detector", "until", "user", "reason"}); });
}

}  // namespace gander::app
