// SPDX-License-Identifier: Apache-2.0
// The entries of the transfer register.
#include "config/policy_parts.h"
#include "config/setting_types.h"

namespace gander::config {
namespace {

using policy::TransferEntry;

void ReadTo(const PolicyNodes& in, const YAML::Node& to, TransferEntry& e) {
  if (!to || to.IsNull()) return;
  if (to.IsMap() && to["cert_sha256"]) {
    in.Refuse(to["cert_sha256"], "certificates are not compared, so this demand could not be kept",
              "name the recipient by net or domain and remove `cert_sha256`");
  }
  in.Keys(to, {"net", "nets", "domain", "domains", "recipient", "asn", "jurisdiction", "zone"});
  in.AddNets(to, "net", e.to_nets);
  in.AddNets(to, "nets", e.to_nets);
  e.to_domains = in.Texts(to, "domain");
  for (std::string& d : in.Texts(to, "domains")) e.to_domains.push_back(std::move(d));
  e.to_recipient = in.Text(to, "recipient");
  e.to_asns = in.Asns(to, "asn");
  e.to_jurisdictions = in.States(to, "jurisdiction");
  e.to_zone = in.Text(to, "zone");
}

void ReadHours(const PolicyNodes& in, const YAML::Node& hours, TransferEntry& e) {
  const std::string text = hours.IsScalar() ? hours.Scalar() : "";
  std::uint64_t from = 0, to = 0;
  const std::size_t dash = text.find('-');
  if (dash == std::string::npos || !detail::ParseInteger(text.substr(0, dash), from) ||
      !detail::ParseInteger(text.substr(dash + 1), to) || from > 23 || to > 24 || from == to) {
    in.Refuse(hours, "`hours` is no span of hours", "write \"06-20\" (UTC, the second hour not included)");
  }
  e.hours_from = static_cast<int>(from);
  e.hours_to = static_cast<int>(to);
}

void ReadQuota(const PolicyNodes& in, const YAML::Node& quota, TransferEntry& e) {
  if (!quota || quota.IsNull()) return;
  in.Keys(quota, {"subjects_per_day", "subjects_total", "bytes_per_day", "hours"});
  constexpr std::uint64_t kMost = 1'000'000'000'000;
  e.subjects_per_day = in.Number(quota, "subjects_per_day", 0, kMost);
  e.subjects_total = in.Number(quota, "subjects_total", 0, kMost);
  if (const YAML::Node bytes = quota["bytes_per_day"]) {
    if (!bytes.IsScalar() || !ParseSize(bytes.Scalar(), e.bytes_per_day)) {
      in.Refuse(bytes, "`bytes_per_day` is no size", "write 200MB, 4GiB or a number of bytes");
    }
  }
  if (const YAML::Node hours = quota["hours"]) ReadHours(in, hours, e);
}

void ReadBasis(const PolicyNodes& in, const YAML::Node& node, TransferEntry& e) {
  if (const YAML::Node basis = node["basis"]) {
    in.Keys(basis, {"kind", "ref", "agreement"});
    e.basis.kind = in.Word(basis, "kind", KnownBases());
    e.basis.reference = in.Text(basis, "ref");
    e.basis.agreement = in.Text(basis, "agreement");
  }
  if (e.deny || !e.basis.kind.empty()) return;
  in.Refuse(node, "transfer `" + e.id + "` states no basis",
            "add `basis: {kind: contract, ref: ...}` (consent, contract, law, judicial, agreement)");
}

}  // namespace

const std::vector<std::string>& KnownBases() {
  static const std::vector<std::string> kBases{"consent", "contract", "law", "judicial", "agreement"};
  return kBases;
}

TransferEntry ReadTransfer(const PolicyNodes& in, const YAML::Node& node) {
  in.Keys(node, {"id", "from", "to", "classes", "subjects", "purpose", "basis", "direction", "not_before", "until",
                 "quota", "transport", "action", "note"});
  TransferEntry e;
  e.line = LineOf(node);
  e.id = in.Text(node, "id");
  e.from = in.Text(node, "from");
  ReadTo(in, node["to"], e);
  e.classes = in.Texts(node, "classes");
  e.subjects = in.States(node, "subjects");
  e.purpose = in.Text(node, "purpose");
  e.deny = in.Word(node, "action", {"allow", "deny"}) == "deny";
  ReadBasis(in, node, e);
  const std::string direction = in.Word(node, "direction", {"push", "pull", "any"});
  if (direction == "push") e.direction = TransferEntry::Direction::kPush;
  if (direction == "pull") e.direction = TransferEntry::Direction::kPull;
  e.not_before = in.Date(node, "not_before", e.not_before);
  e.until = in.Date(node, "until", e.until);
  ReadQuota(in, node["quota"], e);
  const std::string transport = in.Word(node, "transport", {"encrypted", "clear", "any"});
  if (transport == "encrypted") e.transport = TransferEntry::Transport::kEncrypted;
  if (transport == "clear" || transport == "any") e.transport = TransferEntry::Transport::kClear;
  return e;
}

}  // namespace gander::config
