// SPDX-License-Identifier: Apache-2.0
// Inside policy/ only: the tables behind Policy.
#ifndef GANDER_POLICY_IMPL_H_
#define GANDER_POLICY_IMPL_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "policy/country_database.h"
#include "policy/policy.h"
#include "policy/prefix_map.h"
#include "policy/system_database.h"

namespace gander::policy {

// What Build has looked up once for an entry, so that Judge compares numbers.
struct CompiledEntry {
  enum class From : std::uint8_t { kAny, kZone, kAsset } from = From::kAny;
  ZoneId from_zone = kOutside;
  int from_asset = -1;
  bool has_to_zone = false;
  ZoneId to_zone = kOutside;
  int to_recipient = -1;
  std::vector<Jurisdiction> parties;  // of its agreement
  std::string name;                   // "register entry lab-billing"
};

struct Policy::Impl {
  PolicySource source;
  std::vector<CompiledEntry> entries;  // parallel to source.transfers
  PrefixMap zones;                     // value = index into source.zones
  PrefixMap overrides;                 // value = index into source.overrides; those with a jurisdiction
  PrefixMap systems;                   // value = index into source.overrides; those that give prefixes a system
  std::map<std::string, Jurisdiction, std::less<>> domain_overrides;
  std::map<std::uint32_t, Jurisdiction> asn_overrides;
  std::unique_ptr<CountryDatabase> countries;
  std::unique_ptr<SystemDatabase> autonomous_systems;

  PrefixMap roles;  // value = index into role_sets
  std::vector<RoleSet> role_sets;
  std::map<std::uint32_t, RoleSet> asn_roles;
  std::map<std::string, RoleSet, std::less<>> domain_roles;
  PrefixMap asset_hosts;                    // value = index into assets_of
  std::vector<std::vector<int>> assets_of;  // in the order in which AssetAt asks them

  // Entries by where they are from, so that a movement meets those of its own zone only.
  std::vector<int> from_anywhere;  // any, and assets
  std::vector<std::vector<int>> from_zone;
  bool opener_matters = false;  // some entry asks who opened the flow
  std::string digest;

  template <class F>
  void ForEntriesFrom(ZoneId zone, F&& visit) const {
    for (const int entry : from_anywhere) visit(entry);
    if (zone >= from_zone.size()) return;
    for (const int entry : from_zone[zone]) visit(entry);
  }
  // Null where the operator says nothing of that class.
  const DataClass* ClassOf(std::string_view data_class) const noexcept;
};

// Whether an asset says that it holds such data; true when it says nothing.
bool HoldsRecords(const Asset& asset, std::string_view data_class, identify::Sensitivity sensitivity) noexcept;

// Looks up what the entries name. All errors and warnings as Policy::Build says; judges nothing.
std::vector<CompiledEntry> CompileEntries(const PolicySource& source, std::vector<Error>& errors,
                                          std::vector<Error>& warnings);
// Entries that others of equal rank hide, contradict or make void; and demands that a wider permission undoes.
void WarnOfRivals(const PolicySource& source, std::vector<Error>& warnings);
// Meters and classes that name what is not there.
void CheckMeters(const PolicySource& source, std::vector<Error>& errors, std::vector<Error>& warnings);
void CheckClasses(const PolicySource& source, std::vector<Error>& errors, std::vector<Error>& warnings);

// SHA-256 in hex over every field of the source in a fixed layout.
std::string DigestOf(const PolicySource& source);

// "2027-03-31", or with the time of day when it is not midnight.
std::string ShowDate(Timestamp t);

}  // namespace gander::policy

#endif  // GANDER_POLICY_IMPL_H_
