// SPDX-License-Identifier: Apache-2.0
// What another policy would have said of movements that were judged already: the effects of a change before it takes
// hold.
#ifndef GANDER_POLICY_REPLAY_H_
#define GANDER_POLICY_REPLAY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "policy/policy.h"

namespace gander::policy {

// A `transfer` event of a run.
struct PastTransfer {
  IpAddress sender, recipient;
  std::string domain, data_class;
  identify::Sensitivity sensitivity = identify::Sensitivity::kPersonal;
  Jurisdiction subjects;  // of the people whose part decided
  Timestamp at;
  bool encrypted = false;
  Movement::Opened opened = Movement::Opened::kUnsure;
  std::uint16_t sender_port = 0;
  std::uint64_t people = 0;  // estimate
  std::uint64_t bytes = 0;
  Verdict verdict = Verdict::kUnregistered;
  std::string entry, why;  // that decided, as told then
};

// Movements whose verdict or entry changes in the same way, from one zone to one party.
struct ReplayGroup {
  Verdict before = Verdict::kUnregistered, after = Verdict::kUnregistered;
  std::string entry_before, entry_after;
  std::string from, to;  // zone; domain, zone or address
  std::string data_class;
  std::string why;  // of the new verdict, for the largest of them
  std::uint64_t transfers = 0, bytes = 0;
  std::uint64_t people = 0;      // of the largest: distinct people of different movements cannot be added up
  std::uint64_t people_sum = 0;  // at most so many
};

struct ReplayOutcome {
  std::uint64_t transfers = 0, changed = 0;
  std::uint64_t tightened = 0, loosened = 0;            // from permitted to not; from not permitted to permitted
  std::uint64_t people_changed = 0, bytes_changed = 0;  // sums over the changed
  std::uint64_t quota_kept = 0;     // over a counted quota then and registered by an entry of the same quota now
  std::vector<ReplayGroup> groups;  // verdict changes first, then most people first
};

// Against what the events say, or against `before` where it is given. A quota of people or bytes is counted by the
// sensor, not by a policy: who exceeded the one of an entry that still decides is held to exceed it still.
ReplayOutcome Replay(const std::vector<PastTransfer>& past, const Policy& after, const Policy* before);

}  // namespace gander::policy

#endif  // GANDER_POLICY_REPLAY_H_
