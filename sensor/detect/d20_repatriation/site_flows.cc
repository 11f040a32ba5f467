// SPDX-License-Identifier: Apache-2.0
#include "detect/d20_repatriation/site_flows.h"

#include <algorithm>
#include <tuple>

#include "detect/account/traffic_meter.h"

namespace gander::detect {
namespace {

constexpr std::int64_t kDay = 86'400 * kNanosPerSecond;

bool Leaves(const policy::Party& from, const policy::Party& to) noexcept {
  return from.zone != policy::kOutside && from.jurisdiction.known() && from.zone != to.zone;
}

RingCounter& KindOf(Outflow& flow, TypeIndex type, policy::Jurisdiction country) {
  return flow.kinds.try_emplace({type, country}, RingBit(Ring::kMonth)).first->second;
}

void AddTo(Outflow::Sums& sums, const Moved& m, Timestamp epoch_begin) {
  sums.moved.AddEnds(m);
  sums.findings[m.type] += m.findings;
  sums.samples.Merge(m.samples);
  if (sums.judged != epoch_begin || Badness(m.judgement.verdict) > Badness(sums.judgement.verdict)) {
    sums.judgement = m.judgement;
  }
  sums.judged = epoch_begin;
  sums.days.insert(m.last_seen.ns / kDay);
}

}  // namespace

std::set<policy::ZoneId> SiteFlows::Add(const EpochView& epoch) {
  keys_.Advance(epoch.begin);
  std::set<policy::ZoneId> touched;
  for (const Moved& m : epoch.book->moved()) {
    if (!epoch.book->types()[m.type].identifies_person || !Leaves(m.from, m.to)) continue;
    AddPeople(m, epoch.begin);
    if (!policy::Permits(m.judgement.verdict)) touched.insert(m.from.zone);
  }
  if (epoch.traffic == nullptr) return touched;
  for (const TrafficPath& path : epoch.traffic->paths()) {
    if (path.payload[0] + path.payload[1] == 0) continue;
    const policy::Party &client = path.client, &server = path.server;
    if (path.payload[0] > 0 && Leaves(client, server)) AddBytes(client, server, path.payload[0], epoch.begin);
    if (path.payload[1] > 0 && Leaves(server, client)) AddBytes(server, client, path.payload[1], epoch.begin);
  }
  return touched;
}

void SiteFlows::AddPeople(const Moved& m, Timestamp epoch_begin) {
  Site& site = sites_[{m.from.zone}];
  site.people.Add(keys_, m.people);
  site.last_seen = std::max(site.last_seen, m.last_seen);
  if (policy::Permits(m.judgement.verdict)) return;
  Outflow& flow = site.states[m.to.jurisdiction];
  flow.month.Advance(epoch_begin);
  flow.month.ForEach([&](Outflow::Sums& sums) { AddTo(sums, m, epoch_begin); });
  flow.unregistered.Add(keys_, m.people);
  KindOf(flow, m.type, {}).Add(keys_, m.people);
  if (m.country.known()) KindOf(flow, m.type, m.country).Add(keys_, m.people);
}

void SiteFlows::AddBytes(const policy::Party& from, const policy::Party& to, std::uint64_t bytes,
                         Timestamp epoch_begin) {
  Outflow& flow = sites_[{from.zone}].states[to.jurisdiction];
  flow.month.Advance(epoch_begin);
  flow.month.ForEach([&](Outflow::Sums& sums) { sums.bytes += bytes; });
}

SubjectCount SiteFlows::Count(const RingCounter& people) const {
  const sketch::Estimate e = people.Count(keys_, Ring::kMonth);
  return {e.estimate, e.low, e.high};
}

PeopleFigures SiteFlows::FiguresOf(const Outflow& flow, const std::vector<identify::RuleInfo>& types) const {
  PeopleFigures figures;
  const Outflow::Sums* const sums = SumsOf(flow);
  if (sums == nullptr) return figures;
  for (const auto& [key, people] : flow.kinds) {
    const SubjectCount count = Count(people);
    if (key.country.known() || count.estimate == 0) continue;
    const auto findings = sums->findings.find(key.type);
    figures.types.push_back({&types[key.type], count, findings == sums->findings.end() ? 0 : findings->second});
    figures.subjects = Larger(figures.subjects, count);
  }
  std::sort(figures.types.begin(), figures.types.end(), [](const auto& a, const auto& b) {
    return std::tie(b.distinct.estimate, a.rule->id) < std::tie(a.distinct.estimate, b.rule->id);
  });
  figures.samples = sums->samples;
  return figures;
}

}  // namespace gander::detect
