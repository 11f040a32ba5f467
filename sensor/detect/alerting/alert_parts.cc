// SPDX-License-Identifier: Apache-2.0
#include "detect/alerting/alert_parts.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

#include "detect/alerting/words.h"

namespace gander::detect {
namespace {

constexpr std::size_t kTypesNamed = 3;  // in a sentence; the context holds all
constexpr std::uint32_t kSidBase = 2'090'000;

std::int64_t Signed(std::uint64_t n) noexcept {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(n, std::numeric_limits<std::int64_t>::max()));
}

std::string List(const std::vector<std::string>& words) {
  std::string text;
  const std::size_t shown = words.size() > kTypesNamed + 1 ? kTypesNamed : words.size();
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + words[i];
  if (shown < words.size()) text += " and " + std::to_string(words.size() - shown) + " more kinds";
  return text;
}

void AppendCount(const SubjectCount& c, Record& out) {
  out.Integer("estimate", Signed(c.estimate)).Integer("low", Signed(c.low)).Integer("high", Signed(c.high));
  out.String("method", c.exact() ? "exact" : "hll");
}

void AppendEnd(const char* key, const std::string& address, const std::string& domain, const policy::Party& party,
               const policy::Policy& policy, Record& out) {
  static constexpr const char* kSources[] = {"unknown", "zone", "override", "database"};
  out.BeginObject(key);
  if (!address.empty()) out.String("ip", address);
  if (!domain.empty()) out.String("domain", domain);
  out.String("zone", policy.ZoneName(party.zone));
  out.String("jurisdiction", party.jurisdiction.text());
  out.String("jurisdiction_source", kSources[static_cast<std::size_t>(party.source)]);
  out.EndObject();
}

const char* DirectionWord(const policy::Policy& policy, const EndFigures& e) noexcept {
  if (policy.Own(e.from.zone)) return policy.Own(e.to.zone) ? "internal" : "outbound";
  return policy.Own(e.to.zone) ? "inbound" : "crossborder";
}

}  // namespace

bool PeopleFigures::sensitive() const noexcept {
  return std::any_of(types.begin(), types.end(), [](const Type& t) {
    return t.rule->sensitivity >= identify::Sensitivity::kSensitive;
  });
}

std::string PeopleFigures::TypeWords() const {
  std::vector<std::string> words;
  for (const Type& t : types) words.push_back(t.rule->id);
  return List(words);
}

std::string PeopleFigures::ClassWords() const {
  std::vector<std::string> words;
  for (const Type& t : types) {
    if (std::find(words.begin(), words.end(), t.rule->data_class) == words.end()) words.push_back(t.rule->data_class);
  }
  return List(words);
}

PeopleFigures FiguresOf(const Bundle& bundle, const std::vector<identify::RuleInfo>& types) {
  std::map<TypeIndex, std::pair<sketch::DistinctSet, std::uint64_t>> sums;
  PeopleFigures out;
  MostOfKinds most;
  for (const Strand& s : bundle.strands) {
    auto& [people, findings] = sums[s.type];
    people.Merge(s.people);
    findings += s.findings;
    out.samples.Merge(s.samples);
  }
  for (const auto& [type, sum] : sums) {
    out.types.push_back({&types[type], CountOf(sum.first), sum.second});
    if (types[type].identifies_person) most.Add(types[type].data_class, out.types.back().distinct);
  }
  out.subjects = PeopleOf(bundle.people, most);
  std::sort(out.types.begin(), out.types.end(), [](const auto& a, const auto& b) {
    return std::tie(b.distinct.estimate, a.rule->id) < std::tie(a.distinct.estimate, b.rule->id);
  });
  return out;
}

double LostShare(const ByteLedger& ledger) noexcept {
  const double whole = static_cast<double>(ledger.received) + static_cast<double>(ledger.gap_bytes);
  return whole == 0 ? 0.0 : static_cast<double>(ledger.Lost() + ledger.gap_bytes) / whole;
}

bool CrossesJurisdiction(const policy::Party& from, const policy::Party& to) noexcept {
  return !from.jurisdiction.known() || from.jurisdiction != to.jurisdiction;
}

bool ClearTextAccepted(const policy::Judgement& judgement, const policy::Policy& policy) {
  const bool holds =
      judgement.verdict == policy::Verdict::kRegistered || judgement.verdict == policy::Verdict::kOverQuota;
  if (!holds || judgement.entry < 0) return false;
  const auto& entry = policy.transfers()[static_cast<std::size_t>(judgement.entry)];
  return entry.transport == policy::TransferEntry::Transport::kClear;
}

