// SPDX-License-Identifier: Apache-2.0
// Reads the policy document. Only shapes and words are checked here; what entries mean together is Policy::Build's.
#include "config/policy_file.h"

#include <algorithm>
#include <filesystem>

#include "config/setting_types.h"

namespace gander::config {
namespace {

using policy::Jurisdiction;
using policy::PolicySource;
using policy::TransferEntry;

// Leaves the reader from any depth; caught in ReadPolicy, so it never leaves this file.
struct Stop {
  Error error;
};

class Reader {
 public:
  explicit Reader(const YamlFile& file) : file_(file) {}

  PolicySource Read() {
    Keys(file_.root, {"policy", "zones", "overrides", "assets", "agreements", "transfers", "collectors"});
    source_.file = file_.path;
    source_.name = std::filesystem::path(file_.path).stem().string();
    if (const YAML::Node head = file_.root["policy"]) ReadHead(head);
    Each("zones", [this](const YAML::Node& n) { source_.zones.push_back(ReadZone(n)); });
    Each("overrides", [this](const YAML::Node& n) { source_.overrides.push_back(ReadOverride(n)); });
    Each("assets", [this](const YAML::Node& n) { ReadAsset(n); });
    Each("agreements", [this](const YAML::Node& n) { source_.agreements.push_back(ReadAgreement(n)); });
    Each("transfers", [this](const YAML::Node& n) { source_.transfers.push_back(ReadTransfer(n)); });
    // A collectors line is a transfer whose id may be left out.
    Each("collectors", [this](const YAML::Node& n) {
      TransferEntry e = ReadTransfer(n);
      if (e.id.empty()) e.id = "collector-line-" + std::to_string(e.line);
      source_.transfers.push_back(std::move(e));
    });
    return std::move(source_);
  }

 private:
  [[noreturn]] void Refuse(const YAML::Node& at, std::string cause, std::string remedy) const {
    throw Stop{{file_.path, LineOf(at), std::move(cause), std::move(remedy)}};
  }

  void Keys(const YAML::Node& node, const std::vector<std::string>& known) const {
    if (auto checked = CheckKeys(file_.path, node, known); !checked) throw Stop{checked.error()};
  }

  template <class F>
  void Each(const char* key, F&& read) const {
    const YAML::Node list = file_.root[key];
    if (!list || list.IsNull()) return;
    if (!list.IsSequence()) Refuse(list, std::string("`") + key + "` must be a list", "begin each item with `- `");
    for (const auto& item : list) read(item);
  }

  std::string Text(const YAML::Node& map, const char* key) const {
    const YAML::Node node = map[key];
    if (!node || node.IsNull()) return {};
    if (!node.IsScalar()) Refuse(node, std::string("`") + key + "` must be one text", "write `key: value`");
    return node.Scalar();
  }

  std::string Needed(const YAML::Node& map, const char* key) const {
    std::string text = Text(map, key);
    if (text.empty()) Refuse(map, std::string("`") + key + "` is missing", std::string("add `") + key + ":`");
    return text;
  }

  // One text or a list of texts, each with its node for errors.
  std::vector<YAML::Node> Items(const YAML::Node& map, const char* key) const {
    const YAML::Node node = map[key];
    std::vector<YAML::Node> out;
    if (!node || node.IsNull()) return out;
    if (node.IsScalar()) return {node};
    if (!node.IsSequence()) Refuse(node, std::string("`") + key + "` must be a text or a list", "write `[a, b]`");
    for (const auto& item : node) {
      if (!item.IsScalar()) Refuse(item, std::string("`") + key + "` holds something that is no text", "write `[a, b]`");
      out.push_back(item);
    }
    return out;
  }

  std::vector<std::string> Texts(const YAML::Node& map, const char* key) const {
    std::vector<std::string> out;
    for (const YAML::Node& item : Items(map, key)) out.push_back(item.Scalar());
    return out;
  }

  void AddNets(const YAML::Node& map, const char* key, std::vector<IpPrefix>& out) const {
    for (const YAML::Node& item : Items(map, key)) {
      IpPrefix prefix;
      if (!IpPrefix::Parse(item.Scalar(), prefix)) {
        Refuse(item, "`" + item.Scalar() + "` is no network prefix",
               "write an address or a prefix without bits behind its length, e.g. 10.20.0.0/16 or fd20::/48");
      }
      out.push_back(prefix);
    }
  }

  Jurisdiction State(const YAML::Node& node) const {
    const std::string& text = node.Scalar();
    const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (text.size() != 2 || !letter(text[0]) || !letter(text[1])) {
      Refuse(node, "`" + text + "` is no jurisdiction",
             "write two capital letters of ISO 3166-1, e.g. DE; XA for anycast or a cloud edge, ZZ for unknown");
    }
    return {{text[0], text[1]}};
  }

  Jurisdiction StateOf(const YAML::Node& map, const char* key) const {
    const YAML::Node node = map[key];
    return node && node.IsScalar() ? State(node) : Jurisdiction{};
  }

