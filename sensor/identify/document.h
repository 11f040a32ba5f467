// SPDX-License-Identifier: Apache-2.0
// A text that is there as a whole: what `gander identify` and the rules' own examples need.
#ifndef GANDER_IDENTIFY_DOCUMENT_H_
#define GANDER_IDENTIFY_DOCUMENT_H_

#include <string_view>
#include <vector>

#include "identify/scanner.h"

namespace gander::identify {

// Findings that count in `text`, as if it were the only text of its flow. Resets `state`. Offsets are bytes;
// convert them where code points are wanted.
std::vector<Finding> ScanDocument(Scanner& scanner, TextState& state, std::string_view text);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_DOCUMENT_H_
