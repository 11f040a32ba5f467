// SPDX-License-Identifier: Apache-2.0
// Records known by their keys: a row with a caller, a called number and a duration is one of a telephone bill, whatever
// its values are.
#ifndef GANDER_IDENTIFY_RECORD_KEYS_H_
#define GANDER_IDENTIFY_RECORD_KEYS_H_

#include <array>
#include <cstdint>

#include "identify/finding.h"

namespace gander::identify {

// What a rule of such a shape asks for.
struct RecordKeys {
  static constexpr std::size_t kMaxParts = 6;
  IdType rule = 0;
  std::uint32_t parts = 0;   // at most kMaxParts
  std::uint32_t within = 0;  // bytes from the first key to the last
  std::uint32_t times = 1;   // records that make a finding
};

// Of one rule in one text: where a key of each part was last seen.
class RecordKeysTally {
 public:
  // A key of `part` stands at `offset`; none was told of behind it. True once a text, when the last record that it
  // takes is complete.
  bool OnKey(const RecordKeys& keys, std::uint32_t part, std::uint64_t offset) noexcept;
  // Where the record that completed the finding begins.
  std::uint64_t begin() const noexcept { return begin_; }

 private:
  std::array<std::uint64_t, RecordKeys::kMaxParts> seen_{};  // offset and 1, 0 = not since the last record
  std::uint64_t begin_ = 0;
  std::uint32_t records_ = 0;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_RECORD_KEYS_H_
