// SPDX-License-Identifier: Apache-2.0
// gander fleet key|rotate|show: what the sensors of one fleet share, so that their sketches add up.
#include <cstdio>

#include "app/options.h"
#include "app/verbs.h"
#include "base/format.h"
#include "detect/fleet/fleet_key.h"

namespace gander::app {
namespace {

using detect::FleetKey;

struct FleetVerbOptions {
  ConfigOptions config;
  std::string file;
  std::int64_t epoch = -1;  // -1 = the one after next
  std::uint32_t days = 7;
};

Timestamp BeginOf(std::int64_t epoch, std::uint32_t days) {
  return {epoch * days * 86'400 * kNanosPerSecond};
}

int MakeFleetKey(const FleetVerbOptions& options) {
  if (auto made = FleetKey::Make(options.file); !made) return Complain(made.error());
  std::printf("%s: a new key, for its owner alone. Bring this very file to every sensor of the fleet (mode 0600) and to\n"
              "nobody else: who has it can test guesses against the sketches.\n", options.file.c_str());
  return kDone;
}

int Rotate(const FleetVerbOptions& options) {
  const auto key = FleetKey::Open(options.file, options.days);
  if (!key) return Complain(key.error());
  const std::int64_t now = (*key)->EpochOf(Now());
  const std::int64_t from = options.epoch < 0 ? now + 2 : options.epoch;
  if (from <= now) {
    return Complain({"--epoch", 0, "epoch " + std::to_string(from) + " has begun: sensors would not change together",
                     "name a later one than " + std::to_string(now)});
  }
  if (auto added = FleetKey::AddGeneration(options.file, from); !added) return Complain(added.error());
  std::printf("%s: a generation from epoch %lld on, which begins %s. Bring the file to every sensor and restart each\n"
              "before then; both generations are in it, so that the order does not matter.\n",
              options.file.c_str(), static_cast<long long>(from), FormatEveTime(BeginOf(from, options.days)).c_str());
  return kDone;
}

int ShowFleet(const FleetVerbOptions& options) {
  const auto settings = LoadSettings(options.config);
  if (!settings) return Complain(settings.error());
  const detect::FleetOptions& f = settings->fleet;
  if (f.key_file.empty()) {
    return Complain({"fleet.key_file", 0, "names no key: this sensor tells no sketches",
                     "`gander fleet key FILE` makes one for the whole fleet"});
  }
  const auto key = FleetKey::Open(f.key_file, f.epoch_days);
  if (!key) return Complain(key.error());
  std::printf("sensor   %s\nwindow   %u s\n", (f.sensor.empty() ? settings->report.sensor_name : f.sensor).c_str(),
              f.window_s);
  const std::int64_t now = (*key)->EpochOf(Now());
  for (std::int64_t epoch = now; epoch < now + 3; ++epoch) {
    const detect::FleetEpoch e = (*key)->At(epoch);
    std::printf("epoch    %lld from %s, key %.*s%s\n", static_cast<long long>(epoch),
                FormatEveTime(BeginOf(epoch, f.epoch_days)).c_str(), static_cast<int>(e.id.size()), e.id.data(),
                epoch == now ? " (now)" : "");
  }
  return kDone;
}

}  // namespace

void AddFleet(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("fleet", "the key under which sensors of one fleet count together: key, rotate, show");
  verb->require_subcommand(1);
  verb->footer("Examples:\n"
               "  gander fleet key fleet.key                       once; the same file for every sensor\n"
               "  gander fleet rotate fleet.key                    another secret, from the epoch after next on\n"
               "  gander fleet show --config gander.yaml           epoch and public key id: alike in every sensor");
  auto options = std::make_shared<FleetVerbOptions>();
  CLI::App* key = verb->add_subcommand("key", "make the key of a new fleet");
  key->add_option("file", options->file, "file to make")->required();
  key->callback([options, &exit_code] { exit_code = MakeFleetKey(*options); });
  CLI::App* rotate = verb->add_subcommand("rotate", "add a generation that holds from a later epoch on");
  rotate->add_option("file", options->file, "the fleet's key")->required();
  rotate->add_option("--epoch", options->epoch, "from which on it holds; the one after next where none is named")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000}));
  rotate->add_option("--days", options->days, "fleet.epoch_days of the fleet")->check(CLI::Range(1, 365));
  rotate->callback([options, &exit_code] { exit_code = Rotate(*options); });
  AddFleetLoad(*verb, exit_code);
  CLI::App* show = verb->add_subcommand("show", "this sensor's name in the fleet, its epochs and their public key ids");
  AddConfigOptions(*show, options->config);
  show->callback([options, &exit_code] { exit_code = ShowFleet(*options); });
}

}  // namespace gander::app
