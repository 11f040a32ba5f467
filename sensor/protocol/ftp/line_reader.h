// SPDX-License-Identifier: Apache-2.0
// Lines of one direction, across segments. A line that lies in one chunk is not copied.
#ifndef GANDER_PROTOCOL_FTP_LINE_READER_H_
#define GANDER_PROTOCOL_FTP_LINE_READER_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace gander::protocol::ftp {

class LineReader {
 public:
  // Takes the next line off `bytes`; `line` is without its line end and valid until the next call. False when
  // the rest was kept for later. `dropped` counts bytes beyond `cap`.
  bool Next(Bytes& bytes, std::size_t cap, std::string_view& line, std::uint64_t& dropped) noexcept {
    if (done_) Clear();
    const std::string_view text = AsText(bytes);
    const std::size_t lf = text.find('\n');
    const std::string_view part = AsText(TakeFront(bytes, lf == text.npos ? text.size() : lf + 1));
    const bool whole = lf != text.npos;
    const std::size_t n = std::min(part.size(), cap - std::min(cap, buffer_.size()));
    dropped += part.size() - n;
    if (!whole || !buffer_.empty()) buffer_ += part.substr(0, n);
    line = buffer_.empty() ? part.substr(0, n) : std::string_view(buffer_);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    done_ = whole;
    return whole;
  }
  // What stands there without a line end.
  std::string_view rest() const noexcept { return done_ ? std::string_view() : std::string_view(buffer_); }
  // Lines that span segments are rare: the memory is not kept.
  void Clear() noexcept {
    std::string().swap(buffer_);
    done_ = false;
  }

 private:
  std::string buffer_;
  bool done_ = false;  // buffer_ holds a line that was handed out
};

}  // namespace gander::protocol::ftp

#endif  // GANDER_PROTOCOL_FTP_LINE_READER_H_
