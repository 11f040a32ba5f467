// SPDX-License-Identifier: Apache-2.0
// D07's judgement of what nobody can read: many bytes sent across a border to a party the register does not know.
#ifndef GANDER_DETECT_D07_CROSS_BORDER_OPAQUE_BORDER_H_
#define GANDER_DETECT_D07_CROSS_BORDER_OPAQUE_BORDER_H_

#include <functional>

#include "detect/account/moved_sums.h"
#include "detect/account/opaque_ways.h"
#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"

namespace gander::detect {

class OpaqueBorder {
 public:
  explicit OpaqueBorder(const Options& options)
      : options_(options), ways_(KeysWithin(options, 4)), gate_(options, Duration::Seconds(86'400)) {}

  // Precondition: epoch.traffic != nullptr. `spoken` says of a way that it has an alert already.
  void OnEpoch(const EpochView& epoch, const Topic& topic, AlertSink& alerts,
               const std::function<bool(const OpaqueWays::Key&)>& spoken);
  static auto Saved(auto& b) { return Fields(b.ways_, b.gate_); }

 private:
  Options options_;
  OpaqueWays ways_;
  AlertGate gate_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D07_CROSS_BORDER_OPAQUE_BORDER_H_
