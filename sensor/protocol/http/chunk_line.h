// SPDX-License-Identifier: Apache-2.0
// The size line before each chunk of a chunked body (RFC 9112 §7.1), read byte by byte across segments.
#ifndef GANDER_PROTOCOL_HTTP_CHUNK_LINE_H_
#define GANDER_PROTOCOL_HTTP_CHUNK_LINE_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace gander::protocol::http {

class ChunkLine {
 public:
  enum class State : std::uint8_t { kMore, kDone, kInvalid };

  // Takes bytes off `bytes` up to the line end. On kInvalid, `seen()` holds what was taken of the line: its
  // bytes are body after all, if the server did not mean to chunk.
  State Feed(Bytes& bytes) noexcept;
  std::uint64_t size() const noexcept { return size_; }
  Bytes seen() const noexcept { return AsBytes(std::string_view(seen_.data(), count_)); }
  void Clear() noexcept { *this = ChunkLine{}; }

 private:
  std::uint64_t size_ = 0;
  std::array<char, 32> seen_{};  // blanks and digits before the extension
  std::uint8_t count_ = 0;
  std::uint8_t digits_ = 0;
  std::uint16_t extension_ = 0;  // bytes behind the digits
};

}  // namespace gander::protocol::http

#endif  // GANDER_PROTOCOL_HTTP_CHUNK_LINE_H_
