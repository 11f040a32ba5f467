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
    if (i < places.size() && !IsJoint(places[i])) continue;
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
    ranges_ = ranges_ && (digit || !IsLetter(places[i]));
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
    const bool ok = bit != 0 ? (kMembership[static_cast<unsigned char>(text[i])] & bit) != 0
                             : ToUpper(text[i]) == ToUpper(places[i]);
    if (!ok) return false;
  }
  return true;
}

namespace {

// What a template stands for once [..] and {..} are written out.
class TemplateExpander {
 public:
  // False when brackets do not match, a count is wrong or there are too many forms.
  bool Run(std::string_view pattern, std::vector<std::string>& out) {
    rest_ = pattern;
    return Sequence(out) && rest_.empty();
  }

 private:
  bool Sequence(std::vector<std::string>& forms) {
    forms.assign(1, "");
    while (!rest_.empty() && rest_[0] != ']') {
      const char c = rest_[0];
      rest_.remove_prefix(1);
      if (c == '[' ? !Optional(forms) : c == '{' ? !Repeat(forms) : !Place(c, forms)) return false;
    }
    return true;
  }
  bool Place(char c, std::vector<std::string>& forms) {
    for (std::string& form : forms) form += c;
    return true;
  }
  bool Optional(std::vector<std::string>& forms) {
    std::vector<std::string> inner;
    if (!Sequence(inner) || rest_.empty()) return false;
    rest_.remove_prefix(1);
    inner.push_back("");
    std::vector<std::string> all;
    for (const std::string& form : forms) {
      for (const std::string& part : inner) all.push_back(form + part);
    }
    forms = std::move(all);
    return forms.size() <= kMaxTemplateForms;
  }
  bool Repeat(std::vector<std::string>& forms) {
    std::size_t low = 0, high = 0;
    if (!Count(low)) return false;
    high = low;
    if (!rest_.empty() && rest_[0] == ',') {
      rest_.remove_prefix(1);
      if (!Count(high)) return false;
    }
    if (rest_.empty() || rest_[0] != '}' || low == 0 || high < low || high > kMaxTemplateLength) return false;
    rest_.remove_prefix(1);
    std::vector<std::string> all;
    for (const std::string& form : forms) {
      if (form.empty()) return false;
      for (std::size_t n = low; n <= high; ++n) all.push_back(form + std::string(n - 1, form.back()));
    }
    forms = std::move(all);
    return forms.size() <= kMaxTemplateForms;
  }
  bool Count(std::size_t& out) {
    const std::string_view before = rest_;
    for (out = 0; !rest_.empty() && IsDigit(rest_[0]) && out <= kMaxTemplateLength; rest_.remove_prefix(1)) {
      out = out * 10 + static_cast<std::size_t>(DigitOf(rest_[0]));
    }
    return rest_.size() < before.size();
  }

  std::string_view rest_;
};

// What is wrong with one form, else empty. Its closing bracket is left away.
std::string CheckForm(const std::string& pattern, std::string& form) {
  const auto open = form.find('(');
  if (open != std::string::npos) {
    if (form.back() != ')' || form.find(')') + 1 != form.size())
      return "template '" + pattern + "' opens a bracket that does not close at its end";
    form.pop_back();
  }
  std::size_t groups = 1;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const char c = form[i];
    if (IsJoint(c)) {
      if (i == 0 || i + 1 == form.size() || IsJoint(form[i - 1]))
        return "template '" + pattern + "' begins, ends or doubles a separator";
      ++groups;
    } else if (!IsAlnum(c)) {
      return "template '" + pattern + "' has a character that is neither letter, digit nor space - . /";
    }
  }
  if (form.empty() || form.size() > kMaxTemplateLength || groups > kMaxTemplateGroups)
    return "template '" + pattern + "' is empty or longer than 48 characters or 8 groups";
  return {};
}

}  // namespace

std::string ExpandTemplate(const std::string& pattern, const std::vector<std::string>& separators,
                           std::vector<std::string>& out) {
  std::vector<std::string> forms;
  if (!TemplateExpander().Run(pattern, forms))
    return "template '" + pattern + "' has [..] or {..} that are not written so, or more than 256 forms";
  const bool joined = pattern.find('~') != std::string::npos;
  if (joined && separators.empty()) return "template '" + pattern + "' has a ~ but the rule lists no separators";
  for (const std::string& form : forms) {
    for (const std::string& s : joined ? separators : std::vector<std::string>{""}) {
      if (s.size() > 1 || (s.size() == 1 && !IsSeparator(s[0])))
        return "separator '" + s + "' is none of space - . /";
      std::string whole;
      for (char c : form) whole += c == '~' ? s : std::string(1, c);
      if (std::string wrong = CheckForm(pattern, whole); !wrong.empty()) return wrong;
      out.push_back(std::move(whole));
    }
  }
  return {};
}

