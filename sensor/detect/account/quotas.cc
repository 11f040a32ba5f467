// SPDX-License-Identifier: Apache-2.0
#include "detect/account/quotas.h"

#include <algorithm>

#include "detect/alerting/words.h"

namespace gander::detect {

Quotas::Use& Quotas::Today(const policy::TransferEntry& entry, Timestamp when) {
  constexpr std::int64_t kDay = 86'400 * kNanosPerSecond;
  Use& use = uses_[entry.id];
  const std::int64_t day = when.ns >= 0 ? when.ns / kDay : (when.ns - kDay + 1) / kDay;
  if (day > use.day) {
    use.day = day;
    use.today.clear();
    use.bytes_today = 0;
  }
  return use;
}

void Quotas::AddPeople(const policy::TransferEntry& entry, std::uint32_t type, const sketch::DistinctSet& people,
                       Timestamp when) {
  if (entry.subjects_per_day == 0 && entry.subjects_total == 0) return;
  Use& use = Today(entry, when);
  use.total[type].Merge(people);
  use.today[type].Merge(people);
}

void Quotas::AddBytes(const policy::TransferEntry& entry, std::uint64_t bytes, Timestamp when) {
  if (entry.bytes_per_day != 0) Today(entry, when).bytes_today += bytes;
}

std::uint64_t Quotas::Most(const People& people) noexcept {
  std::uint64_t most = 0;
  for (const auto& [type, set] : people) most = std::max(most, set.Count().low);
  return most;
}

std::string Quotas::Exceeded(const policy::TransferEntry& entry) const {
  const auto at = uses_.find(entry.id);
  if (at == uses_.end()) return {};
  const auto exceeded = [](std::uint64_t quota, std::uint64_t used, const char* unit) -> std::string {
    if (quota == 0 || used <= quota) return {};
    return Figure(quota) + " " + unit + " are allowed and at least " + Figure(used) + " were seen";
  };
  std::string text = exceeded(entry.subjects_per_day, Most(at->second.today), "people a day");
  if (text.empty()) text = exceeded(entry.subjects_total, Most(at->second.total), "people in all");
  if (text.empty()) text = exceeded(entry.bytes_per_day, at->second.bytes_today, "bytes a day");
  return text;
}

void Quotas::Save(SnapshotWriter& out) const {
  const auto save = [&](const People& people) {
    out.U32(static_cast<std::uint32_t>(people.size()));
    for (const auto& [type, set] : people) {
      out.U32(type);
      set.Save(out);
    }
  };
  out.U32(static_cast<std::uint32_t>(uses_.size()));
  for (const auto& [id, use] : uses_) {
    out.String(id);
    save(use.total);
    save(use.today);
    out.U64(static_cast<std::uint64_t>(use.day));
    out.U64(use.bytes_today);
  }
}

void Quotas::Load(SnapshotReader& in) {
  constexpr std::size_t kMaxId = 4096;
  const auto load = [&](People& people) {
    for (std::size_t n = in.Count(9); n > 0 && !in.failed(); --n) {
      const std::uint32_t type = in.U32();
      people[type].Load(in);
    }
  };
  uses_.clear();
  for (std::size_t n = in.Count(28); n > 0 && !in.failed(); --n) {
    Use& use = uses_[in.String(kMaxId)];
    load(use.total);
    load(use.today);
    use.day = static_cast<std::int64_t>(in.U64());
    use.bytes_today = in.U64();
  }
}

}  // namespace gander::detect
