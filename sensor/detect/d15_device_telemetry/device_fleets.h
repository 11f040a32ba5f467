// SPDX-License-Identifier: Apache-2.0
// Receivers of what devices report of themselves, with distinct devices by kind of identifier over a day: the state of
// D15.
#ifndef GANDER_DETECT_D15_DEVICE_TELEMETRY_DEVICE_FLEETS_H_
#define GANDER_DETECT_D15_DEVICE_TELEMETRY_DEVICE_FLEETS_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "detect/account/collectors.h"
#include "detect/account/transfer_book.h"
#include "detect/alerting/alert_parts.h"
#include "detect/state/fields.h"
#include "detect/state/staggered_windows.h"

namespace gander::detect {

inline constexpr Duration kFleetWindow = Duration::Seconds(86'400);

// What a rule's values say of devices.
enum class DeviceKind : std::uint8_t {
  kNone,      // nothing: also addresses and plates, which belong to a line or a car and not to a device
  kDevice,    // an identifier that stays with one device
  kPassing,   // a hardware address chosen at random, which will be another tomorrow
  kPosition,  // where it is, to ten metres
  kOpaque,    // a value that looks like a hash, under the key of an identifier
};
DeviceKind DeviceKindOf(const identify::RuleInfo& rule);

struct DeviceFleet {
  struct Unit {
    sketch::DistinctSet values, senders;
    std::uint64_t findings = 0;

    static auto Saved(auto& u) { return Fields(u.values, u.senders, u.findings); }
  };
  struct UnitKey {
    TypeIndex type = 0;
    policy::Jurisdiction country;
    auto operator<=>(const UnitKey&) const = default;

    static auto Saved(auto& k) { return Fields(AsType(k.type), k.country); }
  };
  struct Sums {
    std::map<UnitKey, Unit> units;
    Timestamp first_seen = kDistantFuture;

    static auto Saved(auto& s) { return Fields(s.units, s.first_seen); }
  };
  StaggeredWindows<Sums> day{kFleetWindow};
  Timestamp last_seen = kDistantPast;
  EndFigures ends;       // of the earliest movement; `judgement` is the worst
  FlowSample sample;
  MaskSamples samples;
  const char* app_proto = "";

  static auto Saved(auto& f) { return Fields(f.day, AsSet(f.last_seen), f.ends, f.sample, f.samples, f.app_proto); }
};

// What a fleet amounts to. Counts are lower bounds where they are compared, estimates where they are said.
struct FleetCount {
  SubjectCount devices;     // of the kind with most, hardware addresses chosen at random left out
  std::uint64_t profiles =
      0;  // devices of which three kinds are known: the third most frequent kind says at most how many
  std::uint64_t located = 0;    // devices whose position is known: as many positions, and as many devices or senders
  SubjectCount opaque;
  SubjectCount senders;
  policy::Jurisdiction foreign; // State other than the receiver's that most identifiers name; unknown = none does
  std::uint64_t foreign_devices = 0;

  static auto Saved(auto& c) {
    return Fields(c.devices, c.profiles, c.located, c.opaque, c.senders, c.foreign, c.foreign_devices);
  }
};
FleetCount CountOf(const DeviceFleet& fleet, const std::vector<identify::RuleInfo>& types);

class DeviceFleets {
 public:
  using Map = std::map<CollectorKey, DeviceFleet>;

  explicit DeviceFleets(std::size_t max_keys) : max_keys_(max_keys) {}

  // The keys touched, from narrow to wide. Only what the register does not permit.
  std::set<CollectorKey> Add(const TransferBook& book, Timestamp epoch_begin);
  const Map& all() const noexcept { return map_; }
  std::uint64_t keys_lost() const noexcept { return keys_lost_; }
  static auto Saved(auto& f) { return Fields(f.map_); }

 private:
  void AddTo(const CollectorKey& key, const Moved& m, Timestamp epoch_begin);

  std::size_t max_keys_;
  std::uint64_t keys_lost_ = 0;
  Map map_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D15_DEVICE_TELEMETRY_DEVICE_FLEETS_H_
