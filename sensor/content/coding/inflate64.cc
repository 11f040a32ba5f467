// SPDX-License-Identifier: Apache-2.0
#include "content/coding/inflate64.h"

#include <algorithm>

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

constexpr std::uint32_t kEndOfBlock = 256, kFirstLength = 257, kLastLength = 285;
constexpr std::uint32_t kMinMatch = 3;

struct Extra {
  std::uint32_t base;
  unsigned bits;
};

// RFC 1951 §3.2.5, but for the last length, which has 16 bits of its own.
Extra LengthOf(std::uint32_t symbol) noexcept {
  const std::uint32_t n = symbol - kFirstLength;
  if (n < 8) return {n + kMinMatch, 0};
  if (symbol == kLastLength) return {kMinMatch, 16};
  const unsigned bits = n / 4 - 1;
  return {kMinMatch + ((4 + n % 4) << bits), bits};
}

Extra DistanceOf(std::uint32_t n) noexcept {
  if (n < 4) return {n + 1, 0};
  const unsigned bits = n / 2 - 1;
  return {1 + ((2 + n % 2) << bits), bits};
}

}  // namespace

bool PrefixCode::Build(std::span<const std::uint8_t> lengths) noexcept {
  count_.fill(0);
  for (const std::uint8_t length : lengths) ++count_[length];
  count_[0] = 0;
  std::array<std::uint16_t, kMaxLength + 1> at{};
  int free = 1;
  for (std::size_t n = 1; n <= kMaxLength; ++n) {
    free = 2 * free - count_[n];
    if (free < 0) return false;
    at[n] = static_cast<std::uint16_t>(at[n - 1] + count_[n - 1]);
  }
  for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
    if (lengths[symbol] > 0) symbols_[at[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
  }
  return true;
}

// Codes of one length are numbers that follow each other, behind those of the length before.
bool PrefixCode::Take(std::uint32_t bit, Walk& walk, std::uint32_t& symbol) const noexcept {
  walk.code = walk.code << 1 | bit;
  const std::uint32_t count = count_[++walk.length];
  if (walk.code - walk.first < count) {
    symbol = symbols_[walk.index + walk.code - walk.first];
    return true;
  }
  walk.index += count;
  walk.first = (walk.first + count) << 1;
  symbol = kNoSymbol;
  return walk.length == kMaxLength;
}

void Inflate64Layer::GiveBack() noexcept { body().pool->Give(this); }

CodingLayer::Guess Inflate64Layer::Recognise(Bytes, bool) noexcept {
  window_.Begin(body().pool->memory);
  part_ = Part::kBlock;
  last_block_ = false;
  bit_count_ = 0;
  bits_ = 0;
  walk_ = {};
  return Guess::kCoded;
}

CodingLayer::Step Inflate64Layer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  std::size_t n = 0;
  Step step = window_.ready() ? Step::kMore : Step::kNoMemory;
  while (step == Step::kMore && n < out.size()) {
    if (part_ == Part::kOver) {
      step = Step::kEnd;
    } else if (part_ == Part::kCopy) {
      n = window_.Copy(back_, left_, out, n);
      if (left_ == 0) part_ = Part::kSymbol;
    } else if (part_ == Part::kStored) {
      if (in.empty()) break;
      n = window_.Literal(in, left_, out, n);
      if (left_ == 0) EndBlock();
    } else {
      if (!Read(in)) break;
      step = Act(out, n);
    }
  }
  *produced = n;
  return step;
}

// Never more bytes than these bits need: what follows the stream is left where it is.
bool Inflate64Layer::Bits(Bytes& in, unsigned wanted) noexcept {
  for (; bit_count_ < wanted; bit_count_ += 8) {
    if (in.empty()) return false;
    bits_ |= std::uint32_t{Octets(TakeFront(in, 1))[0]} << bit_count_;
  }
  value_ = bits_ & ((1u << wanted) - 1);
  bits_ >>= wanted;
  bit_count_ -= wanted;
  return true;
}

bool Inflate64Layer::Symbol(Bytes& in, const PrefixCode& code) noexcept {
  do {
    if (!Bits(in, 1)) return false;
  } while (!code.Take(value_, walk_, value_));
  walk_ = {};
  return true;
}

// What the part at hand wants.
bool Inflate64Layer::Read(Bytes& in) noexcept {
  switch (part_) {
    case Part::kBlock:
    case Part::kCodeLengths:
      return Bits(in, 3);
    case Part::kStoredLength:
    case Part::kStoredCheck:
      return Bits(in, 16);
    case Part::kSizes:
      return Bits(in, 14);
    case Part::kLengths:
    case Part::kSymbol:
      return Symbol(in, literal_code_);
    case Part::kDistance:
      return Symbol(in, distance_code_);
    default:
      return Bits(in, extra_);
  }
}

