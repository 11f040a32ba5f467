// SPDX-License-Identifier: Apache-2.0
#include "content/coding/lz4_block.h"

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

constexpr std::size_t kMinMatch = 4;
constexpr std::size_t kLongNibble = 15;    // more bytes tell the length
constexpr std::size_t kMaxRun = 1u << 30;  // no block is longer

}  // namespace

void Lz4BlockLayer::GiveBack() noexcept { body().pool->Give(this); }

CodingLayer::Guess Lz4BlockLayer::Recognise(Bytes, bool) noexcept {
  window_.Begin(body().pool->memory);
  part_ = Part::kToken;
  offset_bytes_ = 0;
  return Guess::kCoded;
}

CodingLayer::Step Lz4BlockLayer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  std::size_t n = 0;
  Step step = window_.ready() ? Step::kMore : Step::kNoMemory;
  while (step == Step::kMore && n < out.size()) {
    if (part_ == Part::kMatch) {
      n = window_.Copy(back_, left_, out, n);
      if (left_ == 0) part_ = Part::kToken;
    } else if (in.empty()) {
      break;
    } else if (part_ == Part::kLiteral) {
      n = window_.Literal(in, left_, out, n);
      if (left_ == 0) part_ = Part::kOffset;
    } else {
      step = Byte(Octets(TakeFront(in, 1))[0]);
    }
  }
  *produced = n;
  return step;
}

// A length that fits its half of the token is complete.
void Lz4BlockLayer::Begin(Part lengthened, Part then, std::size_t nibble, std::size_t length) noexcept {
  left_ = length;
  part_ = nibble == kLongNibble ? lengthened : then;
}

CodingLayer::Step Lz4BlockLayer::Byte(std::uint8_t byte) noexcept {
  switch (part_) {
    case Part::kToken: {
      token_ = byte;
      offset_bytes_ = 0;
      back_ = 0;
      const std::size_t literals = byte >> 4;
      Begin(Part::kLiteralLength, literals == 0 ? Part::kOffset : Part::kLiteral, literals, literals);
      return Step::kMore;
    }
    case Part::kOffset: {
      back_ |= std::size_t{byte} << (8 * offset_bytes_);
      if (++offset_bytes_ < 2) return Step::kMore;
      const std::size_t match = token_ & 15u;
      Begin(Part::kMatchLength, Part::kMatch, match, match + kMinMatch);
      return window_.MayCopy(back_) ? Step::kMore : Step::kCorrupt;
    }
    default:
      left_ += byte;
      if (left_ > kMaxRun) return Step::kCorrupt;
      if (byte < 255) part_ = part_ == Part::kLiteralLength ? Part::kLiteral : Part::kMatch;
      return Step::kMore;
  }
}

}  // namespace gander::content
