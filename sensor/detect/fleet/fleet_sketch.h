// SPDX-License-Identifier: Apache-2.0
// What one sensor tells the fleet of one collector, kind of identifier and verdict in one window: a `sketch` event. No
// value and no hash of one stands in it; registers are blinded (detect/fleet/fleet_key.h).
#ifndef GANDER_DETECT_FLEET_FLEET_SKETCH_H_
#define GANDER_DETECT_FLEET_FLEET_SKETCH_H_

#include <compare>
#include <cstdint>
#include <string>

#include "base/net.h"
#include "base/time.h"
#include "detect/account/transfer_book.h"
#include "detect/state/fields.h"
#include "detect/transfer_summary.h"
#include "identify/rule_set.h"
#include "policy/policy.h"
#include "sketch/distinct_set.h"

namespace gander::detect {

enum class CollectorKind : std::uint8_t { kDomain, kParty, kAddress };
constexpr CollectorKind LastOf(CollectorKind) noexcept { return CollectorKind::kAddress; }
const char* NameOf(CollectorKind kind) noexcept;  // "domain"

// What tells rows of one window apart; a database upserts by it, the sensor and the window.
struct SketchKey {
  IpAddress address;                   // of the collector; first, since events are in this order
  std::string collector;               // registrable domain, else recipient of the register, else address
  CollectorKind kind = CollectorKind::kAddress;
  std::string from_zone;
  policy::Jurisdiction from_country;
  TypeIndex type = 0;
  policy::Jurisdiction subject_country;
  policy::Verdict verdict = policy::Verdict::kInternal;
  std::string entry_id;                // of the register; empty = none
  auto operator<=>(const SketchKey&) const = default;

  static auto Saved(auto& k) {
    return Fields(k.address, k.collector, k.kind, k.from_zone, k.from_country, AsType(k.type), k.subject_country,
                  k.verdict, k.entry_id);
  }
};

struct SketchRow {
  sketch::DistinctSet people, senders;  // blinded
  sketch::DistinctSet flows;
  std::uint64_t findings = 0;
  std::uint64_t bytes = 0;              // see FleetBook
  std::string zone;                     // of the collector, as of the latest movement
  policy::Jurisdiction country;
  Timestamp last_seen = kDistantPast;

  static auto Saved(auto& r) {
    return Fields(r.people, r.senders, r.flows, r.findings, r.bytes, r.zone, r.country, r.last_seen);
  }
};

struct FleetSketch {
  std::string sensor, key_id;
  std::int64_t epoch = 0;
  Timestamp begin, end;
  std::uint32_t revision = 0;   // higher replaces
  std::uint64_t sequence = 0;
  std::uint64_t given_up = 0;   // keys of this window that had no room, and registers of another epoch
  SketchKey key;
  std::string data_class, type;
  identify::Sensitivity sensitivity = identify::Sensitivity::kPersonal;
  std::string zone;
  policy::Jurisdiction country;
  SubjectCount people, senders;
  std::string people_hll, senders_hll;  // sketch/hll_storage.h
  std::uint64_t findings = 0, bytes = 0, flows = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_FLEET_FLEET_SKETCH_H_