CodingLayer::Step Inflate64Layer::Act(std::span<std::byte> out, std::size_t& n) noexcept {
  switch (part_) {
    case Part::kBlock:
      return BeginBlock();
    case Part::kStoredLength:
      left_ = value_;
      part_ = Part::kStoredCheck;
      return Step::kMore;
    case Part::kStoredCheck:
      if (value_ != (~left_ & 0xffff)) return Step::kCorrupt;
      part_ = Part::kStored;
      if (left_ == 0) EndBlock();
      return Step::kMore;
    case Part::kSizes:
      return BeginDynamic();
    case Part::kCodeLengths:
      return CodeLength();
    case Part::kLengths:
      return Length();
    case Part::kRepeat:
      return Fill(static_cast<std::uint8_t>(back_), left_ + value_);
    case Part::kSymbol:
      return OnSymbol(out, n);
    case Part::kLength:
      left_ += value_;
      part_ = Part::kDistance;
      return Step::kMore;
    case Part::kDistance:
      return OnDistance();
    default:
      back_ += value_;
      return BeginCopy();
  }
}

CodingLayer::Step Inflate64Layer::BeginBlock() noexcept {
  last_block_ = (value_ & 1) != 0;
  switch (value_ >> 1) {
    case 0:
      bits_ = bit_count_ = 0;  // up to the octet's border
      part_ = Part::kStoredLength;
      return Step::kMore;
    case 1:
      return BeginFixed();
    case 2:
      part_ = Part::kSizes;
      return Step::kMore;
    default:
      return Step::kCorrupt;
  }
}

// RFC 1951 §3.2.6.
CodingLayer::Step Inflate64Layer::BeginFixed() noexcept {
  constexpr std::size_t kFirstOfNine = 144, kFirstOfSeven = 256, kLastOfEight = 280;
  for (std::size_t i = 0; i < kMaxLiterals; ++i) {
    lengths_[i] = i < kFirstOfNine ? 8 : i < kFirstOfSeven ? 9 : i < kLastOfEight ? 7 : 8;
  }
  std::fill(lengths_.begin() + kMaxLiterals, lengths_.end(), std::uint8_t{5});
  const std::span<const std::uint8_t> all(lengths_);
  literal_code_.Build(all.first(kMaxLiterals));
  distance_code_.Build(all.last(kMaxDistances));
  part_ = Part::kSymbol;
  return Step::kMore;
}

CodingLayer::Step Inflate64Layer::BeginDynamic() noexcept {
  literals_ = (value_ & 31) + 257;
  distances_ = (value_ >> 5 & 31) + 1;
  code_lengths_ = (value_ >> 10) + 4;
  lengths_.fill(0);
  filled_ = 0;
  part_ = Part::kCodeLengths;
  return Step::kMore;
}

CodingLayer::Step Inflate64Layer::CodeLength() noexcept {
  constexpr std::uint8_t kOrder[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  lengths_[kOrder[filled_++]] = static_cast<std::uint8_t>(value_);
  if (filled_ < code_lengths_) return Step::kMore;
  const bool built = literal_code_.Build(std::span<const std::uint8_t>(lengths_).first(std::size(kOrder)));
  filled_ = 0;
  part_ = Part::kLengths;
  return built ? Step::kMore : Step::kCorrupt;
}

// RFC 1951 §3.2.7: a length, or how often which one is repeated.
CodingLayer::Step Inflate64Layer::Length() noexcept {
  if (value_ < 16) return Fill(static_cast<std::uint8_t>(value_), 1);
  if (value_ == PrefixCode::kNoSymbol || (value_ == 16 && filled_ == 0)) return Step::kCorrupt;
  extra_ = value_ == 16 ? 2 : value_ == 17 ? 3 : 7;
  left_ = value_ == 18 ? 11 : 3;
  back_ = value_ == 16 ? lengths_[filled_ - 1] : 0;
  part_ = Part::kRepeat;
  return Step::kMore;
}

CodingLayer::Step Inflate64Layer::Fill(std::uint8_t length, std::size_t times) noexcept {
  const std::size_t all = literals_ + distances_;
  if (times > all - filled_) return Step::kCorrupt;
  for (; times > 0; --times) lengths_[filled_++] = length;
  part_ = Part::kLengths;
  if (filled_ < all) return Step::kMore;
  const std::span<const std::uint8_t> lengths(lengths_);
  part_ = Part::kSymbol;
  const bool built =
      literal_code_.Build(lengths.first(literals_)) && distance_code_.Build(lengths.subspan(literals_, distances_));
  return built ? Step::kMore : Step::kCorrupt;
}

CodingLayer::Step Inflate64Layer::OnSymbol(std::span<std::byte> out, std::size_t& n) noexcept {
  if (value_ < kEndOfBlock) {
    const std::byte literal{static_cast<std::uint8_t>(value_)};
    Bytes one(&literal, 1);
    std::size_t left = 1;
    n = window_.Literal(one, left, out, n);
    return Step::kMore;
  }
  if (value_ > kLastLength) return Step::kCorrupt;
  if (value_ == kEndOfBlock) {
    EndBlock();
    return Step::kMore;
  }
  const Extra length = LengthOf(value_);
  left_ = length.base;
  extra_ = length.bits;
  part_ = Part::kLength;
  return Step::kMore;
}

CodingLayer::Step Inflate64Layer::OnDistance() noexcept {
  if (value_ == PrefixCode::kNoSymbol) return Step::kCorrupt;
  const Extra distance = DistanceOf(value_);
  back_ = distance.base;
  extra_ = distance.bits;
  part_ = Part::kFarDistance;
  return Step::kMore;
}

CodingLayer::Step Inflate64Layer::BeginCopy() noexcept {
  part_ = Part::kCopy;
  return window_.MayCopy(back_) ? Step::kMore : Step::kCorrupt;
}

}  // namespace gander::content