Weighed Weigh(Severity base, bool sensitive, const EndFigures& ends, double lost_share) {
  int level = static_cast<int>(base);
  std::string reasons;
  if (sensitive) {
    ++level;
    reasons += ", one up because the data is of a sensitive class";
  }
  if (!policy::Permits(ends.judgement.verdict) && CrossesJurisdiction(ends.from, ends.to)) {
    ++level;
    reasons += ", one up because it crosses from " + StateWords(ends.from.jurisdiction) + " to " +
               StateWords(ends.to.jurisdiction) + " without a register entry that permits it";
  }
  if (base < Severity::kHigh && level > static_cast<int>(Severity::kHigh)) {
    level = static_cast<int>(Severity::kHigh);
    reasons += ", held at high because the figures alone are not";
  }
  if (lost_share > 0.5) {
    --level;
    reasons += ", one down because less than half of the traffic could be seen";
  }
  const auto severity = static_cast<Severity>(
      std::clamp(level, static_cast<int>(Severity::kInfo), static_cast<int>(Severity::kCritical)));
  return {severity,
          std::string("Severity ") + NameOf(severity) + ": " + NameOf(base) + " by the figures" + reasons + "."};
}

Alert NewAlert(const Topic& topic, Severity severity, const FlowSample& flow, const std::string& dedup_key) {
  Alert a;
  a.detector = topic.id;
  a.detector_name = topic.name;
  a.sid = kSidBase + topic.number;
  a.revision = topic.revision;
  a.category = topic.category;
  a.mitre = topic.mitre;
  a.severity = severity;
  a.tuple = flow.tuple;
  a.flow_id = flow.flow_id;
  a.dedup_key = dedup_key;
  return a;
}

void AppendPii(const PeopleFigures& figures, Record& out) {
  out.BeginObject("pii").BeginArray("classes");
  for (const PeopleFigures::Type& t : figures.types) {
    out.BeginObject();
    out.String("id", t.rule->id).String("category", t.rule->data_class);
    out.String("sensitivity", identify::NameOf(t.rule->sensitivity)).String("validator", t.rule->validator);
    out.Integer("count", Signed(t.findings)).Integer("distinct", Signed(t.distinct.estimate));
    out.EndObject();
  }
  out.EndArray().BeginObject("subjects");
  AppendCount(figures.subjects, out);
  out.Integer("window_s", figures.window.ns / kNanosPerSecond);
  out.EndObject();
  if (figures.samples.begin() != figures.samples.end()) {
    out.BeginArray("sample");
    for (const MaskSample& s : figures.samples) out.String(nullptr, s.mask.ToString());
    out.EndArray();
  }
  out.EndObject();
}

void AppendTransfer(const EndFigures& ends, const policy::Policy& policy, Record& out) {
  out.BeginObject("transfer").String("direction", DirectionWord(policy, ends));
  AppendEnd("from", ends.sender, {}, ends.from, policy, out);
  AppendEnd("to", ends.recipient, ends.recipient_domain, ends.to, policy, out);
  if (!ends.app_proto.empty()) out.String("channel", ends.app_proto);
  out.Boolean("encrypted", ends.encrypted);
  out.Integer("sources", Signed(ends.sources)).Integer("bytes", Signed(ends.bytes));
  out.Integer("flows", Signed(ends.flows));
  out.String("verdict", policy::NameOf(ends.judgement.verdict)).String("why", ends.judgement.why);
  const int entry = ends.judgement.entry;
  if (entry >= 0 && static_cast<std::size_t>(entry) < policy.transfers().size()) {
    const policy::TransferEntry& e = policy.transfers()[static_cast<std::size_t>(entry)];
    out.BeginObject("basis").String("id", e.id).String("source", "register").String("kind", e.basis.kind);
    if (!e.basis.reference.empty()) out.String("reference", e.basis.reference);
    if (!e.basis.agreement.empty()) out.String("agreement", e.basis.agreement);
    out.EndObject();
  }
  out.EndObject();
}

void AppendEvidence(const Topic& topic, const EpochView& epoch, Record& out) {
  out.BeginObject("evidence").String("detector", topic.id).Integer("detector_revision", topic.revision);
  out.String("policy", epoch.policy.name()).Integer("policy_version", epoch.policy.version());
  out.String("policy_digest", epoch.policy.digest()).String("rules_digest", epoch.rules.digest());
  out.Real("coverage", epoch.ledger.Coverage()).Real("lost_share", LostShare(epoch.ledger));
  out.String("epoch_begin", FormatEveTime(epoch.begin)).String("epoch_end", FormatEveTime(epoch.end));
  out.EndObject();
}

std::string CoverageWords(const ByteLedger& ledger) {
  std::string text = "Coverage " + Percent(ledger.Coverage()) + " in this epoch";
  if (const double lost = LostShare(ledger); lost > 0) {
    text += "; " + Percent(lost) + " was lost, so the true figures may be higher";
  }
  return text + ".";
}

std::string VerdictWords(const policy::Judgement& judgement) {
  return std::string("Verdict ") + policy::NameOf(judgement.verdict) + ": " + judgement.why + ".";
}

}  // namespace gander::detect
