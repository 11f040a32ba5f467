// SPDX-License-Identifier: Apache-2.0
// What scan and run share: where results go, signals, and how the end is told.
#ifndef GANDER_APP_OUTCOME_H_
#define GANDER_APP_OUTCOME_H_

#include <CLI/CLI.hpp>
#include <atomic>
#include <memory>
#include <string>

#include "config/snapshot.h"
#include "detect/fleet/fleet_key.h"
#include "detect/state/snapshot_file.h"
#include "evidence/recorder.h"
#include "report/quarantine/quarantine.h"
#include "report/run_state.h"
#include "report/sink/outputs.h"

namespace gander::app {

struct OutcomeOptions {
  std::string events, html, fail_on;
  bool json = false, quiet = false;
};
void AddOutcomeOptions(CLI::App& verb, OutcomeOptions& options);
void ApplyOutcomeOptions(const OutcomeOptions& options, config::Settings& settings);

// report.events and report.outputs. Null when no events are wanted. `reopen` counts signals, may be null.
Result<std::unique_ptr<report::Outputs>> OpenOutputs(const config::Settings& settings, bool offline,
                                                     const std::atomic<std::uint32_t>* reopen);
// Null when no file is to be kept.
Result<std::unique_ptr<report::Quarantine>> OpenQuarantine(const config::Settings& settings, bool offline);
// Null when no evidence is kept. Warnings of the log are printed here.
Result<std::unique_ptr<evidence::Recorder>> OpenEvidence(const config::Settings& settings, bool offline);
// State of an earlier run and the key it is kept under. `key` is null when detect.snapshot.file is not set. A snapshot
// that cannot be read is a warning, printed here.
struct EarlierState {
  std::unique_ptr<detect::SnapshotKey> key;
  std::string state;
};
Result<EarlierState> OpenEarlierState(const config::Settings& settings);
// Null when fleet.key_file is not set.
Result<std::unique_ptr<detect::FleetKey>> OpenFleetKey(const config::Settings& settings);
void PrintWarnings(const config::Snapshot& snapshot);

// SIGINT and SIGTERM set the flag that is returned; a second one ends the process at once.
const std::atomic<bool>* StopOnSignals();

// The same without a signal.
void RequestStop();
void RequestReload();

// SIGHUP counts up what is returned.
const std::atomic<std::uint32_t>* ReloadsOnSignal();
// SIGUSR2 counts up what is returned, and SIGHUP, too: output files are opened anew.
const std::atomic<std::uint32_t>* ReopensOnSignal();

// Summary on standard output (unless events go there), the HTML page, and the exit code.
int ReportOutcome(const report::RunState& state, const config::Settings& settings, const OutcomeOptions& options);

}  // namespace gander::app

#endif  // GANDER_APP_OUTCOME_H_
