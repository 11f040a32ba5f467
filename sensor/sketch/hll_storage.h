// SPDX-License-Identifier: Apache-2.0
// HyperLogLog registers in the published byte format of postgresql-hll (Aggregate Knowledge, "HyperLogLog Storage
// Specification" v1.0.0), so that engines merge what sensors counted: `hll_union_agg` in PostgreSQL takes it as it is.
//
//   octet 0   version 1 in the upper half, type in the lower: 1 empty, 3 sparse, 4 full
//   octet 1   register width - 1 in the upper three bits, log2 of the registers in the lower five
//   octet 2   bit 6: sparse is used; lower six bits 0: exact hashes are never stored
//   empty     nothing more
//   sparse    for each register that is not zero, by number: 11 bits of number, 5 bits of rank
//   full      2,048 ranks of 5 bits
//
// Bits are packed from the highest down, the last octet is filled with zeros. Type 2 ("explicit") would carry hashes of
// single people; it is neither written nor read. A rank above 31 is written as 31: 2,048 registers say the same with and
// without that up to 10^11 people.
#ifndef GANDER_SKETCH_HLL_STORAGE_H_
#define GANDER_SKETCH_HLL_STORAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "sketch/hyperloglog.h"

namespace gander::sketch {

struct HllStorage {
  static constexpr unsigned kRankBits = 5;
  static constexpr std::uint8_t kMaxRank = (1 << kRankBits) - 1;
  static constexpr std::size_t kHeader = 3;
  static constexpr std::size_t kFullBytes = kHeader + HyperLogLog::kRegisters * kRankBits / 8;  // 1,283; the most

  enum class Fault : std::uint8_t {
    kNone,
    kShort,        // ends within the header
    kVersion,      // of another version
    kExplicit,     // carries hashes
    kType,         // undefined or unknown
    kParameters,   // other number or width of registers, or other flags
    kLength,       // not what the type asks for
    kOrder,        // sparse registers out of order or twice
    kZeroRank,     // a sparse register without rank
  };

  // Empty, sparse or full, whichever is shortest.
  static std::string Write(const HyperLogLog& registers);
  // On any bytes. `out` holds the registers when the answer is kNone, else nothing.
  static Fault Read(Bytes bytes, HyperLogLog& out) noexcept;
};

const char* NameOf(HllStorage::Fault fault) noexcept;  // a clause: "ends within its header"

}  // namespace gander::sketch

#endif  // GANDER_SKETCH_HLL_STORAGE_H_
