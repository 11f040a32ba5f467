// SPDX-License-Identifier: Apache-2.0
// Dates that a binary format counts in days.
#ifndef GANDER_PROTOCOL_FRAMING_DATE_TEXT_H_
#define GANDER_PROTOCOL_FRAMING_DATE_TEXT_H_

#include <cstdint>
#include <string>

namespace gander::protocol::framing {

// "1990-02-28" for days since 1970-01-01; nothing for a year outside of 1 to 9999.
void AppendDate(std::int64_t days, std::string& text);
void AppendDate(int year, int month, int day, std::string& text);

}  // namespace gander::protocol::framing

#endif  // GANDER_PROTOCOL_FRAMING_DATE_TEXT_H_
