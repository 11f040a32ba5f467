// SPDX-License-Identifier: Apache-2.0
// Lines of a text protocol out of chunks. A line within one chunk is a view into it; only a line that began
// in an earlier chunk is copied.
#ifndef GANDER_PROTOCOL_FRAMING_LINE_READER_H_
#define GANDER_PROTOCOL_FRAMING_LINE_READER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace gander::protocol::framing {

class LineReader {
 public:
  // Longest line kept; the rest of a longer one is dropped and counted. RFC 4954 allows AUTH lines of 12288.
  static constexpr std::size_t kMaxLine = 12 * 1024;

  // Takes a line off the front of `in`, or all of `in` when its end has not come. A line is without CRLF or
  // LF and stays valid until the next call.
  bool Next(Bytes& in, std::string_view* line) noexcept;
  // What stands in the buffer without a line end, and empties it.
  std::string_view Rest() noexcept;

  bool bare_lf() const noexcept { return bare_lf_; }  // of the last line
  bool empty() const noexcept { return held_.empty(); }
  // Bytes dropped since the last call.
  std::uint64_t TakeDropped() noexcept;

  // Bytes are missing: what was held is no line, nor is what comes up to the next line end.
  void Resync() noexcept;
  void Reset() noexcept;

 private:
  void Hold(std::string_view bytes) noexcept;
  void Drop() noexcept;

  std::string held_;
  bool given_ = false;  // held_ was handed out as a line
  bool skip_ = false;   // up to the next line end
  bool bare_lf_ = false;
  std::uint64_t dropped_ = 0;
};

}  // namespace gander::protocol::framing

#endif  // GANDER_PROTOCOL_FRAMING_LINE_READER_H_
