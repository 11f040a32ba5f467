// SPDX-License-Identifier: Apache-2.0
// One line of an evidence log. The line without its end is the leaf that the tree is made of, so that nothing has to be
// brought into a canonical form before it is checked:
//
//   {"seq":12,"prev":"<hash of line 11>","time":"<wall clock>","kind":"event","state":10,"body":{...}}
//
// `prev` chains the lines: one that was altered, taken out or moved is found where it happened. `state` is the sequence
// of the record that says what the sensor was at that time: digests, clock, ledger.
#ifndef GANDER_EVIDENCE_RECORD_H_
#define GANDER_EVIDENCE_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "evidence/tree.h"

namespace gander::evidence {

inline constexpr std::uint64_t kNoState = UINT64_MAX;

enum class Kind : std::uint8_t {
  kStart,       // a sensor takes up the log: its identity, what it found at the log's end
  kState,       // what judges and counts from here on
  kEvent,       // an event as it left the sensor
  kAudit,       // somebody exported, unmasked, acknowledged
  kCheckpoint,  // a checkpoint was signed: one that is taken away is missed
  kRetention,   // records deleted because their time was over; their hashes stay
  kLost,        // so many could not be recorded: the disk refused until the queue was full
  kStop,        // a clean end
};
const char* NameOf(Kind kind) noexcept;

// `body` is one JSON object, without a line end.
std::string RecordLine(std::uint64_t sequence, const Hash& previous, Timestamp time, Kind kind, std::uint64_t state,
                       std::string_view body);

struct RecordHead {
  std::uint64_t sequence = 0;
  Hash previous{};
  std::string_view time, kind, body;  // views into the line
  std::uint64_t state = kNoState;
};
// Nothing when the line is no record.
std::optional<RecordHead> ReadHead(std::string_view line);

}  // namespace gander::evidence

#endif  // GANDER_EVIDENCE_RECORD_H_
