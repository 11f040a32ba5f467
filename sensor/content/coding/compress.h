// SPDX-License-Identifier: Apache-2.0
// The LZW of compress(1): .Z files, and "compress" in HTTP (RFC 9110 §8.4.1.1). After the published format: codes of 9
// to 9..16 bits, least significant bit first, in groups of eight of one width; in block mode code 256 empties the
// table. The algorithm is Welch's (IEEE Computer, June 1984).
#ifndef GANDER_CONTENT_COMPRESS_H_
#define GANDER_CONTENT_COMPRESS_H_

#include <cstdint>

#include "content/coding/coding.h"

namespace gander::content {

class CompressLayer final : public CodingLayer {
 public:
  CompressLayer() = default;
  ~CompressLayer() override;
  void GiveBack() noexcept override;

  // 1F 9D and a byte of flags that an encoder can have written.
  static bool HasMagic(Bytes prefix) noexcept;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  // The format has no end mark.
  bool Complete() const noexcept override { return header_left_ == 0; }
  void CountBody(Counters& counters) const noexcept override { ++counters.compress; }
  void Close() noexcept override {}  // the table is kept for the next body

 private:
  static constexpr std::size_t kHeaderBytes = 3;
  static constexpr std::uint32_t kMinBits = 9, kMaxBits = 16, kCodes = 1u << kMaxBits;

  // What a code stands for: the string of `prefix`, then `last`.
  struct Entry {
    std::uint16_t prefix;
    std::uint8_t last, first;
  };
  struct Table {
    Entry entries[kCodes];
    std::uint16_t lengths[kCodes];  // of their strings; each is one longer than another
    std::byte spill[kCodes];        // a string for which the output had no room, its unwritten part at the end
  };

  bool Start(std::uint8_t flags) noexcept;
  void Empty() noexcept;
  void Align() noexcept;
  bool NextCode(Bytes& in, std::uint32_t* code) noexcept;
  bool Learn(std::uint32_t code) noexcept;
  void Expand(std::uint32_t code, std::byte* end) const noexcept;

  Table* table_ = nullptr;
  std::uint32_t header_left_ = 0;  // bytes
  std::uint32_t max_bits_ = 0;     // of a code
  std::uint32_t bits_ = 0;         // of a code now
  bool block_mode_ = false;
  std::uint64_t window_ = 0;       // bits read and not used, the next one lowest
  std::uint32_t window_bits_ = 0;
  std::uint32_t in_group_ = 0;     // codes of the group at hand, modulo 8
  std::uint32_t skip_bits_ = 0;    // left of a group that was cut short
  std::uint32_t free_ = 0;         // the next code to be given a meaning
  std::uint32_t before_ = 0;       // the code before; kCodes = none
  std::size_t spilled_ = 0;        // bytes at the end of `spill`
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_COMPRESS_H_
