// SPDX-License-Identifier: Apache-2.0
// The saved form of collectors.
#include "detect/account/collectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr std::size_t kMaxUnits = 1u << 16;  // of one collector

void SaveFacts(const Collector::Facts& f, SnapshotWriter& out) {
  SaveParty(f.from, out);
  SaveParty(f.to, out);
  out.String(std::string_view(f.domain).substr(0, kMaxSavedText));
  SaveJudgement(f.judgement, out);
  SaveFlowSample(f.sample, out);
  SaveMaskSamples(f.samples, out);
  out.Bool(f.encrypted);
  for (std::uint32_t n : f.fresh) out.U32(n);
}

void LoadFacts(Collector::Facts& f, SnapshotReader& in) {
  LoadParty(f.from, in);
  LoadParty(f.to, in);
  f.domain = in.String(kMaxSavedText);
  LoadJudgement(f.judgement, in);
  LoadFlowSample(f.sample, in);
  LoadMaskSamples(f.samples, in);
  f.encrypted = in.Bool();
  for (std::uint32_t& n : f.fresh) n = in.U32();
}

void SaveCollector(const Collector& c, SnapshotWriter& out) {
  out.U32(static_cast<std::uint32_t>(c.units.size()));
  for (const Collector::Unit& u : c.units) {
    out.U32(u.type);
    SaveJurisdiction(u.country, out);
    u.people.Save(out);
    u.sources.Save(out);
    out.U64(u.findings);
  }
  out.Time(c.first_seen);
  out.Time(c.last_seen);
  out.U32(static_cast<std::uint32_t>(c.day));
  out.Bool(c.facts != nullptr);
  if (c.facts != nullptr) SaveFacts(*c.facts, out);
}

void LoadCollector(Collector& c, SnapshotReader& in) {
  const std::size_t units = in.Count(32);
  if (units > kMaxUnits) return in.Fail();
  for (std::size_t i = 0; i < units && !in.failed(); ++i) {
    Collector::Unit& u = c.units.emplace_back();
    u.type = in.U32();
    LoadJurisdiction(u.country, in);
    u.people.Load(in);
    u.sources.Load(in);
    u.findings = in.U64();
  }
  c.first_seen = in.Time();
  c.last_seen = in.Time();
  c.day = static_cast<std::int32_t>(in.U32());
  if (!in.Bool()) return;
  c.facts = std::make_unique<Collector::Facts>();
  LoadFacts(*c.facts, in);
}

}  // namespace

void SaveKey(const CollectorKey& key, SnapshotWriter& out) {
  out.U8(static_cast<std::uint8_t>(key.level));
  SaveAddress(key.net.address, out);
  out.U8(key.net.length);
  out.String(std::string_view(key.domain).substr(0, kMaxSavedText));
  out.U32(key.asn);
  SaveJurisdiction(key.jurisdiction, out);
}

void LoadKey(CollectorKey& key, SnapshotReader& in) {
  const std::uint8_t level = in.U8();
  if (level > static_cast<std::uint8_t>(Level::kJurisdiction)) return in.Fail();
  key.level = static_cast<Level>(level);
  LoadAddress(key.net.address, in);
  key.net.length = in.U8();
  if (key.net.length > 128) return in.Fail();
  key.domain = in.String(kMaxSavedText);
  key.asn = in.U32();
  LoadJurisdiction(key.jurisdiction, in);
}

void Collectors::Save(SnapshotWriter& out) const {
  out.U64(hash_key_.k0);
  out.U64(hash_key_.k1);
  keys_.Save(out);
  out.U32(static_cast<std::uint32_t>(map_.size()));
  map_.ForEach([&](const Map::Entry& e) {
    SaveKey(e.key, out);
    out.U64(e.origin);
    out.U32(e.weight);
    SaveCollector(e.value, out);
  });
  out.U32(static_cast<std::uint32_t>(rollups_.size()));
  for (const auto& [key, c] : rollups_) {
    SaveKey(key, out);
    SaveCollector(c, out);
  }
}

void Collectors::Load(SnapshotReader& in) {
  hash_key_.k0 = in.U64();
  hash_key_.k1 = in.U64();
  keys_.Load(in);
  const auto nobody = [](const Map::Entry&) {};
  for (std::size_t n = in.Count(40); n > 0 && !in.failed(); --n) {
    CollectorKey key;
    LoadKey(key, in);
    const std::uint64_t origin = in.U64();
    const std::uint32_t weight = in.U32();
    Collector c;
    LoadCollector(c, in);
    if (in.failed() || key.level > Level::kDomain) return in.Fail();
    Map::Entry* const entry = map_.FindOrAdd(HashOf(key), key, origin, nobody);
    if (entry == nullptr) continue;  // the ceiling is lower than it was
    entry->value = std::move(c);
    map_.Update(*entry, entry->value.bytes(), weight, nobody);
  }
  for (std::size_t n = in.Count(40); n > 0 && !in.failed(); --n) {
    CollectorKey key;
    LoadKey(key, in);
    if (key.level <= Level::kDomain) return in.Fail();
    Collector& c = rollups_[key];
    LoadCollector(c, in);
    rollup_bytes_ += sizeof(CollectorKey) + sizeof(Collector) + 64 + c.bytes();
  }
}

}  // namespace gander::detect
