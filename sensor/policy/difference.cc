// SPDX-License-Identifier: Apache-2.0
#include "policy/difference.h"

#include <algorithm>
#include <map>

#include "policy/impl.h"

namespace gander::policy {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

template <class List, class Text>
std::string ListOf(const List& list, Text&& text) {
  std::string out;
  for (const auto& item : list) out += (out.empty() ? "" : ", ") + text(item);
  return "[" + out + "]";
}
const auto kPlain = [](const std::string& s) { return s; };
const auto kState = [](const Jurisdiction& j) { return std::string(j.text()); };

std::string ToOf(const TransferEntry& e) {
  std::string out;
  const auto add = [&](const char* key, const std::string& value) {
    out += (out.empty() ? "" : ", ") + std::string(key) + ": " + value;
  };
  if (!e.to_certificates.empty()) add("cert_sha256", ListOf(e.to_certificates, kPlain));
  if (!e.to_nets.empty()) add("nets", ListOf(e.to_nets, [](const IpPrefix& n) { return n.ToString(); }));
  if (!e.to_domains.empty()) add("domain", ListOf(e.to_domains, kPlain));
  if (!e.to_recipient.empty()) add("recipient", e.to_recipient);
  if (!e.to_zone.empty()) add("zone", e.to_zone);
  if (!e.to_asns.empty()) add("asn", ListOf(e.to_asns, [](std::uint32_t n) { return std::to_string(n); }));
  if (!e.to_jurisdictions.empty()) add("jurisdiction", ListOf(e.to_jurisdictions, kState));
  return out.empty() ? out : "{" + out + "}";
}

std::string BasisOf(const Basis& b) {
  std::string out;
  for (const auto& [key, value] : Fields{{"kind", b.kind}, {"ref", b.reference}, {"agreement", b.agreement}}) {
    if (!value.empty()) out += (out.empty() ? "" : ", ") + key + ": " + value;
  }
  return out.empty() ? out : "{" + out + "}";
}

std::string QuotaOf(const TransferEntry& e) {
  std::string out;
  const auto add = [&](const char* key, const std::string& value) {
    out += (out.empty() ? "" : ", ") + std::string(key) + ": " + value;
  };
  if (e.subjects_per_day > 0) add("subjects_per_day", std::to_string(e.subjects_per_day));
  if (e.subjects_total > 0) add("subjects_total", std::to_string(e.subjects_total));
  if (e.bytes_per_day > 0) add("bytes_per_day", std::to_string(e.bytes_per_day));
  if (e.hours_from != 0 || e.hours_to != 24) {
    add("hours", std::to_string(e.hours_from) + "-" + std::to_string(e.hours_to));
  }
  return out.empty() ? out : "{" + out + "}";
}

std::vector<Difference::Field> Differing(const TransferEntry& before, const TransferEntry& after) {
  std::map<std::string, Difference::Field> fields;
  for (auto& [key, value] : FieldsOf(before)) fields[key].before = value;
  for (auto& [key, value] : FieldsOf(after)) fields[key].after = value;
  std::vector<Difference::Field> out;
  for (auto& [key, field] : fields) {
    field.key = key;
    if (field.before != field.after) out.push_back(std::move(field));
  }
  return out;
}

// A digest of one section: of a source that holds nothing else.
template <class Member>
std::string SectionDigest(const PolicySource& source, Member member) {
  PolicySource alone;
  alone.*member = source.*member;
  return DigestOf(alone);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> FieldsOf(const TransferEntry& e) {
  static constexpr const char* kDirections[] = {"", "push", "pull"};
  static constexpr const char* kTransports[] = {"", "clear", "encrypted"};
  const bool begins = e.not_before != kDistantPast, ends = e.until != kDistantFuture;
  Fields all{{"action", e.deny ? "deny" : ""},
             {"from", e.from},
             {"to", ToOf(e)},
             {"classes", e.classes.empty() ? "" : ListOf(e.classes, kPlain)},
             {"subjects", e.subjects.empty() ? "" : ListOf(e.subjects, kState)},
             {"purpose", e.purpose},
             {"basis", BasisOf(e.basis)},
             {"direction", kDirections[static_cast<std::size_t>(e.direction)]},
             {"not_before", begins ? ShowDate(e.not_before) : ""},
             {"until", ends ? ShowDate(e.until) : ""},
             {"quota", QuotaOf(e)},
             {"transport", kTransports[static_cast<std::size_t>(e.transport)]}};
  std::erase_if(all, [](const auto& field) { return field.second.empty(); });
  return all;
}

Difference Compare(const Policy& before, const Policy& after) {
  Difference out;
  std::map<std::string, const TransferEntry*> old;
  for (const TransferEntry& e : before.transfers()) {
    if (!e.retired) old[e.id] = &e;
  }
  for (const TransferEntry& e : after.transfers()) {
    if (e.retired) continue;
    const auto at = old.find(e.id);
    if (at == old.end()) {
      out.added.push_back(e.id);
      continue;
    }
    if (auto fields = Differing(*at->second, e); !fields.empty()) out.changed.push_back({e.id, std::move(fields)});
    old.erase(at);
  }
  for (const auto& [id, entry] : old) out.removed.push_back(id);
  std::sort(out.added.begin(), out.added.end());
  std::sort(out.changed.begin(), out.changed.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  const auto section = [&](const char* name, auto member) {
    if (SectionDigest(before.source(), member) != SectionDigest(after.source(), member)) out.sections.push_back(name);
  };
  section("name", &PolicySource::name);
  section("version", &PolicySource::version);
  section("max_entry_days", &PolicySource::max_entry_days);
  section("geoip", &PolicySource::geoip_file);
  section("asn", &PolicySource::asn_file);
  section("zones", &PolicySource::zones);
  section("overrides", &PolicySource::overrides);
  section("assets", &PolicySource::assets);
  section("recipients", &PolicySource::recipients);
  section("agreements", &PolicySource::agreements);
  section("classes", &PolicySource::classes);
  section("purposes", &PolicySource::purposes);
  section("meters", &PolicySource::meters);
  section("advisories", &PolicySource::advisories);
  return out;
}

}  // namespace gander::policy
