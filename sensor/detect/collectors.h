// SPDX-License-Identifier: Apache-2.0
// Receivers of people's data at four levels, with distinct people and distinct sources over an hour and a day: the
// state of D03.
#ifndef GANDER_DETECT_COLLECTORS_H_
#define GANDER_DETECT_COLLECTORS_H_

#include <compare>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "detect/staggered_windows.h"
#include "detect/transfer_book.h"

namespace gander::detect {

enum class Level : std::uint8_t { kAddress, kNetwork, kDomain, kJurisdiction };  // from narrow to wide

struct CollectorKey {
  Level level = Level::kAddress;
  IpPrefix net;                        // kAddress, kNetwork (/24 or /48)
  std::string domain;                  // kDomain
  policy::Jurisdiction jurisdiction;   // kJurisdiction
  auto operator<=>(const CollectorKey&) const = default;

  std::string ToString() const;        // "203.0.113.5", "203.0.113.0/24", "example.de", "jurisdiction DE"
};

struct Collector {
  // People of one State by one kind of identifier, and the addresses that sent them.
  struct Unit {
    sketch::DistinctSet people, sources;
    std::uint64_t findings = 0;
  };
  struct Sums {
    std::map<std::pair<TypeIndex, policy::Jurisdiction>, Unit> units;
    Timestamp first_seen{INT64_MAX};
  };
  StaggeredWindows<Sums> hour{Duration::Seconds(3600)}, day{Duration::Seconds(86'400)};
  Timestamp last_seen{INT64_MIN};
  policy::Party from, to;              // of the latest movement
  std::string domain;                  // registrable, of the latest movement with one
  policy::Judgement judgement;         // the worst so far
  FlowSample sample;
  MaskSamples samples;
  const char* app_proto = "";
  bool encrypted = true;

  std::uint64_t PeopleAtMost() const noexcept;  // lower bound of the largest unit of the day
};

// Whether what reaches `narrow` reaches `wide` too.
bool Within(const CollectorKey& narrow, const Collector& narrow_facts, const CollectorKey& wide);

// Figures of a set of units: the kind of identifier with most people decides, its sources beside it.
struct CollectorCount {
  SubjectCount people, sources;
  TypeIndex type = 0;
};

class Collectors {
 public:
  using Map = std::map<CollectorKey, Collector>;

  explicit Collectors(std::size_t max_keys) : max_keys_(max_keys) {}

  // The keys touched, sorted. Only what the register does not permit and what identifies persons.
  std::vector<CollectorKey> Add(const TransferBook& book, Timestamp epoch_begin);
  const Map& all() const noexcept { return map_; }
  std::uint64_t keys_lost() const noexcept { return keys_lost_; }

 private:
  void AddTo(const CollectorKey& key, const Moved& m, Timestamp epoch_begin);

  std::size_t max_keys_;
  std::uint64_t keys_lost_ = 0;
  Map map_;
};

// All States together, or only people of `country`.
CollectorCount CountAll(const Collector::Sums& sums);
CollectorCount CountOf(const Collector::Sums& sums, policy::Jurisdiction country);

}  // namespace gander::detect

#endif  // GANDER_DETECT_COLLECTORS_H_
