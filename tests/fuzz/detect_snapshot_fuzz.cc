// SPDX-License-Identifier: Apache-2.0
// Any bytes as a sealed snapshot, as the state inside one, and as edits of a true state: no crash, and what was read
// can be judged with and saved again.
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "detect/account/transfer_meter.h"
#include "detect/fleet/fleet_book.h"
#include "detect/state/saved_state.h"
#include "detect/state/snapshot_file.h"
#include "identify/rule_source.h"
#include "policy/policy.h"

namespace {

using namespace gander;          // NOLINT: a fuzz target is one function
using namespace gander::detect;  // NOLINT

class Nobody final : public AlertSink {
  void OnAlert(Alert) override {}
};

struct World {
  std::shared_ptr<const policy::Policy> policy;
  std::shared_ptr<const identify::RuleSet> rules;

  World() {
    auto built = policy::Policy::Build({}, nullptr);
    auto compiled = identify::RuleSet::Compile({});
    if (!built || !compiled) std::abort();
    policy = *built;
    rules = *compiled;
  }
};

const World& TheWorld() {
  static const World world;
  return world;
}

Options SmallOptions() {
  Options options;
  options.max_keys = 1000;
  options.memory = 16 << 20;
  options.epoch_paths = options.epoch_strands = options.epoch_tags = options.epoch_traffic = 64;
  options.epoch_registers = 1;
  return options;
}

const FleetKey& TheFleet() {
  static const auto key = FleetKey::Parse(
      "fleet.key", "gander-fleet-key-1\ntags " + std::string(64, '1') + "\nepoch 0 " + std::string(64, '2') + "\n", 7);
  if (!key) std::abort();
  return **key;
}

struct Sensor {
  Options options = SmallOptions();
  FleetBook fleet{FleetOptions{}, TheFleet(), true};
  TransferBook book{options, *TheWorld().policy, *TheWorld().rules};
  std::vector<std::unique_ptr<Detector>> detectors;
  std::vector<SavedPart> parts;

  Sensor() {
    for (const DetectorInfo& info : Detectors()) {
      detectors.push_back(info.create(options));
      parts.push_back({info.id, detectors.back().get()});
    }
    parts.push_back({FleetBook::kId, &fleet});
  }
  std::string Save() const { return SaveState({1'800'000'000 * kNanosPerSecond}, book, parts); }
  void Judge() {
    const TransferMeter nothing(options);
    const ByteLedger ledger;
    const PortHealth port;
    const HostNames names;
    const Timestamp begin{1'800'000'100 * kNanosPerSecond};
    EpochView view{
        begin,  begin + Duration::Seconds(5), false, *TheWorld().policy, *TheWorld().rules, ledger, ledger, port, names,
        nothing};
    view.book = &book;
    book.OnEpoch(view);
    Nobody nobody;
    fleet.OnEpoch(nullptr, view, nobody);
    fleet.TakeDue();
    for (auto& detector : detectors) detector->OnEpoch(detector->NewMeter().get(), view, nobody);
  }
};

void Load(std::string_view state) {
  Sensor sensor;
  if (!LoadState(state, sensor.book, sensor.parts)) return;
  sensor.Judge();
  (void)sensor.Save();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const SnapshotKey key;
  (void)UnsealSnapshot("fuzz", key, bytes);
  Load(bytes);
  static const std::string whole = Sensor().Save();
  std::string edited = whole;
  for (std::size_t i = 0; i + 2 < size; i += 3) {
    edited[(data[i] | data[i + 1] << 8) % edited.size()] = static_cast<char>(data[i + 2]);
  }
  Load(edited);
  return 0;
}
