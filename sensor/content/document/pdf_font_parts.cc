// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_font_parts.h"

#include <algorithm>

#include "base/hash.h"

namespace gander::content {
namespace {

// Stands for the owner of a name's first font.
constexpr std::uint32_t kAnyOwner = 0;

}  // namespace

void PdfFontParts::Begin(Memory& memory) noexcept {
  parts_.Begin(memory, kMaxParts);
  names_.Begin(memory, kMaxNames);
  links_.Begin(memory, kMaxLinks);
  widths.Begin(memory, kMaxWidths);
  differences.Begin(memory, kMaxDifferences);
  codes.Begin(memory, kMaxCodeRanges);
  strings.Begin(memory, kMaxStrings);
  name_heads_.fill(kNone);
  link_heads_.fill(kNone);
  changes_ = 0;
}

void PdfFontParts::Release() noexcept {
  parts_.Release();
  names_.Release();
  links_.Release();
  widths.Release();
  differences.Release();
  codes.Release();
  strings.Release();
}

std::size_t PdfFontParts::Bucket(std::uint32_t owner, std::uint32_t name) noexcept {
  return Mix64(std::uint64_t{owner} << 32 | name) % kBuckets;
}

void PdfFontParts::AddName(std::uint32_t owner, std::uint32_t name, std::uint32_t font) noexcept {
  const std::size_t bucket = Bucket(owner, name);
  const auto at = static_cast<std::uint16_t>(names_.size());
  if (names_.Add({owner, name, font, name_heads_[bucket]})) name_heads_[bucket] = at;
}

void PdfFontParts::Name(std::uint32_t owner, std::uint32_t name, std::uint32_t font) noexcept {
  ++changes_;
  if (FontNamed(owner, name) == font) return;
  AddName(owner, name, font);
  if (FontNamed(kAnyOwner, name) == 0) AddName(kAnyOwner, name, font);
}

void PdfFontParts::Link(std::uint32_t from, std::uint32_t to) noexcept {
  ++changes_;
  const std::size_t bucket = Bucket(from, 0);
  const auto at = static_cast<std::uint16_t>(links_.size());
  if (links_.Add({from, to, link_heads_[bucket]})) link_heads_[bucket] = at;
}

void PdfFontParts::Add(const PdfPart& part) noexcept {
  ++changes_;
  parts_.Add(part);
}

// The newest: a file that was changed says it again at its end.
const PdfPart* PdfFontParts::PartOf(std::uint32_t object) const noexcept {
  const std::span<const PdfPart> parts = parts_.items();
  const auto at =
      std::find_if(parts.rbegin(), parts.rend(), [&](const PdfPart& p) { return p.object == object; });
  return object == 0 || at == parts.rend() ? nullptr : &*at;
}

std::uint32_t PdfFontParts::FontNamed(std::uint32_t owner, std::uint32_t name) const noexcept {
  std::uint16_t at = name_heads_[Bucket(owner, name)];
  for (std::size_t steps = 0; at != kNone && steps < kMaxSteps; ++steps) {
    const NameEntry& entry = names_[at];
    if (entry.owner == owner && entry.name == name) return entry.font;
    at = entry.next;
  }
  return 0;
}

// Breadth first: the content's own resources, its page's, those of the nodes above the page.
std::uint32_t PdfFontParts::Find(std::uint32_t content, std::uint32_t name, bool guess) const noexcept {
  std::array<std::uint32_t, kMaxHops> reached{content};
  std::size_t count = 1;
  for (std::size_t i = 0; i < count; ++i) {
    if (const std::uint32_t font = FontNamed(reached[i], name); font != 0) return font;
    std::uint16_t at = link_heads_[Bucket(reached[i], 0)];
    for (std::size_t steps = 0; at != kNone && steps < kMaxSteps && count < kMaxHops; ++steps) {
      const LinkEntry& entry = links_[at];
      const bool known =
          std::find(reached.begin(), reached.begin() + count, entry.to) != reached.begin() + count;
      if (entry.from == reached[i] && !known) reached[count++] = entry.to;
      at = entry.next;
    }
  }
  return guess ? FontNamed(kAnyOwner, name) : 0;
}

}  // namespace gander::content
