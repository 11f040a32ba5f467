// SPDX-License-Identifier: Apache-2.0
#include "detect/d07_cross_border/relays.h"

#include <algorithm>

#include "detect/state/keep_within.h"

namespace gander::detect {

SubjectCount Shared(const sketch::DistinctSet& a, const sketch::DistinctSet& b) {
  sketch::DistinctSet both = a;
  both.Merge(b);
  const SubjectCount of_a = CountOf(a), of_b = CountOf(b), of_both = CountOf(both);
  const auto less = [](std::uint64_t x, std::uint64_t y) { return x > y ? x - y : 0; };
  SubjectCount shared{less(of_a.estimate + of_b.estimate, of_both.estimate),
                      less(of_a.low + of_b.low, of_both.high), less(of_a.high + of_b.high, of_both.low)};
  shared.high = std::min({shared.high, of_a.high, of_b.high});
  shared.estimate = std::clamp(shared.estimate, std::min(shared.low, shared.high), shared.high);
  return shared;
}

void Relays::Add(const TransferBook& book, Timestamp epoch_begin) {
  for (const Moved& m : book.moved()) {
    if (!book.types()[m.type].identifies_person) continue;
    People& people = pairs_[{m.key.recipient, m.key.sender}];
    people.hour.Advance(epoch_begin);
    people.hour.ForEach([&](sketch::DistinctSet& set) { set.Merge(m.people); });
    people.last_seen = std::max(people.last_seen, m.last_seen);
  }
  std::erase_if(pairs_, [&](const auto& p) { return epoch_begin - p.second.last_seen > Duration::Seconds(5400); });
  KeepWithin(pairs_, max_pairs_,
             [](const People& p) { return std::pair(p.hour.longest().Count().low, p.last_seen); },
             [](const Pair&, const People&) {});
}

bool Relays::Find(const IpAddress& host, const IpAddress& recipient, Chain& out) const {
  const auto left = pairs_.find({recipient, host});
  if (left == pairs_.end()) return false;
  const sketch::DistinctSet& sent = left->second.hour.longest();
  const double needed = std::max(static_cast<double>(kLeastPeople),
                                 kLeastShare * static_cast<double>(sent.Count().estimate));
  bool found = false;
  for (auto at = pairs_.lower_bound({host, {}}); at != pairs_.end() && at->first.first == host; ++at) {
    if (at->first.second == recipient) continue;  // an answer to what was asked
    const SubjectCount shared = Shared(sent, at->second.hour.longest());
    if (static_cast<double>(shared.low) < needed || (found && shared.low <= out.shared.low)) continue;
    found = true;
    out = {at->first.second, shared,
           static_cast<double>(shared.estimate) / static_cast<double>(std::max<std::uint64_t>(1,
                                                                                              sent.Count().estimate))};
  }
  return found;
}

}  // namespace gander::detect
