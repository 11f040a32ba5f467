// SPDX-License-Identifier: Apache-2.0
// What the names of glyphs mean: a font's /Differences name characters so (ISO 32000-1, 9.6.6).
#ifndef GANDER_CONTENT_PDF_GLYPH_NAMES_H_
#define GANDER_CONTENT_PDF_GLYPH_NAMES_H_

#include <cstdint>
#include <string_view>

namespace gander::content {

// By the names of the Adobe Glyph List for New Fonts (Latin, Greek, Cyrillic, punctuation) and by those that
// spell a code point. 0 when the name says nothing ("g17").
std::uint32_t GlyphToUnicode(std::string_view name) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_GLYPH_NAMES_H_
