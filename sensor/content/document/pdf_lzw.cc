// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_lzw.h"

#include <algorithm>
#include <cstring>

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

constexpr std::uint32_t kClear = 256, kEnd = 257, kFirst = 258;
constexpr std::uint32_t kMinBits = 9, kMaxBits = 12;

}  // namespace

void PdfLzwLayer::GiveBack() noexcept { body().pool->Give(this); }

void PdfLzwLayer::Close() noexcept {
  if (tables_ != nullptr) body().pool->memory.Free(tables_);
  tables_ = nullptr;
}

CodingLayer::Guess PdfLzwLayer::Recognise(Bytes, bool) noexcept {
  Close();
  tables_ = static_cast<Tables*>(body().pool->memory.Allocate(sizeof(Tables)));
  bits_ = bit_count_ = 0;
  written_ = length_ = 0;
  ended_ = false;
  if (tables_ != nullptr) Reset();
  return Guess::kCoded;
}

void PdfLzwLayer::Reset() noexcept {
  for (std::uint32_t i = 0; i < kClear; ++i) {
    tables_->entries[i] = {0, 1, static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i)};
  }
  next_ = kFirst;
  width_ = kMinBits;
  previous_ = kCodes;
}

CodingLayer::Step PdfLzwLayer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  *produced = 0;
  if (tables_ == nullptr) return Step::kNoMemory;
  if (ended_) return Step::kEnd;
  std::size_t n = Write(out);
  Step step = Step::kMore;
  while (step == Step::kMore && written_ == length_) {
    while (bit_count_ < width_ && !in.empty()) {
      bits_ = bits_ << 8 | Octets(TakeFront(in, 1))[0];
      bit_count_ += 8;
    }
    if (bit_count_ < width_) break;
    bit_count_ -= width_;
    step = Take(bits_ >> bit_count_ & ((1u << width_) - 1));
    n += Write(out.subspan(n));
  }
  *produced = n;
  return step;
}

CodingLayer::Step PdfLzwLayer::Take(std::uint32_t code) noexcept {
  if (code == kClear) {
    Reset();
    return Step::kMore;
  }
  if (code == kEnd) {
    ended_ = true;
    return Step::kEnd;
  }
  const bool known = code < next_;
  if (!known && (code != next_ || previous_ == kCodes)) return Step::kCorrupt;
  if (previous_ != kCodes && next_ < kCodes) {
    const Entry& before = tables_->entries[previous_];
    const std::uint8_t last = known ? tables_->entries[code].first : before.first;
    tables_->entries[next_++] = {static_cast<std::uint16_t>(previous_),
                                 static_cast<std::uint16_t>(before.length + 1), last, before.first};
    if (next_ + early_ >= 1u << width_ && width_ < kMaxBits) ++width_;
  }
  if (code >= next_) return Step::kCorrupt;
  Spell(code);
  previous_ = code;
  return Step::kMore;
}

void PdfLzwLayer::Spell(std::uint32_t code) noexcept {
  written_ = 0;
  length_ = tables_->entries[code].length;
  for (std::size_t i = length_; i-- > 0; code = tables_->entries[code].before) {
    tables_->string[i] = tables_->entries[code].last;
  }
}

std::size_t PdfLzwLayer::Write(std::span<std::byte> out) noexcept {
  const std::size_t n = std::min(out.size(), length_ - written_);
  if (n > 0) std::memcpy(out.data(), tables_->string + written_, n);
  written_ += n;
  return n;
}

}  // namespace gander::content
