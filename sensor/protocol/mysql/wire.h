// SPDX-License-Identifier: Apache-2.0
// Data types of the protocol: little-endian integers, length-encoded integers and strings.
#ifndef GANDER_PROTOCOL_MYSQL_WIRE_H_
#define GANDER_PROTOCOL_MYSQL_WIRE_H_

#include "protocol/framing/little_reader.h"

namespace gander::protocol::mysql {

class WireReader : public framing::LittleReader {
 public:
  using LittleReader::LittleReader;

  std::uint64_t Encoded() noexcept {
    const std::uint64_t first = Integer(1);
    switch (first) {
      case 0xfb: return 0;  // NULL
      case 0xfc: return Integer(2);
      case 0xfd: return Integer(3);
      case 0xfe: return Integer(8);
      default: return first;
    }
  }
  std::string_view EncodedString() noexcept { return AsText(Take(Encoded())); }
};

}  // namespace gander::protocol::mysql

#endif  // GANDER_PROTOCOL_MYSQL_WIRE_H_
