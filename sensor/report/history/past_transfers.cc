// SPDX-License-Identifier: Apache-2.0
#include "report/history/past_transfers.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace gander::report {
namespace {

using detect::SubjectCount;
using detect::TransferSummary;

constexpr std::size_t kMostTypes = 256, kMostZones = 10'000;

std::uint64_t Sum(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  return b > most - a ? most : a + b;
}

SubjectCount CountAt(const Json& object, const char* key) {
  const Json& count = At(object, key);
  return {NumberAt(count, "estimate"), NumberAt(count, "low"), NumberAt(count, "high")};
}

policy::Party::Source SourceOf(const std::string& name) noexcept {
  if (name == "zone") return policy::Party::Source::kZone;
  if (name == "override") return policy::Party::Source::kOverride;
  if (name == "database") return policy::Party::Source::kDatabase;
  return policy::Party::Source::kUnknown;
}

policy::Jurisdiction StateOf(const std::string& text) noexcept {
  policy::Jurisdiction state;
  if (text.size() == 2) state.code = {text[0], text[1]};
  return state;
}

void ReadTypes(const Json& types, TransferSummary& out) {
  if (!types.is_array()) return;
  for (const Json& type : types) {
    if (out.types.size() == kMostTypes) break;
    out.types.push_back({TextAt(type, "id"), CountAt(type, "distinct"), NumberAt(type, "findings")});
  }
  std::sort(out.types.begin(), out.types.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
}

// The same people may be in both: no fewer than in the larger, no more than in the two together.
void Widen(const SubjectCount& one, SubjectCount& all) noexcept {
  all.low = std::max(all.low, one.low);
  all.high = all.estimate = Sum(all.high, one.high);
}

void Join(const TransferSummary& one, TransferSummary& all) {
  Widen(one.subjects, all.subjects);
  for (const auto& type : one.types) {
    const auto at = std::lower_bound(all.types.begin(), all.types.end(), type,
                                     [](const auto& a, const auto& b) { return a.id < b.id; });
    if (at != all.types.end() && at->id == type.id) {
      Widen(type.distinct, at->distinct);
      at->findings = Sum(at->findings, type.findings);
    } else if (all.types.size() < kMostTypes) {
      all.types.insert(at, type);
    }
  }
  all.bytes = Sum(all.bytes, one.bytes);
  all.flows = Sum(all.flows, one.flows);
  all.encrypted = all.encrypted && one.encrypted;
  if (one.last_seen > all.last_seen) {
    all.why = one.why;
    all.basis = one.basis;
    all.from = one.from;
    all.to = one.to;
  }
  all.first_seen = std::min(all.first_seen, one.first_seen);
  all.last_seen = std::max(all.last_seen, one.last_seen);
}

bool LargestFirst(const TransferSummary& a, const TransferSummary& b) noexcept {
  if (a.subjects.estimate != b.subjects.estimate) return a.subjects.estimate > b.subjects.estimate;
  if (a.bytes != b.bytes) return a.bytes > b.bytes;
  return std::tie(a.sender, a.recipient, a.recipient_domain, a.data_class, a.verdict, a.entry_id) <
         std::tie(b.sender, b.recipient, b.recipient_domain, b.data_class, b.verdict, b.entry_id);
}

}  // namespace

policy::Party PastTransfers::PartyOf(const Json& end, bool own) {
  policy::Party party;
  party.jurisdiction = StateOf(TextAt(end, "country"));
  party.source = SourceOf(TextAt(end, "country_source"));
  const std::string zone = TextAt(end, "zone");
  if (zone.empty() || zone == "outside") return party;
  const auto known = zone_ids_.find(zone);
  if (known != zone_ids_.end()) {
    party.zone = known->second;
  } else if (zones_.size() < kMostZones) {
    party.zone = static_cast<policy::ZoneId>(zones_.size());
    zone_ids_.emplace(zone, party.zone);
    zones_.push_back(zone);
    own_.push_back(own);
  }
  return party;
}

bool PastTransfers::Add(const Json& event) {
  const Json& t = At(event, "transfer");
  TransferSummary one;
  if (!IpAddress::Parse(TextAt(event, "src_ip"), one.sender)) return false;
  if (!IpAddress::Parse(TextAt(event, "dest_ip"), one.recipient)) return false;
  if (!policy::ParseVerdict(TextAt(t, "verdict"), one.verdict)) return false;
  if (!ParseEveTime(TextAt(t, "first_seen"), one.first_seen)) return false;
  if (!ParseEveTime(TextAt(t, "last_seen"), one.last_seen)) return false;
  const std::string direction = TextAt(t, "direction");
  one.from = PartyOf(At(t, "from"), direction == "outbound" || direction == "internal");
  one.to = PartyOf(At(t, "to"), direction == "inbound" || direction == "internal");
  one.recipient_domain = TextAt(At(t, "to"), "domain");
  one.data_class = TextAt(t, "data_class");
  one.subject_jurisdiction = StateOf(TextAt(t, "subject_country"));
  one.app_proto = TextAt(t, "channel");
  one.encrypted = TrueAt(t, "encrypted");
  one.subjects = CountAt(t, "subjects");
  ReadTypes(At(t, "types"), one);
  one.bytes = NumberAt(t, "bytes");
  one.flows = NumberAt(t, "flows");
  one.entry_id = TextAt(At(t, "basis"), "id");
  one.basis = TextAt(At(t, "basis"), "text");
  one.why = TextAt(t, "why");
  Key key{one.sender, one.recipient, one.recipient_domain, one.data_class, one.verdict, one.entry_id};
  const auto [at, fresh] = transfers_.try_emplace(std::move(key), Past{one, 1});
  if (!fresh) {
    Join(one, at->second.all);
    ++at->second.sessions;
  }
  if (transfers_.size() > most_) Prune();
  return true;
}

// The half with fewer people goes.
void PastTransfers::Prune() {
  std::vector<std::uint64_t> people;
  people.reserve(transfers_.size());
  for (const auto& [key, t] : transfers_) people.push_back(t.all.subjects.estimate);
  const auto middle = people.begin() + static_cast<std::ptrdiff_t>(people.size() / 2);
  std::nth_element(people.begin(), middle, people.end());
  const std::uint64_t least = *middle;
  std::size_t surplus = transfers_.size() / 2;
  for (auto it = transfers_.begin(); it != transfers_.end() && surplus > 0;) {
    if (it->second.all.subjects.estimate > least) {
      ++it;
      continue;
    }
    it = transfers_.erase(it);
    ++given_up_;
    --surplus;
  }
}

void PastTransfers::Fill(std::size_t shown, RunState& state) {
  std::vector<policy::ZoneId> place(zones_.size());
  for (std::size_t i = 0; i < zones_.size(); ++i) {
    const auto at = std::find(state.zone_names.begin(), state.zone_names.end(), zones_[i]);
    place[i] = static_cast<policy::ZoneId>(at - state.zone_names.begin());
    if (at != state.zone_names.end()) continue;
    state.zone_names.push_back(zones_[i]);
    state.zone_own.push_back(own_[i]);
  }
  std::vector<Past> order;
  for (auto& [key, past] : transfers_) {
    for (policy::Party* end : {&past.all.from, &past.all.to}) {
      if (end->zone != policy::kOutside) end->zone = place[end->zone];
    }
    order.push_back(std::move(past));
  }
  transfers_.clear();
  std::sort(order.begin(), order.end(), [](const Past& a, const Past& b) { return LargestFirst(a.all, b.all); });
  state.transfers_not_shown = given_up_ + order.size() - std::min(order.size(), shown);
  order.resize(std::min(order.size(), shown));
  for (Past& past : order) {
    state.transfers.push_back(std::move(past.all));
    state.sessions.push_back(past.sessions);
  }
}

}  // namespace gander::report
