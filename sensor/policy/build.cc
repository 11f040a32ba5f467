// SPDX-License-Identifier: Apache-2.0
// Policy::Build: a source is either whole and consistent, or errors that each name their line.
#include <algorithm>
#include <set>

#include "policy/domain_name.h"
#include "policy/impl.h"

namespace gander::policy {
namespace {

void BuildZones(Policy::Impl& p, std::vector<Error>& errors) {
  std::map<IpPrefix, const Zone*> holders;
  std::set<std::string> ids;
  const PolicySource& s = p.source;
  for (std::size_t i = 0; i < s.zones.size(); ++i) {
    const Zone& z = s.zones[i];
    if (z.retired) continue;
    if (!ids.insert(z.id).second) {
      errors.push_back({s.file, z.line, "zone `" + z.id + "` is declared twice", "give each zone its own id"});
      continue;
    }
    for (const IpPrefix& net : z.nets) {
      const auto [holder, fresh] = holders.emplace(net, &z);
      if (!fresh && holder->second != &z) {
        errors.push_back({s.file, z.line,
                          "zones `" + holder->second->id + "` and `" + z.id + "` both hold " + net.ToString(),
                          "leave the prefix in one of them; a longer prefix inside a shorter one is fine"});
      }
      p.zones.Add(net, static_cast<int>(i));
    }
  }
  p.zones.Build();
}

class Overrides {
 public:
  Overrides(Policy::Impl& policy, std::vector<Error>& errors) : p_(policy), errors_(errors) {}

  void Build() {
    const PolicySource& s = p_.source;
    for (std::size_t i = 0; i < s.overrides.size(); ++i) {
      const PolicySource::Override& o = s.overrides[i];
      for (const IpPrefix& net : o.nets) AddNet(o, net, static_cast<int>(i));
      if (!o.domain.empty()) AddDomain(o);
      if (o.nets.empty() && o.asn != 0 && o.has_jurisdiction) AddSystem(o);
    }
    p_.overrides.Build();
    p_.systems.Build();
  }

 private:
  void Twice(const PolicySource::Override& o, const std::string& what, const char* to) {
    errors_.push_back({p_.source.file, o.line, what + " is overridden to two " + to, "keep the one that is true"});
  }
  void AddNet(const PolicySource::Override& o, const IpPrefix& net, int index) {
    if (o.has_jurisdiction) {
      const auto [at, fresh] = nets_.emplace(net, o.jurisdiction);
      if (!fresh && at->second != o.jurisdiction) return Twice(o, net.ToString(), "jurisdictions");
      p_.overrides.Add(net, index);
    }
    if (o.asn == 0) return;
    const auto [at, fresh] = systems_.emplace(net, o.asn);
    if (!fresh && at->second != o.asn) return Twice(o, net.ToString(), "autonomous systems");
    p_.systems.Add(net, index);
  }
  void AddDomain(const PolicySource::Override& o) {
    const std::string domain = NormalDomain(o.domain);
    const auto [at, fresh] = p_.domain_overrides.emplace(domain, o.jurisdiction);
    if (!fresh && at->second != o.jurisdiction) Twice(o, domain, "jurisdictions");
  }
  void AddSystem(const PolicySource::Override& o) {
    const auto [at, fresh] = p_.asn_overrides.emplace(o.asn, o.jurisdiction);
    if (!fresh && at->second != o.jurisdiction) Twice(o, "AS" + std::to_string(o.asn), "jurisdictions");
  }

