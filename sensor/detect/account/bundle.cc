// SPDX-License-Identifier: Apache-2.0
#include "detect/account/bundle.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace gander::detect {
namespace {

bool Before(const Strand& a, const std::pair<TypeIndex, policy::Jurisdiction>& key) noexcept {
  return std::tie(a.type, a.country) < std::tie(key.first, key.second);
}

std::string BasisText(const policy::Basis& basis) {
  std::string text = basis.kind;
  for (const std::string& part : {basis.reference, basis.agreement}) {
    if (!part.empty()) text += (text.empty() ? "" : " ") + part;
  }
  return text;
}

// What one class adds up from its strands.
struct ClassSums {
  struct Type {
    sketch::DistinctSet people;
    std::uint64_t findings = 0;
  };
  std::map<TypeIndex, Type> types;
  std::map<policy::Jurisdiction, SubjectCount> countries;
  const Strand* worst = nullptr;    // of those with enough people
  const Strand* largest = nullptr;
};

bool Worse(const Strand& a, const Strand* b) noexcept {
  return b == nullptr || Badness(a.judgement.verdict) > Badness(b->judgement.verdict);
}

bool MorePeople(const Strand& a, const Strand* b) noexcept {
  return b == nullptr || a.people.Count().estimate > b->people.Count().estimate;
}

void FillVerdict(const ClassSums& sums, const std::vector<identify::RuleInfo>& types, const policy::Policy& policy,
                 TransferSummary& out) {
  const Strand* said = sums.worst != nullptr && Worse(*sums.worst, sums.largest) ? sums.worst : sums.largest;
  out.verdict = said->judgement.verdict;
  out.why = said->judgement.why;
  out.judged = {said->country,    types[said->type].sensitivity, said->judged_at, said->encrypted, said->opened,
                said->sender_port};
  const int entry = said->judgement.entry;
  if (entry < 0 || static_cast<std::size_t>(entry) >= policy.transfers().size()) return;
  const policy::TransferEntry& e = policy.transfers()[static_cast<std::size_t>(entry)];
  out.entry_id = e.id;
  out.basis = BasisText(e.basis);
}

void FillPeople(const ClassSums& sums, const std::vector<identify::RuleInfo>& types, TransferSummary& out) {
  for (const auto& [type, sum] : sums.types) {
    const SubjectCount count = CountOf(sum.people);
    out.types.push_back({types[type].id, count, sum.findings});
    if (types[type].identifies_person) out.subjects = Larger(out.subjects, count);
  }
  std::sort(out.types.begin(), out.types.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  SubjectCount most;
  for (const auto& [country, count] : sums.countries) {
    if (count.estimate <= most.estimate) continue;
    most = count;
    out.subject_jurisdiction = country;
  }
}

}  // namespace

Strand& Bundle::At(TypeIndex type, policy::Jurisdiction country) {
  const std::pair key{type, country};
  const auto at = std::lower_bound(strands.begin(), strands.end(), key, Before);
  if (at != strands.end() && at->type == type && at->country == country) return *at;
  Strand fresh;
  fresh.type = type;
  fresh.country = country;
  return *strands.insert(at, std::move(fresh));
}

void Bundle::Merge(const Bundle& other) {
  if (other.sample < sample) {
    domain = other.domain;
    app_proto = other.app_proto;
    from = other.from;
    to = other.to;
    sample = other.sample;
  }
  bytes += other.bytes;
  flows.Merge(other.flows);
  people.Merge(other.people);
  first_seen = std::min(first_seen, other.first_seen);
  last_seen = std::max(last_seen, other.last_seen);
  encrypted = encrypted && other.encrypted;
  for (const Strand& s : other.strands) {
    Strand& mine = At(s.type, s.country);
    if (mine.findings == 0 || Badness(s.judgement.verdict) > Badness(mine.judgement.verdict)) {
      mine.judgement = s.judgement;
      mine.judged_at = s.judged_at;
      mine.encrypted = s.encrypted;
      mine.opened = s.opened;
      mine.sender_port = s.sender_port;
    }
    mine.people.Merge(s.people);
    mine.findings += s.findings;
    mine.certain += s.certain;
    mine.samples.Merge(s.samples);
  }
}

std::size_t Bundle::memory() const noexcept {
  constexpr std::size_t kPlace = sizeof(BundleKey) + 48;  // of a node and what the allocator adds
  std::size_t sum = kPlace + sizeof(Bundle) + domain.capacity() + app_proto.capacity() + flows.bytes() +
                    people.bytes() + strands.capacity() * sizeof(Strand);
  for (const Strand& s : strands) sum += s.people.bytes() + s.judgement.why.capacity();
  return sum;
}

Bundle Bundle::NotPermitted() const {
  Bundle out = *this;
  const auto permitted = [](const Strand& s) {
    return policy::Permits(s.judgement.verdict) || s.judgement.verdict == policy::Verdict::kOverQuota;
  };
  // Records do not say which strand their people are of.
  if (std::erase_if(out.strands, permitted) > 0) out.people = {};
  return out;
}

SubjectCount CountOf(const sketch::DistinctSet& people) noexcept {
  const sketch::Estimate e = people.Count();
  return {e.estimate, e.low, e.high};
}

SubjectCount Larger(const SubjectCount& a, const SubjectCount& b) noexcept {
  return std::tie(a.low, a.estimate) < std::tie(b.low, b.estimate) ? b : a;
}

void MostOfKinds::Add(std::string_view data_class, const SubjectCount& count) noexcept {
  any = Larger(any, count);
  if (data_class != "contact" && data_class != "device") single = Larger(single, count);
}

SubjectCount PeopleOf(const sketch::DistinctSet& by_records, const MostOfKinds& kinds) noexcept {
  constexpr std::uint64_t kLeastOfFour = 3;  // records that say less than three quarters are not believed
  const SubjectCount records = CountOf(by_records);
  if (kinds.any.estimate == 0 || 4 * records.estimate < kLeastOfFour * kinds.any.estimate) return kinds.any;
  return Larger(records, kinds.single);
}

std::vector<TransferSummary> Summarise(const BundleKey& key, const Bundle& bundle,
                                       const std::vector<identify::RuleInfo>& types, const policy::Policy& policy) {
  std::map<std::string, ClassSums> classes;
  for (const Strand& s : bundle.strands) {
    ClassSums& sums = classes[types[s.type].data_class];
    ClassSums::Type& type = sums.types[s.type];
    type.people.Merge(s.people);
    type.findings += s.findings;
    const SubjectCount count = CountOf(s.people);
    if (types[s.type].identifies_person && s.country.known()) {
      SubjectCount& of_country = sums.countries[s.country];
      of_country = Larger(of_country, count);
    }
    if (count.low >= kVerdictPeople && Worse(s, sums.worst)) sums.worst = &s;
    if (MorePeople(s, sums.largest)) sums.largest = &s;
  }
  std::vector<TransferSummary> out;
  for (const auto& [name, sums] : classes) {
    TransferSummary t;
    t.sender = key.sender;
    t.recipient = key.recipient;
    t.from = bundle.from;
    t.to = bundle.to;
    t.recipient_domain = bundle.domain;
    t.data_class = name;
    t.bytes = bundle.bytes;
    t.flows = bundle.flows.Count().estimate;
    t.first_seen = bundle.first_seen;
    t.last_seen = bundle.last_seen;
    t.app_proto = bundle.app_proto;
    t.encrypted = bundle.encrypted;
    FillPeople(sums, types, t);
    FillVerdict(sums, types, policy, t);
    if (t.judged.at == Timestamp{}) t.judged.at = t.last_seen;  // before a restart
    out.push_back(std::move(t));
  }
  // The class that shows most people shows all of them; no other shows more than there are.
  MostOfKinds most;
  for (const TransferSummary& t : out) most.Add(t.data_class, t.subjects);
  const SubjectCount people = PeopleOf(bundle.people, most);
  for (TransferSummary& t : out) {
    if (t.subjects.estimate >= most.any.estimate || t.subjects.estimate > people.estimate) t.subjects = people;
  }
  return out;
}

}  // namespace gander::detect
