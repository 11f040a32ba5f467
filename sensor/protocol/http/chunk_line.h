// SPDX-License-Identifier: Apache-2.0
// The size line before each chunk of a chunked body (RFC 9112 §7.1), read byte by byte across segments.
#ifndef GANDER_PROTOCOL_HTTP_CHUNK_LINE_H_
#define GANDER_PROTOCOL_HTTP_CHUNK_LINE_H_

#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace gander::protocol::http {

class ChunkLine {
 public:
  enum class State : std::uint8_t { kMore, kDone, kInvalid };

  // Blanks and digits before the extension; of longer lines none is valid.
  static constexpr std::size_t kSeen = 32;

  // Takes bytes off `bytes` up to the line end. On kInvalid, the first seen() of `kept`, the same in all calls for a
  // line, hold what was taken of it: its bytes are body after all, if the server did not mean to chunk.
  State Feed(Bytes& bytes, std::span<char, kSeen> kept) noexcept;
  std::uint64_t size() const noexcept { return size_; }
  std::size_t seen() const noexcept { return count_; }
  void Clear() noexcept { *this = ChunkLine{}; }

 private:
  std::uint64_t size_ = 0;
  std::uint8_t count_ = 0;
  bool has_digit_ = false;
  std::uint8_t junk_ = 0;    // what is no digit and opens no extension, behind the digits
  std::uint16_t extension_ = 0;  // bytes behind the digits
};

}  // namespace gander::protocol::http

#endif  // GANDER_PROTOCOL_HTTP_CHUNK_LINE_H_
