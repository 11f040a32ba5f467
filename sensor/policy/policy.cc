// SPDX-License-Identifier: Apache-2.0
// Where a party stands, and the small questions of the doorway. Judge is in judge.cc.
#include "policy/policy.h"

#include <algorithm>

#include "policy/domain_name.h"
#include "policy/impl.h"

namespace gander::policy {
namespace {

// Calls `visit` with what `map` has for the whole name and for each name above it, the longest first, until it
// returns true.
template <class Map, class F>
void ForNamesOf(const Map& map, std::string_view name, F&& visit) {
  while (!name.empty()) {
    if (const auto at = map.find(name); at != map.end() && visit(at->second)) return;
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) return;
    name.remove_prefix(dot + 1);
  }
}

std::uint32_t SystemOf(const Policy::Impl& p, const IpAddress& address) noexcept {
  if (const int given = p.systems.Find(address); given != PrefixMap::kNone) {
    return p.source.overrides[static_cast<std::size_t>(given)].asn;
  }
  return p.autonomous_systems != nullptr ? p.autonomous_systems->Find(address) : 0;
}

RoleSet RolesOf(const Policy::Impl& p, const Party& party, const IpAddress& address) noexcept {
  RoleSet roles;
  if (party.zone != kOutside) roles = p.source.zones[party.zone].roles;
  if (const int set = p.roles.Find(address); set != PrefixMap::kNone) {
    roles.Add(p.role_sets[static_cast<std::size_t>(set)]);
  }
  if (const auto at = p.asn_roles.find(party.asn); at != p.asn_roles.end()) roles.Add(at->second);
  return roles;
}

// The jurisdiction of an address that no zone places.
void Place(const Policy::Impl& p, const IpAddress& address, Party& party) noexcept {
  if (const int override = p.overrides.Find(address); override != PrefixMap::kNone) {
    party.jurisdiction = p.source.overrides[static_cast<std::size_t>(override)].jurisdiction;
    party.source = Party::Source::kOverride;
  } else if (const auto at = p.asn_overrides.find(party.asn); at != p.asn_overrides.end()) {
    party.jurisdiction = at->second;
    party.source = Party::Source::kOverride;
  } else if (p.countries != nullptr) {
    const Jurisdiction country = p.countries->Find(address);
    if (!country.known()) return;
    party.jurisdiction = country;
    party.source = Party::Source::kDatabase;
  }
}

}  // namespace

Policy::Policy(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Policy::~Policy() = default;

Party Policy::Locate(const IpAddress& address) const noexcept {
  Party party;
  party.asn = SystemOf(*impl_, address);
  if (const int zone = impl_->zones.Find(address); zone != PrefixMap::kNone) {
    party.zone = static_cast<ZoneId>(zone);
    party.jurisdiction = impl_->source.zones[static_cast<std::size_t>(zone)].jurisdiction;
    party.source = Party::Source::kZone;
  }
  if (party.zone == kOutside || !party.jurisdiction.known()) Place(*impl_, address, party);
  party.roles = RolesOf(*impl_, party, address);
  return party;
}

Party Policy::Locate(const Party& party, std::string_view domain) const {
  if (domain.empty() || (impl_->domain_overrides.empty() && impl_->domain_roles.empty())) return party;
  const std::string name = NormalDomain(domain);
  Party out = party;
  const bool declared = party.source == Party::Source::kZone && party.jurisdiction.known();
  if (!declared) {
    ForNamesOf(impl_->domain_overrides, name, [&](const Jurisdiction& jurisdiction) {
      out.jurisdiction = jurisdiction;
      out.source = Party::Source::kOverride;
      return true;
    });
  }
  ForNamesOf(impl_->domain_roles, name, [&](RoleSet roles) {
    out.roles.Add(roles);
    return false;
  });
  return out;
}

int Policy::AssetAt(const IpAddress& address, std::uint16_t port) const noexcept {
  const int at = impl_->asset_hosts.Find(address);
  if (at == PrefixMap::kNone) return -1;
  for (const int asset : impl_->assets_of[static_cast<std::size_t>(at)]) {
    const auto& ports = impl_->source.assets[static_cast<std::size_t>(asset)].ports;
    if (ports.empty() || std::find(ports.begin(), ports.end(), port) != ports.end()) return asset;
  }
  return -1;
}

bool Policy::Holds(const Asset& asset, std::string_view data_class, identify::Sensitivity sensitivity) const noexcept {
  const DataClass* known = impl_->ClassOf(data_class);
  return HoldsRecords(asset, data_class, known != nullptr && known->has_sensitivity ? known->sensitivity : sensitivity);
}

std::vector<int> Policy::EndingBefore(Timestamp limit, Timestamp now) const {
  std::vector<int> out;
  const auto& entries = transfers();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!entries[i].deny && !entries[i].retired && entries[i].until > now && entries[i].until <= limit)
      out.push_back(static_cast<int>(i));
  }
  std::sort(out.begin(), out.end(), [&](int a, int b) {
    const TransferEntry& x = entries[static_cast<std::size_t>(a)];
    const TransferEntry& y = entries[static_cast<std::size_t>(b)];
    return x.until != y.until ? x.until < y.until : x.id < y.id;
  });
  return out;
}

const std::vector<Zone>& Policy::zones() const noexcept { return impl_->source.zones; }
const std::vector<TransferEntry>& Policy::transfers() const noexcept { return impl_->source.transfers; }
const std::vector<Asset>& Policy::assets() const noexcept { return impl_->source.assets; }
const std::vector<Recipient>& Policy::recipients() const noexcept { return impl_->source.recipients; }
const std::vector<Advisory>& Policy::advisories() const noexcept { return impl_->source.advisories; }
const std::vector<LegalMeter>& Policy::meters() const noexcept { return impl_->source.meters; }
const PolicySource& Policy::source() const noexcept { return impl_->source; }
const std::string& Policy::name() const noexcept { return impl_->source.name; }
int Policy::version() const noexcept { return impl_->source.version; }
const std::string& Policy::digest() const noexcept { return impl_->digest; }

std::string Policy::ZoneName(ZoneId id) const { return id < zones().size() ? zones()[id].id : "outside"; }
bool Policy::Own(ZoneId id) const noexcept { return id < zones().size() && zones()[id].own; }

}  // namespace gander::policy
