// SPDX-License-Identifier: Apache-2.0
// Deflate64, as ZIP archives hold it (APPNOTE.TXT 5.5; method 9): deflate (RFC 1951) with a window of 64 KiB, two more
// distance codes, and matches of up to 65,538 bytes. No library of Debian reads it.
#ifndef GANDER_CONTENT_INFLATE64_H_
#define GANDER_CONTENT_INFLATE64_H_

#include <array>
#include <cstdint>
#include <span>

#include "content/coding/coding.h"
#include "content/coding/lz_window.h"

namespace gander::content {

// A canonical prefix code (RFC 1951 §3.2.2), walked bit by bit.
class PrefixCode {
 public:
  static constexpr std::size_t kMaxSymbols = 288, kMaxLength = 15;
  static constexpr std::uint32_t kNoSymbol = ~std::uint32_t{0};

  // Of the length of each symbol's code, 0 = it has none. False when no code has such lengths.
  bool Build(std::span<const std::uint8_t> lengths) noexcept;
  // A walk from the code's root. Take() is true at a symbol, and where no code goes on: kNoSymbol.
  struct Walk {
    std::uint32_t code = 0, first = 0, index = 0;
    std::size_t length = 0;
  };
  bool Take(std::uint32_t bit, Walk& walk, std::uint32_t& symbol) const noexcept;

 private:
  std::array<std::uint16_t, kMaxLength + 1> count_;  // of codes, by length
  std::array<std::uint16_t, kMaxSymbols> symbols_;   // in the order of their codes
};

class Inflate64Layer final : public CodingLayer {
 public:
  void GiveBack() noexcept override;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override { return part_ == Part::kOver; }
  bool StopsAtDamage() const noexcept override { return true; }
  void CountBody(Counters& counters) const noexcept override { ++counters.deflate; }
  std::uint32_t Cost() const noexcept override { return 4; }
  void Close() noexcept override { window_.Release(); }

 private:
  enum class Part : std::uint8_t {
    kBlock,
    kStoredLength,
    kStoredCheck,
    kStored,
    kSizes,        // of the two codes of a block
    kCodeLengths,  // of the code that their lengths are written in
    kLengths,
    kRepeat,
    kSymbol,
    kLength,
    kDistance,
    kFarDistance,
    kCopy,
    kOver,
  };
  static constexpr std::size_t kMaxLiterals = 288, kMaxDistances = 32;

  // Each is false when it needs more of `in`; then it has kept what there was.
  bool Bits(Bytes& in, unsigned wanted) noexcept;
  bool Symbol(Bytes& in, const PrefixCode& code) noexcept;
  bool Read(Bytes& in) noexcept;

  Step Act(std::span<std::byte> out, std::size_t& n) noexcept;
  Step BeginBlock() noexcept;
  Step BeginFixed() noexcept;
  Step BeginDynamic() noexcept;
  Step CodeLength() noexcept;
  Step Length() noexcept;
  Step Fill(std::uint8_t length, std::size_t times) noexcept;
  Step OnSymbol(std::span<std::byte> out, std::size_t& n) noexcept;
  Step OnDistance() noexcept;
  Step BeginCopy() noexcept;
  void EndBlock() noexcept { part_ = last_block_ ? Part::kOver : Part::kBlock; }

  LzWindow window_;
  Part part_ = Part::kBlock;
  bool last_block_ = false;
  unsigned bit_count_ = 0, extra_ = 0;
  std::uint32_t bits_ = 0;   // read and not used, the next lowest
  std::uint32_t value_ = 0;  // what was read last: bits or a symbol
  PrefixCode::Walk walk_;
  std::size_t left_ = 0, back_ = 0;  // of what is copied or stored
  std::size_t literals_ = 0, distances_ = 0, code_lengths_ = 0, filled_ = 0;
  std::array<std::uint8_t, kMaxLiterals + kMaxDistances> lengths_;
  PrefixCode literal_code_, distance_code_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_INFLATE64_H_
