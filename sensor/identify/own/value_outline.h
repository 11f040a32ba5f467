// SPDX-License-Identifier: Apache-2.0
// What is known of a register's values before any is hashed: how long they are, of what characters, and how they begin.
// It tells most words of a text apart from them at the cost of a load, where a look into the filter costs a hash and
// three misses of the cache.
//
// Lengths stand open, as they always did; beginnings of three characters are entered by a keyed multiply-shift hash
// (Dietzfelbinger et al., "A reliable randomized algorithm for the closest-pair problem", 1997), so that even of a
// register of few values a file shows none without the key.
#ifndef GANDER_IDENTIFY_OWN_VALUE_OUTLINE_H_
#define GANDER_IDENTIFY_OWN_VALUE_OUTLINE_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "base/hash.h"

namespace gander::identify {

class ValueOutline {
 public:
  enum class Kind : std::uint8_t { kDigits, kLetterFirst, kOther };  // digits alone; a letter first; what is left
  static constexpr std::size_t kKinds = 3;
  static constexpr std::size_t kBeginningBits = 16;  // 8 KB, which the first cache holds beside the text
  static constexpr std::size_t kBytes = kKinds * 8 + (std::size_t{1} << kBeginningBits) / 8;
  static constexpr std::size_t kMinLength = 4;

  ValueOutline() = default;
  explicit ValueOutline(const HashKey& key) noexcept;

  // Values in the register's form, of kMinLength characters and more.
  void Add(std::string_view form) noexcept;
  // What either holds. Both are of one key.
  void Merge(const ValueOutline& other) noexcept;

  // Whether a value of `length` characters may be among them; 63 stands for 63 and more.
  bool MayHold(Kind kind, std::size_t length) const noexcept {
    return (lengths_[static_cast<std::size_t>(kind)] >> (length < 63 ? length : 63) & 1) != 0;
  }
  bool MayHold(std::size_t length) const noexcept {
    return MayHold(Kind::kDigits, length) || MayHold(Kind::kLetterFirst, length) || MayHold(Kind::kOther, length);
  }
  bool MayHold(std::string_view form) const noexcept {
    if (form.size() < kMinLength || !MayHold(KindOf(form), form.size())) return false;
    const std::size_t place = PlaceOf(form);
    return (beginnings_[place >> 6] >> (place & 63) & 1) != 0;
  }
  static Kind KindOf(std::string_view form) noexcept;
  bool empty() const noexcept { return (lengths_[0] | lengths_[1] | lengths_[2]) == 0; }

  void AppendTo(std::vector<std::uint8_t>& out) const;
  // Of kBytes; the key is that of the constructor.
  void Load(std::span<const std::uint8_t> bytes) noexcept;

 private:
  std::size_t PlaceOf(std::string_view form) const noexcept {
    std::uint32_t first;
    std::memcpy(&first, form.data(), sizeof first);
    const std::uint64_t packed = (first & 0xFFFFFF) | static_cast<std::uint64_t>(form.size()) << 24;
    return static_cast<std::size_t>(packed * multiplier_ >> (64 - kBeginningBits));
  }

  std::uint64_t multiplier_ = 1;
  std::array<std::uint64_t, kKinds> lengths_{};  // bit n = values of n characters
  std::array<std::uint64_t, (std::size_t{1} << kBeginningBits) / 64> beginnings_{};
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_OWN_VALUE_OUTLINE_H_
