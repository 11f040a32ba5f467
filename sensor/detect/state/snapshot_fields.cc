// SPDX-License-Identifier: Apache-2.0
#include "detect/state/snapshot_fields.h"

namespace gander::detect {

void SaveAddress(const IpAddress& address, SnapshotWriter& out) {
  out.Raw(address.octets.data(), address.octets.size());
  out.Bool(address.v4);
}

void LoadAddress(IpAddress& address, SnapshotReader& in) {
  in.Raw(address.octets.data(), address.octets.size());
  address.v4 = in.Bool();
}

void SaveJurisdiction(policy::Jurisdiction j, SnapshotWriter& out) { out.Raw(j.code.data(), j.code.size()); }

void LoadJurisdiction(policy::Jurisdiction& j, SnapshotReader& in) {
  in.Raw(j.code.data(), j.code.size());
  for (char c : j.code) {
    if (c < 'A' || c > 'Z') return in.Fail();
  }
}

void SaveParty(const policy::Party& party, SnapshotWriter& out) {
  out.U16(party.zone);
  SaveJurisdiction(party.jurisdiction, out);
  out.U8(static_cast<std::uint8_t>(party.source));
}

void LoadParty(policy::Party& party, SnapshotReader& in) {
  party.zone = in.U16();
  LoadJurisdiction(party.jurisdiction, in);
  const std::uint8_t source = in.U8();
  if (source > static_cast<std::uint8_t>(policy::Party::Source::kDatabase)) return in.Fail();
  party.source = static_cast<policy::Party::Source>(source);
}

void SaveJudgement(const policy::Judgement& judgement, SnapshotWriter& out) {
  out.U8(static_cast<std::uint8_t>(judgement.verdict));
  out.String(std::string_view(judgement.why).substr(0, kMaxSavedText));
}

void LoadJudgement(policy::Judgement& judgement, SnapshotReader& in) {
  const std::uint8_t verdict = in.U8();
  if (verdict >= policy::kVerdicts) return in.Fail();
  judgement.verdict = static_cast<policy::Verdict>(verdict);
  judgement.why = in.String(kMaxSavedText);
  judgement.entry = -1;
}

void SaveFlowSample(const FlowSample& sample, SnapshotWriter& out) {
  out.Time(sample.time);
  SaveAddress(sample.tuple.source, out);
  SaveAddress(sample.tuple.destination, out);
  out.U16(sample.tuple.source_port);
  out.U16(sample.tuple.destination_port);
  out.U8(sample.tuple.protocol);
  out.U64(sample.flow_id);
}

void LoadFlowSample(FlowSample& sample, SnapshotReader& in) {
  sample.time = in.Time();
  LoadAddress(sample.tuple.source, in);
  LoadAddress(sample.tuple.destination, in);
  sample.tuple.source_port = in.U16();
  sample.tuple.destination_port = in.U16();
  sample.tuple.protocol = in.U8();
  sample.flow_id = in.U64();
}

void SaveMaskSamples(const MaskSamples& samples, SnapshotWriter& out) {
  out.U8(static_cast<std::uint8_t>(samples.end() - samples.begin()));
  for (const MaskSample& s : samples) {
    out.Time(s.time);
    out.U64(s.flow_id);
    out.U64(s.offset);
    out.U8(static_cast<std::uint8_t>(s.mask.first));
    out.U8(static_cast<std::uint8_t>(s.mask.last));
    out.U8(s.mask.dots);
  }
}

void LoadMaskSamples(MaskSamples& samples, SnapshotReader& in) {
  const std::size_t n = in.U8();
  if (n > MaskSamples::kMost) return in.Fail();
  for (std::size_t i = 0; i < n; ++i) {
    MaskSample s;
    s.time = in.Time();
    s.flow_id = in.U64();
    s.offset = in.U64();
    s.mask.first = static_cast<char>(in.U8());
    s.mask.last = static_cast<char>(in.U8());
    s.mask.dots = in.U8();
    if (s.mask.dots > identify::Mask::kMaxDots) return in.Fail();
    s.tag = i + 1;  // different people
    samples.Add(s);
  }
}

}  // namespace gander::detect
