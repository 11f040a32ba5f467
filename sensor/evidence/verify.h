// SPDX-License-Identifier: Apache-2.0
// Checks an evidence log as somebody who does not trust the sensor: with its public key, and with checkpoints that were
// kept elsewhere. Says what was altered, taken out, put in, moved or cut off, and where.
//
// What it cannot see: a rewriting of the whole log by someone who holds the private key, unless a checkpoint of before
// is given as witness; and records that never reached the log.
#ifndef GANDER_EVIDENCE_VERIFY_H_
#define GANDER_EVIDENCE_VERIFY_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "evidence/checkpoint.h"
#include "evidence/signing.h"

namespace gander::evidence {

enum class FaultKind : std::uint8_t {
  kMalformed,    // a line that is no record, a note that is no checkpoint
  kAltered,      // a record that is not what its successor or a signature says
  kMissing,      // taken out, or cut off at the end
  kInserted,     // a second record of one sequence
  kMoved,        // a record that stands behind a later one
  kRewritten,    // a chain in order that is not the one that was signed
  kUnsigned,     // a checkpoint whose signature is not by this key
  kNoCheckpoint, // one that the log tells of is not there
};
const char* NameOf(FaultKind kind) noexcept;

struct Fault {
  FaultKind kind;
  std::string file;        // without its folder
  std::uint64_t line = 0;  // 0 where a line makes no sense
  std::uint64_t first = 0, last = 0;  // sequences concerned
  std::string text;        // one sentence
};

struct Verified {
  std::string origin;
  std::uint64_t records = 0;         // in the log, deleted ones included
  std::uint64_t signed_records = 0;  // under the last good checkpoint
  std::uint64_t deleted = 0;         // by retention: only their hashes are left
  std::uint64_t lost = 0;            // that the sensor says it could not record
  std::uint64_t checkpoints = 0, witnesses = 0;  // good ones
  std::uint64_t unclean_ends = 0;    // starts without a stop before
  std::map<std::string, std::uint64_t> kinds;
  std::string first_time, last_time;
  std::vector<Fault> faults;         // bounded by kMostFaults
  std::uint64_t more_faults = 0;
  // For proofs: hash of each record, and the last good checkpoint.
  std::vector<Hash> leaves;
  std::string last_note;
  Checkpoint last_checkpoint;

  bool good() const noexcept { return faults.empty(); }
};
inline constexpr std::size_t kMostFaults = 1000;

// `witness`: text of further checkpoints, one after another. Errors: the folder cannot be read or holds no log.
Result<Verified> Verify(const std::string& directory, const PublicKey& key, const std::string& witness = {});

}  // namespace gander::evidence

#endif  // GANDER_EVIDENCE_VERIFY_H_