  Policy::Impl& p_;
  std::vector<Error>& errors_;
  std::map<IpPrefix, Jurisdiction> nets_;
  std::map<IpPrefix, std::uint32_t> systems_;
};

// The roles of a prefix are its own and those of every prefix around it: PrefixMap finds the longest alone.
void BuildRoles(Policy::Impl& p) {
  std::map<IpPrefix, RoleSet> nets;
  const auto give = [&](const std::vector<IpPrefix>& to, RoleSet roles) {
    if (roles.empty()) return;
    for (const IpPrefix& net : to) nets[net].Add(roles);
  };
  for (const Asset& a : p.source.assets) give(a.hosts, a.roles);
  for (const Recipient& r : p.source.recipients) {
    give(r.nets, r.roles);
    for (const std::uint32_t asn : r.asns) p.asn_roles[asn].Add(r.roles);
    for (const std::string& domain : r.domains) p.domain_roles[domain].Add(r.roles);
  }
  for (const auto& [net, own] : nets) {
    RoleSet all = own;
    for (const auto& [around, roles] : nets) {
      if (around.length < net.length && around.Contains(net.address)) all.Add(roles);
    }
    p.roles.Add(net, static_cast<int>(p.role_sets.size()));
    p.role_sets.push_back(all);
  }
  p.roles.Build();
}

// For each prefix of an asset all assets that hold it, in the order in which AssetAt asks them.
void BuildAssets(Policy::Impl& p) {
  const std::vector<Asset>& assets = p.source.assets;
  std::set<IpPrefix> hosts;
  for (const Asset& a : assets) hosts.insert(a.hosts.begin(), a.hosts.end());
  for (const IpPrefix& host : hosts) {
    struct Holder {
      int longest, asset;
      bool names_port;
    };
    std::vector<Holder> holders;
    for (std::size_t i = 0; i < assets.size(); ++i) {
      int longest = -1;
      for (const IpPrefix& h : assets[i].hosts) {
        if (h.length <= host.length && h.Contains(host.address)) longest = std::max<int>(longest, h.length);
      }
      if (longest >= 0) holders.push_back({longest, static_cast<int>(i), !assets[i].ports.empty()});
    }
    std::sort(holders.begin(), holders.end(), [&](const Holder& a, const Holder& b) {
      if (a.longest != b.longest) return a.longest > b.longest;
      if (a.names_port != b.names_port) return a.names_port;
      return assets[static_cast<std::size_t>(a.asset)].id < assets[static_cast<std::size_t>(b.asset)].id;
    });
    p.asset_hosts.Add(host, static_cast<int>(p.assets_of.size()));
    std::vector<int>& order = p.assets_of.emplace_back();
    for (const Holder& h : holders) order.push_back(h.asset);
  }
  p.asset_hosts.Build();
}

void BuildIndex(Policy::Impl& p) {
  p.from_zone.resize(p.source.zones.size());
  for (std::size_t i = 0; i < p.entries.size(); ++i) {
    const CompiledEntry& c = p.entries[i];
    if (p.source.transfers[i].retired) continue;
    const bool zone = c.from == CompiledEntry::From::kZone;
    (zone ? p.from_zone[c.from_zone] : p.from_anywhere).push_back(static_cast<int>(i));
    const bool ports = c.from_asset >= 0 && !p.source.assets[static_cast<std::size_t>(c.from_asset)].ports.empty();
    const bool directed = p.source.transfers[i].direction != TransferEntry::Direction::kAny;
    p.opener_matters = p.opener_matters || ports || directed;
  }
}

template <class Database>
void OpenDatabase(const std::string& file, std::unique_ptr<Database>& out, std::vector<Error>& errors) {
  if (file.empty()) return;
  auto opened = Database::Open(file);
  if (opened) {
    out = std::move(*opened);
  } else {
    errors.push_back(opened.error());
  }
}

void Normalise(PolicySource& s) {
  const auto normal = [](std::vector<std::string>& domains) {
    for (std::string& d : domains) d = NormalDomain(d);
  };
  for (TransferEntry& e : s.transfers) normal(e.to_domains);
  for (Recipient& r : s.recipients) normal(r.domains);
}

}  // namespace

const DataClass* Policy::Impl::ClassOf(std::string_view data_class) const noexcept {
  for (const DataClass& c : source.classes) {
    if (c.id == data_class) return &c;
  }
  return nullptr;
}

std::shared_ptr<const Policy> Policy::Build(PolicySource source, std::vector<Error>& errors,
                                            std::vector<Error>* warnings) {
  auto impl = std::make_unique<Impl>();
  impl->source = std::move(source);
  PolicySource& s = impl->source;
  const std::size_t before = errors.size();
  if (s.zones.size() >= kOutside) {
    errors.push_back({s.file, 0, "more than 65,534 zones", "join zones of one jurisdiction and kind"});
    return nullptr;
  }
  Normalise(s);
  BuildZones(*impl, errors);
  Overrides(*impl, errors).Build();
  std::vector<Error> said = s.notes;
  impl->entries = CompileEntries(s, errors, said);
  CheckClasses(s, errors, said);
  CheckMeters(s, errors, said);
  OpenDatabase(s.geoip_file, impl->countries, errors);
  OpenDatabase(s.asn_file, impl->autonomous_systems, errors);
  if (errors.size() == before) {
    WarnOfRivals(s, said);
    BuildRoles(*impl);
    BuildAssets(*impl);
    BuildIndex(*impl);
    impl->digest = DigestOf(s);
  }
  std::stable_sort(said.begin(), said.end(), [](const Error& a, const Error& b) { return a.line < b.line; });
  if (warnings != nullptr) warnings->insert(warnings->end(), said.begin(), said.end());
  if (errors.size() > before) return nullptr;
  return std::shared_ptr<const Policy>(new Policy(std::move(impl)));
}

Result<std::shared_ptr<const Policy>> Policy::Build(PolicySource source, std::vector<Error>* warnings) {
  std::vector<Error> errors;
  auto policy = Build(std::move(source), errors, warnings);
  if (!errors.empty()) return Failure(std::move(errors.front()));
  return policy;
}

}  // namespace gander::policy
