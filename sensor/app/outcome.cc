// SPDX-License-Identifier: Apache-2.0
#include "app/outcome.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "app/log.h"
#include "app/options.h"
#include "detect/alert.h"
#include "report/summary/summary.h"
#include "sandbox/sandbox.h"

namespace gander::app {
namespace {

std::atomic<bool> stop_requested{false};
std::atomic<std::uint32_t> reloads_requested{0}, reopens_requested{0};
static_assert(std::atomic<bool>::is_always_lock_free);

std::atomic<pid_t> asked_by{-1};

// One who asks twice wants it at once. A supervisor that passes on what this process was told, too, has not asked
// twice.
void OnSignal(int signal, siginfo_t* info, void*) {
  const pid_t who = info->si_pid;
  if (stop_requested.exchange(true) && asked_by == who) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  asked_by = who;
}

void OnReloadSignal(int) {
  reloads_requested.fetch_add(1);
  reopens_requested.fetch_add(1);
}

void OnReopenSignal(int) { reopens_requested.fetch_add(1); }

int TerminalWidth() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 60) return std::min<int>(size.ws_col, 160);
  return 100;
}

std::string CheckSeverity(const std::string& text) {
  detect::Severity ignored;
  return detect::ParseSeverity(text, ignored) ? "" : "one of info, low, medium, high, critical is expected";
}

bool ReachesSeverity(const report::RunState& state, const std::string& name) {
  detect::Severity limit;
  if (!detect::ParseSeverity(name, limit)) return false;
  for (const auto& [key, count] : state.alerts) {
    detect::Severity severity;
    if (count > 0 && detect::ParseSeverity(key.second, severity) && severity >= limit) return true;
  }
  return false;
}

}  // namespace

void AddOutcomeOptions(CLI::App& verb, OutcomeOptions& options) {
  verb.add_option("--events", options.events, "write EVE JSON lines to this file; - is standard output");
  verb.add_option("--report", options.html, "write a self-contained HTML page to this file");
  verb.add_option("--fail-on", options.fail_on, "exit 1 when an alert of this severity or above was raised")
      ->type_name("SEVERITY")
      ->check(CheckSeverity);
  verb.add_flag("--json", options.json, "print the summary as JSON");
  verb.add_flag("--quiet,-q", options.quiet, "no progress");
}

void ApplyOutcomeOptions(const OutcomeOptions& options, config::Settings& settings) {
  if (!options.events.empty()) settings.report.events = options.events;
  if (!options.html.empty()) settings.report.html = options.html;
}

Result<std::unique_ptr<report::Outputs>> OpenOutputs(const config::Settings& settings, bool offline,
                                                     const std::atomic<std::uint32_t>* reopen) {
  const config::ReportOptions& o = settings.report;
  if (!o.writes_events()) return std::unique_ptr<report::Outputs>{};
  std::vector<report::OutputOptions> outputs;
  if (!o.events.empty()) {
    report::OutputOptions& file = outputs.emplace_back();
    file.name = "events";
    file.queue = o.queue;
    file.file.path = o.events;
    file.file.append = o.append;
  }
  outputs.insert(outputs.end(), o.outputs.begin(), o.outputs.end());
  report::Outputs::Options options{offline, o.sensor_name, GANDER_VERSION, reopen, [](const std::string& text) {
                                     Log(config::LogLevel::kInfo, text);
                                   }};
  auto opened = std::make_unique<report::Outputs>(std::move(options));
  if (auto done = opened->Open(outputs); !done) return Failure(done.error());
  return opened;
}

Result<std::unique_ptr<report::Quarantine>> OpenQuarantine(const config::Settings& settings, bool offline) {
  if (settings.quarantine.directory.empty()) return std::unique_ptr<report::Quarantine>{};
  return report::Quarantine::Open(settings.quarantine, offline);
}

