// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/metrics_transfers.h"

#include <algorithm>
#include <array>
#include <set>

namespace gander::report {
namespace {

constexpr std::uint64_t kFewPeople = 10;  // fewer people than this are neither counted nor located in public

// Where a movement went, in the words of one family.
using Way = std::array<std::string, 4>;
using Labels = std::vector<std::string>;

// class, from_country, to_country, verdict
Way ByState(const detect::TransferSummary& t) {
  return {t.data_class, std::string(t.from.jurisdiction.text()), std::string(t.to.jurisdiction.text()),
          policy::NameOf(t.verdict)};
}

// from_zone, to_zone, verdict
Way ByZone(const RunState& s, const detect::TransferSummary& t) {
  return {s.ZoneName(t.from.zone), s.ZoneName(t.to.zone), policy::NameOf(t.verdict), ""};
}

// A way is told only when it is known to concern at least ten people: the largest lower bound of any pair of ends in
// it, for two pairs may share their people.
template <class WayOf>
std::set<Way> Tellable(const std::vector<detect::TransferSummary>& transfers, WayOf way_of) {
  std::set<Way> out;
  for (const detect::TransferSummary& t : transfers) {
    if (t.subjects.low >= kFewPeople) out.insert(way_of(t));
  }
  return out;
}

// People of one family, added up over pairs of sender and recipient: an upper bound. Few show as 0.
class PeopleBy {
 public:
  void Add(Labels labels, const detect::SubjectCount& n) {
    auto& [sum, at_least] = people_[std::move(labels)];
    sum += n.estimate;
    at_least = std::max(at_least, n.low);
  }
  // Returns how many were shown as 0.
  std::uint64_t Show(const MetricSpec& spec, MetricTable& table) const {
    std::uint64_t few = 0;
    for (const auto& [labels, n] : people_) {
      if (n.second < kFewPeople) ++few;
      table.Add(spec, labels, n.second < kFewPeople ? 0.0 : static_cast<double>(n.first));
    }
    return few;
  }

 private:
  std::map<Labels, std::pair<std::uint64_t, std::uint64_t>> people_;
};

void AddByState(const RunState& s, MetricTable& table) {
  static const MetricSpec kBytes{"gander_transfer_bytes_total",
                                 "Bytes of flows that carried personal data, sender to recipient", kCounter,
                                 {"class", "from_country", "to_country", "verdict"}};
  static const MetricSpec kSubjects{"gander_transfer_subjects",
                                    "Distinct people, added up over pairs of sender and recipient: an upper bound",
                                    kGauge, {"class", "to_country", "verdict"}};
  static const MetricSpec kSuppressed{"gander_transfer_subjects_suppressed",
                                      "Series of gander_transfer_subjects shown as 0: fewer than 10 people",
                                      kGauge,
                                      {}};
  const std::set<Way> tellable = Tellable(s.transfers, ByState);
  PeopleBy people;
  for (const detect::TransferSummary& t : s.transfers) {
    Way way = ByState(t);
    if (!tellable.contains(way)) way[1] = way[2] = "other";
    table.Add(kBytes, {way.begin(), way.end()}, static_cast<double>(t.bytes));
    people.Add({way[0], way[2], way[3]}, t.subjects);
  }
  table.Add(kSuppressed, static_cast<double>(people.Show(kSubjects, table)));
}

void AddByZone(const RunState& s, MetricTable& table) {
  static const MetricSpec kBytes{"gander_zone_transfer_bytes",
                                 "Bytes of flows that carried personal data, by zones of the policy", kGauge,
                                 {"from_zone", "to_zone", "verdict"}};
  static const MetricSpec kSubjects{"gander_zone_transfer_subjects",
                                    "Distinct people by zones, added up over pairs of ends: an upper bound", kGauge,
                                    {"from_zone", "to_zone", "verdict"}};
  const auto by_zone = [&](const detect::TransferSummary& t) { return ByZone(s, t); };
  const std::set<Way> tellable = Tellable(s.transfers, by_zone);
  PeopleBy people;
  for (const detect::TransferSummary& t : s.transfers) {
    Way way = by_zone(t);
    if (!tellable.contains(way)) way[0] = way[1] = "other";
    const Labels labels{way[0], way[1], way[2]};
    table.Add(kBytes, labels, static_cast<double>(t.bytes));
    people.Add(labels, t.subjects);
  }
  people.Show(kSubjects, table);
}

void AddByKind(const RunState& s, MetricTable& table) {
  static const MetricSpec kTypes{"gander_type_subjects",
                                 "Distinct people by identifier, added up over pairs of ends: an upper bound", kGauge,
                                 {"rule"}};
  static const MetricSpec kSensitive{"gander_sensitivity_subjects",
                                     "Distinct people by how sensitive the data is and whether the way was encrypted: "
                                     "an upper bound",
                                     kGauge,
                                     {"sensitivity", "transport", "verdict"}};
  PeopleBy types, sensitive;
  for (const detect::TransferSummary& t : s.transfers) {
    for (const auto& type : t.types) types.Add({type.id}, type.distinct);
    sensitive.Add({identify::NameOf(t.judged.sensitivity), t.encrypted ? "encrypted" : "clear",
                   policy::NameOf(t.verdict)},
                  t.subjects);
  }
  types.Show(kTypes, table);
  sensitive.Show(kSensitive, table);
}

// What each entry of the register was used for.
void AddByEntry(const RunState& s, MetricTable& table) {
  static const MetricSpec kBytes{"gander_register_entry_bytes", "Bytes of the movements that an entry judged", kGauge,
                                 {"entry", "verdict"}};
  static const MetricSpec kSubjects{"gander_register_entry_subjects",
                                    "Distinct people of those movements, added up over pairs: an upper bound", kGauge,
                                    {"entry", "verdict"}};
  PeopleBy people;
  for (const detect::TransferSummary& t : s.transfers) {
    if (t.entry_id.empty()) continue;
    const Labels labels{t.entry_id, policy::NameOf(t.verdict)};
    table.Add(kBytes, labels, static_cast<double>(t.bytes));
    people.Add(labels, t.subjects);
  }
  people.Show(kSubjects, table);
}

}  // namespace

void AddTransfers(const RunState& s, MetricTable& table) {
  static const MetricSpec kNotShown{"gander_transfers_not_shown",
                                    "Movements beyond the bounded list that the transfer metrics are made of", kGauge,
                                    {}};
  AddByState(s, table);
  AddByZone(s, table);
  AddByKind(s, table);
  AddByEntry(s, table);
  table.Add(kNotShown, static_cast<double>(s.transfers_not_shown));
}

}  // namespace gander::report
