// SPDX-License-Identifier: Apache-2.0
// Policy::Build: a source is either whole and consistent, or an error that names its line.
#include <algorithm>
#include <set>

#include "policy/domain_name.h"
#include "policy/impl.h"

namespace gander::policy {
namespace {

// An empty cause means: nothing found.
Error BuildZones(Policy::Impl& p) {
  std::map<IpPrefix, const Zone*> holders;
  std::set<std::string> ids;
  const PolicySource& s = p.source;
  for (std::size_t i = 0; i < s.zones.size(); ++i) {
    const Zone& z = s.zones[i];
    if (!ids.insert(z.id).second) {
      return {s.file, z.line, "zone `" + z.id + "` is declared twice", "give each zone its own id"};
    }
    for (const IpPrefix& net : z.nets) {
      const auto [holder, fresh] = holders.emplace(net, &z);
      if (!fresh && holder->second != &z) {
        return {s.file, z.line,
                "zones `" + holder->second->id + "` and `" + z.id + "` both hold " + net.ToString(),
                "leave the prefix in one of them; a longer prefix inside a shorter one is fine"};
      }
      p.zones.Add(net, static_cast<int>(i));
    }
  }
  p.zones.Build();
  return {};
}

Error BuildOverrides(Policy::Impl& p) {
  std::map<IpPrefix, Jurisdiction> seen;
  const PolicySource& s = p.source;
  const auto twice = [&](const PolicySource::Override& o, const std::string& what) {
    return Error{s.file, o.line, what + " is overridden to two jurisdictions", "keep the one that is true"};
  };
  for (std::size_t i = 0; i < s.overrides.size(); ++i) {
    const PolicySource::Override& o = s.overrides[i];
    for (const IpPrefix& net : o.nets) {
      const auto [at, fresh] = seen.emplace(net, o.jurisdiction);
      if (!fresh && at->second != o.jurisdiction) return twice(o, net.ToString());
      p.overrides.Add(net, static_cast<int>(i));
    }
    if (o.domain.empty()) continue;
    const std::string domain = NormalDomain(o.domain);
    const auto [at, fresh] = p.domain_overrides.emplace(domain, o.jurisdiction);
    if (!fresh && at->second != o.jurisdiction) return twice(o, domain);
  }
  p.overrides.Build();
  return {};
}

}  // namespace

Result<std::shared_ptr<const Policy>> Policy::Build(PolicySource source, std::vector<Error>* warnings) {
  auto impl = std::make_unique<Impl>();
  impl->source = std::move(source);
  PolicySource& s = impl->source;
  if (s.zones.size() >= kOutside) {
    return Fail(s.file, 0, "more than 65,534 zones", "join zones of one jurisdiction and kind");
  }
  for (TransferEntry& e : s.transfers) {
    for (std::string& d : e.to_domains) d = NormalDomain(d);
  }
  for (const auto& build : {BuildZones, BuildOverrides}) {
    if (Error error = build(*impl); !error.cause.empty()) return Failure(std::move(error));
  }
  std::vector<Error> said = s.notes;
  auto entries = CompileEntries(s, said);
  if (!entries) return Failure(entries.error());
  impl->entries = std::move(*entries);
  if (!s.geoip_file.empty()) {
    auto countries = CountryDatabase::Open(s.geoip_file);
    if (!countries) return Failure(countries.error());
    impl->countries = std::move(*countries);
  }
  impl->digest = DigestOf(s);
  if (warnings != nullptr) warnings->insert(warnings->end(), said.begin(), said.end());
  return std::shared_ptr<const Policy>(new Policy(std::move(impl)));
}

}  // namespace gander::policy
