// SPDX-License-Identifier: Apache-2.0
// The character sets that PDF names itself: ISO 32000-1, Annex D.
#ifndef GANDER_CONTENT_PDF_ENCODING_H_
#define GANDER_CONTENT_PDF_ENCODING_H_

#include <cstdint>
#include <string_view>

namespace gander::content {

enum class PdfCharset : std::uint8_t {
  kStandard,
  kWinAnsi,
  kMacRoman,
  kDocument,  // PDFDocEncoding: strings outside of content streams
};

// 0: no character has this code.
std::uint32_t PdfToUnicode(PdfCharset charset, std::uint8_t code) noexcept;

// How wide the standard fonts (9.6.2.2) are, whose widths a file need not state. What is neither monospaced
// nor a serif font is as wide as Helvetica.
enum class PdfFace : std::uint8_t { kSans, kSerif, kMono };
PdfFace PdfFaceOf(std::string_view font_name) noexcept;
// In 1/1000 of the font's size.
std::uint32_t PdfUsualWidth(PdfFace face, std::uint32_t unicode) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_ENCODING_H_
