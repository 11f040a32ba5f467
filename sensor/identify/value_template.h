// SPDX-License-Identifier: Apache-2.0
// Templates such as "NNN-NN-NNNN" compiled for look-up by the lengths of the groups at hand.
#ifndef GANDER_IDENTIFY_VALUE_TEMPLATE_H_
#define GANDER_IDENTIFY_VALUE_TEMPLATE_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "identify/byte_block.h"
#include "identify/finding.h"

namespace gander::identify {

inline constexpr std::size_t kMaxTemplateGroups = 8;
inline constexpr std::size_t kMaxTemplateLength = 48;  // separators included

// What joins the groups of one value.
constexpr bool IsSeparator(char c) noexcept { return c == ' ' || c == '-' || c == '.' || c == '/'; }

// What may stand between two groups of a template: one of these, or a '(' before the last group, as in "A123456(3)".
constexpr bool IsJoint(char c) noexcept { return IsSeparator(c) || c == '('; }

// How characters part into groups: a bit for each character of a group, none for a separator, and one behind the
// last. Equal for a text and a template exactly when the lengths of their groups agree.
using GroupShape = std::uint64_t;
class ShapeBuilder {
 public:
  // Groups with the separators between them fill kMaxTemplateLength at most.
  void AddGroup(std::size_t length) noexcept {
    bits_ |= ((1ULL << length) - 1) << at_;
    at_ += length + 1;
  }
  GroupShape value() const noexcept { return bits_ | 1ULL << (at_ - 1); }

 private:
  std::uint64_t bits_ = 0;
  std::size_t at_ = 0;
};

struct ValueTemplate {
  IdType rule = 0;
  std::string places;  // class letters and separators, as in Shape::templates after expansion
  // Places that only a digit and that only a letter can take, a bit each; made by TemplateIndex::Add.
  std::uint64_t digit_places = 0, letter_places = 0;
  std::uint64_t separators = 0;  // a byte each, first in the lowest; made there too
  bool takes_digits = false;     // at every place but the separators; made there too
  std::uint8_t mask = 0;         // its place among the Masks of its shape; made by TemplateIndex::Freeze

  // Whether digits stand where they must and nowhere else they must not: settles most cases without the text.
  bool MayFit(std::uint64_t digits) const noexcept {
    return (digit_places & ~digits) == 0 && (letter_places & digits) == 0;
  }
  // Prepares Fits for `places`.
  void Compile() noexcept;
  bool Fits(std::string_view text) const noexcept;

 private:
  // Where every place takes a digit or itself, eight are tested at a time: adding
  // the first sets the upper bit of a byte at or above the range, adding the second of one above it.
  bool ranges_ = false;
  std::array<char, kMaxTemplateLength> to_low_{}, to_high_{};
};

// Most forms that one template may stand for.
inline constexpr std::size_t kMaxTemplateForms = 256;

// Expands ~, [..] and {..} and checks a template. On failure returns what is wrong, else empty.
std::string ExpandTemplate(const std::string& pattern, const std::vector<std::string>& separators,
                           std::vector<std::string>& out);

class TemplateIndex {
 public:
  void Add(ValueTemplate t);
  void Freeze();  // after the last Add
  // Templates of this shape.
  std::span<const ValueTemplate> Find(GroupShape shape) const noexcept {
    if (!Has(shapes_, shape)) return {};
    return Look(shape);
  }
  // Whether a template of this shape can hold digits where `digits` has a bit, and letters everywhere else.
  bool MayFit(GroupShape shape, std::uint64_t digits) const noexcept {
    if (!Has(shapes_, shape)) return false;
    const Slot* const slot = SlotOf(shape);
    if (slot == nullptr) return false;
    for (std::uint32_t i = slot->first_mask; i < slot->end_mask; ++i) {
      if (masks_[i].MayFit(digits)) return true;
    }
    return false;
  }
  // The same of each kind of template there is of this shape, by ValueTemplate::mask: a bit each. Where there are more
  // kinds than bits the last one stands for all the others.
  std::uint64_t KindsOf(GroupShape shape, std::uint64_t digits) const noexcept {
    if (!Has(shapes_, shape)) return 0;
    const Slot* const slot = SlotOf(shape);
    if (slot == nullptr) return 0;
    std::uint64_t kinds = 0;
    for (std::uint32_t i = slot->first_mask; i < slot->end_mask; ++i) {
      kinds |= std::uint64_t{masks_[i].MayFit(digits)} << (i - slot->first_mask);
    }
    return kinds;
  }
  static constexpr std::size_t kMaxKinds = 63;
  // Of the templates that Find gives.
  std::uint32_t PlaceOf(const ValueTemplate& t) const noexcept {
    return static_cast<std::uint32_t>(&t - templates_.data());
  }
  const ValueTemplate& operator[](std::uint32_t place) const noexcept { return templates_[place]; }
  std::size_t most_of_one_shape() const noexcept { return most_of_one_shape_; }
  // Whether a template has this shape when groups of letters are left away: its first, its last, both, or one in the
  // middle with all behind it. Now and then true where none has.
  bool HasCore(GroupShape shape) const noexcept { return Has(cores_, shape); }

 private:
  static constexpr int kFilterBits = 13;
  using Filter = std::array<std::uint64_t, (1 << kFilterBits) / 64>;
  struct Slot {
    GroupShape shape = 0;
    std::uint32_t begin = 0, end = 0;
    std::uint32_t first_mask = 0, end_mask = 0;  // of masks_
  };
  // What ValueTemplate::MayFit looks at. Of all templates of a shape few differ in it, and side by side in memory they
  // are cheaper to ask than those.
  struct Masks {
    std::uint64_t digit_places = 0, letter_places = 0;
    bool operator==(const Masks&) const = default;
    bool MayFit(std::uint64_t digits) const noexcept {
      return ((digit_places & ~digits) | (letter_places & digits)) == 0;
    }
  };
  static std::uint64_t HashOf(GroupShape shape) noexcept { return shape * 0x9E3779B97F4A7C15ULL; }
  static bool Has(const Filter& filter, GroupShape shape) noexcept {
    const std::uint64_t bit = HashOf(shape) >> (64 - kFilterBits);
    return (filter[bit >> 6] >> (bit & 63) & 1) != 0;
  }
  static void Enter(Filter& filter, GroupShape shape) noexcept {
    const std::uint64_t bit = HashOf(shape) >> (64 - kFilterBits);
    filter[bit >> 6] |= 1ULL << (bit & 63);
  }
  std::span<const ValueTemplate> Look(GroupShape shape) const noexcept;
  const Slot* SlotOf(GroupShape shape) const noexcept {
    for (std::size_t at = HashOf(shape) >> 32 & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      const Slot& s = slots_[at];
      if (s.shape == shape) return &s;
      if (s.end == 0) return nullptr;
    }
  }
  void AddMasks(Slot& slot, std::span<std::pair<GroupShape, ValueTemplate>> templates);
  void EnterCores(std::string_view places) noexcept;
  void EnterCore(std::string_view core) noexcept;

  std::vector<std::pair<GroupShape, ValueTemplate>> added_;
  Filter shapes_{}, cores_{};
  std::vector<ValueTemplate> templates_;
  std::vector<Slot> slots_;
  std::vector<Masks> masks_;
  std::size_t most_of_one_shape_ = 0;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_VALUE_TEMPLATE_H_
