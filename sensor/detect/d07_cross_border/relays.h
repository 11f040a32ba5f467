// SPDX-License-Identifier: Apache-2.0
// Chain join: whether the people whose data leaves a host are those whose data entered it within the last hour. A relay
// inside the country does not hide who sent across the border.
#ifndef GANDER_DETECT_D07_CROSS_BORDER_RELAYS_H_
#define GANDER_DETECT_D07_CROSS_BORDER_RELAYS_H_

#include <map>
#include <utility>

#include "detect/account/transfer_book.h"
#include "detect/state/fields.h"
#include "detect/state/staggered_windows.h"

namespace gander::detect {

class Relays {
 public:
  explicit Relays(std::size_t max_pairs) : max_pairs_(max_pairs) {}

  // Once an epoch, before Find. Whatever identifies persons, permitted or not: a way inside one's own zones is
  // permitted.
  void Add(const TransferBook& book, Timestamp epoch_begin);

  struct Chain {
    IpAddress origin;            // who sent most of them to the host
    SubjectCount shared;         // people of both legs
    double share = 0;            // of those that left the host
  };
  // Of the people that `host` sent to `recipient`: who sent it most of the same. False when nobody sent it at least
  // kLeastShare of them (lower bound), or fewer than kLeastPeople.
  bool Find(const IpAddress& host, const IpAddress& recipient, Chain& out) const;
  static auto Saved(auto& r) { return Fields(r.pairs_); }

  static constexpr double kLeastShare = 0.30;
  static constexpr std::uint64_t kLeastPeople = 5;

 private:
  using Pair = std::pair<IpAddress, IpAddress>;  // recipient, sender
  struct People {
    StaggeredWindows<sketch::DistinctSet> hour{Duration::Seconds(3600)};
    Timestamp last_seen = kDistantPast;

    static auto Saved(auto& p) { return Fields(p.hour, AsSet(p.last_seen)); }
  };

  std::size_t max_pairs_;
  std::map<Pair, People> pairs_;
};

// People in both sets, by inclusion and exclusion: exact while the sets are; else within the bounds given.
SubjectCount Shared(const sketch::DistinctSet& a, const sketch::DistinctSet& b);

}  // namespace gander::detect

#endif  // GANDER_DETECT_D07_CROSS_BORDER_RELAYS_H_
