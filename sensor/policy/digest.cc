// SPDX-License-Identifier: Apache-2.0
// What judged, as one number: goes into the evidence of every alert.
#include <openssl/sha.h>

#include <algorithm>

#include "policy/impl.h"

namespace gander::policy {
namespace {

// Every value is written with its length before it, so that no two sources share a layout.
class Canon {
 public:
  Canon& Text(std::string_view s) {
    Number(static_cast<std::int64_t>(s.size()));
    bytes_.append(s);
    return *this;
  }
  Canon& Number(std::int64_t n) {
    bytes_.append(std::to_string(n)).push_back(';');
    return *this;
  }
  Canon& Nets(const std::vector<IpPrefix>& nets) {
    Number(static_cast<std::int64_t>(nets.size()));
    for (const IpPrefix& n : nets) Text(n.ToString());
    return *this;
  }
  Canon& Texts(const std::vector<std::string>& list) {
    Number(static_cast<std::int64_t>(list.size()));
    for (const std::string& s : list) Text(s);
    return *this;
  }
  Canon& States(const std::vector<Jurisdiction>& list) {
    Number(static_cast<std::int64_t>(list.size()));
    for (const Jurisdiction& j : list) Text(j.text());
    return *this;
  }
  template <class T>
  Canon& Numbers(const std::vector<T>& list) {
    Number(static_cast<std::int64_t>(list.size()));
    for (const T n : list) Number(n);
    return *this;
  }
  // Items in the order of what they hold: the order of the file never matters.
  template <class T, class F>
  Canon& Items(const char* kind, const std::vector<T>& list, F&& add) {
    std::vector<std::string> items;
    for (const T& item : list) {
      if constexpr (requires { item.retired; }) {
        if (item.retired) continue;
      }
      Canon alone;
      add(item, alone.Text(kind));
      items.push_back(std::move(alone.bytes_));
    }
    std::sort(items.begin(), items.end());
    return Texts(items);
  }
  std::string Sha256() const {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size(), digest);
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    for (unsigned char c : digest) out += {kHex[c >> 4], kHex[c & 15]};
    return out;
  }

 private:
  std::string bytes_;
};

void AddZone(const Zone& z, Canon& canon) {
  canon.Text(z.id)
      .Nets(z.nets)
      .Text(z.jurisdiction.text())
      .Text(z.kind)
      .Text(z.owner)
      .Number(z.own)
      .Number(z.roles.bits());
}

void AddOverride(const PolicySource::Override& o, Canon& canon) {
  canon.Nets(o.nets).Text(o.domain).Text(o.jurisdiction.text()).Number(o.asn).Number(o.has_jurisdiction);
}

void AddAsset(const Asset& a, Canon& canon) {
  canon.Text(a.id).Text(a.kind).Nets(a.hosts).Numbers(a.ports).Texts(a.records).Texts(a.id_paths);
  canon.Text(a.tag_file).Number(a.roles.bits());
}

void AddRecipient(const Recipient& r, Canon& canon) {
  canon.Text(r.id).Nets(r.nets).Texts(r.domains).Numbers(r.asns).Number(r.roles.bits());
}

void AddClass(const DataClass& c, Canon& canon) {
  canon.Text(c.id).Number(c.has_sensitivity).Number(static_cast<int>(c.sensitivity)).Texts(c.bases);
}

void AddEntry(const TransferEntry& e, Canon& canon) {
  canon.Text(e.id).Number(e.deny).Text(e.from).Nets(e.to_nets).Texts(e.to_domains).States(e.to_jurisdictions);
  canon.Text(e.to_zone).Texts(e.classes).States(e.subjects).Text(e.purpose);
  canon.Text(e.basis.kind).Text(e.basis.reference).Text(e.basis.agreement);
  canon.Number(e.not_before.ns).Number(e.until.ns);
  canon.Text(std::to_string(e.subjects_per_day)).Text(std::to_string(e.subjects_total));
  canon.Text(std::to_string(e.bytes_per_day)).Number(e.hours_from).Number(e.hours_to);
  canon.Number(static_cast<int>(e.transport));
  canon.Numbers(e.to_asns).Text(e.to_recipient).Texts(e.to_certificates).Number(static_cast<int>(e.direction));
}

void AddMeter(const LegalMeter& m, Canon& canon) {
  canon.Text(m.id).Text(m.law).Texts(m.zones).States(m.from).States(m.to).Number(m.anywhere);
  canon.Number(static_cast<int>(m.per)).Number(static_cast<int>(m.window));
  for (const LegalTier& t : m.tiers) canon.Text(std::to_string(t.people)).Texts(t.classes).Text(t.duty);
}

}  // namespace

std::string DigestOf(const PolicySource& source) {
  Canon canon;
  canon.Text(source.name).Number(source.version).Number(source.max_entry_days).Text(source.geoip_file);
  canon.Text(source.asn_file).Texts(source.purposes);
  canon.Items("zone", source.zones, AddZone).Items("override", source.overrides, AddOverride);
  canon.Items("agreement", source.agreements,
              [](const Agreement& a, Canon& c) { c.Text(a.id).States(a.parties).Text(a.kind); });
  canon.Items("asset", source.assets, AddAsset).Items("recipient", source.recipients, AddRecipient);
  canon.Items("advisory", source.advisories, [](const Advisory& a, Canon& c) {
    c.Text(a.id).Text(a.product).Text(a.remedy).Number(a.published.ns).Texts(a.versions);
  });
  canon.Items("class", source.classes, AddClass).Items("meter", source.meters, AddMeter);
  canon.Items("transfer", source.transfers, AddEntry);
  return canon.Sha256();
}

}  // namespace gander::policy
