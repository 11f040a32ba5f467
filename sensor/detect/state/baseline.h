// SPDX-License-Identifier: Apache-2.0
// What a detector has learned of what is usual, and what its operator may say to it: `gander baseline`.
#ifndef GANDER_DETECT_STATE_BASELINE_H_
#define GANDER_DETECT_STATE_BASELINE_H_

#include <cstdint>
#include <string>

#include "base/net.h"
#include "base/time.h"
#include "detect/state/fields.h"

namespace gander::detect {

inline constexpr const char* kWholeNetwork = "network";

struct Baseline {
  std::string subject;    // an address, or kWholeNetwork
  Timestamp since;        // when learning began
  Duration needed;        // how long it takes
  bool learning = false;  // still
  Timestamp frozen = kDistantPast;  // since when it learns nothing more; unset: it learns
  std::string learned;    // a clause: "38 complete hours, 99 % of them below 4.2 MB"
};

// A frozen baseline is used as it is and learns nothing more; one that is reset learns from nothing.
enum class BaselineAction : std::uint8_t { kFreeze, kThaw, kReset };
constexpr BaselineAction LastOf(BaselineAction) noexcept { return BaselineAction::kReset; }
const char* NameOf(BaselineAction action) noexcept;  // "freeze"

// Of a detector that learns who is known to the whole network. While it is frozen, all that came since is new.
class Newness {
 public:
  bool frozen() const noexcept { return since_ != kDistantPast; }
  Timestamp since() const noexcept { return since_; }
  bool SinceFrozen(Timestamp first_seen) const noexcept { return first_seen >= since_; }
  void Obey(BaselineAction action, Timestamp now) noexcept {
    if (action != BaselineAction::kFreeze) since_ = kDistantPast;
    if (action == BaselineAction::kFreeze && !frozen()) since_ = now;
  }
  static auto Saved(auto& n) { return Fields(n.since_); }

 private:
  Timestamp since_ = kDistantPast;
};

struct BaselineRequest {
  BaselineAction action = BaselineAction::kFreeze;
  std::string detector;  // "D12"; empty = all that learn
  bool hosts_only = false;
  IpPrefix hosts;        // with hosts_only: baselines of hosts in it; else all, those of the whole network too

  bool Concerns(const IpAddress& host) const noexcept { return !hosts_only || hosts.Contains(host); }
  // "freeze D12 10.20.0.0/16"
  std::string ToString() const;
  static auto Saved(auto& r) { return Fields(r.action, r.detector, r.hosts_only, r.hosts); }
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_BASELINE_H_
