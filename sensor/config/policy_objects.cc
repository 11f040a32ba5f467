// SPDX-License-Identifier: Apache-2.0
// Zones, overrides, assets, agreements, recipients and classes of a policy document.
#include <algorithm>

#include "config/policy_parts.h"
#include "config/setting_types.h"

namespace gander::config {
namespace {

void CheckIdPaths(const PolicyNodes& in, const YAML::Node& node) {
  for (const YAML::Node& item : in.Items(node, "id_paths")) {
    const std::string& path = item.Scalar();
    const std::size_t at = path.find("/{id}");
    const std::size_t behind = at + 5;
    const bool whole = at != std::string::npos && (behind == path.size() || path[behind] == '/');
    if (path.starts_with('/') && whole && path.find("{id}", behind) == std::string::npos) continue;
    in.Refuse(item, "`" + path + "` does not say where the id stands",
              "write a path with one segment {id}, e.g. /patient/{id}");
  }
}

std::vector<std::uint16_t> ReadPorts(const PolicyNodes& in, const YAML::Node& node) {
  std::vector<std::uint16_t> ports;
  for (const YAML::Node& item : in.Items(node, "ports")) {
    std::uint64_t port = 0;
    if (!detail::ParseInteger(item.Scalar(), port) || port == 0 || port > UINT16_MAX) {
      in.Refuse(item, "`" + item.Scalar() + "` is no port", "write numbers of 1..65535, e.g. [443, 8080]");
    }
    ports.push_back(static_cast<std::uint16_t>(port));
  }
  return ports;
}

}  // namespace

policy::Zone ReadZone(const PolicyNodes& in, const YAML::Node& node) {
  in.Keys(node, {"id", "nets", "net", "jurisdiction", "kind", "owner", "own", "roles"});
  policy::Zone zone;
  zone.line = LineOf(node);
  zone.id = in.Needed(node, "id");
  if (zone.id == "any" || zone.id == "outside") {
    in.Refuse(node["id"], "`" + zone.id + "` is no name for a zone: it has a meaning of its own", "choose another id");
  }
  in.AddNets(node, "nets", zone.nets);
  in.AddNets(node, "net", zone.nets);
  if (zone.nets.empty()) in.Refuse(node, "zone `" + zone.id + "` has no `nets`", "add `nets: [10.20.0.0/16]`");
  zone.jurisdiction = in.StateOf(node, "jurisdiction");
  zone.kind = in.Word(node, "kind", {"office", "server", "ot", "guest", "dmz"});
  zone.owner = in.Text(node, "owner");
  zone.own = in.Flag(node, "own", true, "false names a network that is not yours");
  zone.roles = in.Roles(node, "roles");
  return zone;
}

policy::PolicySource::Override ReadOverride(const PolicyNodes& in, const YAML::Node& node) {
  in.Keys(node, {"net", "nets", "domain", "asn", "jurisdiction", "note", "source"});
  policy::PolicySource::Override o;
  o.line = LineOf(node);
  in.AddNets(node, "net", o.nets);
  in.AddNets(node, "nets", o.nets);
  o.domain = in.Text(node, "domain");
  const std::vector<std::uint32_t> asns = in.Asns(node, "asn");
  if (asns.size() > 1) in.Refuse(node["asn"], "`asn` must be one number", "write one override for each system");
  if (!asns.empty()) o.asn = asns.front();
  if (o.nets.empty() && o.domain.empty() && o.asn == 0) {
    in.Refuse(node, "the override names nothing", "add `net:`, `domain:` or `asn:`");
  }
  if (!o.domain.empty() && (o.asn != 0 || !o.nets.empty())) {
    in.Refuse(node, "the override names a domain and something else", "write one override for each");
  }
  // Prefixes may be given a system and left where the databases say that they are.
  o.has_jurisdiction = static_cast<bool>(node["jurisdiction"]) || o.nets.empty() || o.asn == 0;
  if (o.has_jurisdiction) in.Needed(node, "jurisdiction");
  o.jurisdiction = in.StateOf(node, "jurisdiction");
  o.note = in.Text(node, "note");
  return o;
}

policy::Asset ReadAsset(const PolicyNodes& in, const YAML::Node& node, std::vector<Error>& notes) {
  in.Keys(node, {"id", "kind", "hosts", "records", "ports", "id_paths", "tag_file", "roles", "note"});
  policy::Asset asset;
  asset.line = LineOf(node);
  asset.id = in.Needed(node, "id");
  asset.kind = in.Word(node, "kind", {"store", "api", "ot", "device", "canary"});
  in.AddNets(node, "hosts", asset.hosts);
  asset.ports = ReadPorts(in, node);
  asset.records = in.Texts(node, "records");
  CheckIdPaths(in, node);
  asset.id_paths = in.Texts(node, "id_paths");
  asset.tag_file = in.Path(node, "tag_file");
  asset.roles = in.Roles(node, "roles");
  const bool canary = asset.kind == "canary";
  if (canary != !asset.tag_file.empty()) {
    in.Refuse(node,
              "asset `" + asset.id + "` " +
                  (canary ? "is a canary and has no `tag_file`" : "has a `tag_file` and is no canary"),
              "a canary is `kind: canary` with `tag_file:`, written by `gander register hash --bits 64`");
  }
  if (asset.hosts.empty() && !canary) {
    notes.push_back({in.path(), asset.line, "asset `" + asset.id + "` has no hosts and matches nothing",
                     "add `hosts: [10.20.4.8]`"});
  }
  return asset;
}

policy::Agreement ReadAgreement(const PolicyNodes& in, const YAML::Node& node) {
  in.Keys(node, {"id", "parties", "kind"});
  policy::Agreement a;
  a.line = LineOf(node);
  a.id = in.Needed(node, "id");
  a.parties = in.States(node, "parties");
  a.kind = in.Text(node, "kind");
  if (a.parties.size() < 2)
    in.Refuse(node, "agreement `" + a.id + "` has fewer than two parties", "add `parties: [A, B]`");
  return a;
}

policy::Recipient ReadRecipient(const PolicyNodes& in, const YAML::Node& node) {
  in.Keys(node, {"id", "net", "nets", "domain", "domains", "asn", "roles", "note"});
  policy::Recipient r;
  r.line = LineOf(node);
  r.id = in.Needed(node, "id");
  in.AddNets(node, "net", r.nets);
  in.AddNets(node, "nets", r.nets);
  r.domains = in.Texts(node, "domain");
  for (std::string& d : in.Texts(node, "domains")) r.domains.push_back(std::move(d));
  r.asns = in.Asns(node, "asn");
  r.roles = in.Roles(node, "roles");
  if (r.nets.empty() && r.domains.empty() && r.asns.empty()) {
    in.Refuse(node, "recipient `" + r.id + "` is nowhere", "add `nets:`, `domain:` or `asn:`");
  }
  return r;
}

policy::DataClass ReadDataClass(const PolicyNodes& in, const YAML::Node& node) {
  in.Keys(node, {"id", "sensitivity", "bases", "note"});
  policy::DataClass c;
  c.line = LineOf(node);
  c.id = in.Needed(node, "id");
  const std::string word = in.Word(node, "sensitivity", {"device", "contact", "personal", "sensitive", "critical"});
  c.has_sensitivity = identify::ParseSensitivity(word, c.sensitivity);
  c.bases = in.Words(node, "bases", KnownBases());
  return c;
}

policy::Advisory ReadAdvisory(const PolicyNodes& in, const YAML::Node& node) {
  in.Keys(node, {"id", "product", "versions", "published", "remedy"});
  policy::Advisory a;
  a.line = LineOf(node);
  a.id = in.Needed(node, "id");
  a.product = in.Needed(node, "product");
  for (const YAML::Node& item : in.Items(node, "versions")) {
    if (const std::string wrong = policy::CheckVersionPattern(item.Scalar()); !wrong.empty()) {
      in.Refuse(item, "`" + item.Scalar() + "`: " + wrong, "write a version, 1.18.*, or \"< 9.8\"");
    }
    a.versions.push_back(item.Scalar());
  }
  if (a.versions.empty()) in.Refuse(node, "advisory `" + a.id + "` names no `versions`", "add `versions: [\"< 9.8\"]`");
  a.published = in.Date(node, "published", a.published);
  a.remedy = in.Text(node, "remedy");
  return a;
}

}  // namespace gander::config
