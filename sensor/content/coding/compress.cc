// SPDX-License-Identifier: Apache-2.0
#include "content/coding/compress.h"

#include <algorithm>
#include <cstring>

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

constexpr std::uint8_t kMagic0 = 0x1f, kMagic1 = 0x9d;
// Third byte: the widest code, two bits that nothing uses, whether code 256 empties the table.
constexpr std::uint8_t kBitsMask = 0x1f, kReserved = 0x60, kBlockMode = 0x80;
constexpr std::uint32_t kLiterals = 256, kClear = 256, kGroup = 8;

}  // namespace

CompressLayer::~CompressLayer() {
  if (table_ != nullptr) memory().Free(table_);
}

void CompressLayer::GiveBack() noexcept { body().pool->Give(this); }

bool CompressLayer::HasMagic(Bytes prefix) noexcept {
  if (prefix.size() < kHeaderBytes) return false;
  const std::uint8_t* const p = Octets(prefix);
  const std::uint32_t bits = p[2] & kBitsMask;
  return p[0] == kMagic0 && p[1] == kMagic1 && (p[2] & kReserved) == 0 && bits >= kMinBits && bits <= kMaxBits;
}

CodingLayer::Guess CompressLayer::Recognise(Bytes prefix, bool all) noexcept {
  if (prefix.size() < kHeaderBytes) return all ? Guess::kPlain : Guess::kNeedMore;
  if (!HasMagic(prefix)) return Guess::kPlain;
  Start(Octets(prefix)[2]);
  return Guess::kCoded;  // Decode() says it when the memory for it is used up
}

bool CompressLayer::Start(std::uint8_t flags) noexcept {
  header_left_ = kHeaderBytes;
  max_bits_ = flags & kBitsMask;
  block_mode_ = (flags & kBlockMode) != 0;
  window_ = window_bits_ = skip_bits_ = 0;
  spilled_ = 0;
  Empty();
  if (table_ != nullptr) return true;
  table_ = static_cast<Table*>(memory().Allocate(sizeof(Table)));
  if (table_ == nullptr) return false;
  for (std::uint32_t c = 0; c < kLiterals; ++c) {
    table_->entries[c] = {0, static_cast<std::uint8_t>(c), static_cast<std::uint8_t>(c)};
    table_->lengths[c] = 1;
  }
  return true;
}

void CompressLayer::Empty() noexcept {
  bits_ = kMinBits;
  in_group_ = 0;
  free_ = block_mode_ ? kClear + 1 : kLiterals;
  before_ = kCodes;
}

// Encoders write whole groups; what is left of one whose width changes means nothing.
void CompressLayer::Align() noexcept {
  skip_bits_ = (kGroup - in_group_) % kGroup * bits_;
  in_group_ = 0;
}

// False when the input is used up.
bool CompressLayer::NextCode(Bytes& in, std::uint32_t* code) noexcept {
  if (free_ >> bits_ != 0 && bits_ < max_bits_) {
    Align();
    ++bits_;
  }
  while (window_bits_ < bits_ + skip_bits_) {
    if (window_bits_ > skip_bits_) {
      window_ >>= skip_bits_;
      window_bits_ -= skip_bits_;
      skip_bits_ = 0;
    } else {
      skip_bits_ -= window_bits_;
      window_ = window_bits_ = 0;
    }
    if (in.empty()) return false;
    while (window_bits_ <= 56 && !in.empty()) {
      window_ |= std::uint64_t{Octets(in)[0]} << window_bits_;
      window_bits_ += 8;
      in = in.subspan(1);
    }
  }
  window_ >>= skip_bits_;
  *code = static_cast<std::uint32_t>(window_ & ((1u << bits_) - 1));
  window_ >>= bits_;
  window_bits_ -= bits_ + skip_bits_;
  skip_bits_ = 0;
  in_group_ = (in_group_ + 1) % kGroup;
  return true;
}

// The code before, and the first byte of this one, get a code of their own. False when `code` has no meaning.
bool CompressLayer::Learn(std::uint32_t code) noexcept {
  if (before_ == kCodes) {
    before_ = code;
    return code < kLiterals;
  }
  if (code > free_ || (code == free_ && free_ >> max_bits_ != 0)) return false;
  if (free_ >> max_bits_ == 0) {
    const Entry& before = table_->entries[before_];
    const std::uint8_t last = code == free_ ? before.first : table_->entries[code].first;
    table_->entries[free_] = {static_cast<std::uint16_t>(before_), last, before.first};
    table_->lengths[free_] = static_cast<std::uint16_t>(table_->lengths[before_] + 1);
    ++free_;
  }
  before_ = code;
  return true;
}

void CompressLayer::Expand(std::uint32_t code, std::byte* end) const noexcept {
  for (std::uint32_t left = table_->lengths[code]; left > 0; --left) {
    const Entry entry = table_->entries[code];
    *--end = static_cast<std::byte>(entry.last);
    code = entry.prefix;
  }
}

CodingLayer::Step CompressLayer::Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept {
  *produced = 0;
  if (table_ == nullptr) return Step::kNoMemory;
  header_left_ -= static_cast<std::uint32_t>(TakeFront(in, header_left_).size());
  std::size_t n = 0;
  for (;;) {
    const std::size_t more = std::min(spilled_, out.size() - n);
    std::memcpy(out.data() + n, table_->spill + kCodes - spilled_, more);
    spilled_ -= more;
    n += more;
    *produced = n;
    std::uint32_t code = 0;
    if (n == out.size() || !NextCode(in, &code)) return Step::kMore;
    if (block_mode_ && code == kClear) {
      Align();
      const std::uint32_t skip = skip_bits_;
      Empty();
      skip_bits_ = skip;
      continue;
    }
    if (!Learn(code)) return Step::kCorrupt;
    const std::size_t length = table_->lengths[code];
    if (length <= out.size() - n) {
      Expand(code, out.data() + n + length);
      n += length;
    } else {
      Expand(code, table_->spill + kCodes);
      spilled_ = length;
    }
  }
}

}  // namespace gander::content
