// SPDX-License-Identifier: Apache-2.0
// UTF-16 of either byte order to UTF-8 (RFC 2781, RFC 3629).
#ifndef GANDER_CONTENT_UTF16_H_
#define GANDER_CONTENT_UTF16_H_

#include "content/converting_layer.h"

namespace gander::content {

enum class Utf16Order : std::uint8_t { kNone, kLittle, kBig };

// What the first bytes of a text say: a byte order mark, or zeros in every second byte as in text of Latin
// letters.
Utf16Order GuessUtf16(Bytes prefix) noexcept;

class Utf16Layer final : public ConvertingLayer {
 public:
  // To be called before Open().
  void SetOrder(Utf16Order order) noexcept { big_endian_ = order == Utf16Order::kBig; }
  void GiveBack() noexcept override;

 protected:
  void Start() noexcept override;
  std::size_t Convert(Bytes& in, std::span<std::byte> out) noexcept override;
  std::size_t Finish(std::span<std::byte> out) noexcept override;

 private:
  std::size_t Unit(std::uint32_t unit, std::span<std::byte> out) noexcept;

  bool big_endian_ = false;
  bool half_ = false;     // first byte of a unit is in first_
  bool at_start_ = true;  // a byte order mark is no text
  std::uint8_t first_ = 0;
  std::uint32_t high_ = 0;  // high surrogate that waits for its low one
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_UTF16_H_
