// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/chunk_line.h"

#include <cstring>

#include "protocol/http/http.h"

namespace gander::protocol::http {
namespace {

constexpr int HexValue(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Servers and browsers pass over blanks, line ends and such before the size.
constexpr bool IsIgnored(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
// What may follow the digits at once. Any other junk is short, or the line is text and no size.
constexpr bool OpensExtension(char c) noexcept { return IsIgnored(c) || c == ';' || c == ',' || c == '\0'; }
constexpr std::uint16_t kMaxJunk = 2;

}  // namespace

ChunkLine::State ChunkLine::Feed(Bytes& bytes, std::span<char, kSeen> kept) noexcept {
  const std::string_view text = AsText(bytes);
  std::size_t i = 0;
  for (; i < text.size() && extension_ == 0; ++i) {
    const char c = text[i];
    const int digit = HexValue(c);
    if (c == '\n' && has_digit_) {
      bytes = bytes.subspan(i + 1);
      return State::kDone;
    }
    if (has_digit_ && digit < 0) {
      if (OpensExtension(c)) {
        extension_ = 1;
        continue;
      }
      if (junk_ == kMaxJunk || count_ == kSeen) break;
      kept[count_++] = c;
      ++junk_;
      continue;
    }
    if ((digit < 0 && !IsIgnored(c)) || junk_ > 0 || count_ == kSeen) break;
    if (digit >= 0 && size_ >> 60 != 0) break;  // it would overflow
    kept[count_++] = c;
    if (digit < 0) continue;
    size_ = size_ << 4 | static_cast<std::uint64_t>(digit);
    has_digit_ = true;
  }
  bytes = bytes.subspan(i);
  if (extension_ == 0) return bytes.empty() ? State::kMore : State::kInvalid;
  const std::string_view rest = AsText(bytes);
  const void* lf = rest.empty() ? nullptr : std::memchr(rest.data(), '\n', rest.size());
  const std::size_t n = lf == nullptr ? rest.size() : static_cast<const char*>(lf) - rest.data();
  if (extension_ + n > kMaxChunkLine) return State::kInvalid;
  extension_ = static_cast<std::uint16_t>(extension_ + n);
  bytes = bytes.subspan(lf == nullptr ? n : n + 1);
  return lf == nullptr ? State::kMore : State::kDone;
}

}  // namespace gander::protocol::http
