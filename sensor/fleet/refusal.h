// SPDX-License-Identifier: Apache-2.0
// Why a message of a sensor is not merged: the closed list of reasons that the loader gives. (The database adds its
// own, which need its state: future, too_late, epoch_mismatch, key_mismatch, quota_rows, quota_collectors,
// too_many_sensors.)
#ifndef GANDER_FLEET_REFUSAL_H_
#define GANDER_FLEET_REFUSAL_H_

#include <cstdint>
#include <string>

namespace gander::fleet {

enum class Refusal : std::uint8_t {
  kNone,
  kTooLong,         // more than kMaxMessage
  kBadJson,         // not JSON, nested deeper than kMaxDepth, or with an octet zero in a text
  kNoEvent,         // JSON, and not an event of a sensor
  kUnknownVersion,  // of `sketch`
  kBadField,        // missing, of another type, out of its range
  kBadHll,          // registers that are not in the format, or carry hashes
  kContradiction,   // the figures do not go with the registers or with each other
  kDatabase,        // the database takes the others of its batch, but not this one
};
inline constexpr Refusal kLastRefusal = Refusal::kDatabase;

const char* NameOf(Refusal reason) noexcept;  // as in fleet.quarantine.reason

// One message that was not taken, for the quarantine.
struct Refused {
  Refusal reason = Refusal::kNone;
  std::string sensor;  // that it claims, empty = none
  std::string detail;  // what was wrong, in a clause
};

}  // namespace gander::fleet

#endif  // GANDER_FLEET_REFUSAL_H_
