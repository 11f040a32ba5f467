// SPDX-License-Identifier: Apache-2.0
// The doorway of runtime/: runs a configuration over sources until they end or somebody asks to stop.
#ifndef GANDER_RUNTIME_ENGINE_H_
#define GANDER_RUNTIME_ENGINE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "capture/packet_source.h"
#include "config/snapshot.h"
#include "detect/fleet/fleet_key.h"
#include "detect/state/snapshot_file.h"
#include "evidence/recorder.h"
#include "report/events/policy_reload_event.h"
#include "report/events/rules_reload_event.h"
#include "report/metrics/metrics.h"
#include "report/quarantine/quarantine.h"
#include "report/run_state.h"
#include "report/sink/outputs.h"
#include "supervise/flight_page.h"

namespace gander::runtime {

struct Progress {
  std::uint64_t bytes_done = 0, bytes_total = 0, packets = 0;
  std::string source;
};

// Rules and policy read anew while the run goes on (RunLive).
struct Reload {
  const std::atomic<std::uint32_t>* asked = nullptr;  // counts the signals; null = never
  std::uint32_t served = 0;                           // of those before the run's own rules were read
  // Reads and compiles them, in a thread of its own.
  std::function<config::Rebuilt(const config::Snapshot&)> build;
  std::function<void(const report::RulesReload&, const report::PolicyReload&)> told;  // from that thread; may be empty
};

struct RunRequest {
  std::shared_ptr<const config::Snapshot> snapshot;
  std::vector<std::unique_ptr<capture::PacketSource>> sources;
  std::unique_ptr<report::Outputs> outputs;       // may be null
  report::Quarantine* quarantine = nullptr;       // may be null
  report::MetricsServer* metrics = nullptr;       // may be null
  evidence::Recorder* evidence = nullptr;         // may be null
  const detect::Acknowledgements* acknowledged = nullptr;                 // may be null
  std::function<void(std::shared_ptr<const report::RunState>)> on_state;  // after each epoch; may be empty
  const detect::FleetKey* fleet = nullptr;         // null = no sketches; its key of tags goes before all others
  const detect::SnapshotKey* state_key = nullptr;  // of detect.snapshot.file; null = state dies with the run
  std::string state;                              // of an earlier run; empty = none
  const std::atomic<bool>* stop = nullptr;        // set by a signal
  supervise::FlightPage* flight = nullptr;        // RunLive: of the process that watches over this one; may be null
  supervise::PastRun past;                        // what that one has seen die; flows that killed are not read
  Reload reload;
  std::function<void()> started;  // RunLive: traffic is read from now on
  // RunLive: from the thread that judges, again and again, unless all packet threads have stopped to answer.
  std::function<void()> alive;
  std::function<void(const Progress&)> progress;  // called from the dispatching thread, about every 4 MiB
};

// Files: one after the other, shared among `runtime.workers` by host pair; subject tags under a fixed key, so
// that estimates repeat. Errors: a link type that no decoder knows, in a whole source.
Result<report::RunState> RunOffline(RunRequest request);

// Interfaces and DPDK ports: a pinned worker for each queue (of all ports, when they have as many), or as
// many as runtime.workers says; packets in the wrong queue go to the worker of their inner pair of hosts;
// subject tags under a random key. Returns when all sources ended or `stop` was set. Errors, all before the
// first packet: runtime.cores, runtime.redistribute, no memory.
Result<report::RunState> RunLive(RunRequest request);

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_ENGINE_H_
