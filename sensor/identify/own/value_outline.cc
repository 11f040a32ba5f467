// SPDX-License-Identifier: Apache-2.0
#include "identify/own/value_outline.h"

#include <algorithm>

#include "identify/char_class.h"

namespace gander::identify {

ValueOutline::ValueOutline(const HashKey& key) noexcept
    : multiplier_(SipHash24(key, AsBytes("the outlines of gander's registers")) | 1) {}

ValueOutline::Kind ValueOutline::KindOf(std::string_view form) noexcept {
  if (IsLetter(form.front())) return Kind::kLetterFirst;
  return std::all_of(form.begin(), form.end(), IsDigit) ? Kind::kDigits : Kind::kOther;
}

void ValueOutline::Add(std::string_view form) noexcept {
  lengths_[static_cast<std::size_t>(KindOf(form))] |= 1ULL << (form.size() < 63 ? form.size() : 63);
  const std::size_t place = PlaceOf(form);
  beginnings_[place >> 6] |= 1ULL << (place & 63);
}

void ValueOutline::Merge(const ValueOutline& other) noexcept {
  for (std::size_t i = 0; i < kKinds; ++i) lengths_[i] |= other.lengths_[i];
  for (std::size_t i = 0; i < beginnings_.size(); ++i) beginnings_[i] |= other.beginnings_[i];
}

void ValueOutline::AppendTo(std::vector<std::uint8_t>& out) const {
  const auto append = [&out](const auto& words) {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(words.data());
    out.insert(out.end(), bytes, bytes + sizeof words);
  };
  append(lengths_);
  append(beginnings_);
}

void ValueOutline::Load(std::span<const std::uint8_t> bytes) noexcept {
  std::memcpy(lengths_.data(), bytes.data(), sizeof lengths_);
  std::memcpy(beginnings_.data(), bytes.data() + sizeof lengths_, sizeof beginnings_);
}

}  // namespace gander::identify
