// SPDX-License-Identifier: Apache-2.0
// Expansion, look-up and character tests of value templates.
#include "identify/value_template.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/hash.h"
#include "identify/byte_block.h"
#include "identify/char_class.h"

namespace gander::identify {
namespace {

constexpr std::string_view kClasses = "NAXCHO";

// Bit i of a byte's entry: the byte belongs to class kClasses[i].
constexpr std::array<std::uint8_t, 256> MakeMembership() {
  std::array<std::uint8_t, 256> m{};
  for (int b = 0; b < 128; ++b) {
    const char c = static_cast<char>(b), u = ToUpper(c);
    unsigned bits = 0;
    if (IsDigit(c)) bits |= 1u << 0;
    if (IsLetter(c)) bits |= 1u << 1;
    if (IsAlnum(c)) bits |= 1u << 2;
    if (IsDigit(c) || u == 'X') bits |= 1u << 3;
    if (IsDigit(c) || u == 'A' || u == 'B') bits |= 1u << 4;
    if (IsDigit(c) || (u >= 'L' && u <= 'N') || (u >= 'P' && u <= 'V')) bits |= 1u << 5;
    m[static_cast<std::size_t>(b)] = static_cast<std::uint8_t>(bits);
  }
  return m;
}
constexpr auto kMembership = MakeMembership();

// Bit of the class a template letter stands for; 0 when it stands for itself.
constexpr std::array<std::uint8_t, 256> MakeClassBits() {
  std::array<std::uint8_t, 256> m{};
  for (std::size_t i = 0; i < kClasses.size(); ++i) {
    m[static_cast<unsigned char>(kClasses[i])] = static_cast<std::uint8_t>(1u << i);
  }
  return m;
}
constexpr auto kClassBits = MakeClassBits();

GroupShape ShapeOf(std::string_view places) {
  ShapeBuilder shape;
  for (std::size_t begin = 0, i = 0; i <= places.size(); ++i) {
    if (i < places.size() && !IsSeparator(places[i])) continue;
    shape.AddGroup(i - begin);
    begin = i + 1;
  }
  return shape.value();
}

}  // namespace

void ValueTemplate::Compile() noexcept {
  ranges_ = places.size() >= 8;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const bool digit = places[i] == 'N';
    ranges_ = ranges_ && (digit || kClassBits[static_cast<unsigned char>(places[i])] == 0);
    const int low = digit ? '0' : places[i], high = digit ? '9' : places[i];
    to_low_[i] = static_cast<char>(0x80 - low);
    to_high_[i] = static_cast<char>(0x7F - high);
  }
}

bool ValueTemplate::Fits(std::string_view text) const noexcept {
  if (text.size() != places.size()) return false;
  if (ranges_) {
    constexpr std::uint64_t kUpper = 0x8080808080808080ULL;
    const auto fits = [&](std::size_t i) {
      const std::uint64_t word = Load8(text.data() + i);
      const std::uint64_t reached = word + Load8(to_low_.data() + i), passed = word + Load8(to_high_.data() + i);
      return ((reached & ~passed & ~word) & kUpper) == kUpper;
    };
    const std::size_t last = text.size() - 8;
    for (std::size_t i = 0; i < last; i += 8) {
      if (!fits(i)) return false;
    }
    return fits(last);
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto place = static_cast<unsigned char>(places[i]);
    const std::uint8_t bit = kClassBits[place];
    const bool ok =
        bit != 0 ? (kMembership[static_cast<unsigned char>(text[i])] & bit) != 0 : text[i] == places[i];
    if (!ok) return false;
  }
  return true;
}

