// SPDX-License-Identifier: Apache-2.0
#include "detect/fleet/fleet_book.h"

#include <algorithm>
#include <span>
#include <utility>

#include "detect/account/registrable_domain.h"
#include "detect/state/keep_within.h"
#include "detect/state/snapshot_fields.h"
#include "sketch/hll_storage.h"

namespace gander::detect {
namespace {

constexpr std::uint32_t kNoStrand = UINT32_MAX;

// Addresses that mean another host at every site: RFC 1918, RFC 6598, loopback, link-local, RFC 4193.
bool IsOfItsSite(const IpAddress& a) noexcept {
  if (a.v4) {
    const std::uint32_t v4 = a.v4_host_order();
    return v4 >> 24 == 10 || v4 >> 20 == 0xac1 || v4 >> 16 == 0xc0a8 || v4 >> 22 == 0x191 || v4 >> 24 == 127 ||
           v4 >> 16 == 0xa9fe;
  }
  return (a.octets[0] & 0xfe) == 0xfc || (a.octets[0] == 0xfe && (a.octets[1] & 0xc0) == 0x80);
}

// The recipient of the register that holds an address; "" = none.
std::string PartyOf(const policy::Policy& policy, const IpAddress& address, std::uint32_t asn) {
  for (const policy::Recipient& r : policy.recipients()) {
    const bool in_net = std::any_of(r.nets.begin(), r.nets.end(), [&](const IpPrefix& n) { return n.Contains(address); });
    if (in_net || (asn != 0 && std::find(r.asns.begin(), r.asns.end(), asn) != r.asns.end())) return r.id;
  }
  return {};
}

std::string HllOf(const sketch::DistinctSet& set) {
  sketch::HyperLogLog registers;
  set.AddTo(registers);
  return sketch::HllStorage::Write(registers);
}

}  // namespace

const char* NameOf(CollectorKind kind) noexcept {
  switch (kind) {
    case CollectorKind::kDomain: return "domain";
    case CollectorKind::kParty: return "party";
    case CollectorKind::kAddress: break;
  }
  return "address";
}

FleetBook::FleetBook(FleetOptions options, const FleetKey& key, bool saved)
    : options_(std::move(options)), key_(key), saved_(saved) {}

Timestamp FleetBook::WindowOf(Timestamp t) const noexcept {
  const std::int64_t length = Duration::Seconds(options_.window_s).ns;
  return {(t.ns >= 0 ? t.ns / length : (t.ns - length + 1) / length) * length};
}

void FleetBook::OpenAt(Timestamp begin) {
  open_ = {};
  open_.begin = begin;
  open_.seconds = options_.window_s;
  open_.epoch = key_.EpochOf(begin);
  if (epoch_.number != open_.epoch) epoch_ = key_.At(open_.epoch);
  open_.key_id = epoch_.id;
}

void FleetBook::OnEpoch(const Meter*, const EpochView& epoch, AlertSink&) {
  types_ = &epoch.book->types();
  if (!std::exchange(told_, true)) Render(finished_, *types_);  // was saved with the last epoch
  const Timestamp begin = WindowOf(epoch.begin);
  if (open_.begin != kDistantPast && begin > open_.begin) Finish();
  if (open_.begin == kDistantPast) OpenAt(begin);  // an earlier time stays in the window at hand
  Fold(epoch);
  Prune();
  if (epoch.end >= open_.begin + Duration::Seconds(options_.window_s)) Finish();
  if ((!saved_ || epoch.final) && !std::exchange(told_, true)) Render(finished_, *types_);
  if (!epoch.final || open_.begin == kDistantPast) return;
  // What is at hand is told as far as it got; should the sensor start again within the window, it goes on.
  open_.first_sequence = next_sequence_;
  next_sequence_ += open_.rows.size();
  Render(open_, *types_);
}

void FleetBook::Finish() {
  if (!told_) Render(finished_, *types_);
  finished_ = std::exchange(open_, {});
  finished_.first_sequence = next_sequence_;
  next_sequence_ += finished_.rows.size();
  told_ = finished_.rows.empty();
  must_save_ = must_save_ || !told_;
}

void FleetBook::Render(const Window& window, const std::vector<identify::RuleInfo>& types) {
  std::uint64_t sequence = window.first_sequence;
  for (const auto& [key, row] : window.rows) {
    FleetSketch s;
    s.sensor = options_.sensor;
    s.epoch = window.epoch;
    s.key_id.assign(window.key_id.data(), window.key_id.size());
    s.begin = window.begin;
    s.end = window.begin + Duration::Seconds(window.seconds);
    s.revision = window.revision;
    s.sequence = sequence++;
    s.given_up = window.given_up;
    s.key = key;
    s.data_class = types[key.type].data_class;
    s.type = types[key.type].id;
    s.sensitivity = types[key.type].sensitivity;
    s.zone = row.zone;
    s.country = row.country;
    s.people = CountOf(row.people);
    s.senders = CountOf(row.senders);
    s.people_hll = HllOf(row.people);
    s.senders_hll = HllOf(row.senders);
    s.findings = row.findings;
    s.bytes = row.bytes;
    s.flows = row.flows.Count().estimate;
    due_.push_back(std::move(s));
  }
}

void FleetBook::Fold(const EpochView& epoch) {
  const TransferMeter& meter = epoch.transfers;
  const std::vector<Moved>& moved = epoch.book->moved();
  std::vector<sketch::DistinctSet> people;
  if (!moved.empty()) people = meter.BlindedPeople(epoch_, open_.given_up);
  std::vector<std::uint32_t> strongest(meter.paths().size(), kNoStrand);  // of each way, an index into `moved`
  Parties parties;
  for (std::uint32_t i = 0; i < moved.size(); ++i) {
    const Moved& m = moved[i];
    SketchRow& row =
        RowOf(epoch.policy, m.key, m.from, m.to, m.domain, m.type, m.country, m.judgement, parties);
    row.people.Merge(people[m.strand]);
    row.findings += m.findings;
    row.last_seen = std::max(row.last_seen, m.last_seen);
    AddSender(m.key.sender, row);
    std::uint32_t& best = strongest[meter.strands()[m.strand].path];
    if (best == kNoStrand || m.people.Count().estimate > moved[best].people.Count().estimate) best = i;
  }
  FoldWays(epoch, strongest, parties);
}

void FleetBook::FoldWays(const EpochView& epoch, const std::vector<std::uint32_t>& strongest, Parties& parties) {
  const TransferMeter& meter = epoch.transfers;
  const std::vector<sketch::DistinctSet> flows = meter.Flows();
  for (std::size_t i = 0; i < strongest.size(); ++i) {
    const TransferMeter::Path& path = meter.paths()[i];
    if (path.bytes == 0 && flows[i].empty()) continue;
    SketchRow* row = nullptr;
    if (strongest[i] != kNoStrand) {
      const Moved& m = epoch.book->moved()[strongest[i]];
      row = &RowOf(epoch.policy, m.key, m.from, m.to, m.domain, m.type, m.country, m.judgement, parties);
    } else if (const auto at = epoch.book->sessions().find({path.sender, path.recipient, path.host});
               at != epoch.book->sessions().end() && !at->second.strands.empty()) {
      const Bundle& b = at->second;
      const Strand& s = *std::max_element(b.strands.begin(), b.strands.end(), [](const Strand& x, const Strand& y) {
        return x.people.Count().estimate < y.people.Count().estimate;
      });
      row = &RowOf(epoch.policy, at->first, b.from, b.to, b.domain, s.type, s.country, s.judgement, parties);
      row->last_seen = std::max(row->last_seen, path.last_seen);
      AddSender(path.sender, *row);
    }
    if (row == nullptr) continue;
    row->bytes += path.bytes;
    row->flows.Merge(flows[i]);
  }
}

SketchRow& FleetBook::RowOf(const policy::Policy& policy, const BundleKey& way, const policy::Party& from,
                            const policy::Party& to, const std::string& domain, TypeIndex type,
                            policy::Jurisdiction people, const policy::Judgement& judgement, Parties& parties) {
  SketchKey key;
  key.address = way.recipient;
  key.collector = RegistrableDomain(domain);
  key.kind = CollectorKind::kDomain;
  if (key.collector.empty()) {
    const auto [at, fresh] = parties.try_emplace(way.recipient);
    if (fresh) at->second = PartyOf(policy, way.recipient, to.asn);
    key.collector = at->second;
    key.kind = CollectorKind::kParty;
  }
  if (key.collector.empty()) {
    key.collector = way.recipient.ToString();
    key.kind = CollectorKind::kAddress;
  }
  key.from_zone = policy.ZoneName(from.zone);
  key.from_country = from.jurisdiction;
  key.type = type;
  key.subject_country = people;
  key.verdict = judgement.verdict;
  if (judgement.entry >= 0 && static_cast<std::size_t>(judgement.entry) < policy.transfers().size()) {
    key.entry_id = policy.transfers()[static_cast<std::size_t>(judgement.entry)].id;
  }
  SketchRow& row = open_.rows[std::move(key)];
  row.zone = policy.ZoneName(to.zone);
  row.country = to.jurisdiction;
  return row;
}

void FleetBook::AddSender(const IpAddress& sender, SketchRow& row) const {
  std::string text;
  if (IsOfItsSite(sender)) text = options_.sensor;
  text += '\0';
  text.append(reinterpret_cast<const char*>(sender.octets.data()), sender.octets.size());
  row.senders.Insert(SipHash24(epoch_.senders, AsBytes(text)));
}

void FleetBook::Prune() {
  KeepWithin(open_.rows, options_.max_keys,
             [](const SketchRow& r) { return std::pair(r.people.Count().low, r.last_seen); },
             [&](const SketchKey&, const SketchRow& r) {
               ++open_.given_up;
               keys_lost_ += r.people.Count().low >= kProvenPeople;
             });
}

StateUse FleetBook::use() const noexcept {
  std::uint64_t bytes = 0;
  for (const Window* w : {&open_, &finished_}) {
    for (const auto& [key, row] : w->rows) {
      bytes += sizeof key + sizeof row + 64 + row.people.bytes() + row.senders.bytes() + row.flows.bytes();
    }
  }
  return {bytes, open_.rows.size() + finished_.rows.size(), 0};
}

void FleetBook::Save(SnapshotWriter& out) const { SaveAll(out, next_sequence_, open_, finished_); }

// Rows of another key, or of windows of another length, could not go on.
bool FleetBook::Fits(const Window& w) const {
  if (w.begin == kDistantPast) return w.rows.empty();
  return w.seconds == options_.window_s && w.begin == WindowOf(w.begin) && w.epoch == key_.EpochOf(w.begin) &&
         w.key_id == key_.At(w.epoch).id;
}

bool FleetBook::Load(StateReader& in) {
  if (!LoadAll(in, next_sequence_, open_, finished_) || !Fits(open_) || !Fits(finished_)) return false;
  ++open_.revision;
  ++finished_.revision;
  if (open_.begin != kDistantPast) epoch_ = key_.At(open_.epoch);
  Prune();
  finished_.first_sequence = next_sequence_;
  next_sequence_ += finished_.rows.size();
  told_ = finished_.rows.empty();
  return true;
}

}  // namespace gander::detect
