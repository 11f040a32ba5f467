// SPDX-License-Identifier: Apache-2.0
// Bounds-checked reading of network fields. A read past the end yields zero and sets `failed()`, so a
// parser checks once behind a group of fields instead of at each.
#ifndef GANDER_BASE_BYTE_READER_H_
#define GANDER_BASE_BYTE_READER_H_

#include <cstdint>

#include "base/bytes.h"

namespace gander {

class ByteReader {
 public:
  explicit ByteReader(Bytes data) noexcept : data_(data) {}

  bool failed() const noexcept { return failed_; }
  std::size_t position() const noexcept { return position_; }
  std::size_t remaining() const noexcept { return data_.size() - position_; }
  Bytes rest() const noexcept { return data_.subspan(position_); }

  std::uint8_t U8() noexcept { return static_cast<std::uint8_t>(BigEndian(1)); }
  std::uint16_t U16() noexcept { return static_cast<std::uint16_t>(BigEndian(2)); }
  std::uint32_t U24() noexcept { return static_cast<std::uint32_t>(BigEndian(3)); }
  std::uint32_t U32() noexcept { return static_cast<std::uint32_t>(BigEndian(4)); }
  std::uint64_t U64() noexcept { return BigEndian(8); }

  void Skip(std::size_t n) noexcept { (void)Take(n); }
  Bytes Take(std::size_t n) noexcept {
    if (n > remaining()) {
      failed_ = true;
      position_ = data_.size();
      return {};
    }
    const Bytes out = data_.subspan(position_, n);
    position_ += n;
    return out;
  }

 private:
  std::uint64_t BigEndian(std::size_t n) noexcept {
    std::uint64_t v = 0;
    for (std::byte b : Take(n)) v = v << 8 | static_cast<std::uint8_t>(b);
    return v;
  }

  Bytes data_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

}  // namespace gander

#endif  // GANDER_BASE_BYTE_READER_H_
