// SPDX-License-Identifier: Apache-2.0
// Reads a saved state, whose zones, register entries and kinds of identifiers bear the numbers of the run that wrote
// it. The policy may have been edited since: each is known again by its name.
#ifndef GANDER_DETECT_STATE_STATE_READER_H_
#define GANDER_DETECT_STATE_STATE_READER_H_

#include <cstdint>
#include <vector>

#include "base/snapshot_io.h"
#include "policy/policy.h"

namespace gander::detect {

// What the numbers in a state stand for now.
struct SavedNumbers {
  std::vector<policy::ZoneId> zones;  // by number as written; kOutside where there is no such zone any more
  std::vector<int> entries;           // of the register; -1 likewise
  std::size_t types = 0;              // of identifiers, numbered by the book, which is read first
};

class StateReader : public SnapshotReader {
 public:
  // `numbers` must outlive the reader.
  StateReader(const SnapshotReader& part, const SavedNumbers& numbers) noexcept
      : SnapshotReader(part), numbers_(numbers) {}

  // Numbers that the state did not declare fail the reader.
  policy::ZoneId Zone() noexcept {
    const policy::ZoneId written = U16();
    if (written == policy::kOutside) return written;
    return written < numbers_.zones.size() ? numbers_.zones[written] : (Fail(), policy::kOutside);
  }
  int Entry() noexcept {
    const std::uint32_t written = U32();
    if (written == kNoEntry) return -1;
    return written < numbers_.entries.size() ? numbers_.entries[written] : (Fail(), -1);
  }
  std::uint32_t Type() noexcept {
    const std::uint32_t type = U32();
    if (type >= numbers_.types) Fail();
    return type;
  }

  const SavedNumbers& numbers() const noexcept { return numbers_; }

  static constexpr std::uint32_t kNoEntry = UINT32_MAX;

 private:
  const SavedNumbers& numbers_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_STATE_READER_H_
