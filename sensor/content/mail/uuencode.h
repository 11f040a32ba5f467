// SPDX-License-Identifier: Apache-2.0
// uuencode (POSIX.1-2017, "uuencode", Extended Description): lines of a length and groups of four characters, each six
// bits and a blank. Variants put a checksum behind a line, or lose the blanks at its end; both are read.
#ifndef GANDER_CONTENT_UUENCODE_H_
#define GANDER_CONTENT_UUENCODE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace gander::content {

enum class UuLine : std::uint8_t {
  kData,
  kLast,     // a line of no bytes: the end follows
  kEnd,
  kInvalid,  // no line of uuencode
};

inline constexpr std::size_t kMaxUuBytes = 63;                        // of a line, decoded
inline constexpr std::size_t kMaxUuLine = 1 + kMaxUuBytes / 3 * 4 + 2;  // length, groups, a checksum of two

// What `line` (without its end) is. `out` has room for kMaxUuBytes; `size` of them are written for kData.
UuLine DecodeUuLine(std::string_view line, std::span<std::byte> out, std::size_t& size) noexcept;

// The lines behind a begin line, over any cuts. One damaged line among sound ones is left out; two in a row, or
// anything but the end behind the last, are text.
class UuDecoder {
 public:
  void Begin() noexcept;
  // Decodes from the front of `in`, removing what was read, until `out` has no room for a line, `in` is used up, or the
  // file is over. Returns the bytes written.
  std::size_t Decode(Bytes& in, std::span<std::byte> out) noexcept;
  // A last line without its end. Returns the bytes written.
  std::size_t Finish(std::span<std::byte> out) noexcept;

  bool over() const noexcept { return over_; }
  bool complete() const noexcept { return complete_; }  // the end was there
  bool damaged() const noexcept { return damaged_; }
  // Bytes of lines that were left out, once.
  std::size_t TakeSkipped() noexcept;
  // Once over or finished: what was read and is no part of the file. Valid until Begin().
  Bytes rest() const noexcept { return {rest_.data(), rest_size_}; }

  static constexpr std::size_t kMaxRest = 2 * (kMaxUuLine + 2);

 private:
  std::size_t Line(Bytes line_and_end, std::span<std::byte> out) noexcept;
  void Keep(Bytes line) noexcept;
  void Stop(bool complete) noexcept;

  bool over_ = false, complete_ = false, damaged_ = false;
  bool last_ = false;          // a line of no bytes was there
  std::uint16_t held_ = 0;     // bytes in `hold_`
  std::uint16_t rest_size_ = 0;
  std::size_t skipped_ = 0;
  std::array<std::byte, kMaxUuLine + 2> hold_;  // a line that is cut
  std::array<std::byte, kMaxRest> rest_;        // lines that may be no part of the file
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_UUENCODE_H_
