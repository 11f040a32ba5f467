// SPDX-License-Identifier: Apache-2.0
// gander baseline show|freeze|thaw|reset: what the sensor has learned of what is usual, read from its snapshot, and
// requests that it takes from beside it.
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "app/verbs.h"
#include "detect/alerting/words.h"
#include "detect/state/baseline_requests.h"
#include "detect/state/saved_state.h"

namespace gander::app {
namespace {

using Json = nlohmann::ordered_json;
using detect::Baseline;
using detect::BaselineRequest;

struct BaselineOptions {
  ConfigOptions config;
  std::string detector, asset, host;
  bool json = false;
};

// Of one detector.
struct Learned {
  const detect::DetectorInfo* info;
  std::vector<Baseline> baselines;
};

struct Opened {
  detect::SnapshotOptions files;
  std::unique_ptr<detect::SnapshotKey> key;
  Timestamp until;  // end of what the snapshot has seen
  std::vector<Learned> learned;
};

// What the options ask for. Errors: no such address, detector.
Result<BaselineRequest> ReadRequest(const BaselineOptions& options) {
  BaselineRequest request;
  request.detector = options.detector;
  const std::string& where = options.host.empty() ? options.asset : options.host;
  request.hosts_only = !where.empty();
  IpAddress address;
  if (!options.host.empty() && !IpAddress::Parse(options.host, address)) {
    return Fail("--host", 0, "\"" + options.host + "\" is no address", "write it like 10.20.0.7");
  }
  if (request.hosts_only && !IpPrefix::Parse(where, request.hosts)) {
    return Fail("--asset", 0, "\"" + where + "\" is no network", "write it like 10.20.0.0/16");
  }
  std::string all;
  for (const detect::DetectorInfo& info : detect::Detectors()) {
    if (!info.create({})->learns()) continue;
    if (info.id == request.detector) return request;
    all += (all.empty() ? "" : ", ") + std::string(info.id);
  }
  if (request.detector.empty()) return request;
  return Fail("--detector", 0, "\"" + request.detector + "\" is no detector that learns", "these do: " + all);
}

bool Asked(const BaselineRequest& request, const Baseline& baseline) {
  IpAddress host;
  return !request.hosts_only || (IpAddress::Parse(baseline.subject, host) && request.Concerns(host));
}

// Reads the snapshot with a sensor of its own; that one judges nothing.
Result<Opened> Open(const BaselineOptions& options, const BaselineRequest& request) {
  auto settings = LoadSettings(options.config);
  if (!settings) return Failure(settings.error());
  Opened out;
  out.files = settings->snapshot;
  if (out.files.file.empty()) {
    return Fail(options.config.config, 0, "detect.snapshot.file is not set: baselines die with the sensor's process",
                "name the configuration of the sensor with --config, or a file in detect.snapshot.file");
  }
  const auto snapshot = config::BuildSnapshot(std::move(*settings), ShippedRules(), Now());
  if (!snapshot) return Failure(snapshot.error());
  for (const std::string& path : {out.files.key_file, out.files.file}) {
    if (::access(path.c_str(), F_OK) == 0) continue;
    return Fail(path, 0, "is not there: no sensor has kept its state under this configuration yet",
                "start one; it writes a snapshot every " + std::to_string(out.files.interval_s) + " s and at its end");
  }
  auto key = detect::OpenSnapshotKey(out.files.key_file);
  if (!key) return Failure(key.error());
  out.key = std::make_unique<detect::SnapshotKey>(*key);
  const detect::Options& detect_options = (*snapshot)->settings.detect;
  auto state = detect::ReadSnapshot(out.files.file, *out.key, 4 * detect_options.memory);
  if (!state) return Failure(state.error());
  detect::TransferBook book(detect_options, *(*snapshot)->policy, *(*snapshot)->rules);
  std::vector<std::unique_ptr<detect::Detector>> detectors;
  std::vector<detect::SavedPart> parts;
  for (const detect::DetectorInfo& info : detect::Detectors()) {
    detectors.push_back(info.create(detect_options));
    parts.push_back({info.id, detectors.back().get()});
  }
  const auto loaded = detect::LoadState(state->value_or(""), book, parts);
  if (!loaded) return Fail(out.files.file, 0, loaded.error().cause, loaded.error().remedy);
  out.until = loaded->until;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!request.detector.empty() && request.detector != parts[i].id) continue;
    std::vector<Baseline> baselines = detectors[i]->Baselines(out.until);
    std::erase_if(baselines, [&](const Baseline& b) { return !Asked(request, b); });
    if (!baselines.empty()) out.learned.push_back({&detect::Detectors()[i], std::move(baselines)});
  }
  return out;
}

