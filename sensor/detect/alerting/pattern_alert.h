// SPDX-License-Identifier: Apache-2.0
// Alerts about the shape of traffic whose content nobody saw: tunnels, beacons, opaque uploads. What they have in
// common beside the figures of each detector.
#ifndef GANDER_DETECT_ALERTING_PATTERN_ALERT_H_
#define GANDER_DETECT_ALERTING_PATTERN_ALERT_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"

namespace gander::detect {

struct Pattern {
  std::string dedup;                // behind the detector's id and a bar
  EndFigures ends;                  // who to whom; the judgement is filled in by Raise
  IpAddress sender, recipient;
  FlowSample sample;
  Timestamp first_seen, last_seen;
  Severity base = Severity::kMedium;
  bool may_be_critical = false;     // else circumstances lift no further than high: nobody saw what it carries
  bool unless_permitted = true;     // silent where the register permits it
  std::uint64_t figure = 0, threshold = 1;
  std::string headline;             // behind "GANDER "
  std::string account;              // what was seen, and the threshold it is compared with
  std::string remedy;               // behind "What to do: "
  std::vector<std::pair<const char*, double>> figures;  // context.pattern: what the detector measured
};

// Offers it to the gate and, when it is due, says it.
void Raise(Pattern pattern, const Topic& topic, AlertGate& gate, const EpochView& epoch, AlertSink& alerts);

// True where the traffic of `client` with `server` leaves the operator's network, or passes between networks of others:
// not inside it, and not from outside to what the operator serves.
bool Outward(const policy::Policy& policy, const policy::Party& client, const policy::Party& server) noexcept;
// Multicast, broadcast, loopback, unspecified: no party.
bool NamesNobody(const IpAddress& address) noexcept;

// What the register says of a movement whose content nobody saw: permitted when it permits any class of data. `domain`
// may be empty.
policy::Judgement JudgeOpaque(const policy::Policy& policy, const EndFigures& ends, const IpAddress& sender,
                              const IpAddress& recipient, Timestamp now);

// Name of the host, or "" when none is known.
std::string HostOf(const EpochView& epoch, HostTag host);

std::string OneDecimal(double value);  // "7.4"

// "watched for 3 h so far", for detectors whose figures need a history.
std::string LearningWords(Duration watched, Duration needed);

}  // namespace gander::detect

#endif  // GANDER_DETECT_ALERTING_PATTERN_ALERT_H_
