// SPDX-License-Identifier: Apache-2.0
// Gathers the head of a message: start line and headers up to the blank line. A head that lies in one chunk
// is not copied; one that spans chunks, or has folded lines, is copied into a bounded buffer.
#ifndef GANDER_PROTOCOL_HTTP_HEAD_READER_H_
#define GANDER_PROTOCOL_HTTP_HEAD_READER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace gander::protocol::http {

class HeadReader {
 public:
  // Takes bytes of the head off `bytes`. True when the head is complete. With `simple_allowed` a request line
  // without a version is a whole head (HTTP/0.9).
  bool Feed(Bytes& bytes, bool simple_allowed) noexcept;
  // What was gathered, complete after Feed() said so. Valid until the next call, and while the chunk is.
  std::string_view head() const noexcept { return head_; }
  // Closes an incomplete head so that head() shows what there is.
  void Finish() noexcept;
  // Bytes not kept because of kMaxLine or kMaxHead since the last call.
  std::uint64_t TakeDropped() noexcept;
  bool truncated() const noexcept { return truncated_; }
  bool folded() const noexcept { return folded_; }
  // The last line was empty to some only: for others the head ends with a line end that is still to come.
  bool odd_end() const noexcept { return odd_end_; }

  // Ready for the next head; gives back memory beyond kKeptBuffer.
  void Clear() noexcept;

 private:
  bool EndOfLine(bool simple_allowed, std::string_view first_line) noexcept;
  void KeepLines(std::string_view text) noexcept;
  void Keep(std::string_view s) noexcept;
  void Unfold() noexcept;
  void Judge(std::string_view part) noexcept;

  std::string buffer_;
  std::string_view head_;
  std::uint64_t dropped_ = 0;
  std::uint32_t lines_ = 0;      // complete ones
  std::uint32_t line_kept_ = 0;  // bytes of the line at hand in buffer_
  std::uint8_t returns_ = 0;     // CRs of the line at hand, as long as it has nothing else but blanks
  bool blanks_ = false;          // it has some of these
  bool text_ = false;            // it has anything else
  bool bare_before_ = false;     // the line before ended without a CR
  bool bare_ = true;             // as far as is known, so will this one
  bool odd_end_ = false;
  bool line_started_ = false;
  bool folded_ = false;
  bool truncated_ = false;
};

}  // namespace gander::protocol::http

#endif  // GANDER_PROTOCOL_HTTP_HEAD_READER_H_
