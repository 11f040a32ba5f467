// SPDX-License-Identifier: Apache-2.0
// A block of base64 that is a file: all of a text, between lines of dashes (RFC 7468), or behind a "begin-base64" line
// (POSIX uuencode). Decoded as it streams by, up to where it ends.
#ifndef GANDER_CONTENT_BASE64_BLOCK_H_
#define GANDER_CONTENT_BASE64_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "protocol/mime/base64.h"

namespace gander::content {

class Base64Block {
 public:
  enum class Kind : std::uint8_t {
    kBare,   // up to the first byte that is no part of it
    kPem,    // up to a line that begins with '-'
    kBegun,  // up to a line of "===="
  };

  void Begin(Kind kind) noexcept;
  // Decodes from the front of `in`, removing what belongs to the block, until `out` (at least 3 bytes) is full, `in` is
  // used up, or the block is over. Returns the bytes written.
  std::size_t Decode(Bytes& in, std::span<std::byte> out) noexcept;
  std::size_t Finish(std::span<std::byte> out) noexcept { return decoder_.Finish(out); }

  bool over() const noexcept { return over_; }
  bool complete() const noexcept { return complete_; }  // ended as its kind does

 private:
  std::size_t BlockBytes(Bytes in) noexcept;
  void SkipEndLine(Bytes& in) noexcept;

  Kind kind_ = Kind::kBare;
  bool line_start_ = true;
  bool end_line_ = false;  // in the line of "===="
  bool over_ = false, complete_ = false;
  protocol::mime::Base64Decoder decoder_;
};

// Whether a text that begins with `prefix` may be a block of base64 and nothing else: characters of it in one line, or
// in lines as encoders break them.
bool BeginsBase64Block(Bytes prefix) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_BASE64_BLOCK_H_
