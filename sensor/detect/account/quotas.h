// SPDX-License-Identifier: Apache-2.0
// How much of each register entry's quota has been used.
#ifndef GANDER_DETECT_ACCOUNT_QUOTAS_H_
#define GANDER_DETECT_ACCOUNT_QUOTAS_H_

#include <map>
#include <string>

#include "base/snapshot_io.h"
#include "base/time.h"
#include "policy/policy.h"
#include "sketch/distinct_set.h"

namespace gander::detect {

class Quotas {
 public:
  // People of one kind of identifier that moved under `entry`.
  void AddPeople(const policy::TransferEntry& entry, std::uint32_t type, const sketch::DistinctSet& people,
                 Timestamp when);
  void AddBytes(const policy::TransferEntry& entry, std::uint64_t bytes, Timestamp when);

  // Empty while the entry's quotas hold, else what was exceeded: "400 people a day are allowed and 412 were seen".
  // Lower bounds throughout.
  std::string Exceeded(const policy::TransferEntry& entry) const;

  void Save(SnapshotWriter& out) const;
  void Load(SnapshotReader& in);

 private:
  using People = std::map<std::uint32_t, sketch::DistinctSet>;  // by kind of identifier
  struct Use {
    People total, today;
    std::int64_t day = INT64_MIN;  // since 1970, UTC
    std::uint64_t bytes_today = 0;
  };
  Use& Today(const policy::TransferEntry& entry, Timestamp when);
  static std::uint64_t Most(const People& people) noexcept;

  std::map<std::string, Use> uses_;  // by entry id: outlives a reload
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_QUOTAS_H_