  std::vector<Jurisdiction> States(const YAML::Node& map, const char* key) const {
    std::vector<Jurisdiction> out;
    for (const YAML::Node& item : Items(map, key)) out.push_back(State(item));
    return out;
  }

  std::uint64_t Number(const YAML::Node& map, const char* key, std::uint64_t otherwise, std::uint64_t most) const {
    const YAML::Node node = map[key];
    if (!node || node.IsNull()) return otherwise;
    std::uint64_t value = 0;
    if (!node.IsScalar() || !detail::ParseInteger(node.Scalar(), value) || value > most) {
      Refuse(node, std::string("`") + key + "` must be an integer of 0.." + std::to_string(most),
             "write digits only");
    }
    return value;
  }

  Timestamp Date(const YAML::Node& map, const char* key, Timestamp otherwise) const {
    const YAML::Node node = map[key];
    if (!node || node.IsNull()) return otherwise;
    Timestamp t;
    if (!node.IsScalar() || !ParseDate(node.Scalar(), t)) {
      Refuse(node, std::string("`") + key + "` is no date", "write 2027-03-31 or 2027-03-31T12:00:00Z");
    }
    return t;
  }

  std::string Word(const YAML::Node& map, const char* key, const std::vector<std::string>& known) const {
    std::string text = Text(map, key);
    if (text.empty() || std::find(known.begin(), known.end(), text) != known.end()) return text;
    std::string all;
    for (const std::string& k : known) all += (all.empty() ? "" : ", ") + k;
    const std::string near = Nearest(text, known);
    Refuse(map[key], std::string("`") + key + ": " + text + "` is not known",
           near.empty() ? "known are: " + all : "did you mean `" + near + "`?");
  }

