// SPDX-License-Identifier: Apache-2.0
#include "detect/state/ring_keys.h"

#include <chrono>

#include "detect/state/random_key.h"

namespace gander::detect {
namespace {

constexpr HashKey kRepeatableKey{0x6f66666c696e652dULL, 0x72696e672d6b6579ULL};

using KeysOf = StaggeredWindows<sketch::TagKey>;

std::int64_t YearOf(Timestamp t) noexcept {
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::nanoseconds>(
      std::chrono::nanoseconds(t.ns)));
  return static_cast<int>(std::chrono::year_month_day(day).year());
}

void SaveKey(const HashKey& key, SnapshotWriter& out) {
  out.U64(key.k0);
  out.U64(key.k1);
}

void LoadKey(HashKey& key, SnapshotReader& in) {
  key.k0 = in.U64();
  key.k1 = in.U64();
}

}  // namespace

RingKeys::RingKeys(Origin origin)
    : origin_(origin),
      keys_{KeysOf(LengthOf(Ring::kHour)), KeysOf(LengthOf(Ring::kDay)), KeysOf(LengthOf(Ring::kMonth)),
            KeysOf(LengthOf(Ring::kYear))} {}

void RingKeys::Advance(Timestamp now) {
  if (now <= now_) return;
  now_ = now;
  for (std::size_t ring = 0; ring < keys_.size(); ++ring) {
    keys_[ring].Advance(now);
    keys_[ring].ForEachBegun([&](std::int64_t begun, sketch::TagKey& key) {
      if (key.key.k0 == 0 && key.key.k1 == 0) key = Make(ring, begun);
    });
  }
  if (const std::int64_t year = YearOf(now); year != year_) {
    year_ = year;
    year_key_ = Make(kStaggeredRings, year);
  }
}

sketch::TagKey RingKeys::Make(std::uint64_t ring, std::int64_t begun) const {
  if (origin_ == Origin::kRandom) return {RandomKey()};
  const std::uint64_t place = ring << 56 ^ static_cast<std::uint64_t>(begun);
  return {{SipHash13(kRepeatableKey, place), SipHash13(kRepeatableKey, ~place)}};
}

Timestamp RingKeys::Since(Ring ring) const noexcept { return keys_[static_cast<std::size_t>(ring)].longest_begun(); }

void RingKeys::Save(SnapshotWriter& out) const {
  out.Bool(now_ != kDistantPast);
  if (now_ == kDistantPast) return;
  out.Time(now_);
  for (const auto& ring : keys_) {
    ring.Save(out, [&](const sketch::TagKey& key) { SaveKey(key.key, out); });
  }
  out.U64(static_cast<std::uint64_t>(year_));
  SaveKey(year_key_.key, out);
}

void RingKeys::Load(SnapshotReader& in) {
  if (!in.Bool()) return;
  const Timestamp now = in.Time();
  for (auto& ring : keys_) {
    ring.Load(in, [&](sketch::TagKey& key) { LoadKey(key.key, in); });
  }
  year_ = static_cast<std::int64_t>(in.U64());
  LoadKey(year_key_.key, in);
  now_ = kDistantPast;
  Advance(now);  // makes what a damaged snapshot may lack
}

}  // namespace gander::detect
