// SPDX-License-Identifier: Apache-2.0
// gander run: an interface or DPDK ports, until a signal.
#include "app/confine.h"
#include "app/control_desk.h"
#include "app/conversation.h"
#include "app/dry_run.h"
#include "app/log.h"
#include "app/options.h"
#include "app/outcome.h"
#include "app/supervision.h"
#include "app/verbs.h"
#include "base/locked.h"
#include "doctor/doctor.h"
#include "report/metrics/metrics.h"
#include "runtime/engine.h"

namespace gander::app {
namespace {

struct RunOptions {
  ConfigOptions config;
  OutcomeOptions outcome;
  std::string interface;
  bool dry_run = false;
};

bool ReadsDpdk(const RunOptions& options, const config::Settings& settings) {
  return !options.config.profile.empty() || (settings.live.interface.empty() && !settings.dpdk.eal.empty());
}

Result<std::vector<std::unique_ptr<capture::PacketSource>>> OpenSources(const RunOptions& options,
                                                                        const config::Settings& settings) {
  if (ReadsDpdk(options, settings)) return capture::OpenDpdk(settings.dpdk);
  if (settings.live.interface.empty()) {
    return Fail("command line", 0, "nothing to read",
                "name one: --interface eth0, or --dpdk dpdk-config/lab-pcap.yaml");
  }
  return capture::OpenLive(settings.live);
}

// A profile that asks more than the machine has ends here, in words, before DPDK or the kernel refuse it.
Result<bool> FitForThisMachine(const RunOptions& options, const config::Settings& settings) {
  doctor::Deployment deployment;
  deployment.settings = settings;
  deployment.dpdk = ReadsDpdk(options, settings);
  return doctor::Preflight(doctor::ReadMachine("", {}), deployment);
}

using config::LogLevel;

void TellStart(const runtime::RunRequest& request, const sandbox::Confinement& confinement) {
  for (const auto& source : request.sources) Log(LogLevel::kInfo, "reading " + source->name());
  if (request.metrics != nullptr) Log(LogLevel::kInfo, "metrics on " + request.metrics->url() + "/metrics");
  Log(LogLevel::kInfo, "confined: " + sandbox::Describe(confinement));
  Log(LogLevel::kInfo, "Ctrl-C ends and prints the summary");
}

sandbox::Access AccessOf(const RunOptions& options, const config::Settings& settings) {
  return AccessFor(settings, ReadsDpdk(options, settings) ? Reads::kPorts : Reads::kInterface, options.config);
}

Result<config::Settings> SettingsOf(const RunOptions& options) {
  auto settings = LoadSettings(options.config);
  if (!settings) return settings;
  if (!options.interface.empty()) settings->live.interface = options.interface;
  ApplyOutcomeOptions(options.outcome, *settings);
  return settings;
}

int RunSensor(const RunOptions& options, const Tie& tie) {
  runtime::RunRequest request;
  request.reload.asked = ReloadsOnSignal();
  request.stop = StopOnSignals();  // a signal that comes while things are opened ends the run cleanly, too
  Conversation conversation(tie.watched());
  tie.HearSignals();
  auto settings = SettingsOf(options);
  if (!settings) return Complain(settings.error());
  tie.ApplyTo(*settings);
  if (auto log = OpenLog(settings->log); !log) return Complain(log.error());
  auto snapshot = config::BuildSnapshot(std::move(*settings), ShippedRules(), Now());
  if (!snapshot) return Complain(snapshot.error());
  const config::Settings& s = (*snapshot)->settings;

  if (auto fit = FitForThisMachine(options, s); !fit) return Complain(fit.error());

  request.snapshot = *snapshot;
  auto sources = OpenSources(options, s);
  if (!sources) return Complain(sources.error());
  request.sources = std::move(*sources);
  auto desk = ControlDesk::Open(s);  // while the socket can still be given to control.group
  if (!desk) return Complain(desk.error());
  // What follows is opened by the user that the run continues as, since it must be opened again by that one.
  const sandbox::Access access = AccessOf(options, s);
  auto confinement = sandbox::DropPrivileges(s.process, access);
  if (!confinement) return Complain(confinement.error());
  tie.DieWithSupervisor();
  if (auto log = OpenLogFile(s.log); !log) return Complain(log.error());
  std::unique_ptr<report::MetricsServer> metrics;
  const auto confined = [&confinement] { return StateOf(*confinement); };  // asked for once traffic is read
  if (!s.report.metrics.listen.empty()) {
    auto started = report::MetricsServer::Start(s.report.metrics, confined);
    if (!started) return Complain(started.error());
    metrics = std::move(*started);
    request.metrics = metrics.get();
  }
  if (options.dry_run) {
    sandbox::FilterSystemCalls(s.process, access, *confinement);
    return TellPlan(request, access, *confinement);
  }
  if (auto started = (*desk)->Start(s, confined); !started) return Complain(started.error());
  request.acknowledged = &(*desk)->acknowledgements();
  request.on_state = [&](std::shared_ptr<const report::RunState> state) { (*desk)->Publish(std::move(state)); };
  auto outputs = OpenOutputs(s, false, ReopensOnSignal());
  if (!outputs) return Complain(outputs.error());
  request.outputs = std::move(*outputs);
  auto quarantine = OpenQuarantine(s, false);
  if (!quarantine) return Complain(quarantine.error());
  request.quarantine = quarantine->get();
  auto evidence = OpenEvidence(s, false);
  if (!evidence) return Complain(evidence.error());
  request.evidence = evidence->get();
  auto earlier = OpenEarlierState(s);
  if (!earlier) return Complain(earlier.error());
  request.state_key = earlier->key.get();
  request.state = std::move(earlier->state);
  auto fleet = OpenFleetKey(s);
  if (!fleet) return Complain(fleet.error());
  request.fleet = fleet->get();
  sandbox::FilterSystemCalls(s.process, access, *confinement);

  PrintWarnings(**snapshot);
  for (const std::string& w : confinement->warnings) Log(LogLevel::kWarning, w);
  if (!KeysAreLocked()) Log(LogLevel::kWarning, "keys may be swapped out\n  remedy: LimitMEMLOCK=64K, or ulimit -l 64");
  if (!options.outcome.quiet) TellStart(request, *confinement);
  conversation.Connect(request, [&](const report::RulesReload& rules, const report::PolicyReload& policy) {
    (*desk)->NoteReload(rules, policy);
  });
  tie.Connect(request);
  auto state = runtime::RunLive(std::move(request));
  tie.Ended();
  if (!state) return Complain(state.error());  // nothing has run yet
  return ReportOutcome(*state, s, options.outcome);
}

// This process watches, and starts itself again as the sensor, which finds its tie.
int Run(const RunOptions& options) {
  if (const Tie tie; tie.watched() || options.dry_run) return RunSensor(options, tie);
  auto settings = SettingsOf(options);
  if (!settings) return Complain(settings.error());
  if (!settings->supervise.on) return RunSensor(options, Tie{});
  return Supervise(*settings, AccessOf(options, *settings));
}

}  // namespace

void AddRun(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("run", "watch an interface or DPDK ports until a signal");
  auto options = std::make_shared<RunOptions>();
  options->config.live = true;
  auto* interface = verb->add_option("--interface,-i", options->interface, "interface to read, through libpcap");
  verb->add_option("--dpdk", options->config.profile, "profile with capture.dpdk settings, see dpdk-config/")
      ->type_name("PROFILE")
      ->excludes(interface);
  AddConfigOptions(*verb, options->config);
  AddOutcomeOptions(*verb, options->outcome);
  verb->add_flag("--dry-run", options->dry_run, "open and check all that can be without traffic, say what would run, end");
  verb->footer(
      "Examples:\n"
      "  gander run --interface eth0 --events events.json\n"
      "  gander run --interface eth0 --set report.metrics.listen=127.0.0.1:9944\n"
      "  gander run --dpdk dpdk-config/lab-pcap.yaml\n"
      "  gander run --interface eth0 --dry-run\n"
      "  kill -HUP $(pidof gander)    rule packs, own lists and the policy are read anew, without losing a packet;\n"
      "                               where one is wrong the old one stays. Settings need a restart.\n"
      "  kill -USR2 $(pidof gander)   output files are opened anew, as logrotate asks; -HUP does it, too");
  verb->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace gander::app