std::string ExpandTemplate(const std::string& pattern, const std::vector<std::string>& separators,
                           std::vector<std::string>& out) {
  std::vector<std::string> forms;
  if (pattern.find('~') == std::string::npos) {
    forms.push_back(pattern);
  } else if (separators.empty()) {
    return "template '" + pattern + "' has a ~ but the rule lists no separators";
  }
  for (const std::string& s : separators) {
    if (forms.size() == 1 && pattern.find('~') == std::string::npos) break;
    if (s.size() > 1 || (s.size() == 1 && !IsSeparator(s[0])))
      return "separator '" + s + "' is none of space - . /";
    std::string form;
    for (char c : pattern) {
      if (c == '~') {
        form += s;
      } else {
        form += c;
      }
    }
    forms.push_back(form);
  }
  for (const std::string& form : forms) {
    std::size_t groups = 1;
    for (std::size_t i = 0; i < form.size(); ++i) {
      const char c = form[i];
      if (IsSeparator(c)) {
        if (i == 0 || i + 1 == form.size() || IsSeparator(form[i - 1])) {
          return "template '" + pattern + "' begins, ends or doubles a separator";
        }
        ++groups;
      } else if (!IsAlnum(c)) {
        return "template '" + pattern + "' has a character that is neither letter, digit nor space - . /";
      }
    }
    if (form.empty() || form.size() > kMaxTemplateLength || groups > kMaxTemplateGroups) {
      return "template '" + pattern + "' is empty or longer than 48 characters or 8 groups";
    }
    out.push_back(form);
  }
  return {};
}

void TemplateIndex::Add(ValueTemplate t) {
  t.takes_digits = true;
  int separators = 0;
  for (std::size_t i = 0; i < t.places.size(); ++i) {
    const char place = t.places[i];
    if (IsSeparator(place)) t.separators |= std::uint64_t{static_cast<unsigned char>(place)} << (8 * separators++);
    const std::uint8_t bit = kClassBits[static_cast<unsigned char>(place)];
    t.takes_digits = t.takes_digits && (IsSeparator(place) || (kMembership['0'] & bit) != 0);
    if (place == 'N' || IsDigit(place)) t.digit_places |= 1ULL << i;
    const bool itself = IsLetter(place) && kClassBits[static_cast<unsigned char>(place)] == 0;
    if (place == 'A' || itself) t.letter_places |= 1ULL << i;
  }
  t.Compile();
  const GroupShape shape = ShapeOf(t.places);
  Enter(shapes_, shape);
  EnterCores(t.places);
  added_.emplace_back(shape, std::move(t));
}

// What is left of a template without its outer groups, as far as these can be letters and so no part of a chain of
// words with digits.
void TemplateIndex::EnterCores(std::string_view places) noexcept {
  const auto first = std::find_if(places.begin(), places.end(), IsSeparator);
  const auto last = std::find_if(places.rbegin(), places.rend(), IsSeparator);
  if (first == places.end()) return;
  const auto behind_first = static_cast<std::size_t>(first - places.begin()) + 1;
  const auto before_last = static_cast<std::size_t>(places.rend() - last) - 1;
  const std::string_view cores[] = {places.substr(behind_first), places.substr(0, before_last),
                                    places.substr(behind_first, std::max(before_last, behind_first) - behind_first)};
  for (std::string_view core : cores) {
    if (!core.empty()) Enter(cores_, ShapeOf(core));
  }
}

void TemplateIndex::Freeze() {
  std::stable_sort(added_.begin(), added_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  slots_.assign(std::bit_ceil(added_.size() * 4 + 4), Slot{});
  for (std::size_t i = 0; i < added_.size();) {
    std::size_t end = i;
    while (end < added_.size() && added_[end].first == added_[i].first) ++end;
    std::size_t at = HashOf(added_[i].first) >> 32 & (slots_.size() - 1);
    while (slots_[at].end != 0) at = (at + 1) & (slots_.size() - 1);
    most_of_one_shape_ = std::max(most_of_one_shape_, end - i);
    slots_[at] = {added_[i].first, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end)};
    i = end;
  }
  for (auto& [shape, t] : added_) templates_.push_back(std::move(t));
  added_.clear();
}

std::span<const ValueTemplate> TemplateIndex::Look(GroupShape shape) const noexcept {
  for (std::size_t at = HashOf(shape) >> 32 & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& s = slots_[at];
    if (s.end == 0) return {};
    if (s.shape == shape) return std::span(templates_).subspan(s.begin, s.end - s.begin);
  }
}

}  // namespace gander::identify
