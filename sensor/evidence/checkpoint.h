// SPDX-License-Identifier: Apache-2.0
// A signed statement of what a log held at one moment, in the text format that transparency logs use (C2SP
// "tlog-checkpoint" in a "signed-note", c2sp.org, version 1):
//
//   gander/sensor-1                                  origin: which log
//   1234                                             records
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=     root of the tree over them (evidence/tree.h)
//   time 2026-11-30T03:26:00.000000+0000             wall clock of the sensor
//
//   — gander/sensor-1 Az3grl...                      key id (4 bytes) and Ed25519 signature over the lines above
//
// Existing tools (sigsum, Go's sumdb/note) read it.
#ifndef GANDER_EVIDENCE_CHECKPOINT_H_
#define GANDER_EVIDENCE_CHECKPOINT_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/signing.h"
#include "evidence/tree.h"

namespace gander::evidence {

struct Checkpoint {
  std::string origin;  // printable ASCII, no '+', quote or backslash
  std::uint64_t size = 0;
  Hash root{};
  std::vector<std::string> extensions;  // further signed lines; never empty ones
};

bool IsOrigin(std::string_view name) noexcept;

// First four bytes of SHA-256(name, "\n", 0x01, key): tells apart keys of one name, proves nothing.
std::array<std::uint8_t, 4> KeyId(std::string_view origin, const PublicKey& key);
// "gander/sensor-1+033de0ae+AZ..." for tools that want the key in a line.
std::string VerifierKey(std::string_view origin, const PublicKey& key);

// The whole note, signature included; empty when it cannot be signed.
std::string Sign(const Checkpoint& checkpoint, const SigningKey& key);

enum class NoteStatus : std::uint8_t {
  kGood,
  kMalformed,     // no checkpoint
  kOtherKey,      // signed, but not by this key
  kBadSignature,  // says it is by this key and is not: altered
};
// `out` is filled unless malformed; trust it only when good.
NoteStatus ReadNote(std::string_view note, const PublicKey& key, Checkpoint& out);

// Notes that stand one after another in a file, each up to its last signature line. What is no note comes as one that
// ReadNote finds malformed; `rest` is an end without a blank line: a note that was being written.
std::vector<std::string_view> SplitNotes(std::string_view text, std::string_view& rest);
// Of the notes at its beginning that end with a signature: what is behind them was never written to its end.
std::size_t WholeNotesEnd(std::string_view text);

}  // namespace gander::evidence

#endif  // GANDER_EVIDENCE_CHECKPOINT_H_
