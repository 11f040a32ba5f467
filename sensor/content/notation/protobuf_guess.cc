// SPDX-License-Identifier: Apache-2.0
#include "content/notation/protobuf_guess.h"

#include <algorithm>

#include "protocol/plain_text/plain_text.h"

namespace gander::content {
namespace {

// UTF-8 without control characters but tab and line ends. `cut`: the last character may be incomplete.
bool IsUtf8Text(Bytes bytes, bool cut) noexcept {
  const std::uint8_t* const p = Octets(bytes);
  for (std::size_t i = 0; i < bytes.size();) {
    const std::uint8_t c = p[i];
    if (c < 0x80) {
      if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) return false;
      ++i;
      continue;
    }
    const std::size_t more = c < 0xc2 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf5 ? 3 : 0;
    if (more == 0) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if (i + k == bytes.size()) return cut;
      if ((p[i + k] & 0xc0) != 0x80) return false;
    }
    i += 1 + more;
  }
  return true;
}

// Whether the fields of a message of `length` bytes can begin so; when `prefix` is all of it, whether they are whole.
bool IsMessage(Bytes prefix, std::uint64_t length) noexcept {
  const bool cut = prefix.size() < length;
  std::uint64_t left = length;
  while (!prefix.empty()) {
    const std::size_t before = prefix.size();
    std::uint64_t tag = 0, value = 0, skip = 0;
    if (!TakeVarint(prefix, tag)) return cut && before < 10;
    if (!IsTag(tag)) return false;
    switch (static_cast<WireType>(tag & 7)) {
      case WireType::kVarint:
      case WireType::kLengthDelimited: {
        const std::size_t at = prefix.size();
        if (!TakeVarint(prefix, value)) return cut && at < 10;
        if ((tag & 7) == 2) skip = value;
        break;
      }
      case WireType::kFixed64:
        skip = 8;
        break;
      case WireType::kFixed32:
        skip = 4;
        break;
    }
    left -= before - prefix.size();
    if (skip > left) return false;
    left -= skip;
    if (skip > prefix.size()) return true;
    prefix = prefix.subspan(static_cast<std::size_t>(skip));
  }
  return true;
}

// Two numbers or more, each large enough to identify somebody.
bool IsPackedNumbers(Bytes bytes) noexcept {
  std::size_t count = 0;
  for (std::uint64_t value = 0; !bytes.empty(); ++count) {
    if (!TakeVarint(bytes, value) || !MayIdentify(value)) return false;
  }
  return count >= 2;
}

}  // namespace

bool TakeVarint(Bytes& in, std::uint64_t& value) noexcept {
  value = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(in.size(), 10); ++i) {
    const auto c = static_cast<std::uint8_t>(in[i]);
    value |= std::uint64_t{c & 0x7fu} << 7 * i;
    if (c >= 0x80) continue;
    in = in.subspan(i + 1);
    return true;
  }
  return false;
}

ProtobufGuess GuessProtobuf(Bytes prefix, std::uint64_t length) noexcept {
  const bool cut = prefix.size() < length;
  const bool text = IsUtf8Text(prefix, cut);
  const bool message = IsMessage(prefix, length);
  // The tags of the first fields are control characters; but for those that are line ends and tab, none is text.
  const bool begins_with_tag = prefix[0] < std::byte{0x20};
  if (text && !(message && begins_with_tag)) return ProtobufGuess::kText;
  if (!cut && IsPackedNumbers(prefix)) return ProtobufGuess::kNumbers;
  if (message) return ProtobufGuess::kMessage;
  return protocol::ReadsAsText(prefix) ? ProtobufGuess::kText : ProtobufGuess::kBytes;
}

}  // namespace gander::content
