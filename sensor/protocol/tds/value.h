// SPDX-License-Identifier: Apache-2.0
// Types and values ([MS-TDS] §2.2.5.4 to 2.2.5.6).
#ifndef GANDER_PROTOCOL_TDS_VALUE_H_
#define GANDER_PROTOCOL_TDS_VALUE_H_

#include <cstdint>
#include <string>

#include "protocol/framing/little_reader.h"

namespace gander::protocol::tds {

using framing::LittleReader;

struct Type {
  std::uint8_t id = 0;
  bool chunked = false;    // a value of unknown length: PLP
  std::uint8_t scale = 0;  // of a time: how long its part before the date is
};

// Reads TYPE_INFO. False for a type that is none; the reader fails when it is not all there.
bool ReadType(LittleReader& in, Type& type) noexcept;
// Whether a column of this type names its table behind TYPE_INFO.
bool NamesTable(const Type& type) noexcept;
// Takes a value off `in` and says it as text: characters, whole numbers, dates. Others are empty.
void ReadValue(const Type& type, LittleReader& in, std::string& text) noexcept;

// A string in UTF-16 whose length in characters has `octets`.
std::string ReadString(LittleReader& in, std::size_t octets) noexcept;

}  // namespace gander::protocol::tds

#endif  // GANDER_PROTOCOL_TDS_VALUE_H_
