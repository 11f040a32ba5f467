// SPDX-License-Identifier: Apache-2.0
// What the book keeps over a restart: how it numbers kinds of identifiers, the quotas used, the sessions that are open.
// The account of the run begins anew with each run.
#include "detect/account/transfer_book.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr std::size_t kMaxTypes = 1u << 16, kMaxStrands = 1u << 20;

void SaveType(const identify::RuleInfo& type, SnapshotWriter& out) {
  for (const std::string* text : {&type.id, &type.title, &type.data_class, &type.region, &type.validator}) {
    out.String(std::string_view(*text).substr(0, kMaxSavedText));
  }
  out.U8(static_cast<std::uint8_t>(type.sensitivity));
  out.Bool(type.identifies_person);
}

void LoadType(identify::RuleInfo& type, SnapshotReader& in) {
  for (std::string* text : {&type.id, &type.title, &type.data_class, &type.region, &type.validator}) {
    *text = in.String(kMaxSavedText);
  }
  const std::uint8_t sensitivity = in.U8();
  if (sensitivity > static_cast<std::uint8_t>(identify::Sensitivity::kCritical)) return in.Fail();
  type.sensitivity = static_cast<identify::Sensitivity>(sensitivity);
  type.identifies_person = in.Bool();
  type.retired = true;  // until the rules at hand say otherwise
}

void SaveStrand(const Strand& s, SnapshotWriter& out) {
  out.U32(s.type);
  SaveJurisdiction(s.country, out);
  s.people.Save(out);
  out.U64(s.findings);
  out.U64(s.certain);
  SaveJudgement(s.judgement, out);
  out.Time(s.judged);
  SaveMaskSamples(s.samples, out);
}

void LoadStrand(Strand& s, SnapshotReader& in) {
  s.type = in.U32();
  LoadJurisdiction(s.country, in);
  s.people.Load(in);
  s.findings = in.U64();
  s.certain = in.U64();
  LoadJudgement(s.judgement, in);
  s.judged = in.Time();
  LoadMaskSamples(s.samples, in);
}

void SaveBundle(const Bundle& b, SnapshotWriter& out) {
  SaveParty(b.from, out);
  SaveParty(b.to, out);
  out.String(std::string_view(b.domain).substr(0, kMaxSavedText));
  out.U64(b.bytes);
  b.flows.Save(out);
  b.people.Save(out);
  out.Time(b.first_seen);
  out.Time(b.last_seen);
  out.String(std::string_view(b.app_proto).substr(0, kMaxSavedText));
  out.Bool(b.encrypted);
  SaveFlowSample(b.sample, out);
  out.U32(static_cast<std::uint32_t>(b.strands.size()));
  for (const Strand& s : b.strands) SaveStrand(s, out);
}

void LoadBundle(Bundle& b, std::size_t types, SnapshotReader& in) {
  LoadParty(b.from, in);
  LoadParty(b.to, in);
  b.domain = in.String(kMaxSavedText);
  b.bytes = in.U64();
  b.flows.Load(in);
  b.people.Load(in);
  b.first_seen = in.Time();
  b.last_seen = in.Time();
  b.app_proto = in.String(kMaxSavedText);
  b.encrypted = in.Bool();
  LoadFlowSample(b.sample, in);
  const std::size_t strands = in.Count(32);
  if (strands > kMaxStrands) return in.Fail();
  for (std::size_t i = 0; i < strands && !in.failed(); ++i) {
    LoadStrand(b.strands.emplace_back(), in);
    if (b.strands.back().type >= types) in.Fail();
  }
}

}  // namespace

void TransferBook::Save(SnapshotWriter& out) const {
  out.U32(static_cast<std::uint32_t>(types_.size()));
  for (const identify::RuleInfo& type : types_) SaveType(type, out);
  quotas_.Save(out);
  out.U32(static_cast<std::uint32_t>(sessions_.size()));
  for (const auto& [key, bundle] : sessions_) {
    SaveAddress(key.sender, out);
    SaveAddress(key.recipient, out);
    out.U64(key.host);
    SaveBundle(bundle, out);
  }
}

bool TransferBook::Load(SnapshotReader& in) {
  const std::size_t types = in.Count(16);
  if (types > kMaxTypes) in.Fail();
  types_.clear();
  type_by_id_.clear();
  for (std::size_t i = 0; i < types && !in.failed(); ++i) {
    LoadType(types_.emplace_back(), in);
    if (!type_by_id_.emplace(types_.back().id, static_cast<TypeIndex>(i)).second) in.Fail();
  }
  quotas_.Load(in);
  for (std::size_t n = in.Count(64); n > 0 && !in.failed(); --n) {
    BundleKey key;
    LoadAddress(key.sender, in);
    LoadAddress(key.recipient, in);
    key.host = in.U64();
    Bundle& session = sessions_[key];
    LoadBundle(session, types_.size(), in);
    session.charged = session.memory();
    sessions_bytes_ += session.charged;
  }
  rules_digest_.clear();  // the rules at hand are learned anew, behind those read
  type_of_.clear();
  return !in.failed();
}

}  // namespace gander::detect