  void ReadHead(const YAML::Node& head) {
    Keys(head, {"name", "version", "default", "max_entry_days", "geoip"});
    if (std::string name = Text(head, "name"); !name.empty()) source_.name = std::move(name);
    source_.version = static_cast<int>(Number(head, "version", 0, 1'000'000'000));
    source_.max_entry_days = static_cast<int>(Number(head, "max_entry_days", 400, 400));
    Word(head, "default", {"alert"});
    source_.geoip_file = Text(head, "geoip");
    if (source_.geoip_file.empty()) return;
    const std::filesystem::path folder = std::filesystem::path(file_.path).parent_path();
    source_.geoip_file = (folder / source_.geoip_file).lexically_normal().string();
  }

  policy::Zone ReadZone(const YAML::Node& node) {
    Keys(node, {"id", "nets", "net", "jurisdiction", "kind", "owner", "own"});
    policy::Zone zone;
    zone.line = LineOf(node);
    zone.id = Needed(node, "id");
    if (zone.id == "any" || zone.id == "outside") {
      Refuse(node["id"], "`" + zone.id + "` is no name for a zone: it has a meaning of its own", "choose another id");
    }
    AddNets(node, "nets", zone.nets);
    AddNets(node, "net", zone.nets);
    if (zone.nets.empty()) Refuse(node, "zone `" + zone.id + "` has no `nets`", "add `nets: [10.20.0.0/16]`");
    zone.jurisdiction = StateOf(node, "jurisdiction");
    zone.kind = Word(node, "kind", {"office", "server", "ot", "guest", "dmz"});
    zone.owner = Text(node, "owner");
    if (const YAML::Node own = node["own"]) {
      if (!own.IsScalar() || !YAML::convert<bool>::decode(own, zone.own)) {
        Refuse(own, "`own` must be true or false", "false names a network that is not yours");
      }
    }
    return zone;
  }

  PolicySource::Override ReadOverride(const YAML::Node& node) {
    Keys(node, {"net", "nets", "domain", "jurisdiction", "note", "source"});
    PolicySource::Override o;
    o.line = LineOf(node);
    AddNets(node, "net", o.nets);
    AddNets(node, "nets", o.nets);
    o.domain = Text(node, "domain");
    if (o.nets.empty() && o.domain.empty()) Refuse(node, "the override names nothing", "add `net:` or `domain:`");
    Needed(node, "jurisdiction");
    o.jurisdiction = StateOf(node, "jurisdiction");
    o.note = Text(node, "note");
    return o;
  }

  void ReadAsset(const YAML::Node& node) {
    Keys(node, {"id", "kind", "hosts", "records", "ports", "id_paths", "tag_file", "note"});
    policy::Asset asset;
    asset.line = LineOf(node);
    asset.id = Needed(node, "id");
    asset.kind = Text(node, "kind");
    AddNets(node, "hosts", asset.hosts);
    for (const char* key : {"ports", "id_paths", "tag_file"}) {
      if (!node[key]) continue;
      source_.notes.push_back({file_.path, LineOf(node[key]),
                               "asset `" + asset.id + "`: `" + key + "` narrows nothing: an asset is known by its hosts",
                               "leave it, or list the hosts that are meant"});
    }
    if (asset.hosts.empty()) {
      source_.notes.push_back({file_.path, asset.line, "asset `" + asset.id + "` has no hosts and matches nothing",
                               "add `hosts: [10.20.4.8]`"});
    }
    source_.assets.push_back(std::move(asset));
  }

  policy::Agreement ReadAgreement(const YAML::Node& node) {
    Keys(node, {"id", "parties", "kind"});
    policy::Agreement a;
    a.line = LineOf(node);
    a.id = Needed(node, "id");
    a.parties = States(node, "parties");
    a.kind = Text(node, "kind");
    if (a.parties.size() < 2) Refuse(node, "agreement `" + a.id + "` has fewer than two parties", "add `parties: [A, B]`");
    return a;
  }

  void ReadRecipient(const YAML::Node& to, TransferEntry& e) {
    if (!to || to.IsNull()) return;
    if (to.IsMap() && to["cert_sha256"]) {
      Refuse(to["cert_sha256"], "certificates are not compared, so this demand could not be kept",
             "name the recipient by net or domain and remove `cert_sha256`");
    }
    Keys(to, {"net", "nets", "domain", "domains", "jurisdiction", "zone"});
    AddNets(to, "net", e.to_nets);
    AddNets(to, "nets", e.to_nets);
    e.to_domains = Texts(to, "domain");
    for (std::string& d : Texts(to, "domains")) e.to_domains.push_back(std::move(d));
    e.to_jurisdictions = States(to, "jurisdiction");
    e.to_zone = Text(to, "zone");
  }

  void ReadQuota(const YAML::Node& quota, TransferEntry& e) {
    if (!quota || quota.IsNull()) return;
    Keys(quota, {"subjects_per_day", "subjects_total", "bytes_per_day", "hours"});
    constexpr std::uint64_t kMost = 1'000'000'000'000;
    e.subjects_per_day = Number(quota, "subjects_per_day", 0, kMost);
    e.subjects_total = Number(quota, "subjects_total", 0, kMost);
    if (const YAML::Node bytes = quota["bytes_per_day"]) {
      if (!bytes.IsScalar() || !ParseSize(bytes.Scalar(), e.bytes_per_day)) {
        Refuse(bytes, "`bytes_per_day` is no size", "write 200MB, 4GiB or a number of bytes");
      }
    }
    if (const YAML::Node hours = quota["hours"]) {
      const std::string text = hours.IsScalar() ? hours.Scalar() : "";
      std::uint64_t from = 0, to = 0;
      const std::size_t dash = text.find('-');
      if (dash == std::string::npos || !detail::ParseInteger(text.substr(0, dash), from) ||
          !detail::ParseInteger(text.substr(dash + 1), to) || from > 23 || to > 24 || from == to) {
        Refuse(hours, "`hours` is no span of hours", "write \"06-20\" (UTC, the second hour not included)");
      }
      e.hours_from = static_cast<int>(from);
      e.hours_to = static_cast<int>(to);
    }
  }

  TransferEntry ReadTransfer(const YAML::Node& node) {
    Keys(node, {"id", "from", "to", "classes", "subjects", "purpose", "basis", "not_before", "until", "quota",
                "transport", "action", "note"});
    TransferEntry e;
    e.line = LineOf(node);
    e.id = Text(node, "id");
    e.from = Text(node, "from");
    ReadRecipient(node["to"], e);
    e.classes = Texts(node, "classes");
    e.subjects = States(node, "subjects");
    e.purpose = Text(node, "purpose");
    e.deny = Word(node, "action", {"allow", "deny"}) == "deny";
    if (const YAML::Node basis = node["basis"]) {
      Keys(basis, {"kind", "ref", "agreement"});
      e.basis.kind = Word(basis, "kind", {"consent", "contract", "law", "judicial", "agreement"});
      e.basis.reference = Text(basis, "ref");
      e.basis.agreement = Text(basis, "agreement");
    }
    if (!e.deny && e.basis.kind.empty()) {
      Refuse(node, "transfer `" + e.id + "` states no basis",
             "add `basis: {kind: contract, ref: ...}` (consent, contract, law, judicial, agreement)");
    }
    e.not_before = Date(node, "not_before", e.not_before);
    e.until = Date(node, "until", e.until);
    ReadQuota(node["quota"], e);
    const std::string transport = Word(node, "transport", {"encrypted", "clear", "any"});
    if (transport == "encrypted") e.transport = TransferEntry::Transport::kEncrypted;
    if (transport == "clear" || transport == "any") e.transport = TransferEntry::Transport::kClear;
    return e;
  }

  const YamlFile& file_;
  PolicySource source_;
};

}  // namespace

Result<PolicySource> ReadPolicy(const YamlFile& file) {
  try {
    return Reader(file).Read();
  } catch (Stop& stop) {
    return Failure(std::move(stop.error));
  } catch (const YAML::Exception& e) {
    return Fail(file.path, e.mark.is_null() ? 0 : e.mark.line + 1, "cannot be read as a policy: " + e.msg,
                "compare the shape of this line with the example policy");
  }
}

Result<PolicySource> LoadPolicy(const std::string& path) {
  const auto file = LoadYaml(path);
  if (!file) return Failure(file.error());
  return ReadPolicy(*file);
}

}  // namespace gander::config
