// SPDX-License-Identifier: Apache-2.0
// What judged, as one number: goes into the evidence of every alert.
#include <openssl/sha.h>

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

void Add(const TransferEntry& e, Canon& canon) {
  canon.Text(e.id).Number(e.deny).Text(e.from).Nets(e.to_nets).Texts(e.to_domains).States(e.to_jurisdictions);
  canon.Text(e.to_zone).Texts(e.classes).States(e.subjects).Text(e.purpose);
  canon.Text(e.basis.kind).Text(e.basis.reference).Text(e.basis.agreement);
  canon.Number(e.not_before.ns).Number(e.until.ns);
  canon.Text(std::to_string(e.subjects_per_day)).Text(std::to_string(e.subjects_total));
  canon.Text(std::to_string(e.bytes_per_day)).Number(e.hours_from).Number(e.hours_to);
  canon.Number(static_cast<int>(e.transport));
}

}  // namespace

std::string DigestOf(const PolicySource& source) {
  Canon canon;
  canon.Text(source.name).Number(source.version).Number(source.max_entry_days).Text(source.geoip_file);
  for (const Zone& z : source.zones) {
    canon.Text("zone").Text(z.id).Nets(z.nets).Text(z.jurisdiction.text()).Text(z.kind).Text(z.owner).Number(z.own);
  }
  for (const PolicySource::Override& o : source.overrides) {
    canon.Text("override").Nets(o.nets).Text(o.domain).Text(o.jurisdiction.text());
  }
  for (const Agreement& a : source.agreements) canon.Text("agreement").Text(a.id).States(a.parties).Text(a.kind);
  for (const Advisory& a : source.advisories) {
    canon.Text("advisory").Text(a.id).Text(a.product).Text(a.remedy).Number(a.published.ns);
    for (const std::string& v : a.versions) canon.Text(v);
  }
  for (const Asset& a : source.assets) canon.Text("asset").Text(a.id).Text(a.kind).Nets(a.hosts);
  for (const TransferEntry& e : source.transfers) Add(e, canon.Text("transfer"));
  return canon.Sha256();
}

}  // namespace gander::policy
