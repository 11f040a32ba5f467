// SPDX-License-Identifier: Apache-2.0
// Bounds-checked reading of little-endian fields. A read past the end yields zero and sets failed(), as ByteReader's.
#ifndef GANDER_PROTOCOL_FRAMING_LITTLE_READER_H_
#define GANDER_PROTOCOL_FRAMING_LITTLE_READER_H_

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace gander::protocol::framing {

class LittleReader {
 public:
  explicit LittleReader(Bytes data) noexcept : data_(data) {}

  bool failed() const noexcept { return failed_; }
  std::size_t remaining() const noexcept { return data_.size(); }
  Bytes rest() const noexcept { return data_; }

  Bytes Take(std::uint64_t n) noexcept {
    if (n > data_.size()) {
      failed_ = true;
      data_ = {};
      return {};
    }
    return TakeFront(data_, static_cast<std::size_t>(n));
  }
  // At most eight octets.
  std::uint64_t Integer(std::size_t octets) noexcept {
    std::uint64_t value = 0;
    int shift = 0;
    for (const std::byte b : Take(octets)) {
      value |= static_cast<std::uint64_t>(b) << shift;
      shift += 8;
    }
    return value;
  }
  // Up to a zero, or all there is.
  std::string_view ZeroEnded() noexcept {
    const std::string_view text = AsText(data_);
    const std::size_t end = std::min(text.find('\0'), text.size());
    Take(std::min(end + 1, text.size()));
    return text.substr(0, end);
  }

 private:
  Bytes data_;
  bool failed_ = false;
};

}  // namespace gander::protocol::framing

#endif  // GANDER_PROTOCOL_FRAMING_LITTLE_READER_H_
