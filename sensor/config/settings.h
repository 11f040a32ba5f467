// SPDX-License-Identifier: Apache-2.0
// Every setting of Gander as plain values: each room's own Options, and what only runtime/ and report/ need.
#ifndef GANDER_CONFIG_SETTINGS_H_
#define GANDER_CONFIG_SETTINGS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bundle/options.h"
#include "capture/packet_source.h"
#include "content/body_reader.h"
#include "control/server.h"
#include "decode/decoded.h"
#include "detect/fleet/options.h"
#include "detect/options.h"
#include "detect/state/snapshot_file.h"
#include "evidence/log.h"
#include "flow/options.h"
#include "identify/scanner.h"
#include "report/metrics/metrics_options.h"
#include "report/quarantine/quarantine.h"
#include "report/sink/output_options.h"
#include "sandbox/sandbox.h"
#include "stream/tcp_stream.h"
#include "supervise/options.h"

namespace gander::config {

struct RuntimeOptions {
  std::uint32_t workers = 1;              // 1..64
  std::uint32_t epoch_s = 5;              // packet time between two judgements
  std::uint32_t epoch_packets = 250'000;  // ... or so many packets, whichever comes first
  std::uint32_t stats_interval_s = 60;    // packet time between stats events, 0 = only at the end
  std::uint32_t max_events = 300'000;     // one worker's events in one epoch; the rest is counted as dropped
  std::uint32_t hold_flow_bytes = 4096;   // first payload kept for protocol recognition, per direction
  std::string cores;                      // packet threads' cores, "2-5,8"; empty = those the process may use, in order
  std::uint32_t idle_sleep_us = 100;      // an idle packet thread gives its core back for so long; 0 = it never sleeps
  std::string redistribute = "auto";      // auto | always | never: packets to the worker of their inner host pair
  std::uint32_t ring_packets = 4096;      // packets on their way from one worker to another; more is kLostRing
  std::uint32_t ring_bytes = 8 << 20;     // ... and bytes of their copies
  bool shed = true;                       // live only: leave out in the stated order rather than lose packets
  std::uint32_t shed_raise_ms = 20;       // of pressure before each level
  std::uint32_t shed_recover_ms = 500;    // without pressure before each level back
  std::uint32_t shed_body_bytes = 64 << 10;  // of each body read at level large_bodies
  std::uint32_t shed_flow_bytes = 16 << 10;  // of each flow direction read at level all_but_first
};

struct ReportOptions {
  std::string events;            // one file of EVE lines in short; "-" = standard output, empty = none
  std::vector<report::OutputOptions> outputs;
  bool append = false;
  std::string html;              // file, empty = none
  std::vector<std::string> types;  // event types written; empty = all
  report::MetricsOptions metrics;
  std::string sensor_name;       // EVE `host`
  std::uint64_t queue = 64 << 20;    // bytes waiting for the file of `events`
  bool writes_events() const noexcept { return !events.empty() || !outputs.empty(); }
  // Whether events of that type go anywhere.
  bool Writes(std::string_view type) const noexcept;
  std::uint32_t shown_transfers = 1000;  // kept for summary and metrics, largest first
  std::uint32_t shown_alerts = 200;
};

// What the sensor says of itself, apart from events.
enum class LogDestination : std::uint8_t { kAuto, kStderr, kJournald, kFile };
enum class LogLevel : std::uint8_t { kError, kWarning, kInfo };
struct LogOptions {
  LogDestination destination = LogDestination::kAuto;  // kAuto: the journal where standard error goes there
  std::string file;                                    // of kFile
  LogLevel level = LogLevel::kInfo;
};

enum class MetadataPrivacy : std::uint8_t { kMasked, kRaw };

// What is recorded unless `evidence.types` says otherwise: what was said, and what decided it.
evidence::Options DefaultEvidence();

struct Settings {
  capture::LiveOptions live;
  capture::DpdkOptions dpdk;
  decode::Options decode;
  flow::Options flow;
  stream::Options stream;
  content::Options content;
  identify::Options identify;
  detect::Options detect;
  detect::SnapshotOptions snapshot;
  detect::FleetOptions fleet;
  bundle::Options bundle;
  RuntimeOptions runtime;
  ReportOptions report;
  report::QuarantineOptions quarantine;
  evidence::Options evidence = DefaultEvidence();
  sandbox::Options process;
  supervise::Options supervise;
  LogOptions log;
  MetadataPrivacy metadata = MetadataPrivacy::kMasked;
  std::string audit_file;               // where commands leave audit lines; empty = beside report.events
  std::vector<std::string> rule_paths;  // empty = the packs that came with Gander
  std::string registers_file;           // own lists; empty = none
  std::string policy_file;              // empty = one zone of private addresses
  std::string suppress_file;            // alerts not told of, by rule; empty = none
  std::string acknowledgements_file;    // of single alerts; empty = they end with the run
  control::Options control;
};

// One key of the configuration: its dotted path, what it does, and how it is read and shown.
struct SettingInfo {
  std::string path, help, type, shown;  // `shown`: its value in the Settings asked about, as YAML
};

// Which line gave a key its value: "gander.yaml:12", "--set". A key that is not in it has its default.
using Origins = std::map<std::string, std::string>;

// Reads `path`; keys name settings ("stream.memory"), relative file names are relative to the file's folder.
// Errors: unknown key (with the nearest known one), wrong type, out of range; with file and line.
Result<bool> ReadSettings(const std::string& path, Settings& settings, Origins* origins = nullptr);

// "KEY=VALUE" as given to --set; VALUE is YAML.
Result<bool> SetOne(const std::string& assignment, Settings& settings, Origins* origins = nullptr);

// As scanners want them: with the excerpts that the quarantine is to keep.
identify::Options ScannerOptions(const Settings& settings);

// What single settings cannot say: whether those of the quarantine fit together.
Result<bool> CheckQuarantine(const Settings& settings, const Origins& origins);

// Whether windows and names of the fleet fit the rest. `live`: a run, where a window must outlive a restart.
Result<bool> CheckFleet(const Settings& settings, const Origins& origins, bool live);

// SHA-256 over every setting as `gander config show` has it, in hexadecimal.
std::string DigestOf(const Settings& settings);

// All settings in the order of the packet's way.
std::vector<SettingInfo> DescribeSettings(const Settings& settings);

// JSON Schema (draft 2020-12) of a configuration file, for editors and for checks before a rollout.
std::string SettingsSchema();

}  // namespace gander::config

#endif  // GANDER_CONFIG_SETTINGS_H_
