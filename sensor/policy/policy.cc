// SPDX-License-Identifier: Apache-2.0
// Where a party stands, and the small questions of the doorway. Judge is in judge.cc.
#include "policy/policy.h"

#include "policy/domain_name.h"
#include "policy/impl.h"

namespace gander::policy {

Policy::Policy(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Policy::~Policy() = default;

Party Policy::Locate(const IpAddress& address) const noexcept {
  Party party;
  if (const int zone = impl_->zones.Find(address); zone != PrefixMap::kNone) {
    party.zone = static_cast<ZoneId>(zone);
    party.jurisdiction = impl_->source.zones[static_cast<std::size_t>(zone)].jurisdiction;
    party.source = Party::Source::kZone;
    if (party.jurisdiction.known()) return party;
  }
  if (const int override = impl_->overrides.Find(address); override != PrefixMap::kNone) {
    party.jurisdiction = impl_->source.overrides[static_cast<std::size_t>(override)].jurisdiction;
    party.source = Party::Source::kOverride;
  } else if (impl_->countries != nullptr) {
    const Jurisdiction country = impl_->countries->Find(address);
    if (country.known()) {
      party.jurisdiction = country;
      party.source = Party::Source::kDatabase;
    }
  }
  return party;
}

Party Policy::Locate(const Party& party, std::string_view domain) const {
  const bool declared = party.source == Party::Source::kZone && party.jurisdiction.known();
  if (domain.empty() || impl_->domain_overrides.empty() || declared) return party;
  const std::string name = NormalDomain(domain);
  // The longest override first: the whole name, then each name above it.
  for (std::string_view rest = name; !rest.empty();) {
    if (const auto at = impl_->domain_overrides.find(rest); at != impl_->domain_overrides.end()) {
      return {party.zone, at->second, Party::Source::kOverride};
    }
    const std::size_t dot = rest.find('.');
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  return party;
}

const std::vector<Zone>& Policy::zones() const noexcept { return impl_->source.zones; }
const std::vector<TransferEntry>& Policy::transfers() const noexcept { return impl_->source.transfers; }
const std::vector<Advisory>& Policy::advisories() const noexcept { return impl_->source.advisories; }
const std::string& Policy::name() const noexcept { return impl_->source.name; }
int Policy::version() const noexcept { return impl_->source.version; }
const std::string& Policy::digest() const noexcept { return impl_->digest; }

std::string Policy::ZoneName(ZoneId id) const { return id < zones().size() ? zones()[id].id : "outside"; }
bool Policy::Own(ZoneId id) const noexcept { return id < zones().size() && zones()[id].own; }

}  // namespace gander::policy
