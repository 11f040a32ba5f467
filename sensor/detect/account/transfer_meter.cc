// SPDX-License-Identifier: Apache-2.0
#include "detect/account/transfer_meter.h"

#include <algorithm>
#include <cstring>

#include "detect/state/random_key.h"

namespace gander::detect {
namespace {

std::uint64_t HashOf(const HashKey& key, const TransferMeter::Path& p) noexcept {
  std::array<std::byte, 56> packed{};
  std::memcpy(packed.data(), p.sender.octets.data(), 16);
  std::memcpy(packed.data() + 16, p.recipient.octets.data(), 16);
  std::memcpy(packed.data() + 32, &p.host, 8);
  const auto protocol = reinterpret_cast<std::uintptr_t>(p.app_proto) << 1 | p.encrypted;
  std::memcpy(packed.data() + 40, &protocol, 8);
  const auto opened = std::uint64_t{p.sender_port} << 8 | static_cast<std::uint8_t>(p.opened);
  std::memcpy(packed.data() + 48, &opened, 8);
  return SipHash13(key, packed);
}

bool Same(const TransferMeter::Path& a, const TransferMeter::Path& b) noexcept {
  return a.sender == b.sender && a.recipient == b.recipient && a.host == b.host && a.app_proto == b.app_proto &&
         a.encrypted == b.encrypted && a.opened == b.opened && a.sender_port == b.sender_port;
}

// A copy takes the slots too; below so many pairs it costs more than it spares.
constexpr std::size_t kWorthCopying = 16384;

template <class T>
void Widen(T& to, Timestamp first, Timestamp last) noexcept {
  to.first_seen = std::min(to.first_seen, first);
  to.last_seen = std::max(to.last_seen, last);
}

TransferMeter::Path PathOf(const FlowFacts& flow, Direction direction) noexcept {
  TransferMeter::Path p;
  const bool to_server = direction == Direction::kToServer;
  p.sender = to_server ? flow.tuple.source : flow.tuple.destination;
  p.recipient = to_server ? flow.tuple.destination : flow.tuple.source;
  p.host = to_server ? flow.server_name : 0;
  p.app_proto = flow.app_proto;
  p.encrypted = flow.encrypted;
  using Opened = policy::Movement::Opened;
  if (flow.opener_seen) p.opened = to_server ? Opened::kBySender : Opened::kByRecipient;
  if (!to_server) p.sender_port = flow.tuple.destination_port;
  return p;
}

}  // namespace

TransferMeter::TransferMeter(const Options& options, const FleetKey* fleet)
    : paths_(options.epoch_paths),
      strands_(options.epoch_strands),
      pairs_(options.epoch_tags),
      fleet_(fleet),
      key_(RandomKey()) {
  registers_.reserve(options.epoch_registers);
  if (fleet_ != nullptr) blinded_.reserve(options.epoch_registers);
}

std::uint32_t TransferMeter::FindOrAddPath(const Path& key, Room room) {
  if (recent_path_ != kNone && Same(paths_.entries()[recent_path_], key)) return recent_path_;
  const std::uint64_t hash = detect::HashOf(key_, key);
  const std::uint32_t found = paths_.Find(hash, [&](const Path& p) { return Same(p, key); });
  if (found != kNone) return recent_path_ = found;
  if (paths_.full()) {
    if (room == Room::kFixed) return kNone;
    paths_.Grow([this](const Path& p) { return detect::HashOf(key_, p); });
  }
  Path fresh = key;
  fresh.bytes = 0;
  fresh.latest_flow = 0;
  return paths_.Add(hash, fresh);
}

std::uint64_t TransferMeter::HashOfStrand(const StrandKey& key) const noexcept {
  const std::uint64_t country = static_cast<std::uint8_t>(key.country.code[0]) << 8 |
                                static_cast<std::uint8_t>(key.country.code[1]);
  return SipHash13(key_, std::uint64_t{key.path} << 32 | std::uint64_t{key.type} << 16 | country);
}

std::uint32_t TransferMeter::FindOrAddStrand(const StrandKey& key, Room room) {
  const std::uint64_t hash = HashOfStrand(key);
  const std::uint32_t found = strands_.Find(hash, [&](const Strand& s) { return Matches(s, key); });
  if (found != kNone) return found;
  if (strands_.full()) {
    if (room == Room::kFixed) return kNone;
    strands_.Grow([this](const Strand& s) { return HashOfStrand({s.path, s.type, s.country}); });
  }
  Strand fresh;
  fresh.path = key.path;
  fresh.type = key.type;
  fresh.country = key.country;
  return strands_.Add(hash, fresh);
}

// Multiply-shift with a secret odd factor (Dietzfelbinger et al., 1997): any two pairs meet with probability 2/slots.
// That is enough, since tags are keyed hashes already and flow ids are ours.
std::uint64_t TransferMeter::HashOf(const Pair& pair) const noexcept {
  const std::uint64_t product = (pair.tag ^ Mix64(pair.owner ^ key_.k1)) * (key_.k0 | 1);
  return product >> 32 | product << 32;
}

bool TransferMeter::AddPair(Pair pair, Room room, bool& fresh) {
  const std::uint64_t hash = HashOf(pair);
  const auto same = [&](const Pair& p) { return p.owner == pair.owner && p.tag == pair.tag; };
  fresh = false;
  if (pairs_.Find(hash, same) != kNone) return true;
  if (pairs_.full()) {
    if (room == Room::kFixed) return false;
    pairs_.Grow([this](const Pair& p) { return HashOf(p); });
  }
  pairs_.Add(hash, pair);
  fresh = true;
  return true;
}

bool TransferMeter::GiveRegisters(Strand& strand, Room room) {
  if (strand.registers >= 0) return true;
  if (room == Room::kFixed && registers_.size() == registers_.capacity()) return false;
  strand.registers = static_cast<std::int32_t>(registers_.size());
  registers_.emplace_back();
  if (fleet_ != nullptr) blinded_.push_back({EpochAt(now_), {}});
  return true;
}

const FleetEpoch& TransferMeter::EpochAt(Timestamp time) noexcept {
  if (const std::int64_t number = fleet_->EpochOf(time); number != epoch_.number) epoch_ = fleet_->At(number);
  return epoch_;
}

inline void TransferMeter::InsertIntoRegisters(std::int32_t at, std::uint64_t tag) noexcept {
  const auto index = static_cast<std::size_t>(at);
  registers_[index].Insert(tag);
  if (fleet_ == nullptr) return;
  BlindedRegisters& b = blinded_[index];
  b.registers.Insert(BlindTag(b.epoch, tag));
}

// Pairs while they are few or the table has room, then registers. Without registers left the pairs go on, so that no
// count is lost before that table is full too.
bool TransferMeter::AddExactTag(std::uint32_t index, std::uint64_t tag, Room room) {
  Strand& strand = strands_.entries()[index];
  const bool many = strand.exact >= sketch::DistinctSet::kExactTags || pairs_.full();
  if (!many || registers_.size() == registers_.capacity()) {
    bool fresh = false;
    if (!AddPair({index, tag}, room, fresh)) return false;
    strand.exact += fresh;
    return true;
  }
  const auto same = [&](const Pair& p) { return p.owner == index && p.tag == tag; };
  if (pairs_.Find(HashOf({index, tag}), same) != kNone) return true;
  GiveRegisters(strand, room);
  InsertIntoRegisters(strand.registers, tag);
  return true;
}

inline bool TransferMeter::AddTag(std::uint32_t index, std::uint64_t tag, Room room) {
  const std::int32_t registers = strands_.entries()[index].registers;
  if (registers < 0) return AddExactTag(index, tag, room);
  InsertIntoRegisters(registers, tag);
  return true;
}

void TransferMeter::AddFlow(std::uint32_t path, std::uint64_t flow, Room room) {
  if (flow != 0 && paths_.entries()[path].latest_flow == flow) return;
  paths_.entries()[path].latest_flow = flow;
  bool fresh = false;
  if (!AddPair({path | kFlowBit, flow}, room, fresh)) ++overflow_.findings;
}

std::uint32_t TransferMeter::StrandOf(std::uint32_t path, const identify::Finding& finding) noexcept {
  // Cards of one rule come with one country, IBANs with a few: both tell entries apart.
  const auto [first, second] = finding.subject_country;
  Recent& recent = recent_strands_[(finding.type + 5u * static_cast<std::uint8_t>(first) + second) % kRecent];
  if (recent.path == path && recent.type == finding.type && recent.country[0] == first &&
      recent.country[1] == second) {
    return recent.strand;
  }
  StrandKey key{path, finding.type, {}};
  if (first != 0) key.country.code = {first, second};
  const std::uint32_t found = FindOrAddStrand(key, Room::kFixed);
  if (found != kNone) recent = {path, found, finding.type, {first, second}};
  return found;
}

void TransferMeter::PrefetchTag(std::uint32_t index, std::uint64_t tag) const noexcept {
  const std::int32_t registers = strands_.entries()[index].registers;
  if (registers >= 0) {
    registers_[static_cast<std::size_t>(registers)].Prefetch(tag);
  } else {
    pairs_.Prefetch(HashOf({index, tag}));
  }
}

// In groups: where each of them will write is asked for before the first does, since people lie far apart.
void TransferMeter::OnFindings(const FlowFacts& flow, std::span<const identify::Finding> findings) noexcept {
  constexpr std::size_t kGroup = 16;
  struct Place {
    std::uint32_t path, strand;
    const identify::Finding* finding;
  };
  std::array<Place, kGroup> places;
  std::uint32_t path = kNone;
  Direction direction = Direction::kToServer;
  while (!findings.empty()) {
    std::size_t count = 0;
    for (const identify::Finding& finding : findings.first(std::min(kGroup, findings.size()))) {
      if (finding.is_test_value || finding.evidence == identify::Evidence::kUnproven) continue;
      if (path == kNone || finding.direction != direction) {
        direction = finding.direction;
        path = FindOrAddPath(PathOf(flow, direction), Room::kFixed);
      }
      const std::uint32_t strand = path == kNone ? kNone : StrandOf(path, finding);
      if (strand == kNone) {
        ++overflow_.findings;
        continue;
      }
      PrefetchTag(strand, finding.tag);
      places[count++] = {path, strand, &finding};
    }
    for (std::size_t i = 0; i < count; ++i) Add(flow, places[i].path, places[i].strand, *places[i].finding);
    findings = findings.subspan(std::min(kGroup, findings.size()));
  }
}

void TransferMeter::Add(const FlowFacts& flow, std::uint32_t path, std::uint32_t at,
                        const identify::Finding& finding) noexcept {
  now_ = flow.time;
  if (!AddTag(at, finding.tag, Room::kFixed)) {
    ++overflow_.findings;
    return;
  }
  Strand& strand = strands_.entries()[at];
  Widen(strand, flow.time, flow.time);
  ++strand.findings;
  strand.certain += finding.evidence == identify::Evidence::kCertain;
  if (!strand.samples.Settled(flow.time, flow.flow_id, finding.offset)) {
    strand.samples.Add({flow.time, flow.flow_id, finding.offset, finding.tag, finding.mask});
  }
  Path& way = paths_.entries()[path];
  if (way.latest_flow == flow.flow_id && way.last_seen == flow.time && flow.flow_id != 0) return;
  Widen(way, flow.time, flow.time);
  way.sample.KeepEarlier({flow.time, flow.tuple, flow.flow_id});
  AddFlow(path, flow.flow_id, Room::kFixed);
}

void TransferMeter::OnPayload(const FlowFacts& flow, Direction direction, std::uint64_t bytes) noexcept {
  const std::uint32_t at = FindOrAddPath(PathOf(flow, direction), Room::kFixed);
  if (at == kNone) {
    overflow_.bytes += bytes;
    return;
  }
  Path& path = paths_.entries()[at];
  path.bytes += bytes;
  Widen(path, flow.time, flow.time);
}

void TransferMeter::Merge(const Meter& other) {
  const auto& o = static_cast<const TransferMeter&>(other);
  const bool empty = paths_.size() == 0 && overflow_.findings == 0 && overflow_.bytes == 0;
  if (empty && pairs_.capacity() == o.pairs_.capacity() && o.pairs_.size() > kWorthCopying) return Copy(o);
  std::vector<std::uint32_t> path_at, strand_at;
  std::vector<std::int32_t> registers_at;  // of the strand there
  for (const Path& from : o.paths()) {
    path_at.push_back(FindOrAddPath(from, Room::kGrow));
    Path& to = paths_.entries()[path_at.back()];
    to.bytes += from.bytes;
    Widen(to, from.first_seen, from.last_seen);
    to.sample.KeepEarlier(from.sample);
  }
  for (const Strand& from : o.strands()) {
    strand_at.push_back(FindOrAddStrand({path_at[from.path], from.type, from.country}, Room::kGrow));
    Strand& to = strands_.entries()[strand_at.back()];
    to.findings += from.findings;
    to.certain += from.certain;
    Widen(to, from.first_seen, from.last_seen);
    to.samples.Merge(from.samples);
    if (from.registers >= 0) {
      to.exact = std::max(to.exact, from.exact);
      const bool fresh = to.registers < 0;
      now_ = to.last_seen;
      GiveRegisters(to, Room::kGrow);
      const auto here = static_cast<std::size_t>(to.registers), there = static_cast<std::size_t>(from.registers);
      registers_[here].Merge(o.registers_[there]);
      if (fleet_ != nullptr && there < o.blinded_.size()) MergeBlinded(here, o.blinded_[there], fresh);
    }
    registers_at.push_back(to.registers);
  }
  // Where a pair goes is asked for some pairs earlier, its slot first and then the entry that the slot names: they lie
  // far apart, and most of the time would go into waiting.
  constexpr std::size_t kSlotAhead = 24, kEntryAhead = 8;
  const std::vector<Pair>& pairs = o.pairs_.entries();
  const auto here = [&](const Pair& p) {
    const bool is_flow = (p.owner & kFlowBit) != 0;
    return Pair{is_flow ? path_at[p.owner & ~kFlowBit] | kFlowBit : strand_at[p.owner], p.tag};
  };
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (i + kSlotAhead < pairs.size()) {
      const Pair& next = pairs[i + kSlotAhead];
      const std::int32_t registers = (next.owner & kFlowBit) != 0 ? -1 : registers_at[next.owner];
      if (registers >= 0) {
        registers_[static_cast<std::size_t>(registers)].Prefetch(next.tag);
      } else {
        pairs_.Prefetch(HashOf(here(next)));
      }
    }
    if (i + kEntryAhead < pairs.size()) pairs_.PrefetchEntry(HashOf(here(pairs[i + kEntryAhead])));
    const Pair p = here(pairs[i]);
    if ((p.owner & kFlowBit) != 0) {
      AddFlow(p.owner & ~kFlowBit, p.tag, Room::kGrow);
    } else {
      now_ = strands_.entries()[p.owner].last_seen;
      AddTag(p.owner, p.tag, Room::kGrow);
    }
  }
  overflow_.findings += o.overflow_.findings;
  overflow_.bytes += o.overflow_.bytes;
}

