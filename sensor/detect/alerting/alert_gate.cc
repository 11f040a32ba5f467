// SPDX-License-Identifier: Apache-2.0
#include "detect/alerting/alert_gate.h"

#include "detect/state/keep_within.h"

namespace gander::detect {
namespace {

constexpr std::uint64_t kGrowth = 10;
constexpr std::size_t kMaxKey = 4096;  // bytes, as saved

}  // namespace

AlertGate::Answer AlertGate::Offer(const std::string& key, Timestamp now, std::uint64_t low, std::uint64_t threshold,
                                   Severity severity) {
  const auto at = keys_.find(key);
  if (at == keys_.end()) {
    if (low < threshold) return {};
    keys_[key] = {now, now, low, 0, severity};
    return {true, false, 0};
  }
  State& state = at->second;
  if (2 * low >= threshold) state.last_high = std::max(state.last_high, now);
  if (low < threshold) return {};
  const Duration quiet = now - state.raised;
  const bool worse = severity > state.severity;
  const bool due = low / kGrowth >= state.count || quiet >= Duration::Seconds(options_.reraise_s);
  if (!worse && !(due && quiet >= Duration::Seconds(options_.dedup_s))) {
    ++state.suppressed;
    return {};
  }
  const Answer answer{true, true, state.suppressed};
  state = {now, state.last_high, low, 0, severity};
  return answer;
}

void AlertGate::Expire(Timestamp now) {
  const Duration quiet{2 * window_.ns};
  std::erase_if(keys_, [&](const auto& entry) {
    const State& s = entry.second;
    return now - s.last_high > quiet && now - s.raised >= Duration::Seconds(options_.dedup_s);
  });
  KeepWithin(keys_, options_.max_keys, [](const State& s) { return s.last_high; },
             [](const std::string&, const State&) {});
}

void AlertGate::Save(SnapshotWriter& out) const {
  out.U32(static_cast<std::uint32_t>(keys_.size()));
  for (const auto& [key, s] : keys_) {
    out.String(std::string_view(key).substr(0, kMaxKey));
    out.Time(s.raised);
    out.Time(s.last_high);
    out.U64(s.count);
    out.U64(s.suppressed);
    out.U8(static_cast<std::uint8_t>(s.severity));
  }
}

void AlertGate::Load(SnapshotReader& in) {
  keys_.clear();
  for (std::size_t n = in.Count(37); n > 0 && !in.failed(); --n) {
    State& s = keys_[in.String(kMaxKey)];
    s.raised = in.Time();
    s.last_high = in.Time();
    s.count = in.U64();
    s.suppressed = in.U64();
    const std::uint8_t severity = in.U8();
    if (severity > static_cast<std::uint8_t>(Severity::kCritical)) return in.Fail();
    s.severity = static_cast<Severity>(severity);
  }
}

}  // namespace gander::detect
