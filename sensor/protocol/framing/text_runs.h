// SPDX-License-Identifier: Apache-2.0
// The text in a message whose fields are not known.
#ifndef GANDER_PROTOCOL_FRAMING_TEXT_RUNS_H_
#define GANDER_PROTOCOL_FRAMING_TEXT_RUNS_H_

#include <string>

#include "base/bytes.h"

namespace gander::protocol::framing {

// Octets in a row that make text.
inline constexpr std::size_t kMinTextRun = 4;

// Stretches of text between numbers, a line each, into `out`.
void GatherText(Bytes body, std::string& out);

}  // namespace gander::protocol::framing

#endif  // GANDER_PROTOCOL_FRAMING_TEXT_RUNS_H_
