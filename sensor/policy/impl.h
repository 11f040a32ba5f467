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

namespace gander::policy {

// What Build has looked up once for an entry, so that Judge compares numbers.
struct CompiledEntry {
  enum class From : std::uint8_t { kAny, kZone, kAsset } from = From::kAny;
  ZoneId from_zone = kOutside;
  int from_asset = -1;
  bool has_to_zone = false;
  ZoneId to_zone = kOutside;
  std::vector<Jurisdiction> parties;  // of its agreement
  std::string name;                   // "register entry lab-billing"
};

struct Policy::Impl {
  PolicySource source;
  std::vector<CompiledEntry> entries;  // parallel to source.transfers
  PrefixMap zones;                     // value = index into source.zones
  PrefixMap overrides;                 // value = index into source.overrides
  std::map<std::string, Jurisdiction, std::less<>> domain_overrides;
  std::unique_ptr<CountryDatabase> countries;
  std::string digest;
};

// Looks up what the entries name. Errors and warnings as Policy::Build says; judges nothing.
Result<std::vector<CompiledEntry>> CompileEntries(const PolicySource& source, std::vector<Error>& warnings);

// SHA-256 in hex over every field of the source in a fixed layout.
std::string DigestOf(const PolicySource& source);

// "2027-03-31", or with the time of day when it is not midnight.
std::string ShowDate(Timestamp t);

}  // namespace gander::policy

#endif  // GANDER_POLICY_IMPL_H_
