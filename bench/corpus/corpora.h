// SPDX-License-Identifier: Apache-2.0
// The corpora by name.
#ifndef GANDER_BENCH_CORPUS_CORPORA_H_
#define GANDER_BENCH_CORPUS_CORPORA_H_

#include <cstdint>
#include <string>

#include "corpus/capture_file.h"
#include "corpus/person.h"

namespace gander::bench {

// Lines for a person: each name with what it is.
std::string DescribeCorpora();

// Writes corpus `name` of about `bytes` of capture file; notes in `truth` what was planted. False: no such
// corpus.
bool WriteCorpus(const std::string& name, std::uint64_t bytes, std::uint64_t seed, CaptureFile& file,
                 Truth& truth);

}  // namespace gander::bench

#endif  // GANDER_BENCH_CORPUS_CORPORA_H_
