// SPDX-License-Identifier: Apache-2.0
// What a point of each group and variation consists of (IEEE 1815 annex A).
#ifndef GANDER_PROTOCOL_DNP3_LAYOUT_H_
#define GANDER_PROTOCOL_DNP3_LAYOUT_H_

#include <cstdint>
#include <string_view>

#include "base/record.h"
#include "protocol/framing/little_reader.h"

namespace gander::protocol::dnp3 {

// A string of one letter a part:
//   b d o c n a   flags: binary, double bit, output, counter, counter without discontinuity, analog
//   s S K         flags: status of a command with its state, without; control relay output block
//   I H i h f g   values: counters of 32 and 16 bits, integers of 32 and 16 bits, floats of 32 and 64 bits
//   w e           an octet: the state, the status of an output command
//   t r           time: since 1970, relative; both in milliseconds
//   y Y           delay: seconds, milliseconds
//   v V           interval: 32 bits; with its unit
//   1 2           alone: points are packed, so many bits each
// Null for what is not known; empty for what has no data.
const char* LayoutOf(std::uint8_t group, std::uint8_t variation) noexcept;

std::size_t SizeOf(std::string_view layout) noexcept;  // in octets
// Takes a point off `in` and writes its parts, unless `out` is null.
void WritePoint(std::uint8_t group, std::string_view layout, framing::LittleReader& in, Record* out);

}  // namespace gander::protocol::dnp3

#endif  // GANDER_PROTOCOL_DNP3_LAYOUT_H_
