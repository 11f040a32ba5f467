// SPDX-License-Identifier: Apache-2.0
// A block of Snappy (github.com/google/snappy, format_description.txt), as Avro and Parquet have them.
// libsnappy wants the whole of it at once.
#ifndef GANDER_CONTENT_SNAPPY_H_
#define GANDER_CONTENT_SNAPPY_H_

#include "content/coding/coding.h"
#include "content/coding/lz_window.h"

namespace gander::content {

class SnappyLayer final : public CodingLayer {
 public:
  void GiveBack() noexcept override;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override { return part_ == Part::kTag && left_of_block_ == 0; }
  void CountBody(Counters&) const noexcept override {}
  void Close() noexcept override { window_.Release(); }

 private:
  enum class Part : std::uint8_t { kLength, kTag, kLiteralLength, kLiteral, kOffset, kCopy };

  Step Byte(std::uint8_t byte) noexcept;
  void Tag(std::uint8_t tag) noexcept;
  Step BeginCopy() noexcept;

  LzWindow window_;
  Part part_ = Part::kLength;
  std::uint64_t left_of_block_ = 0;  // uncompressed bytes to come
  std::uint32_t shift_ = 0;
  std::uint32_t value_ = 0;       // a length or an offset being read
  std::uint32_t bytes_left_ = 0;  // of it
  std::size_t left_ = 0;          // of the literal or copy at hand
  std::size_t back_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_SNAPPY_H_