// Of two epochs the later one stays: the other is time that stepped back.
void TransferMeter::MergeBlinded(std::size_t here, const BlindedRegisters& other, bool fresh) noexcept {
  BlindedRegisters& mine = blinded_[here];
  if (mine.epoch.number == other.epoch.number) {
    mine.registers.Merge(other.registers);
  } else if (fresh || mine.epoch.number < other.epoch.number) {
    mine = other;
  }
}

// What Merge makes of an empty meter, without placing every entry anew.
void TransferMeter::Copy(const TransferMeter& other) {
  paths_.Copy(other.paths_);
  strands_.Copy(other.strands_);
  pairs_.Copy(other.pairs_);
  registers_.reserve(other.registers_.capacity());
  registers_ = other.registers_;
  blinded_ = other.blinded_;
  overflow_ = other.overflow_;
  key_ = other.key_;  // the entries lie where it put them
  recent_path_ = kNone;
  recent_strands_.fill({});
}

void TransferMeter::Clear() noexcept {
  paths_.Clear();
  strands_.Clear();
  pairs_.Clear();
  registers_.clear();
  blinded_.clear();
  recent_path_ = kNone;
  recent_strands_.fill({});
  overflow_ = {};
}

// Each in the form in which it will end.
std::vector<sketch::DistinctSet> TransferMeter::EmptySets() const {
  std::vector<sketch::DistinctSet> sets(strands().size());
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const Strand& s = strands()[i];
    sets[i].Expect(s.exact + (s.registers >= 0 && s.exact == sketch::DistinctSet::kExactTags ? 1 : 0));
  }
  return sets;
}

