// SPDX-License-Identifier: Apache-2.0
#include "content/coding/snappy.h"

#include "content/decoder_pool.h"

namespace gander::content {

void SnappyLayer::GiveBack() noexcept { body().pool->Give(this); }

CodingLayer::Guess SnappyLayer::Recognise(Bytes, bool) noexcept {
  window_.Begin(body().pool->memory);
  part_ = Part::kLength;
  left_of_block_ = 0;
  shift_ = 0;
  return Guess::kCoded;
}

CodingLayer::Step SnappyLayer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  std::size_t n = 0;
  Step step = window_.ready() ? Step::kMore : Step::kNoMemory;
  while (step == Step::kMore && n < out.size()) {
    const std::size_t before = n;
    if (part_ == Part::kCopy) {
      n = window_.Copy(back_, left_, out, n);
    } else if (in.empty()) {
      break;
    } else if (part_ == Part::kLiteral) {
      n = window_.Literal(in, left_, out, n);
    } else {
      step = part_ == Part::kTag && left_of_block_ == 0 ? Step::kEnd : Byte(Octets(TakeFront(in, 1))[0]);
      continue;
    }
    left_of_block_ -= n - before;
    if (left_ == 0) part_ = Part::kTag;
  }
  *produced = n;
  return step;
}

CodingLayer::Step SnappyLayer::Byte(std::uint8_t byte) noexcept {
  switch (part_) {
    case Part::kLength:
      if (shift_ > 28) return Step::kCorrupt;
      left_of_block_ |= std::uint64_t{byte & 0x7fu} << shift_;
      shift_ += 7;
      if (byte < 0x80) part_ = Part::kTag;
      return Step::kMore;
    case Part::kTag:
      Tag(byte);
      break;
    default:
      value_ |= std::uint32_t{byte} << shift_;
      shift_ += 8;
      --bytes_left_;
      break;
  }
  if (bytes_left_ > 0) return Step::kMore;
  if (part_ == Part::kOffset) return BeginCopy();
  if (part_ == Part::kLiteralLength) left_ = std::size_t{value_} + 1;
  part_ = Part::kLiteral;
  return left_ <= left_of_block_ ? Step::kMore : Step::kCorrupt;
}

// Sections 2.1 and 2.2: what follows, and how many bytes say how much.
void SnappyLayer::Tag(std::uint8_t tag) noexcept {
  constexpr std::uint32_t kShortLiteral = 60;
  const std::uint32_t high = tag >> 2;
  value_ = shift_ = bytes_left_ = 0;
  switch (tag & 3) {
    case 0:
      part_ = Part::kLiteralLength;
      value_ = high;
      if (high < kShortLiteral) return;
      bytes_left_ = high - kShortLiteral + 1;
      value_ = 0;
      return;
    case 1:
      left_ = 4 + (high & 7);
      value_ = (high >> 3) << 8;
      bytes_left_ = 1;
      break;
    default:
      left_ = high + 1;
      bytes_left_ = (tag & 3) == 2 ? 2 : 4;
      break;
  }
  part_ = Part::kOffset;
}

CodingLayer::Step SnappyLayer::BeginCopy() noexcept {
  back_ = value_;
  part_ = Part::kCopy;
  return window_.MayCopy(back_) && left_ <= left_of_block_ ? Step::kMore : Step::kCorrupt;
}

}  // namespace gander::content
