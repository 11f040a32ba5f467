// SPDX-License-Identifier: Apache-2.0
// All that went from one address to another under one name, over a session or a run, and its summary by class.
#ifndef GANDER_DETECT_ACCOUNT_BUNDLE_H_
#define GANDER_DETECT_ACCOUNT_BUNDLE_H_

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "detect/account/samples.h"
#include "detect/detector.h"
#include "detect/state/fields.h"
#include "detect/transfer_summary.h"
#include "sketch/distinct_set.h"

namespace gander::detect {

// Rules as the book numbers them: unlike IdType these numbers outlive a reload of the packs.
using TypeIndex = std::uint32_t;

struct BundleKey {
  IpAddress sender, recipient;
  HostTag host = 0;
  auto operator<=>(const BundleKey&) const = default;

  static auto Saved(auto& k) { return Fields(k.sender, k.recipient, k.host); }
};

// People of one State by one kind of identifier.
struct Strand {
  TypeIndex type = 0;
  policy::Jurisdiction country;
  sketch::DistinctSet people;
  std::uint64_t findings = 0, certain = 0;
  policy::Judgement judgement;  // the worst of the latest epoch in which it moved
  Timestamp judged = kDistantPast;  // begin of that epoch
  // Of the movement that it was given on.
  Timestamp judged_at;
  bool encrypted = false;
  policy::Movement::Opened opened = policy::Movement::Opened::kUnsure;
  std::uint16_t sender_port = 0;
  MaskSamples samples;

  static auto Saved(auto& s) {
    return Fields(AsType(s.type), s.country, s.people, s.findings, s.certain, s.judgement, s.judged, s.judged_at,
                  s.encrypted, s.opened, s.sender_port, s.samples);
  }
};

struct Bundle {
  policy::Party from, to;
  std::string domain;
  std::uint64_t bytes = 0;
  sketch::DistinctSet flows;
  sketch::DistinctSet people;     // one for each record that names somebody, by its strongest identifier
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  std::string app_proto;          // of the earliest flow
  bool encrypted = true;          // every flow was
  FlowSample sample;
  std::vector<Strand> strands;    // sorted by (type, country)

  Strand& At(TypeIndex type, policy::Jurisdiction country);
  // Adds another bundle between the same addresses; the earlier one gives name and protocol.
  void Merge(const Bundle& other);
  std::size_t memory() const noexcept;  // of all of it and its place in a map
  std::size_t charged = 0;             // what its holder has been told of it
  // Only what no entry of the register permits. What an entry permits up to a quota is D21's to judge.
  Bundle NotPermitted() const;

  static auto Saved(auto& b) {
    return Fields(b.from, b.to, b.domain, b.bytes, b.flows, b.people, b.first_seen, b.last_seen, b.app_proto,
                  b.encrypted, b.sample, b.strands);
  }
};

SubjectCount CountOf(const sketch::DistinctSet& people) noexcept;
// The greater by lower bound, then by estimate.
SubjectCount Larger(const SubjectCount& a, const SubjectCount& b) noexcept;

// The most distinct values of one kind of identifier: of any, and of those of which a person has one.
struct MostOfKinds {
  SubjectCount any, single;

  void Add(std::string_view data_class, const SubjectCount& count) noexcept;
};

// People by records, where they were told, else by kinds. A list of one kind without other signs of records may be
// taken for few people with many values: records then say much less than kinds. They are short of a few values of each
// text that were proven late, too, so no less is said than kinds of one a person show.
SubjectCount PeopleOf(const sketch::DistinctSet& by_records, const MostOfKinds& kinds) noexcept;

// One summary a class, in the order of class names. People are counted by the rules that identify a person. The
// verdict of a class is the worst among its strands that hold at least `kVerdictPeople` people, or the largest strand.
inline constexpr std::uint64_t kVerdictPeople = 5;
std::vector<TransferSummary> Summarise(const BundleKey& key, const Bundle& bundle,
                                       const std::vector<identify::RuleInfo>& types,
                                       const policy::Policy& policy);
using policy::Badness;

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_BUNDLE_H_