void TemplateIndex::Add(ValueTemplate t) {
  t.takes_digits = true;
  int separators = 0;
  for (std::size_t i = 0; i < t.places.size(); ++i) {
    const char place = t.places[i];
    if (IsJoint(place)) t.separators |= std::uint64_t{static_cast<unsigned char>(place)} << (8 * separators++);
    const std::uint8_t bit = kClassBits[static_cast<unsigned char>(place)];
    t.takes_digits = t.takes_digits && (IsJoint(place) || (kMembership['0'] & bit) != 0);
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

void TemplateIndex::EnterCore(std::string_view core) noexcept {
  if (!core.empty()) Enter(cores_, ShapeOf(core));
}

// What is left of a template without groups that can be letters and so no part of a chain of words with digits: its
// outer ones, or one in the middle, which ends the chain.
void TemplateIndex::EnterCores(std::string_view places) noexcept {
  const auto first = std::find_if(places.begin(), places.end(), IsJoint);
  const auto last = std::find_if(places.rbegin(), places.rend(), IsJoint);
  if (first == places.end()) return;
  const auto behind_first = static_cast<std::size_t>(first - places.begin()) + 1;
  const auto before_last = static_cast<std::size_t>(places.rend() - last) - 1;
  EnterCore(places.substr(behind_first));
  EnterCore(places.substr(0, before_last));
  EnterCore(places.substr(behind_first, std::max(before_last, behind_first) - behind_first));
  for (std::size_t joint = behind_first - 1; joint < before_last;) {
    const std::size_t begin = joint + 1;
    const auto next = std::find_if(places.begin() + static_cast<std::ptrdiff_t>(begin), places.end(), IsJoint);
    joint = static_cast<std::size_t>(next - places.begin());
    const std::string_view group = places.substr(begin, joint - begin);
    if (std::any_of(group.begin(), group.end(), [](char c) { return c == 'N' || IsDigit(c); })) continue;
    EnterCore(places.substr(0, begin - 1));
    if (begin > behind_first) EnterCore(places.substr(behind_first, begin - 1 - behind_first));
  }
}

void TemplateIndex::Freeze() {
  std::stable_sort(added_.begin(), added_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::size_t shapes = 0;
  for (std::size_t i = 0; i < added_.size(); ++i) shapes += i == 0 || added_[i].first != added_[i - 1].first ? 1 : 0;
  slots_.assign(std::bit_ceil(shapes * 2 + 2), Slot{});  // few: they are looked up for every other chain
  for (std::size_t i = 0; i < added_.size();) {
    std::size_t end = i;
    while (end < added_.size() && added_[end].first == added_[i].first) ++end;
    std::size_t at = HashOf(added_[i].first) >> 32 & (slots_.size() - 1);
    while (slots_[at].end != 0) at = (at + 1) & (slots_.size() - 1);
    most_of_one_shape_ = std::max(most_of_one_shape_, end - i);
    slots_[at] = {added_[i].first, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end)};
    AddMasks(slots_[at], std::span(added_).subspan(i, end - i));
    i = end;
  }
  for (auto& [shape, t] : added_) templates_.push_back(std::move(t));
  added_.clear();
}

// Each pair once; beyond kMaxKinds what is left goes with one that asks for nothing.
void TemplateIndex::AddMasks(Slot& slot, std::span<std::pair<GroupShape, ValueTemplate>> templates) {
  slot.first_mask = slot.end_mask = static_cast<std::uint32_t>(masks_.size());
  for (auto& [shape, t] : templates) {
    const auto first = masks_.begin() + slot.first_mask;
    Masks masks{t.digit_places, t.letter_places};
    auto known = std::find(first, masks_.end(), masks);
    const bool full = slot.end_mask - slot.first_mask + 1 >= kMaxKinds;
    if (known == masks_.end() && full) known = std::find(first, masks_.end(), masks = Masks{});
    t.mask = static_cast<std::uint8_t>(known - first);
    if (known == masks_.end()) masks_.push_back(masks);
    slot.end_mask = static_cast<std::uint32_t>(masks_.size());
  }
}

std::span<const ValueTemplate> TemplateIndex::Look(GroupShape shape) const noexcept {
  const Slot* const slot = SlotOf(shape);
  return slot == nullptr ? std::span<const ValueTemplate>()
                         : std::span(templates_).subspan(slot->begin, slot->end - slot->begin);
}

}  // namespace gander::identify