std::vector<sketch::DistinctSet> TransferMeter::BlindedPeople(const FleetEpoch& epoch, std::uint64_t& left_out) const {
  std::vector<sketch::DistinctSet> sets = EmptySets();
  for (const Pair& p : pairs_.entries()) {
    if ((p.owner & kFlowBit) == 0) sets[p.owner].Insert(BlindTag(epoch, p.tag));
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (strands()[i].registers < 0) continue;
    const auto at = static_cast<std::size_t>(strands()[i].registers);
    if (at >= blinded_.size() || blinded_[at].epoch.number != epoch.number) {
      ++left_out;
      continue;
    }
    sets[i].Merge(blinded_[at].registers, strands()[i].exact + 1);
  }
  return sets;
}

std::vector<sketch::DistinctSet> TransferMeter::People() const {
  std::vector<sketch::DistinctSet> sets = EmptySets();
  for (const Pair& p : pairs_.entries()) {
    if ((p.owner & kFlowBit) == 0) sets[p.owner].Insert(p.tag);
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const std::int32_t at = strands()[i].registers;
    // They hold a person who is not among the pairs.
    if (at >= 0) sets[i].Merge(registers_[static_cast<std::size_t>(at)], strands()[i].exact + 1);
  }
  return sets;
}

std::vector<sketch::DistinctSet> TransferMeter::Flows() const {
  std::vector<sketch::DistinctSet> sets(paths().size());
  for (const Pair& p : pairs_.entries()) {
    // Flow ids are not uniform; the spread serves the sketch, an opponent gains only a wrong count of flows.
    if ((p.owner & kFlowBit) != 0) sets[p.owner & ~kFlowBit].Insert(Mix64(p.tag));
  }
  return sets;
}

}  // namespace gander::detect
