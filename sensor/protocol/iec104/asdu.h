// SPDX-License-Identifier: Apache-2.0
// An ASDU as the companion standard for TCP lays it out: two octets of cause, two of address, three of object address.
#ifndef GANDER_PROTOCOL_IEC104_ASDU_H_
#define GANDER_PROTOCOL_IEC104_ASDU_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/record.h"
#include "protocol/industrial/function.h"

namespace gander::protocol::iec104 {

inline constexpr std::uint8_t kLastSegment = 123, kSegment = 125;

struct Asdu {
  std::uint8_t type = 0, count = 0, cause = 0, originator = 0;
  bool sequence = false;  // one address, the others follow it
  bool test = false, negative = false;
  std::uint16_t address = 0;
  Bytes objects;
};

// False when `bytes` are too few, or not what the type and the number of objects call for.
bool ReadAsdu(Bytes bytes, Asdu& out) noexcept;

bool IsKnownType(std::uint8_t type) noexcept;
bool IsKnownCause(std::uint8_t cause) noexcept;
industrial::Function FunctionOf(std::uint8_t type) noexcept;

// The octets of a segment of a file; empty for another type.
Bytes SegmentOf(const Asdu& asdu) noexcept;

void Write(const Asdu& asdu, Record& out);

}  // namespace gander::protocol::iec104

#endif  // GANDER_PROTOCOL_IEC104_ASDU_H_
