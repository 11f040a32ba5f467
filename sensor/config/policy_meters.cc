// SPDX-License-Identifier: Apache-2.0
// Legal meters of a policy document.
#include "config/policy_parts.h"

namespace gander::config {
namespace {

constexpr std::uint64_t kMostPeople = 100'000'000'000;

policy::LegalTier ReadTier(const PolicyNodes& in, const YAML::Node& node) {
  in.Keys(node, {"people", "classes", "duty"});
  policy::LegalTier tier;
  in.Needed(node, "people");
  tier.people = in.Number(node, "people", 0, kMostPeople);
  if (tier.people == 0) in.Refuse(node["people"], "a tier of 0 people is reached by nobody", "write the law's figure");
  tier.classes = in.Texts(node, "classes");
  tier.duty = in.Text(node, "duty");
  return tier;
}

}  // namespace

policy::LegalMeter ReadMeter(const PolicyNodes& in, const YAML::Node& node) {
  in.Keys(node, {"id", "law", "zones", "from", "to", "per", "window", "tiers", "note"});
  policy::LegalMeter m;
  m.line = LineOf(node);
  m.id = in.Needed(node, "id");
  m.law = in.Text(node, "law");
  m.zones = in.Texts(node, "zones");
  m.from = in.States(node, "from");
  m.anywhere = node["to"] && node["to"].IsScalar() && node["to"].Scalar() == "any";
  if (!m.anywhere) m.to = in.States(node, "to");
  using policy::LegalMeter;
  m.per = in.Word(node, "per", {"sum", "each"}) == "each" ? LegalMeter::Per::kEach : LegalMeter::Per::kSum;
  in.Needed(node, "window");
  m.window = in.Word(node, "window", {"since 1 January", "12 months"}) == "12 months"
                 ? LegalMeter::Window::kTwelveMonths
                 : LegalMeter::Window::kSinceNewYear;
  const YAML::Node tiers = node["tiers"];
  if (!tiers || !tiers.IsSequence() || tiers.size() == 0) {
    in.Refuse(node, "meter `" + m.id + "` has no `tiers`",
              "add `tiers: [{people: 10000, classes: [sensitive], duty: ...}]`");
  }
  for (const auto& tier : tiers) m.tiers.push_back(ReadTier(in, tier));
  return m;
}

}  // namespace gander::config
