// SPDX-License-Identifier: Apache-2.0
// What the counts under meters of law keep over a restart: all but the latest movement, which an alert shows when the
// next one comes.
#include "detect/d21_register/legal_counts.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr std::size_t kLeastOfKey = 24, kLeastOfKind = 24, kLeastOfTier = 5;  // bytes as saved, for bounds of loops

void SaveCount(const LegalCount& count, SnapshotWriter& out) {
  out.U32(static_cast<std::uint32_t>(count.kinds.size()));
  for (const LegalCount::Kind& kind : count.kinds) {
    out.U32(kind.type);
    kind.values.Save(out);
    kind.people.Save(out);
    out.U64(kind.findings);
  }
  out.Time(count.first_seen);
  out.U64(static_cast<std::uint64_t>(count.window));
  out.U32(static_cast<std::uint32_t>(count.said.size()));
  for (const auto& [tier, reached] : count.said) {
    out.String(std::string_view(tier).substr(0, kMaxSavedText));
    out.Bool(reached);
  }
}

// Kinds must stand in order: they are looked for by halves.
void LoadCount(LegalCount& count, StateReader& in) {
  for (std::size_t n = in.Count(kLeastOfKind); n > 0 && !in.failed(); --n) {
    LegalCount::Kind kind;
    kind.type = in.Type();
    if (!count.kinds.empty() && kind.type <= count.kinds.back().type) return in.Fail();
    kind.values.Load(in);
    kind.people.Load(in);
    kind.findings = in.U64();
    count.kinds.push_back(std::move(kind));
  }
  count.first_seen = in.Time();
  count.window = static_cast<std::int64_t>(in.U64());
  for (std::size_t n = in.Count(kLeastOfTier); n > 0 && !in.failed(); --n) {
    const std::string tier = in.String(kMaxSavedText);
    count.said[tier] = in.Bool();
  }
}

}  // namespace

void LegalCounts::Save(SnapshotWriter& out) const {
  keys_.Save(out);
  out.U32(static_cast<std::uint32_t>(map_.size()));
  for (const auto& [key, count] : map_) {
    out.String(std::string_view(key.meter).substr(0, kMaxSavedText));
    out.U8(static_cast<std::uint8_t>(key.ring));
    SaveField(key.to, out);
    SaveCount(count, out);
  }
}

void LegalCounts::Load(StateReader& in) {
  keys_.Load(in);
  map_.clear();
  bytes_ = kinds_ = 0;
  for (std::size_t n = in.Count(kLeastOfKey); n > 0 && !in.failed(); --n) {
    LegalKey key;
    key.meter = in.String(kMaxSavedText);
    const std::uint8_t ring = in.U8();
    if (ring != static_cast<std::uint8_t>(Ring::kYear) && ring != static_cast<std::uint8_t>(Ring::kCalendarYear)) {
      return in.Fail();
    }
    key.ring = static_cast<Ring>(ring);
    LoadField(key.to, in);
    LegalCount count;
    LoadCount(count, in);
    if (count.kinds.empty()) continue;
    const LegalCount& kept = map_[key] = std::move(count);
    kinds_ += kept.kinds.size();
    for (const LegalCount::Kind& kind : kept.kinds) bytes_ += MemoryOf(kind);
  }
}

}  // namespace gander::detect
