// SPDX-License-Identifier: Apache-2.0
// Puts the state of the book and of all detectors into one string and back. Each part stands for itself: one that
// cannot be read leaves the others as they are. Zones and register entries go by their names, so that a policy edited
// meanwhile moves nothing to another zone.
#ifndef GANDER_DETECT_STATE_SAVED_STATE_H_
#define GANDER_DETECT_STATE_SAVED_STATE_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/account/transfer_book.h"
#include "detect/detector.h"

namespace gander::detect {

struct SavedPart {
  const char* id;  // "D03"
  Detector* detector;
};

// All under the policy that `book` judges by. `until`: end of the latest epoch that the state has seen.
std::string SaveState(Timestamp until, const TransferBook& book, std::span<const SavedPart> parts);

struct LoadedState {
  Timestamp until;
  std::vector<std::string> refused;  // ids of detectors that could not read theirs; they must be made anew
};
// Errors: the state as a whole, or the book's part, without which no other means anything: all must be made anew.
Result<LoadedState> LoadState(std::string_view state, TransferBook& book, std::span<const SavedPart> parts);

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_SAVED_STATE_H_
