// SPDX-License-Identifier: Apache-2.0
// A bare block of LZ4 (github.com/lz4/lz4, lz4_Block_format.md), as Parquet has them. liblz4 wants the whole
// of it at once.
#ifndef GANDER_CONTENT_LZ4_BLOCK_H_
#define GANDER_CONTENT_LZ4_BLOCK_H_

#include "content/coding/coding.h"
#include "content/coding/lz_window.h"

namespace gander::content {

class Lz4BlockLayer final : public CodingLayer {
 public:
  void GiveBack() noexcept override;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  // A block ends with literals.
  bool Complete() const noexcept override { return part_ == Part::kOffset && offset_bytes_ == 0; }
  void CountBody(Counters&) const noexcept override {}
  void Close() noexcept override { window_.Release(); }

 private:
  enum class Part : std::uint8_t { kToken, kLiteralLength, kLiteral, kOffset, kMatchLength, kMatch };

  Step Byte(std::uint8_t byte) noexcept;
  void Begin(Part lengthened, Part then, std::size_t nibble, std::size_t length) noexcept;

  LzWindow window_;
  Part part_ = Part::kToken;
  std::uint8_t token_ = 0;
  std::uint8_t offset_bytes_ = 0;
  std::size_t left_ = 0;
  std::size_t back_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_LZ4_BLOCK_H_
