// SPDX-License-Identifier: Apache-2.0
#include "detect/d15_device_telemetry/device_fleets.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include "base/hash.h"
#include "detect/account/network_of.h"
#include "detect/account/registrable_domain.h"
#include "detect/state/keep_within.h"

namespace gander::detect {
namespace {

constexpr std::uint64_t kProvenDevices = 8;
constexpr Duration kForget = Duration::Seconds(2 * 86'400);  // longer than the longest accumulator
constexpr std::size_t kKindsOfProfile = 3;
constexpr std::string_view kOpaqueId = "device.opaque_id", kRandomMac = "device.mac_random", kMac = "global.mac";

std::vector<CollectorKey> LevelsOf(const Moved& m) {
  std::vector<CollectorKey> keys(2);
  keys[0].net = {m.key.recipient, 128};
  keys[1].level = Level::kNetwork;
  keys[1].net = NetworkOf(m.key.recipient);
  if (std::string domain = RegistrableDomain(m.domain); !domain.empty()) {
    keys.emplace_back();
    keys.back().level = Level::kDomain;
    keys.back().domain = std::move(domain);
  }
  // Unknown and anycast are no State that could collect.
  if (m.to.jurisdiction.known() && m.to.jurisdiction.text() != "XA") {
    keys.emplace_back();
    keys.back().level = Level::kJurisdiction;
    keys.back().jurisdiction = m.to.jurisdiction;
  }
  return keys;
}

std::uint64_t MostOf(const DeviceFleet& fleet) {
  std::uint64_t most = 0;
  for (const auto& [key, unit] : fleet.day.longest().units) most = std::max(most, unit.values.Count().low);
  return most;
}

// Values and senders of a rule over all States.
std::map<TypeIndex, DeviceFleet::Unit> ByType(const DeviceFleet::Sums& sums) {
  std::map<TypeIndex, DeviceFleet::Unit> out;
  for (const auto& [key, unit] : sums.units) {
    out[key.type].values.Merge(unit.values);
    out[key.type].senders.Merge(unit.senders);
  }
  return out;
}

// Without what may be the addresses chosen at random among them.
SubjectCount Less(const SubjectCount& all, const SubjectCount& part) noexcept {
  const auto minus = [](std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; };
  return {minus(all.estimate, part.estimate), minus(all.low, part.high), minus(all.high, part.low)};
}

}  // namespace

DeviceKind DeviceKindOf(const identify::RuleInfo& rule) {
  static constexpr std::array<std::string_view, 2> kLines{"global.ipv4", "global.ipv6"};
  const std::string_view id = rule.id;
  if (id == kOpaqueId) return DeviceKind::kOpaque;
  if (id == kRandomMac) return DeviceKind::kPassing;
  if (id == "global.geo_coordinates" || id == "global.geo_uri") return DeviceKind::kPosition;
  const bool other = std::find(kLines.begin(), kLines.end(), id) != kLines.end() ||
                     id.ends_with("license_plate") || id.ends_with("vehicle_registration");
  return rule.data_class == "device" && !other ? DeviceKind::kDevice : DeviceKind::kNone;
}

std::set<CollectorKey> DeviceFleets::Add(const TransferBook& book, Timestamp epoch_begin) {
  std::set<CollectorKey> touched;
  for (const Moved& m : book.moved()) {
    if (policy::Permits(m.judgement.verdict) || DeviceKindOf(book.types()[m.type]) == DeviceKind::kNone) continue;
    for (const CollectorKey& key : LevelsOf(m)) {
      AddTo(key, m, epoch_begin);
      touched.insert(key);
    }
  }
  std::erase_if(map_, [&](const auto& entry) { return epoch_begin - entry.second.last_seen > kForget; });
  KeepWithin(map_, max_keys_, [](const DeviceFleet& f) { return std::pair(MostOf(f), f.last_seen); },
             [&](const CollectorKey& key, const DeviceFleet& f) {
               keys_lost_ += MostOf(f) >= kProvenDevices;
               touched.erase(key);
             });
  return touched;
}

void DeviceFleets::AddTo(const CollectorKey& key, const Moved& m, Timestamp epoch_begin) {
  DeviceFleet& fleet = map_[key];
  // Counts senders, exactly as far as thresholds reach: a known key gives nothing away.
  const std::uint64_t sender = SipHash24({}, std::as_bytes(std::span(m.key.sender.octets)));
  fleet.day.Advance(epoch_begin);
  fleet.day.ForEach([&](DeviceFleet::Sums& sums) {
    DeviceFleet::Unit& unit = sums.units[{m.type, m.country}];
    unit.values.Merge(m.people);
    unit.senders.Insert(sender);
    unit.findings += m.findings;
    sums.first_seen = std::min(sums.first_seen, m.first_seen);
  });
  fleet.last_seen = std::max(fleet.last_seen, m.last_seen);
  fleet.samples.Merge(m.samples);
  EndFigures& ends = fleet.ends;
  if (ends.judgement.why.empty() || Badness(m.judgement.verdict) >= Badness(ends.judgement.verdict)) {
    ends.judgement = m.judgement;
  }
  if (!(m.sample < fleet.sample)) return;
  fleet.sample = m.sample;
  fleet.app_proto = m.app_proto;
  ends.recipient = m.key.recipient.ToString();
  ends.recipient_domain = m.domain;
  ends.from = m.from;
  ends.to = m.to;
  ends.app_proto = m.app_proto;
  ends.encrypted = m.encrypted;
}

FleetCount CountOf(const DeviceFleet& fleet, const std::vector<identify::RuleInfo>& types) {
  const auto by_type = ByType(fleet.day.longest());
  SubjectCount passing, positions, position_senders;
  for (const auto& [type, unit] : by_type) {
    if (DeviceKindOf(types[type]) == DeviceKind::kPassing) passing = CountOf(unit.values);
  }
  FleetCount out;
  std::vector<std::uint64_t> kinds;
  sketch::DistinctSet senders;
  for (const auto& [type, unit] : by_type) {
    const DeviceKind kind = DeviceKindOf(types[type]);
    SubjectCount count = CountOf(unit.values);
    senders.Merge(unit.senders);
    if (kind == DeviceKind::kOpaque) out.opaque = Larger(out.opaque, count);
    if (kind == DeviceKind::kPosition) {
      positions = Larger(positions, count);
      position_senders = Larger(position_senders, CountOf(unit.senders));
    }
    if (kind != DeviceKind::kDevice) continue;
    if (types[type].id == kMac) count = Less(count, passing);
    out.devices = Larger(out.devices, count);
    kinds.push_back(count.low);
  }
  std::sort(kinds.begin(), kinds.end(), std::greater<>());
  if (kinds.size() >= kKindsOfProfile) out.profiles = kinds[kKindsOfProfile - 1];
  // One car sends many positions, and a station many cars' own: neither alone says how many are followed.
  out.located = std::min(positions.low, std::max(out.devices.low, position_senders.low));
  out.senders = CountOf(senders);
  for (const auto& [key, unit] : fleet.day.longest().units) {
    const std::uint64_t devices = unit.values.Count().low;
    const bool foreign = key.country.known() && key.country != fleet.ends.to.jurisdiction;
    if (!foreign || DeviceKindOf(types[key.type]) != DeviceKind::kDevice || devices <= out.foreign_devices) continue;
    out.foreign = key.country;
    out.foreign_devices = devices;
  }
  return out;
}

}  // namespace gander::detect
