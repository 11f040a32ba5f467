// SPDX-License-Identifier: Apache-2.0
#include "detect/account/transfer_book.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "detect/state/keep_within.h"
#include "detect/state/memory_share.h"
#include "identify/people_tally.h"

namespace gander::detect {
namespace {

constexpr std::int64_t kSweepSeconds = 60;  // of packet time between two looks for idle sessions

std::uint64_t PeopleIn(const Bundle& bundle) noexcept {
  std::uint64_t most = 0;
  for (const Strand& s : bundle.strands) most = std::max(most, s.people.Count().low);
  return most;
}

bool OrderOfMoved(const Moved& a, const Moved& b) noexcept {
  const auto key = [](const Moved& m) {
    return std::tie(m.key, m.type, m.country, m.encrypted, m.opened, m.sender_port);
  };
  if (key(a) != key(b)) return key(a) < key(b);
  return std::strcmp(a.app_proto, b.app_proto) < 0;
}

bool LargestFirst(const TransferSummary& a, const TransferSummary& b) noexcept {
  if (a.subjects.estimate != b.subjects.estimate) return a.subjects.estimate > b.subjects.estimate;
  if (a.bytes != b.bytes) return a.bytes > b.bytes;
  return std::tie(a.sender, a.recipient, a.recipient_domain, a.data_class) <
         std::tie(b.sender, b.recipient, b.recipient_domain, b.data_class);
}

bool EarliestFirst(const TransferSummary& a, const TransferSummary& b) noexcept {
  return std::tie(a.last_seen, a.sender, a.recipient, a.recipient_domain, a.data_class) <
         std::tie(b.last_seen, b.sender, b.recipient, b.recipient_domain, b.data_class);
}

void Charge(Bundle& bundle, std::size_t& sum) noexcept {
  const std::size_t bytes = bundle.memory();
  sum += bytes - bundle.charged;
  bundle.charged = bytes;
}

void Add(const Moved& m, Timestamp epoch, Bundle& bundle) {
  bundle.from = m.from;
  bundle.to = m.to;
  if (m.sample < bundle.sample || bundle.strands.empty()) {
    bundle.sample = m.sample;
    bundle.domain = m.domain;
    bundle.app_proto = m.app_proto;
  }
  bundle.first_seen = std::min(bundle.first_seen, m.first_seen);
  bundle.last_seen = std::max(bundle.last_seen, m.last_seen);
  bundle.encrypted = bundle.encrypted && m.encrypted;
  Strand& s = bundle.At(m.type, m.country);
  s.people.Merge(m.people);
  s.findings += m.findings;
  s.certain += m.certain;
  s.samples.Merge(m.samples);
  if (s.judged != epoch || Badness(m.judgement.verdict) > Badness(s.judgement.verdict)) {
    s.judgement = m.judgement;
    s.judged_at = m.last_seen;
    s.encrypted = m.encrypted;
    s.opened = m.opened;
    s.sender_port = m.sender_port;
  }
  s.judged = epoch;
}

}  // namespace

TransferBook::TransferBook(const Options& options, const policy::Policy& policy, const identify::RuleSet& rules)
    : options_(options), policy_(&policy) {
  LearnRules(rules);
}

void TransferBook::LearnRules(const identify::RuleSet& rules) {
  rules_digest_ = rules.digest();
  type_of_.clear();
  for (const identify::RuleInfo& rule : rules.rules()) type_of_.push_back(TypeOf(rule));
  run_classes_ = 0;  // a rule may have another class now
  for (const auto& [key, bundle] : run_) run_classes_ += ClassesIn(bundle);
}

TypeIndex TransferBook::TypeOf(const identify::RuleInfo& rule) {
  const auto [at, fresh] = type_by_id_.emplace(rule.id, static_cast<TypeIndex>(types_.size()));
  if (fresh) {
    types_.push_back(rule);
  } else {
    types_[at->second] = rule;
  }
  return at->second;
}

void TransferBook::OnEpoch(const EpochView& epoch) {
  policy_ = &epoch.policy;
  if (epoch.rules.digest() != rules_digest_) LearnRules(epoch.rules);
  CloseIdle(epoch.begin);
  Gather(epoch);
  Judge(epoch.policy);
  ChargeBytes(epoch.transfers);
  Fold(epoch);
  Prune(sessions_, sessions_bytes_, CeilingOf(options_, Table::kSessions), true);
  Prune(run_, run_bytes_, CeilingOf(options_, Table::kRun), false);
}

void TransferBook::Gather(const EpochView& epoch) {
  moved_.clear();
  std::vector<sketch::DistinctSet> people = epoch.transfers.People();
  const auto& strands = epoch.transfers.strands();
  moved_.reserve(strands.size());
  for (std::size_t i = 0; i < strands.size(); ++i) {
    const TransferMeter::Strand& s = strands[i];
    if (s.findings == 0 || s.type >= type_of_.size()) continue;
    const TransferMeter::Path& p = epoch.transfers.paths()[s.path];
    Moved m;
    m.key = {p.sender, p.recipient, p.host};
    if (const auto name = epoch.host_names.find(p.host); p.host != 0 && name != epoch.host_names.end()) {
      m.domain = name->second;
    }
    m.from = epoch.policy.Locate(p.sender);
    m.to = epoch.policy.Locate(epoch.policy.Locate(p.recipient), m.domain);
    m.app_proto = p.app_proto;
    m.encrypted = p.encrypted;
    m.opened = p.opened;
    m.sender_port = p.sender_port;
    m.type = type_of_[s.type];
    m.country = s.country;
    m.people = std::move(people[i]);
    m.findings = s.findings;
    m.certain = s.certain;
    m.first_seen = s.first_seen;
    m.last_seen = s.last_seen;
    m.sample = p.sample;
    m.samples = s.samples;
    m.strand = static_cast<std::uint32_t>(i);
    moved_.push_back(std::move(m));
  }
  std::sort(moved_.begin(), moved_.end(), OrderOfMoved);
}

void TransferBook::Judge(const policy::Policy& policy) {
  for (Moved& m : moved_) {
    policy::Movement movement;
    movement.sender = m.key.sender;
    movement.recipient = m.key.recipient;
    movement.from = m.from;
    movement.to = m.to;
    movement.recipient_domain = m.domain;
    movement.data_class = types_[m.type].data_class;
    movement.sensitivity = types_[m.type].sensitivity;
    movement.subjects = m.country;
    movement.time = m.last_seen;
    movement.encrypted = m.encrypted;
    movement.opened = m.opened;
    movement.sender_port = m.sender_port;
    m.judgement = policy.Judge(movement);
    if (m.judgement.verdict != policy::Verdict::kRegistered || !types_[m.type].identifies_person) continue;
    quotas_.AddPeople(policy.transfers()[static_cast<std::size_t>(m.judgement.entry)], m.type, m.people, m.last_seen);
  }
}

// The bytes of a path count once for each entry it moved under; in an epoch without findings, for the entries its
// session has moved under before.
void TransferBook::ChargeBytes(const TransferMeter& meter) {
  std::map<BundleKey, std::set<int>> entries;
  for (const Moved& m : moved_) {
    if (m.judgement.verdict == policy::Verdict::kRegistered) entries[m.key].insert(m.judgement.entry);
  }
  const auto& transfers = policy_->transfers();
  for (const TransferMeter::Path& p : meter.paths()) {
    if (p.bytes == 0) continue;
    const BundleKey key{p.sender, p.recipient, p.host};
    std::set<int> charged;
    if (const auto at = entries.find(key); at != entries.end()) {
      charged = at->second;
    } else if (const auto session = sessions_.find(key); session != sessions_.end()) {
      for (const Strand& s : session->second.strands) charged.insert(s.judgement.entry);
    }
    for (int entry : charged) {
      if (entry < 0 || static_cast<std::size_t>(entry) >= transfers.size()) continue;
      quotas_.AddBytes(transfers[static_cast<std::size_t>(entry)], p.bytes, p.last_seen);
    }
  }
  for (Moved& m : moved_) {
    if (m.judgement.verdict != policy::Verdict::kRegistered) continue;
    const policy::TransferEntry& entry = transfers[static_cast<std::size_t>(m.judgement.entry)];
    const std::string exceeded = quotas_.Exceeded(entry);
    if (exceeded.empty()) continue;
    m.judgement.verdict = policy::Verdict::kOverQuota;
    m.judgement.why = "register entry " + entry.id + ": " + exceeded;
  }
}

bool TransferBook::Holds(const Bundle& bundle, const std::string& data_class) const {
  return std::any_of(bundle.strands.begin(), bundle.strands.end(),
                     [&](const Strand& s) { return types_[s.type].data_class == data_class; });
}

std::size_t TransferBook::ClassesIn(const Bundle& bundle) const {
  std::set<std::string_view> classes;
  for (const Strand& s : bundle.strands) classes.insert(types_[s.type].data_class);
  return classes.size();
}

void TransferBook::Fold(const EpochView& epoch) {
  const Duration idle = Duration::Seconds(options_.bulk_session_s);
  for (const Moved& m : moved_) {
    if (const auto at = sessions_.find(m.key); at != sessions_.end() && m.first_seen - at->second.last_seen > idle) {
      Close(at->first, at->second);
      sessions_bytes_ -= at->second.charged;
      sessions_.erase(at);
    }
    Bundle& session = sessions_[m.key];
    Add(m, epoch.begin, session);
    Charge(session, sessions_bytes_);
    Bundle& run = run_[m.key];
    run_classes_ += !Holds(run, types_[m.type].data_class);
    Add(m, epoch.begin, run);
    Charge(run, run_bytes_);
  }
  FoldPaths(epoch.transfers);
}

// Bytes and flows belong to the way, not to what was found on it. A way without a bundle carried nobody's data.
void TransferBook::FoldPaths(const TransferMeter& meter) {
  std::vector<sketch::DistinctSet> flows = meter.Flows(), strands = meter.People();
  std::vector<sketch::DistinctSet> people(flows.size());
  for (std::size_t i = 0; i < strands.size(); ++i) {
    const TransferMeter::Strand& s = meter.strands()[i];
    if (s.type == identify::kPersonOfRecord) people[s.path].Merge(strands[i]);
  }
  for (std::size_t i = 0; i < flows.size(); ++i) {
    const TransferMeter::Path& p = meter.paths()[i];
    for (Bundles* bundles : {&sessions_, &run_}) {
      const auto at = bundles->find({p.sender, p.recipient, p.host});
      if (at == bundles->end()) continue;
      at->second.bytes += p.bytes;
      at->second.flows.Merge(flows[i]);
      at->second.people.Merge(people[i]);
      at->second.last_seen = std::max(at->second.last_seen, p.last_seen);
      Charge(at->second, bundles == &sessions_ ? sessions_bytes_ : run_bytes_);
    }
  }
}

void TransferBook::CloseIdle(Timestamp now) {
  if (swept_ != kDistantPast && now - swept_ < Duration::Seconds(kSweepSeconds)) return;
  swept_ = now;
  const Duration idle = Duration::Seconds(options_.bulk_session_s);
  for (auto it = sessions_.begin(); it != sessions_.end();) {
    if (now - it->second.last_seen > idle) {
      Close(it->first, it->second);
      sessions_bytes_ -= it->second.charged;
      it = sessions_.erase(it);
    } else {
      ++it;
    }
  }
}

void TransferBook::Close(const BundleKey& key, const Bundle& bundle) {
  for (TransferSummary& t : Summarise(key, bundle, types_, *policy_)) closed_.push_back(std::move(t));
}

// Gives up the least: those with fewest people, of these the longest silent.
void TransferBook::Prune(Bundles& bundles, std::size_t& bytes, std::size_t ceiling, bool emit) {
  const auto weigh = [](const Bundle& b) { return std::pair(PeopleIn(b), b.last_seen); };
  const auto give_up = [&](const BundleKey& key, const Bundle& bundle) {
    bytes -= bundle.charged;
    if (!emit) {
      const std::size_t classes = ClassesIn(bundle);
      run_left_out_ += classes;
      run_classes_ -= classes;
      return;
    }
    Close(key, bundle);
    keys_lost_ += PeopleIn(bundle) >= kProvenPeople;
  };
  KeepWithin(bundles, options_.max_keys, weigh, give_up);
  // The lightest are smaller than the mean: several rounds may be needed.
  while (bytes > ceiling && bundles.size() > 1) {
    KeepWithin(bundles, bundles.size() * (ceiling / 1024) / (bytes / 1024 + 1), weigh, give_up);
  }
}

std::vector<TransferSummary> TransferBook::TakeClosed(bool all) {
  if (all) {
    for (const auto& [key, bundle] : sessions_) Close(key, bundle);
    sessions_.clear();
    sessions_bytes_ = 0;
  }
  std::vector<TransferSummary> out = std::move(closed_);
  closed_.clear();
  std::sort(out.begin(), out.end(), EarliestFirst);
  return out;
}

// Told every epoch while somebody reads metrics, so only bundles that may be among the largest are summarised: those
// with most people by the sum over their strands, which no class of theirs can exceed by more than the sketch's error.
std::vector<TransferSummary> TransferBook::Summaries(std::size_t most, std::uint64_t* left_out) const {
  using Candidate = std::pair<std::uint64_t, Bundles::const_iterator>;
  const auto fewer = [](const Candidate& a, const Candidate& b) { return a.first < b.first; };
  std::vector<Candidate> heap;
  heap.reserve(run_.size());
  for (auto it = run_.begin(); it != run_.end(); ++it) {
    std::uint64_t people = 0;
    for (const Strand& s : it->second.strands) people += s.people.Count().estimate;
    heap.emplace_back(people + people / 8, it);  // five standard errors
  }
  std::make_heap(heap.begin(), heap.end(), fewer);

  std::vector<TransferSummary> out;
  std::uint64_t least = 0;  // people of the smallest that is sure to be shown
  while (!heap.empty() && most > 0 && heap.front().first >= least) {
    const auto& [key, bundle] = *heap.front().second;
    for (TransferSummary& t : Summarise(key, bundle, types_, *policy_)) out.push_back(std::move(t));
    std::pop_heap(heap.begin(), heap.end(), fewer);
    heap.pop_back();
    if (out.size() < 2 * most) continue;
    std::nth_element(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(most - 1), out.end(), LargestFirst);
    out.resize(most);
    least = out.back().subjects.estimate;
  }
  std::sort(out.begin(), out.end(), LargestFirst);
  if (out.size() > most) out.resize(most);
  if (left_out != nullptr) *left_out = run_left_out_ + run_classes_ - out.size();
  return out;
}

}  // namespace gander::detect
