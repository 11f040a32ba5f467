// SPDX-License-Identifier: Apache-2.0
// The encoding of BACnet's application layer (ANSI/ASHRAE 135 §20.2).
#ifndef GANDER_PROTOCOL_BACNET_TAG_H_
#define GANDER_PROTOCOL_BACNET_TAG_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace gander::protocol::bacnet {

enum ApplicationTag : std::uint8_t {
  kUnsigned = 2,
  kOctetString = 6,
  kCharacterString = 7,
  kEnumerated = 9,
  kObjectIdentifier = 12,
};

struct Tag {
  std::uint8_t number = 0;
  bool context = false, opens = false, closes = false;
  Bytes value;

  bool is(ApplicationTag tag) const noexcept { return !context && number == tag; }
  std::uint32_t integer() const noexcept;  // of up to four octets
};

class TagReader {
 public:
  explicit TagReader(Bytes bytes) noexcept : rest_(bytes) {}
  // False at the end, and when what comes is no tag, which failed() tells.
  bool Next(Tag& tag) noexcept;
  bool failed() const noexcept { return failed_; }
  unsigned depth() const noexcept { return depth_; }  // of the tag last read; an opening tag stands outside

 private:
  bool Fail() noexcept;

  Bytes rest_;
  unsigned tags_ = 0, depth_ = 0;
  bool opened_ = false, failed_ = false;
};

// The text of a character string, whose first octet names its character set. `scratch` holds what had to be converted.
std::string_view TextOf(Bytes value, std::string& scratch);

}  // namespace gander::protocol::bacnet

#endif  // GANDER_PROTOCOL_BACNET_TAG_H_
