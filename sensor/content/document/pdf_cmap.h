// SPDX-License-Identifier: Apache-2.0
// ToUnicode CMaps: what the codes of a font mean (ISO 32000-1, 9.10.3; Adobe Technical Note 5411).
#ifndef GANDER_CONTENT_PDF_CMAP_H_
#define GANDER_CONTENT_PDF_CMAP_H_

#include <array>
#include <cstdint>

#include "content/document/pdf_font_parts.h"
#include "content/document/pdf_lexer.h"

namespace gander::content {

class PdfCMapReader {
 public:
  void Begin(PdfFontParts& parts, std::uint32_t object) noexcept;
  void Take(const PdfLexer& word) noexcept;
  // Tells the font parts what was read.
  void End() noexcept;

 private:
  enum class Section : std::uint8_t { kNone, kSpaces, kChars, kRanges };

  static constexpr std::size_t kMaxCodeBytes = 4;
  static constexpr std::size_t kMaxUnits = 8;  // UTF-16 that one code means: a ligature, a syllable

  void Keyword(std::string_view word) noexcept;
  void Bound(std::string_view bytes) noexcept;
  void Meaning(std::string_view bytes) noexcept;
  void Add(std::uint32_t low, std::uint32_t high, std::string_view utf16) noexcept;

  PdfFontParts* parts_ = nullptr;
  std::uint32_t object_ = 0;
  std::size_t first_ = 0;  // of its ranges
  Section section_ = Section::kNone;
  bool in_array_ = false;
  std::uint8_t bounds_ = 0;
  std::uint8_t code_bytes_ = 0;
  std::array<std::uint32_t, 2> bound_{};
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_CMAP_H_
