// SPDX-License-Identifier: Apache-2.0
#include "detect/state/ring_counter.h"

#include <algorithm>

namespace gander::detect {
namespace {

constexpr Ring kShort[] = {Ring::kHour, Ring::kDay, Ring::kMonth};

std::uint32_t SecondsOf(Timestamp t) noexcept {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(t.ns / kNanosPerSecond, 0, UINT32_MAX));
}

// Live 30-day accumulators are three in a row: the low bits tell them apart.
const sketch::TagKey* KeyOf(const RingKeys& keys, std::uint32_t begun) noexcept {
  const std::int64_t newest = keys.Newest(Ring::kMonth);
  const auto back = static_cast<std::int64_t>(static_cast<std::uint32_t>(newest) - begun);
  return back <= 2 ? keys.Of(Ring::kMonth, newest - back) : nullptr;
}

}  // namespace

void RingCounter::Add(const RingKeys& keys, std::uint64_t tag) {
  sketch::DistinctSet one;
  one.Insert(tag);
  Add(keys, one);
}

void RingCounter::Add(const RingKeys& keys, const sketch::DistinctSet& tags) {
  if (tags.empty()) return;
  if ((rings_ & kYearRings) != 0) AddToYears(keys, tags);
  DropDead(keys);
  std::array<std::uint64_t, sketch::DistinctSet::kExactTags> fresh;
  std::size_t n = 0;
  tags.ForEachTag([&](std::uint64_t tag) {
    if (!Touch(keys, tag)) fresh[n++] = tag;
  });
  if (!promoted_ && tags.exact() && small_.size() + n <= kSmall) {
    const std::int64_t newest = keys.Newest(Ring::kMonth);
    const sketch::TagKey& key = *keys.Of(Ring::kMonth, newest);
    for (std::size_t i = 0; i < n; ++i) {
      small_.push_back({Rekey(key, fresh[i]), static_cast<std::uint32_t>(newest), SecondsOf(keys.now())});
    }
    return;
  }
  if (!promoted_) Promote();
  for (Ring ring : kShort) {
    if (!Has(ring)) continue;
    Windows& windows = *windows_[static_cast<std::size_t>(ring)];
    windows.Advance(keys.now());
    windows.ForEachBegun([&](std::int64_t begun, sketch::DistinctSet& set) {
      const sketch::TagKey* key = keys.Of(ring, begun);
      if (key == nullptr) return;  // time stepped back; the clock of the keys did not
      if (!tags.exact()) return set.MergeRekeyed(tags, *key);
      for (std::size_t i = 0; i < n; ++i) set.Insert(Rekey(*key, fresh[i]));
    });
  }
}

void RingCounter::AddToYears(const RingKeys& keys, const sketch::DistinctSet& tags) {
  if (Has(Ring::kYear)) {
    auto& windows = windows_[static_cast<std::size_t>(Ring::kYear)];
    if (windows == nullptr) windows = std::make_unique<Windows>(LengthOf(Ring::kYear));
    windows->Advance(keys.now());
    windows->ForEachBegun([&](std::int64_t begun, sketch::DistinctSet& set) {
      if (const sketch::TagKey* key = keys.Of(Ring::kYear, begun)) set.MergeRekeyed(tags, *key);
    });
  }
  if (Has(Ring::kCalendarYear)) {
    if (year_ == nullptr) year_ = std::make_unique<CalendarYear>();
    if (year_->year != keys.year()) *year_ = {keys.year(), {}};
    year_->people.MergeRekeyed(tags, keys.OfYear());
  }
}

void RingCounter::DropDead(const RingKeys& keys) {
  std::erase_if(small_, [&](const SmallTag& s) { return KeyOf(keys, s.begun) == nullptr; });
}

// True when the tag is in the small array; notes that it was seen now, under the newest key.
bool RingCounter::Touch(const RingKeys& keys, std::uint64_t tag) {
  std::uint32_t under = 0;
  std::uint64_t rekeyed = 0;
  const std::int64_t newest = keys.Newest(Ring::kMonth);
  for (SmallTag& s : small_) {
    if (rekeyed == 0 || s.begun != under) {
      under = s.begun;
      rekeyed = Rekey(*KeyOf(keys, under), tag);
    }
    if (s.tag != rekeyed) continue;
    s = {Rekey(*keys.Of(Ring::kMonth, newest), tag), static_cast<std::uint32_t>(newest), SecondsOf(keys.now())};
    return true;
  }
  return false;
}

