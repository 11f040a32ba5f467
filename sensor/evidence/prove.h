// SPDX-License-Identifier: Apache-2.0
// A proof that one record was in the log when a checkpoint was signed: the record, the path from it to the root, the
// signed note, and the same for the record that says what the sensor was at that time. Whoever has the sensor's public
// key can check it without the log, without Gander and without trusting either (check_proof.py does).
#ifndef GANDER_EVIDENCE_PROVE_H_
#define GANDER_EVIDENCE_PROVE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/record.h"
#include "evidence/verify.h"

namespace gander::evidence {

// Records for which `wanted` says yes, in order. Errors: the folder.
struct Picked {
  std::uint64_t sequence = 0;
  std::string line;
};
Result<std::vector<Picked>> Pick(const std::string& directory, const std::function<bool(const RecordHead&)>& wanted);

// JSON, one object:
//   {"format":"gander-evidence-proof-1","origin":...,"checkpoint":note,
//    "records":[{"index":n,"record":line,"path":[hex, ...]}, ...]}
// Errors: a record that no good checkpoint covers yet.
Result<std::string> Prove(const Verified& log, const std::vector<Picked>& records);

// What a proof says when it holds. Errors: it does not, and why.
struct Proven {
  std::string origin, time;  // of the checkpoint
  std::uint64_t size = 0;
  std::vector<std::string> records;
};
Result<Proven> CheckProof(const std::string& name, const std::string& proof, const PublicKey& key);

}  // namespace gander::evidence

#endif  // GANDER_EVIDENCE_PROVE_H_
