// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/head_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "protocol/http/http.h"
#include "protocol/http_message/syntax.h"

namespace gander::protocol::http {
namespace {

// A NUL continues a line where a blank does, for some.
bool Continues(char c) noexcept { return c == ' ' || c == '\t' || c == '\0'; }

// A line that decides how the body is read is no continuation, whatever it begins with: the body shows who is right.
bool FramesBody(std::string_view line) noexcept {
  line = Trim(line.substr(0, line.find('\n')));
  return StartsWithNoCase(line, "transfer-encoding:") || StartsWithNoCase(line, "content-encoding:") ||
         StartsWithNoCase(line, "content-length:");
}

}  // namespace

bool HeadReader::Feed(Bytes& bytes, bool simple_allowed) noexcept {
  const std::string_view text = AsText(bytes);
  std::size_t kept_to = 0;  // text before it is in buffer_
  std::size_t at = 0;
  while (at < text.size()) {
    // Obsolete folding (RFC 9112 §5.2). Behind the start line it would be part of the target; servers differ,
    // so such a line is taken as a header.
    if (!line_started_ && lines_ > 1 && Continues(text[at])) folded_ = true;
    line_started_ = true;
    const void* lf = std::memchr(text.data() + at, '\n', text.size() - at);
    const std::size_t end = lf == nullptr ? text.size() : static_cast<const char*>(lf) - text.data();
    Judge(text.substr(at, end - at));
    if (end > at) bare_ = text[end - 1] != '\r';
    if (lf == nullptr) break;
    at = end + 1;
    const bool in_place = buffer_.empty() && at <= kMaxLine;
    if (!in_place) {
      KeepLines(text.substr(kept_to, at - kept_to));
      kept_to = at;
    }
    if (!EndOfLine(simple_allowed, in_place ? text.substr(0, at) : std::string_view(buffer_))) continue;
    bytes = bytes.subspan(at);
    if (in_place && folded_) KeepLines(text.substr(0, at));
    if (folded_) Unfold();
    head_ = in_place && !folded_ ? text.substr(0, at) : std::string_view(buffer_);
    return true;
  }
  KeepLines(text.substr(kept_to));
  bytes = {};
  return false;
}

void HeadReader::Judge(std::string_view part) noexcept {
  for (std::size_t i = 0; i < part.size() && !text_; ++i) {
    if (part[i] == '\r') {
      returns_ = static_cast<std::uint8_t>(std::min(returns_ + 1, 2));
    } else if (part[i] == ' ' || part[i] == '\t') {
      blanks_ = true;
    } else {
      text_ = true;
    }
  }
}

// The line just ended. True when the head did: with an empty line, or one of blanks and a bare line feed. Two carriage
// returns are a line of their own to most, but behind a bare line feed.
bool HeadReader::EndOfLine(bool simple_allowed, std::string_view so_far) noexcept {
  const bool odd = blanks_ ? returns_ == 0 : returns_ == 2 && bare_before_;
  const bool was_blank = !text_ && (odd || (!blanks_ && returns_ <= 1));
  odd_end_ = odd && was_blank;
  bare_before_ = bare_;
  bare_ = true;
  returns_ = 0;
  blanks_ = text_ = false;
  line_started_ = false;
  ++lines_;
  if (was_blank) return true;
  if (!simple_allowed || lines_ != 1) return false;
  RequestLine line;
  return ParseRequestLine(TakeLine(so_far), line) && line.version.empty() && IsKnownMethod(line.method);
}

void HeadReader::KeepLines(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t lf = text.find('\n');
    const std::size_t n = lf == text.npos ? text.size() : lf + 1;
    Keep(text.substr(0, n));
    text.remove_prefix(n);
  }
}

// `s` is a line or a part of one.
void HeadReader::Keep(std::string_view s) noexcept {
  const bool ends = s.back() == '\n';
  if (ends) s.remove_suffix(1);
  const std::size_t room = std::min(kMaxLine - std::min<std::size_t>(line_kept_, kMaxLine),
                                    kMaxHead - std::min(buffer_.size(), kMaxHead));
  const std::size_t n = std::min(room, s.size());
  buffer_.append(s.substr(0, n));
  line_kept_ += static_cast<std::uint32_t>(n);
  dropped_ += s.size() - n;
  truncated_ = truncated_ || n < s.size();
  if (!ends) return;
  if (line_kept_ > 0 || buffer_.size() < kMaxHead) {
    buffer_ += '\n';
  } else {
    ++dropped_;
  }
  line_kept_ = 0;
}

void HeadReader::Unfold() noexcept {
  for (std::size_t i = buffer_.find('\n') + 1; i + 1 < buffer_.size(); ++i) {
    if (buffer_[i] != '\n' || !Continues(buffer_[i + 1])) continue;
    if (FramesBody(std::string_view(buffer_).substr(i + 1))) continue;
    buffer_[i] = ' ';
    if (buffer_[i - 1] == '\r') buffer_[i - 1] = ' ';
  }
}

void HeadReader::Finish() noexcept {
  if (!head_.empty()) return;
  if (folded_) Unfold();
  head_ = buffer_;
}

std::uint64_t HeadReader::TakeDropped() noexcept { return std::exchange(dropped_, 0); }

void HeadReader::Clear() noexcept {
  buffer_.clear();
  if (buffer_.capacity() > kKeptBuffer) std::string().swap(buffer_);
  head_ = {};
  lines_ = line_kept_ = 0;
  dropped_ = 0;
  returns_ = 0;
  blanks_ = text_ = bare_before_ = odd_end_ = false;
  bare_ = true;
  line_started_ = folded_ = truncated_ = false;
}

}  // namespace gander::protocol::http