Result<std::unique_ptr<evidence::Recorder>> OpenEvidence(const config::Settings& settings, bool offline) {
  evidence::Options options = settings.evidence;
  if (options.directory.empty()) return std::unique_ptr<evidence::Recorder>{};
  const std::string& name = settings.report.sensor_name;
  if (options.origin.empty()) options.origin = "gander/" + (name.empty() ? std::string("sensor") : name);
  auto key = evidence::SigningKey::Open(options.key_file);
  if (!key) return Failure(key.error());
  auto log = evidence::Log::Open(options, std::move(*key), Now, std::string("\"version\":\"") + kVersion + "\"");
  if (!log) return Failure(log.error());
  for (const std::string& w : log->warnings()) std::fprintf(stderr, "gander: warning: %s\n", w.c_str());
  return std::make_unique<evidence::Recorder>(std::move(*log), options, Now, offline);
}

Result<EarlierState> OpenEarlierState(const config::Settings& settings) {
  const detect::SnapshotOptions& o = settings.snapshot;
  EarlierState out;
  if (o.file.empty()) return out;
  auto key = detect::OpenSnapshotKey(o.key_file);
  if (!key) return Failure(key.error());
  out.key = std::make_unique<detect::SnapshotKey>(*key);
  // Saved forms are no larger than what lies in memory, but for what is packed there.
  auto state = detect::ReadSnapshot(o.file, *out.key, 4 * settings.detect.memory);
  if (!state) {
    LogWarning(state.error());
  } else if (state->has_value()) {
    out.state = std::move(**state);
  }
  return out;
}

Result<std::unique_ptr<detect::FleetKey>> OpenFleetKey(const config::Settings& settings) {
  if (settings.fleet.key_file.empty()) return std::unique_ptr<detect::FleetKey>();
  return detect::FleetKey::Open(settings.fleet.key_file, settings.fleet.epoch_days);
}

void PrintWarnings(const config::Snapshot& snapshot) {
  for (const Error& w : snapshot.warnings) LogWarning(w);
}

const std::atomic<bool>* StopOnSignals() {
  struct sigaction action{};
  action.sa_sigaction = OnSignal;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return &stop_requested;
}

void RequestStop() { stop_requested = true; }
void RequestReload() { reloads_requested.fetch_add(1); }

const std::atomic<std::uint32_t>* ReloadsOnSignal() {
  struct sigaction action{};
  action.sa_handler = OnReloadSignal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGHUP, &action, nullptr);
  return &reloads_requested;
}

const std::atomic<std::uint32_t>* ReopensOnSignal() {
  struct sigaction action{};
  action.sa_handler = OnReopenSignal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR2, &action, nullptr);
  return &reopens_requested;
}

int ReportOutcome(const report::RunState& state, const config::Settings& settings, const OutcomeOptions& options) {
  for (const std::string& w : state.warnings) Log(config::LogLevel::kWarning, w);
  for (const sandbox::Refusal& r : sandbox::Refusals()) {
    Log(config::LogLevel::kWarning, "system call " + r.call + " refused " + std::to_string(r.times) +
                                        " times (process.seccomp); please report it, with what was configured");
  }
  if (!settings.report.html.empty()) {
    if (auto written = report::WriteFile(settings.report.html, report::HtmlReport(state)); !written) {
      return Complain(written.error(), kFailed);
    }
  }
  report::SummaryOptions summary;
  summary.color = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  summary.width = TerminalWidth();
  summary.events_path = settings.report.events;
  summary.report_path = settings.report.html;
  const std::string text = options.json ? report::JsonSummary(state) : report::TextSummary(state, summary);
  // Standard output belongs to the events when they go there.
  std::fputs(text.c_str(), settings.report.events == "-" ? stderr : stdout);
  std::fflush(stdout);
  if (state.events_dropped > 0 && state.offline) return kFailed;
  return !options.fail_on.empty() && ReachesSeverity(state, options.fail_on) ? kAlerts : kDone;
}

}  // namespace gander::app
