// SPDX-License-Identifier: Apache-2.0
#include "report/movement.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "report/words.h"

namespace gander::report {
namespace {

using detect::SubjectCount;
using detect::TransferSummary;
using Type = TransferSummary::Type;

// Recipient and domain, verdict, register entry: what movements shown as one have in common.
using Aim = std::tuple<IpAddress, std::string_view, policy::Verdict, std::string_view>;

Aim AimOf(const TransferSummary& t) { return {t.recipient, t.recipient_domain, t.verdict, t.entry_id}; }

bool Larger(const SubjectCount& a, const SubjectCount& b) noexcept {
  return std::tie(a.estimate, a.high) > std::tie(b.estimate, b.high);
}

// Keeps `in` sorted and each once.
template <class T>
void Insert(const T& value, std::vector<T>& in) {
  const auto at = std::lower_bound(in.begin(), in.end(), value);
  if (at == in.end() || *at != value) in.insert(at, value);
}

void InsertPlace(policy::Party place, std::vector<policy::Party>& in) {
  // How the place is known does not make it another, nor what else is said of it.
  place.source = {};
  place.roles = {};
  place.asn = 0;
  Insert(place, in);
}

Type& TypeAt(const std::string& id, std::vector<Type>& in) {
  const auto at = std::lower_bound(in.begin(), in.end(), id,
                                   [](const Type& t, const std::string& x) { return t.id < x; });
  return at != in.end() && at->id == id ? *at : *in.insert(at, Type{id, {}, 0});
}

// One more class between the same two.
void Merge(const TransferSummary& t, std::size_t index, std::uint32_t sessions, Movement& m) {
  const bool first = m.lead == nullptr;
  if (first || Larger(t.subjects, m.people) ||
      (!Larger(m.people, t.subjects) && t.data_class < m.lead->data_class)) {
    m.lead = &t;
    m.people = t.subjects;
    m.sessions = sessions;
  }
  m.carried_at_least = m.carried_at_least || (!first && (t.bytes != m.bytes || t.flows != m.flows));
  m.bytes = std::max(m.bytes, t.bytes);
  m.flows = std::max(m.flows, t.flows);
  m.transfers.push_back(index);
  InsertPlace(t.from, m.from);
  if (!t.app_proto.empty()) Insert(t.app_proto, m.app_protos);
  (t.encrypted ? m.encrypted : m.clear) = true;
  for (const Type& type : t.types) {
    Type& sum = TypeAt(type.id, m.types);
    if (Larger(type.distinct, sum.distinct)) sum.distinct = type.distinct;
    sum.findings = AddUpTo(sum.findings, type.findings);
  }
}

// At least the largest of one, at most the sum.
// The lower bound that mass collection proved for one receiver. The alert counts people over all senders that
// have no permission, at the time it was raised: more may have followed, fewer cannot have been.
SubjectCount ProvenBy(const detect::Alert& alert) {
  SubjectCount count;
  std::vector<std::string_view> path;
  for (const Record::Token& t : alert.context.tokens()) {
    const std::string_view key = t.key == nullptr ? "" : t.key;
    if (t.kind == Record::Kind::kBeginObject || t.kind == Record::Kind::kBeginArray) path.push_back(key);
    if ((t.kind == Record::Kind::kEndObject || t.kind == Record::Kind::kEndArray) && !path.empty())
      path.pop_back();
    const std::size_t depth = path.size();
    if (t.kind != Record::Kind::kInteger || t.integer < 0 || depth < 2) continue;
    if (path[depth - 1] != "subjects" || path[depth - 2] != "pii") continue;
    const auto n = static_cast<std::uint64_t>(t.integer);
    if (key == "estimate") count.estimate = n;
    if (key == "low") count.low = n;
    if (key == "high") count.high = n;
  }
  return count;
}

// By receiver's address; of several alerts the one that proves most.
std::map<std::string, SubjectCount> MassCollections(const RunState& state) {
  constexpr std::string_view kPrefix =
      "D03|";  // detect/: "D03|<receiver>", then "|<State>" where of one State only
  std::map<std::string, SubjectCount> out;
  for (const detect::Alert& alert : state.raised) {
    if (!alert.dedup_key.starts_with(kPrefix)) continue;
    const std::string receiver =
        alert.dedup_key.substr(kPrefix.size(), alert.dedup_key.find('|', kPrefix.size()) - kPrefix.size());
    const SubjectCount proven = ProvenBy(alert);
    if (SubjectCount& best = out[receiver]; proven.low > best.low) best = proven;
  }
  return out;
}

Movement Join(std::vector<Movement> parts) {
  Movement m;
  std::sort(parts.begin(), parts.end(), [](const Movement& a, const Movement& b) {
    if (Larger(a.people, b.people) != Larger(b.people, a.people)) return Larger(a.people, b.people);
    return a.lead->sender < b.lead->sender;
  });
  m.lead = parts.front().lead;
  for (const Movement& part : parts) {
    Widen(part.people, m.people);
    for (const Type& type : part.types) {
      Type& sum = TypeAt(type.id, m.types);
      Widen(type.distinct, sum.distinct);
      sum.findings = AddUpTo(sum.findings, type.findings);
    }
    m.bytes = AddUpTo(m.bytes, part.bytes);
    m.flows = AddUpTo(m.flows, part.flows);
    m.carried_at_least = m.carried_at_least || part.carried_at_least;
    m.encrypted = m.encrypted || part.encrypted;
    m.clear = m.clear || part.clear;
    m.transfers.insert(m.transfers.end(), part.transfers.begin(), part.transfers.end());
    for (const policy::Party& place : part.from) InsertPlace(place, m.from);
    for (const std::string& protocol : part.app_protos) Insert(protocol, m.app_protos);
  }
  std::sort(m.transfers.begin(), m.transfers.end());
  m.parts = std::move(parts);
  return m;
}

void Sharpen(const SubjectCount& proven, Movement& m) {
  const std::uint64_t low = std::min(proven.low, m.people.high);
  if (low <= m.people.low) return;
  m.people.low = low;
  m.people.estimate = std::clamp(proven.estimate, low, m.people.high);
  m.by_alert = true;
}

bool ReadBefore(const Movement& a, const Movement& b) {
  const auto &x = *a.lead, &y = *b.lead;
  if (ReadingRank(x.verdict) != ReadingRank(y.verdict))
    return ReadingRank(x.verdict) < ReadingRank(y.verdict);
  if (a.people.estimate != b.people.estimate) return a.people.estimate > b.people.estimate;
  return std::tuple_cat(AimOf(x), std::tie(x.sender)) < std::tuple_cat(AimOf(y), std::tie(y.sender));
}

}  // namespace

std::uint64_t AddUpTo(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  return b > most - a ? most : a + b;
}

void Widen(const SubjectCount& one, SubjectCount& all) noexcept {
  all.low = std::max(all.low, one.low);
  all.high = all.estimate = AddUpTo(all.high, one.high);
}

Movements GroupTransfers(const RunState& state) {
  std::map<Aim, std::map<IpAddress, Movement>> pairs;
  for (std::size_t i = 0; i < state.transfers.size(); ++i) {
    const TransferSummary& t = state.transfers[i];
    Merge(t, i, i < state.sessions.size() ? state.sessions[i] : 1, pairs[AimOf(t)][t.sender]);
  }
  Movements out;
  std::map<IpAddress, std::size_t>
      not_permitted;  // movements or groups to one receiver, as D03 counts them together
  std::vector<Movement> groups;
  for (auto& [aim, senders] : pairs) {
    out.nameless += std::erase_if(senders, [](const auto& pair) { return pair.second.people.high == 0; });
    if (senders.empty()) continue;
    not_permitted[std::get<IpAddress>(aim)] += policy::Permits(std::get<policy::Verdict>(aim)) ? 0 : 1;
    std::vector<Movement> parts;
    for (auto& [sender, pair] : senders) parts.push_back(std::move(pair));
    if (parts.size() < kManySenders) {
      std::move(parts.begin(), parts.end(), std::back_inserter(out.all));
    } else {
      groups.push_back(Join(std::move(parts)));
      groups.back().complete = state.transfers_not_shown == 0;
    }
  }
  const std::map<std::string, SubjectCount> proven = MassCollections(state);
  for (Movement& m : groups) {
    const auto at = proven.find(m.lead->recipient.ToString());
    const bool alone = not_permitted[m.lead->recipient] == 1 && !policy::Permits(m.lead->verdict);
    if (alone && at != proven.end()) Sharpen(at->second, m);
    out.all.push_back(std::move(m));
  }
  std::sort(out.all.begin(), out.all.end(), ReadBefore);
  return out;
}

}  // namespace gander::report