void RingCounter::Promote() {
  promoted_ = true;
  for (Ring ring : kShort) {
    if (Has(ring)) windows_[static_cast<std::size_t>(ring)] = std::make_unique<Windows>(LengthOf(ring));
  }
}

std::uint64_t RingCounter::CarriedSince(const RingKeys& keys, Timestamp since) const noexcept {
  const std::uint32_t since_s = SecondsOf(since);
  return static_cast<std::uint64_t>(std::count_if(small_.begin(), small_.end(), [&](const SmallTag& s) {
    return s.seen_s >= since_s && KeyOf(keys, s.begun) != nullptr;
  }));
}

sketch::Estimate RingCounter::Count(const RingKeys& keys, Ring ring) const {
  if (ring == Ring::kCalendarYear) {
    return year_ != nullptr && year_->year == keys.year() ? year_->people.Count() : sketch::Estimate{};
  }
  const auto* windows = windows_[static_cast<std::size_t>(ring)].get();
  const sketch::DistinctSet* set = windows == nullptr ? nullptr : windows->Begun(keys.Longest(ring));
  sketch::Estimate count = set == nullptr ? sketch::Estimate{} : set->Count();
  if (ring == Ring::kYear) return count;
  const std::uint64_t carried = CarriedSince(keys, keys.Since(ring));
  count.high += carried;
  if (set != nullptr && !set->exact()) return count;  // registers may hold them too
  count.low += carried;
  count.estimate += carried;
  return count;
}

std::size_t RingCounter::bytes() const noexcept {
  std::size_t bytes = small_.capacity() * sizeof(SmallTag);
  for (const auto& windows : windows_) {
    if (windows == nullptr) continue;
    bytes += sizeof *windows;
    windows->ForEachBegun([&](std::int64_t, const sketch::DistinctSet& set) { bytes += set.bytes(); });
  }
  if (year_ != nullptr) bytes += sizeof *year_ + year_->people.bytes();
  return bytes;
}

void RingCounter::Save(SnapshotWriter& out) const {
  out.U8(rings_);
  out.Bool(promoted_);
  out.U8(static_cast<std::uint8_t>(small_.size()));
  for (const SmallTag& s : small_) {
    out.U64(s.tag);
    out.U32(s.begun);
    out.U32(s.seen_s);
  }
  for (const auto& windows : windows_) {
    out.Bool(windows != nullptr);
    if (windows != nullptr) windows->Save(out, [&](const sketch::DistinctSet& set) { set.Save(out); });
  }
  out.Bool(year_ != nullptr);
  if (year_ == nullptr) return;
  out.U64(static_cast<std::uint64_t>(year_->year));
  year_->people.Save(out);
}

void RingCounter::Load(SnapshotReader& in) {
  *this = RingCounter(in.U8());
  promoted_ = in.Bool();
  const std::size_t n = in.U8();
  if (n > kSmall) return in.Fail();
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t tag = in.U64();
    const std::uint32_t begun = in.U32();
    small_.push_back({tag, begun, in.U32()});
  }
  for (std::size_t ring = 0; ring < windows_.size(); ++ring) {
    if (!in.Bool()) continue;
    windows_[ring] = std::make_unique<Windows>(LengthOf(static_cast<Ring>(ring)));
    windows_[ring]->Load(in, [&](sketch::DistinctSet& set) { set.Load(in); });
  }
  for (Ring ring : kShort) {
    if (promoted_ && Has(ring) && windows_[static_cast<std::size_t>(ring)] == nullptr) return in.Fail();
  }
  if (!in.Bool()) return;
  year_ = std::make_unique<CalendarYear>();
  year_->year = static_cast<std::int64_t>(in.U64());
  year_->people.Load(in);
}

}  // namespace gander::detect
