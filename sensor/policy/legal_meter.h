// SPDX-License-Identifier: Apache-2.0
// Volume tiers of law as configuration: how many people's data may leave in how long before a duty arises. The policy
// says which movements count to which tier; detect/ counts distinct people.
#ifndef GANDER_POLICY_LEGAL_METER_H_
#define GANDER_POLICY_LEGAL_METER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "policy/jurisdiction.h"

namespace gander::policy {

// One figure of a law: reached when that many distinct people moved within the meter's window.
struct LegalTier {
  std::uint64_t people = 0;
  std::vector<std::string> classes;  // data classes or sensitivities; empty = all
  std::string duty;                  // what then is due, in the operator's words
};

struct LegalMeter {
  std::string id;
  int line = 0;
  std::string law;  // where the figures come from
  // Whose exports: own zones by id, or own zones that stand in one of these States; both empty = every own zone.
  std::vector<std::string> zones;
  std::vector<Jurisdiction> from;
  std::vector<Jurisdiction> to;  // where they go; empty = any State but the exporting zone's own
  bool anywhere = false;         // `to: any`: within the own State too, to whom is not the operator's
  // kSum: one count over all recipients' States. kEach: a count for each of them.
  enum class Per : std::uint8_t { kSum, kEach } per = Per::kSum;
  enum class Window : std::uint8_t { kSinceNewYear, kTwelveMonths } window = Window::kSinceNewYear;
  std::vector<LegalTier> tiers;  // at least one; people > 0
  bool retired = false;          // of an earlier policy of the run: counts nobody any more (KeepPlaces)
};

// First instant of the window that `now` lies in: 1 January 00:00 UTC, or the same day of the year before.
Timestamp WindowBegin(LegalMeter::Window window, Timestamp now) noexcept;

}  // namespace gander::policy

#endif  // GANDER_POLICY_LEGAL_METER_H_
