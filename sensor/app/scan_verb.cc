// SPDX-License-Identifier: Apache-2.0
// gander scan: captures in, summary out.
#include <unistd.h>

#include <cstdio>

#include "app/confine.h"
#include "app/log.h"
#include "app/options.h"
#include "app/outcome.h"
#include "app/progress.h"
#include "app/verbs.h"
#include "runtime/engine.h"

namespace gander::app {
namespace {

struct ScanOptions {
  ConfigOptions config;
  OutcomeOptions outcome;
  std::vector<std::string> files;
  std::uint32_t workers = 0;  // 0 = as configured
};

int Scan(const ScanOptions& options) {
  auto settings = LoadSettings(options.config);
  if (!settings) return Complain(settings.error());
  if (options.workers > 0) settings->runtime.workers = options.workers;
  ApplyOutcomeOptions(options.outcome, *settings);
  if (auto log = OpenLog(settings->log); !log) return Complain(log.error());
  auto snapshot = config::BuildSnapshot(std::move(*settings), ShippedRules());
  if (!snapshot) return Complain(snapshot.error());

  runtime::RunRequest request;
  request.snapshot = *snapshot;
  const bool shared = (*snapshot)->settings.runtime.workers > 1;
  for (const std::string& file : options.files) {
    auto source = capture::OpenFile(file, shared ? capture::FileAccess::kMapped : capture::FileAccess::kPieces);
    if (!source) return Complain(source.error());
    request.sources.push_back(std::move(*source));
  }
  // Hostile input is parsed here too; a scan stays the user's own.
  sandbox::Options process = (*snapshot)->settings.process;
  process.keep_user = true;
  const sandbox::Access access = AccessFor((*snapshot)->settings, Reads::kFiles, options.config);
  auto confinement = sandbox::DropPrivileges(process, access);
  if (!confinement) return Complain(confinement.error());
  if (auto log = OpenLogFile((*snapshot)->settings.log); !log) return Complain(log.error());
  auto outputs = OpenOutputs((*snapshot)->settings, true, nullptr);
  if (!outputs) return Complain(outputs.error());
  request.outputs = std::move(*outputs);
  auto quarantine = OpenQuarantine((*snapshot)->settings, true);
  if (!quarantine) return Complain(quarantine.error());
  request.quarantine = quarantine->get();
  auto evidence = OpenEvidence((*snapshot)->settings, true);
  if (!evidence) return Complain(evidence.error());
  request.evidence = evidence->get();
  auto earlier = OpenEarlierState((*snapshot)->settings);
  if (!earlier) return Complain(earlier.error());
  request.state_key = earlier->key.get();
  request.state = std::move(earlier->state);
  auto fleet = OpenFleetKey((*snapshot)->settings);
  if (!fleet) return Complain(fleet.error());
  request.fleet = fleet->get();
  request.stop = StopOnSignals();
  sandbox::FilterSystemCalls(process, access, *confinement);

  PrintWarnings(**snapshot);
  Result<report::RunState> state = [&] {
    ProgressPrinter progress(options.outcome.quiet);
    request.progress = [&](const runtime::Progress& p) { progress(p); };
    return runtime::RunOffline(std::move(request));
  }();
  if (!state) return Complain(state.error());
  return ReportOutcome(*state, (*snapshot)->settings, options.outcome);
}

}  // namespace

void AddScan(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("scan", "read captures and say whose data moves where");
  auto options = std::make_shared<ScanOptions>();
  verb->add_option("file", options->files, "pcap or pcapng; - is standard input")->required();
  AddConfigOptions(*verb, options->config);
  AddOutcomeOptions(*verb, options->outcome);
  verb->add_option("--workers", options->workers, "packet threads")->check(CLI::Range(1, 64));
  verb->footer("Examples:\n"
               "  gander scan capture.pcap\n"
               "  gander scan --config gander.yaml --events events.json --report report.html day1.pcap day2.pcap\n"
               "  tcpdump -w - -i eth0 | gander scan --events - -\n"
               "  gander scan --fail-on high capture.pcap || echo 'something left'");
  verb->callback([options, &exit_code] { exit_code = Scan(*options); });
}

}  // namespace gander::app
