// SPDX-License-Identifier: Apache-2.0
// gander run: an interface or DPDK ports, until a signal.
#include <cstdio>

#include "app/control_desk.h"
#include "app/options.h"
#include "app/outcome.h"
#include "app/verbs.h"
#include "doctor/doctor.h"
#include "report/metrics/metrics.h"
#include "runtime/engine.h"

namespace gander::app {
namespace {

struct RunOptions {
  ConfigOptions config;
  OutcomeOptions outcome;
  std::string interface;
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

unsigned long long Wide(std::uint64_t n) { return n; }

void TellRules(const report::RulesReload& reload) {
  if (reload.good) {
    std::fprintf(stderr, "gander: rules reloaded in %llu ms: %llu rules, %llu added, %llu removed\n",
                 Wide(reload.build_ms + reload.hand_over_ms), Wide(reload.rules), Wide(reload.added),
                 Wide(reload.removed));
  } else {
    std::fprintf(stderr, "gander: rules not reloaded, the old ones stay: %s\n", reload.problem.c_str());
  }
}

void TellReload(const report::RulesReload& rules, const report::PolicyReload& policy) {
  TellRules(rules);
  if (!policy.good) {
    std::fprintf(stderr, "gander: policy not reloaded, the old one stays: %s\n", policy.problem.c_str());
    return;
  }
  const policy::Difference& d = policy.difference;
  std::fprintf(
      stderr,
      "gander: policy reloaded: %s version %d, %llu entries, %llu added, %llu removed, %llu changed, %llu warnings\n",
      policy.name.c_str(), policy.version, Wide(policy.entries), Wide(d.added.size()), Wide(d.removed.size()),
      Wide(d.changed.size()), Wide(policy.warnings));
}

int Run(const RunOptions& options) {
  runtime::RunRequest request;
  request.reload.asked = ReloadsOnSignal();
  auto settings = LoadSettings(options.config);
  if (!settings) return Complain(settings.error());
  if (!options.interface.empty()) settings->live.interface = options.interface;
  ApplyOutcomeOptions(options.outcome, *settings);
  auto snapshot = config::BuildSnapshot(std::move(*settings), ShippedRules(), Now());
  if (!snapshot) return Complain(snapshot.error());
  const config::Settings& s = (*snapshot)->settings;

  if (auto fit = FitForThisMachine(options, s); !fit) return Complain(fit.error());

  request.snapshot = *snapshot;
  request.reload.build = [](const config::Snapshot& before) { return config::Rebuild(before, ShippedRules(), Now()); };
  auto desk = ControlDesk::Open(s);
  if (!desk) return Complain(desk.error());
  request.acknowledged = &(*desk)->acknowledgements();
  request.on_state = [&](std::shared_ptr<const report::RunState> state) { (*desk)->Publish(std::move(state)); };
  request.reload.told = [&](const report::RulesReload& rules, const report::PolicyReload& policy) {
    TellReload(rules, policy);
    (*desk)->NoteReload(rules, policy);
  };
  std::unique_ptr<report::MetricsServer> metrics;
  if (!s.report.metrics.listen.empty()) {
    auto started = report::MetricsServer::Start(s.report.metrics);
    if (!started) return Complain(started.error());
    metrics = std::move(*started);
    request.metrics = metrics.get();
  }
  auto sources = OpenSources(options, s);
  if (!sources) return Complain(sources.error());
  request.sources = std::move(*sources);
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
  request.stop = StopOnSignals();

  PrintWarnings(**snapshot);
  if (!options.outcome.quiet) {
    for (const auto& source : request.sources) std::fprintf(stderr, "gander: reading %s\n", source->name().c_str());
    if (metrics != nullptr) std::fprintf(stderr, "gander: metrics on %s/metrics\n", metrics->url().c_str());
    std::fprintf(stderr, "gander: Ctrl-C ends and prints the summary\n");
  }
  auto state = runtime::RunLive(std::move(request));
  if (!state) return Complain(state.error());  // nothing has run yet
  return ReportOutcome(*state, s, options.outcome);
}

}  // namespace

void AddRun(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("run", "watch an interface or DPDK ports until a signal");
  auto options = std::make_shared<RunOptions>();
  auto* interface = verb->add_option("--interface,-i", options->interface, "interface to read, through libpcap");
  verb->add_option("--dpdk", options->config.profile, "profile with capture.dpdk settings, see dpdk-config/")
      ->type_name("PROFILE")
      ->excludes(interface);
  AddConfigOptions(*verb, options->config);
  AddOutcomeOptions(*verb, options->outcome);
  verb->footer(
      "Examples:\n"
      "  gander run --interface eth0 --events events.json\n"
      "  gander run --interface eth0 --set report.metrics.listen=127.0.0.1:9944\n"
      "  gander run --dpdk dpdk-config/lab-pcap.yaml\n"
      "  kill -HUP $(pidof gander)    rule packs, own lists and the policy are read anew, without losing a packet;\n"
      "                               where one is wrong the old one stays. Settings need a restart.\n"
      "  kill -USR2 $(pidof gander)   output files are opened anew, as logrotate asks; -HUP does it, too");
  verb->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace gander::app
