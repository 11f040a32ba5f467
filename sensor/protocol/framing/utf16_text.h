// SPDX-License-Identifier: Apache-2.0
// UTF-16LE, as Windows' protocols send text, to UTF-8.
#ifndef GANDER_PROTOCOL_FRAMING_UTF16_TEXT_H_
#define GANDER_PROTOCOL_FRAMING_UTF16_TEXT_H_

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace gander::protocol::framing {

// Cut anyhow; a surrogate without its other half becomes U+FFFD.
class Utf16Text {
 public:
  void Feed(Bytes in, std::string& out);
  void Reset() noexcept { *this = Utf16Text(); }

 private:
  void Unit(std::uint16_t unit, std::string& out);
  std::uint8_t low_ = 0;
  bool has_low_ = false;
  std::uint16_t high_surrogate_ = 0;
};

// Text that is there as a whole.
std::string FromUtf16(Bytes in);

}  // namespace gander::protocol::framing

#endif  // GANDER_PROTOCOL_FRAMING_UTF16_TEXT_H_
