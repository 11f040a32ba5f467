// SPDX-License-Identifier: Apache-2.0
// Remembers, in one byte, for how long one direction has not read as text.
#ifndef GANDER_PROTOCOL_PLAIN_TEXT_BINARY_RUN_H_
#define GANDER_PROTOCOL_PLAIN_TEXT_BINARY_RUN_H_

#include <cstdint>

namespace gander::protocol {

// After kLong binary chunks in a row a glance says which chunk is worth a look, until one reads as text. A long binary
// transfer then costs little, and text within it or behind it is still noticed, whichever chunk it comes in: to look at
// every fourth would find another one when packets come twice.
class BinaryRun {
 public:
  bool IsLong() const noexcept { return length_ == kLong; }
  void OnBinary() noexcept { length_ = length_ < kLong ? length_ + 1 : kLong; }
  void OnText() noexcept { length_ = 0; }

 private:
  static constexpr std::uint8_t kLong = 32;
  std::uint8_t length_ = 0;
};

}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_PLAIN_TEXT_BINARY_RUN_H_
