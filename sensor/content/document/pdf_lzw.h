// SPDX-License-Identifier: Apache-2.0
// LZW as PDF and TIFF have it (ISO 32000-1, 7.4.4): codes of 9 to 12 bits, high bits first.
#ifndef GANDER_CONTENT_PDF_LZW_H_
#define GANDER_CONTENT_PDF_LZW_H_

#include "content/coding/coding.h"

namespace gander::content {

class PdfLzwLayer final : public CodingLayer {
 public:
  // To be called before Open(). `early`: codes grow one code sooner than they must.
  void SetEarlyChange(bool early) noexcept { early_ = early ? 1 : 0; }
  void GiveBack() noexcept override;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override { return ended_; }
  void CountBody(Counters&) const noexcept override {}
  void Close() noexcept override;

 private:
  static constexpr std::uint32_t kCodes = 4096;

  // A string: that of another code and a byte behind it.
  struct Entry {
    std::uint16_t before;
    std::uint16_t length;
    std::uint8_t last, first;
  };
  struct Tables {
    Entry entries[kCodes];
    std::uint8_t string[kCodes];  // being written
  };

  void Reset() noexcept;
  Step Take(std::uint32_t code) noexcept;
  void Spell(std::uint32_t code) noexcept;
  std::size_t Write(std::span<std::byte> out) noexcept;

  Tables* tables_ = nullptr;
  std::uint32_t early_ = 1;
  std::uint32_t next_ = 0;
  std::uint32_t width_ = 9;
  std::uint32_t previous_ = kCodes;
  std::uint32_t bits_ = 0, bit_count_ = 0;
  std::size_t written_ = 0, length_ = 0;  // of `string`
  bool ended_ = false;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_LZW_H_
