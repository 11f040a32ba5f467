// SPDX-License-Identifier: Apache-2.0
#include "detect/state/snapshot_fields.h"

#include <mutex>

namespace gander::detect {
namespace {

constexpr std::size_t kMaxProtocol = 32, kMaxProtocols = 512;  // of protocols; more than there are parsers

// The same pointer for the same name, for ever.
const char* StaticName(std::string_view name) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> names;
  const std::lock_guard lock(mutex);
  if (const auto at = names.find(name); at != names.end()) return at->c_str();
  return names.size() < kMaxProtocols ? names.emplace(name).first->c_str() : "";
}

bool IsName(std::string_view text) noexcept {
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-./+") ==
         std::string_view::npos;
}

}  // namespace

void SaveField(const IpAddress& address, SnapshotWriter& out) {
  out.Raw(address.octets.data(), address.octets.size());
  out.Bool(address.v4);
}

void LoadField(IpAddress& address, StateReader& in) {
  in.Raw(address.octets.data(), address.octets.size());
  address.v4 = in.Bool();
}

void SaveField(const IpPrefix& prefix, SnapshotWriter& out) { SaveAll(out, prefix.address, prefix.length); }

void LoadField(IpPrefix& prefix, StateReader& in) {
  LoadAll(in, prefix.address, prefix.length);
  if (prefix.length > 128) in.Fail();
}

void SaveField(const FiveTuple& t, SnapshotWriter& out) {
  SaveAll(out, t.source, t.destination, t.source_port, t.destination_port, t.protocol);
}

void LoadField(FiveTuple& t, StateReader& in) {
  LoadAll(in, t.source, t.destination, t.source_port, t.destination_port, t.protocol);
}

void SaveField(policy::Jurisdiction j, SnapshotWriter& out) { out.Raw(j.code.data(), j.code.size()); }

void LoadField(policy::Jurisdiction& j, StateReader& in) {
  in.Raw(j.code.data(), j.code.size());
  for (char c : j.code) {
    if (c < 'A' || c > 'Z') return in.Fail();
  }
}

void SaveField(const policy::Party& party, SnapshotWriter& out) {
  SaveAll(out, AsZone(party.zone), party.jurisdiction, party.source, party.roles.bits(), party.asn);
}

void LoadField(policy::Party& party, StateReader& in) {
  auto zone = AsZone(party.zone);
  LoadAll(in, zone, party.jurisdiction, party.source);
  const std::uint16_t roles = in.U16();
  if (roles >> policy::kRoles != 0) return in.Fail();
  for (std::size_t i = 0; i < policy::kRoles; ++i) {
    if ((roles >> i & 1) != 0) party.roles.Add(static_cast<policy::Role>(i));
  }
  LoadField(party.asn, in);
}

void SaveField(const policy::Judgement& judgement, SnapshotWriter& out) {
  SaveField(judgement.verdict, out);
  out.U32(judgement.entry < 0 ? StateReader::kNoEntry : static_cast<std::uint32_t>(judgement.entry));
  SaveField(judgement.why, out);
}

void LoadField(policy::Judgement& judgement, StateReader& in) {
  LoadField(judgement.verdict, in);
  judgement.entry = in.Entry();
  LoadField(judgement.why, in);
}

void SaveField(Timestamp time, SnapshotWriter& out) { out.Time(time); }

void LoadField(Timestamp& time, StateReader& in) {
  const auto written = static_cast<std::int64_t>(in.U64());
  constexpr std::int64_t kFar = std::int64_t{1} << 62;  // differences of two times must be times as well
  if (written > -kFar && written < kFar) {
    time.ns = written;
  } else if (written != time.ns) {
    in.Fail();  // never set here, and never set by default
  }
}

void SaveField(const FlowSample& sample, SnapshotWriter& out) {
  SaveAll(out, sample.time, sample.tuple, sample.flow_id);
}

void LoadField(FlowSample& sample, StateReader& in) { LoadAll(in, sample.time, sample.tuple, sample.flow_id); }

void SaveField(const MaskSamples& samples, SnapshotWriter& out) {
  out.U8(static_cast<std::uint8_t>(samples.end() - samples.begin()));
  for (const MaskSample& s : samples) {
    SaveAll(out, s.time, s.flow_id, s.offset, s.mask.first, s.mask.last, s.mask.dots);
  }
}

void LoadField(MaskSamples& samples, StateReader& in) {
  const std::size_t n = in.U8();
  if (n > MaskSamples::kMost) return in.Fail();
  for (std::size_t i = 0; i < n; ++i) {
    MaskSample s;
    LoadAll(in, s.time, s.flow_id, s.offset, s.mask.first, s.mask.last, s.mask.dots);
    if (s.mask.dots > identify::Mask::kMaxDots) return in.Fail();
    s.tag = i + 1;  // different people
    samples.Add(s);
  }
}

void SaveField(std::string_view name, SnapshotWriter& out) { out.String(name.substr(0, kMaxProtocol)); }

void LoadField(std::string_view& name, StateReader& in) {
  const std::string read = in.String(kMaxProtocol);
  if (!IsName(read)) return in.Fail();
  name = StaticName(read);
}

void SaveField(const char* name, SnapshotWriter& out) { SaveField(std::string_view(name), out); }

void LoadField(const char*& name, StateReader& in) {
  std::string_view read;
  LoadField(read, in);
  name = read.empty() ? "" : read.data();
}

}  // namespace gander::detect
