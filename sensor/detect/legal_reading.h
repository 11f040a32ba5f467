// SPDX-License-Identifier: Apache-2.0
// How far a tier of a meter of law (policy/legal_meter.h) is: what summaries show of it, near its figure or not.
#ifndef GANDER_DETECT_LEGAL_READING_H_
#define GANDER_DETECT_LEGAL_READING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "detect/transfer_summary.h"

namespace gander::detect {

struct LegalReading {
  std::string meter, law, duty;
  std::string classes;      // "health, national_id"; empty = all
  policy::Jurisdiction to;  // of a meter that counts each recipient's State; else unknown
  std::uint64_t tier = 0;   // people
  SubjectCount people;      // distinct, in the window; reached when `low` >= `tier`
  bool near = false;        // or reached
  bool calendar_year = false;  // else twelve months
  Timestamp since;

  bool reached() const noexcept { return people.low >= tier; }
};

// A detector that counts to tiers of law.
class ReadsLaw {
 public:
  virtual ~ReadsLaw() = default;
  // As of the last epoch, in a stable order.
  virtual std::vector<LegalReading> Readings() const = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_LEGAL_READING_H_
