// SPDX-License-Identifier: Apache-2.0
// The objects that events, `--json` and /status share, so that one thing has one shape everywhere.
#ifndef GANDER_REPORT_EVENTS_RECORD_SHAPES_H_
#define GANDER_REPORT_EVENTS_RECORD_SHAPES_H_

#include <string>

#include "base/ledger.h"
#include "base/record.h"
#include "detect/transfer_summary.h"
#include "report/run_state.h"

namespace gander::report {

// One end of a transfer in words: the policy's name of its zone ("outside" for none), and whether that zone is the
// operator's own.
struct End {
  std::string zone;
  bool own = false;
};

// "outbound", "inbound", "internal" or "transit", seen from the operator's zones.
const char* DirectionOf(const End& from, const End& to) noexcept;
// True unless both ends are known to be in one State: unknown counts as foreign (DETECTION.md §2).
bool CrossesBorder(const detect::TransferSummary& transfer) noexcept;

// Members of a `transfer` object, without the braces.
void AppendTransfer(const detect::TransferSummary& transfer, const End& from, const End& to, Record& out);
// {"name", "version", "digest"} under `policy`: what judged.
void AppendPolicy(const policy::Policy& policy, Record& out);
// {"estimate", "low", "high", "method"} under `key`.
void AppendSubjects(const char* key, const detect::SubjectCount& count, Record& out);
// Members of a `ledger` object: totals and each category with its reasons, zeros too.
void AppendLedger(const ByteLedger& ledger, Record& out);
// Members of an object about what a worker left out (base/shed.h).
void AppendShedding(const Shedding& span, Record& out);
// Members of an object about a receive queue: packets since the start.
void AppendQueue(const QueueState& queue, Record& out);
// The members of `record`, without the outer braces it may bring.
void AppendMembers(const Record& record, Record& out);
// Whether the record has a member `key` at its top level, inside its outer braces if it has them.
bool HasMember(const Record& record, const char* key) noexcept;

// Counters are unsigned, JSON numbers in a Record signed: what does not fit is held at the maximum.
std::int64_t Signed(std::uint64_t n) noexcept;

}  // namespace gander::report

#endif  // GANDER_REPORT_EVENTS_RECORD_SHAPES_H_
