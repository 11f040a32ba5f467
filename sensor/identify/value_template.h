// SPDX-License-Identifier: Apache-2.0
// Templates such as "NNN-NN-NNNN" compiled for look-up by the lengths and separators of the groups at hand.
#ifndef GANDER_IDENTIFY_VALUE_TEMPLATE_H_
#define GANDER_IDENTIFY_VALUE_TEMPLATE_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "identify/finding.h"

namespace gander::identify {

inline constexpr std::size_t kMaxTemplateGroups = 8;
inline constexpr std::size_t kMaxTemplateLength = 48;  // separators included

// What joins the groups of one value.
constexpr bool IsSeparator(char c) noexcept { return c == ' ' || c == '-' || c == '.' || c == '/'; }

// Running hash of groups: equal for a text and a template exactly when lengths and separators agree (but for
// collisions, which Fits then rejects).
class Signature {
 public:
  void AddGroup(std::size_t length) noexcept { hash_ = (hash_ ^ length) * kPrime; }
  void AddSeparator(char c) noexcept { hash_ = (hash_ ^ static_cast<unsigned char>(c) ^ 0x100) * kPrime; }
  std::uint64_t value() const noexcept { return hash_ ^ hash_ >> 29; }

 private:
  static constexpr std::uint64_t kPrime = 0x9E3779B97F4A7C15ULL;
  std::uint64_t hash_ = 0x243F6A8885A308D3ULL;
};

struct ValueTemplate {
  IdType rule = 0;
  bool spaced = false;  // has a space in it: only tried on a whole chain of groups
  std::string places;   // class letters and separators, as in Shape::templates after expansion

  // Prepares Fits for `places`.
  void Compile() noexcept;
  bool Fits(std::string_view text) const noexcept;

 private:
  // Where every place takes a digit or itself, eight are tested at a time: adding
  // the first sets the upper bit of a byte at or above the range, adding the second of one above it.
  bool ranges_ = false;
  std::array<char, kMaxTemplateLength> to_low_{}, to_high_{};
};

// Expands ~ and checks a template. On failure returns what is wrong, else empty.
std::string ExpandTemplate(const std::string& pattern, const std::vector<std::string>& separators,
                           std::vector<std::string>& out);

class TemplateIndex {
 public:
  void Add(ValueTemplate t);
  void Freeze();  // after the last Add
  // Templates whose groups have this signature.
  std::span<const ValueTemplate> Find(std::uint64_t signature) const noexcept;
  // Whether a chain of words of this shape may, with a group of letters before or behind it or without, hold a
  // value as a whole. Shape: a bit for each character of a word, none for a separator, and one behind the last.
  bool MayHold(std::uint64_t shape) const noexcept {
    const std::size_t bit = ShapeBit(shape);
    return (shapes_[bit >> 6] >> (bit & 63) & 1) != 0;
  }
  // Whether a single group of this length can be a value; spares the hash for most words.
  bool HasSingle(std::size_t length) const noexcept {
    return length < 64 && (single_lengths_ >> length & 1) != 0;
  }

 private:
  struct Slot {
    std::uint64_t signature = 0;
    std::uint32_t begin = 0, end = 0;
  };
  static constexpr int kShapeBits = 13;
  static std::size_t ShapeBit(std::uint64_t shape) noexcept {
    return static_cast<std::size_t>(shape * 0x9E3779B97F4A7C15ULL >> (64 - kShapeBits));
  }
  void AddShapes(std::string_view places) noexcept;

  std::vector<std::pair<std::uint64_t, ValueTemplate>> added_;
  std::vector<ValueTemplate> templates_;
  std::vector<Slot> slots_;
  std::uint64_t single_lengths_ = 0;
  std::array<std::uint64_t, (1 << kShapeBits) / 64> shapes_{};
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_VALUE_TEMPLATE_H_
