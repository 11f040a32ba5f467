// SPDX-License-Identifier: Apache-2.0
#include "content/mail/base64_block.h"

#include <algorithm>

#include "content/notation/base64_run.h"
#include "protocol/mime/header_value.h"

namespace gander::content {

void Base64Block::Begin(Kind kind) noexcept {
  kind_ = kind;
  line_start_ = true;
  end_line_ = over_ = complete_ = false;
  decoder_.Reset();
}

std::size_t Base64Block::Decode(Bytes& in, std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  while (!in.empty() && !over_ && out.size() - n >= 3) {
    if (end_line_) {
      SkipEndLine(in);
      continue;
    }
    // No more than there is room for, with what the decoder has of a group.
    const std::size_t room = (out.size() - n) / 3 * 4 - 3;
    Bytes block = in.first(BlockBytes(in.first(std::min(in.size(), room))));
    in = in.subspan(block.size());
    n += decoder_.Decode(block, out.subspan(n));
  }
  return n;
}

void Base64Block::SkipEndLine(Bytes& in) noexcept {
  const std::size_t line_end = AsText(in).find('\n');
  over_ = line_end != std::string_view::npos;
  in = in.subspan(over_ ? line_end + 1 : in.size());
}

// Bytes at the front of `in` that are of the block. Less than all when it ends there.
std::size_t Base64Block::BlockBytes(Bytes in) noexcept {
  for (std::size_t i = 0; i < in.size(); ++i) {
    const auto c = static_cast<char>(in[i]);
    const bool start = line_start_;
    line_start_ = c == '\n';
    if (start && c == '=' && kind_ == Kind::kBegun) {
      end_line_ = complete_ = true;
      return i;
    }
    const bool dashes = start && c == '-' && kind_ == Kind::kPem;
    if (!dashes && (IsBase64(in[i]) || c == '=' || c == '\n' || c == '\r' || c == ' ' || c == '\t')) continue;
    over_ = true;
    complete_ = dashes;
    return i;
  }
  return in.size();
}

bool BeginsBase64Block(Bytes prefix) noexcept {
  if (prefix.size() < kMinBase64 || !IsBase64(prefix[0]) || !HasBothCases(prefix, {0, prefix.size()})) return false;
  bool over = false;
  const std::size_t size = Base64Extent(true).Take(prefix, over);
  // A short line alone has only its end behind it.
  return !over || protocol::mime::Trim(AsText(prefix.subspan(size))).empty();
}

}  // namespace gander::content
