// SPDX-License-Identifier: Apache-2.0
// Inside policy/ only: how one register entry meets one movement.
#ifndef GANDER_POLICY_MATCH_H_
#define GANDER_POLICY_MATCH_H_

#include <compare>
#include <cstdint>
#include <string>

#include "policy/impl.h"

namespace gander::policy {

// What a movement looks like to the register: the recipient after overrides, names in normal form, who opened the flow
// decided (Movement::Opened::kUnsure is judged as two scenes).
struct Scene {
  const Policy::Impl& policy;
  const Movement& m;
  Party to;
  std::string domain;
  identify::Sensitivity sensitivity;  // as this policy sees the class
  Movement::Opened opened;
};
Scene SceneOf(const Policy& policy, const Policy::Impl& impl, const Movement& m);

// How closely an entry fits; greater is closer (DETECTION.md §2: recipient, then source, then class).
struct Rank {
  int recipient = 0, source = 0, data_class = 0;
  auto operator<=>(const Rank&) const = default;
};

// The first part of the way that an entry is not about.
enum class OffWay : std::uint8_t { kNone, kRecipient, kSource, kClass, kDirection };
OffWay MatchWay(const Scene& s, int entry, Rank& rank);

// Why an entry about this way does not hold at this moment, for these people or under its own demands. A prohibition
// only ever fails for the first three.
enum class Misfit : std::uint8_t {
  kNone,
  kEnded,
  kNotBegun,
  kOtherPeople,
  kThirdState,
  kNoReference,
  kWrongBasis,
  kClearText,
  kOutOfHours
};
Misfit MisfitOf(const Scene& s, int entry);

// What entry `index` says to the movement, given what of it does not fit.
Judgement Say(const Scene& s, int index, Misfit misfit);

}  // namespace gander::policy

#endif  // GANDER_POLICY_MATCH_H_