const char* StateOf(const Baseline& b) noexcept {
  if (b.frozen != kDistantPast) return "frozen";
  return b.learning ? "learning" : "learned";
}

void Print(const Opened& opened) {
  std::printf("%s, as of %s\n", opened.files.file.c_str(), FormatEveTime(opened.until).c_str());
  for (const Learned& l : opened.learned) {
    std::printf("%s %s\n", l.info->id, l.info->name);
    for (const Baseline& b : l.baselines) {
      const std::string since = FormatEveTime(b.frozen != kDistantPast ? b.frozen : b.since);
      const std::string until = b.learning ? ", until " + FormatEveTime(b.since + b.needed).substr(0, 19) : "";
      std::printf("  %-39s %-8s since %s%s: %s\n", b.subject.c_str(), StateOf(b), since.substr(0, 19).c_str(),
                  until.c_str(), b.learned.c_str());
    }
  }
  if (opened.learned.empty()) std::printf("nothing that was asked for has been learned\n");
}

Json ToJson(const Opened& opened) {
  Json rows = Json::array();
  for (const Learned& l : opened.learned) {
    for (const Baseline& b : l.baselines) {
      Json row{
          {"detector", l.info->id}, {"subject", b.subject}, {"state", StateOf(b)}, {"since", FormatEveTime(b.since)}};
      if (b.learning) row["learning_until"] = FormatEveTime(b.since + b.needed);
      if (b.frozen != kDistantPast) row["frozen_since"] = FormatEveTime(b.frozen);
      row["learned"] = b.learned;
      rows.push_back(std::move(row));
    }
  }
  return {{"snapshot", opened.files.file}, {"until", FormatEveTime(opened.until)}, {"baselines", std::move(rows)}};
}

int Show(const BaselineOptions& options) {
  const auto request = ReadRequest(options);
  if (!request) return Complain(request.error());
  const auto opened = Open(options, *request);
  if (!opened) return Complain(opened.error());
  if (options.json) {
    std::printf("%s\n", ToJson(*opened).dump(2).c_str());
  } else {
    Print(*opened);
  }
  return kDone;
}

int Ask(const BaselineOptions& options, detect::BaselineAction action) {
  auto request = ReadRequest(options);
  if (!request) return Complain(request.error());
  request->action = action;
  const auto opened = Open(options, *request);
  if (!opened) return Complain(opened.error());
  std::size_t concerned = 0;
  for (const Learned& l : opened->learned) concerned += l.baselines.size();
  if (concerned == 0) {
    return Complain({opened->files.file, 0, "holds no baseline that `" + request->ToString() + "` would concern",
                     "`gander baseline show` lists those it holds"});
  }
  if (auto added = detect::AddBaselineRequest(opened->files, *opened->key, *request); !added) {
    return Complain(added.error(), kFailed);
  }
  std::printf(
      "asked: %s (%zu baselines as of %s). The sensor takes it with its next snapshot, within %u s of traffic, or "
      "when it starts.\n",
      request->ToString().c_str(), concerned, FormatEveTime(opened->until).c_str(), opened->files.interval_s);
  return kDone;
}

}  // namespace

void AddBaseline(CLI::App& app, int& exit_code) {
  CLI::App* verb =
      app.add_subcommand("baseline", "what the sensor has learned of what is usual: show, freeze, thaw, reset");
  verb->require_subcommand(1);
  verb->footer(
      "Examples:\n  gander baseline show --config gander.yaml --host 10.20.0.7\n"
      "  gander baseline freeze --config gander.yaml --detector D12 --asset 10.20.0.0/16\n"
      "A frozen baseline is used and learns nothing more. --asset and --host choose among baselines of hosts.");
  auto options = std::make_shared<BaselineOptions>();
  const auto add = [&](const char* name, const char* help) {
    CLI::App* action = verb->add_subcommand(name, help);
    AddConfigOptions(*action, options->config);
    action->add_option("--detector", options->detector, "only of this one: D09, D11, D12, D16");
    auto* asset = action->add_option("--asset", options->asset, "only of hosts in this network");
    action->add_option("--host", options->host, "only of this host")->excludes(asset);
    return action;
  };
  CLI::App* show = add("show", "what was learned, since when, and whether it still learns");
  show->add_flag("--json", options->json, "as JSON");
  show->callback([options, &exit_code] { exit_code = Show(*options); });
  static constexpr const char* kHelp[] = {"learn nothing more, and judge by what is known", "learn again",
                                          "forget what was learned, and learn anew"};
  for (std::size_t i = 0; i < std::size(kHelp); ++i) {
    const auto action = static_cast<detect::BaselineAction>(i);
    add(NameOf(action), kHelp[i])->callback([options, action, &exit_code] { exit_code = Ask(*options, action); });
  }
}

}  // namespace gander::app
