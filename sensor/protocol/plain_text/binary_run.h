// SPDX-License-Identifier: Apache-2.0
// Remembers, in one byte, for how long one direction has not read as text.
#ifndef GANDER_PROTOCOL_PLAIN_TEXT_BINARY_RUN_H_
#define GANDER_PROTOCOL_PLAIN_TEXT_BINARY_RUN_H_

#include <cstdint>

namespace gander::protocol {

// After kLong binary chunks in a row only every kRecheck-th is looked at, until one reads as text. A long binary
// transfer then costs next to nothing, and text that follows it is still noticed.
class BinaryRun {
 public:
  bool Skips() const noexcept { return length_ >= kLong && length_ % kRecheck != 0; }
  void OnBinary() noexcept { length_ = length_ + 1 < kLong + kRecheck ? length_ + 1 : kLong; }
  void OnText() noexcept { length_ = 0; }

 private:
  static constexpr std::uint8_t kLong = 32, kRecheck = 4;
  std::uint8_t length_ = 0;
};

}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_PLAIN_TEXT_BINARY_RUN_H_
