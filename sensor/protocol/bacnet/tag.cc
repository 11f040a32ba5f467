// SPDX-License-Identifier: Apache-2.0
#include "protocol/bacnet/tag.h"

#include "base/byte_reader.h"
#include "protocol/bacnet/bacnet.h"
#include "protocol/framing/utf16_text.h"

namespace gander::protocol::bacnet {

std::uint32_t Tag::integer() const noexcept {
  std::uint32_t out = 0;
  if (value.size() > 4) return 0;
  for (const std::byte b : value) out = out << 8 | static_cast<std::uint8_t>(b);
  return out;
}

bool TagReader::Fail() noexcept {
  failed_ = true;
  rest_ = {};
  return false;
}

bool TagReader::Next(Tag& tag) noexcept {
  if (rest_.empty()) return false;
  if (++tags_ > kMaxTags) return Fail();
  if (opened_) ++depth_;
  ByteReader in(rest_);
  const std::uint8_t octet = in.U8();
  constexpr unsigned kExtendedNumber = 15, kExtendedLength = 5, kOpening = 6, kClosing = 7;
  const unsigned kind = octet & 7;
  tag.number = octet >> 4;
  if (tag.number == kExtendedNumber) tag.number = in.U8();
  tag.context = (octet & 8) != 0;
  tag.opens = tag.context && kind == kOpening;
  tag.closes = tag.context && kind == kClosing;
  opened_ = tag.opens;
  std::uint32_t length = kind;
  if (kind == kExtendedLength) {
    length = in.U8();
    if (length == 254) length = in.U16();
    else if (length == 255) length = in.U32();
  }
  constexpr std::uint8_t kBoolean = 1;  // its value stands in place of a length
  if (tag.opens || tag.closes || (!tag.context && tag.number == kBoolean)) length = 0;
  if (!tag.context && kind > kExtendedLength) return Fail();
  tag.value = in.Take(length);
  if (tag.closes) {
    if (depth_ == 0) return Fail();
    --depth_;
  }
  if (in.failed() || depth_ > kMaxDepth) return Fail();
  rest_ = in.rest();
  return true;
}

std::string_view TextOf(Bytes value, std::string& scratch) {
  if (value.empty()) return {};
  constexpr std::uint8_t kUcs2 = 4;
  const std::uint8_t set = Octets(value)[0];
  const Bytes text = value.subspan(1);
  if (set != kUcs2) return AsText(text);
  // Big-endian here.
  std::string swapped;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    swapped += static_cast<char>(text[i + 1]);
    swapped += static_cast<char>(text[i]);
  }
  scratch = framing::FromUtf16(AsBytes(swapped));
  return scratch;
}

}  // namespace gander::protocol::bacnet
