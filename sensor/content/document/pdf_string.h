// SPDX-License-Identifier: Apache-2.0
// Strings outside of content streams: titles, values of form fields, addresses of links (ISO 32000-1, 7.9.2).
#ifndef GANDER_CONTENT_PDF_STRING_H_
#define GANDER_CONTENT_PDF_STRING_H_

#include <array>

#include "content/charset/utf16_units.h"
#include "content/document/pdf_lexer.h"

namespace gander::content {

// To UTF-8, piece by piece: UTF-16 with its byte order mark, UTF-8 with its own, else PDFDocEncoding.
class PdfStringDecoder {
 public:
  // The next piece of a string. Empty when it, or one before it, is no text: encrypted, a signature.
  std::string_view Decode(const PdfLexer& piece) noexcept;

 private:
  enum class Form : std::uint8_t { kDocument, kUtf16, kUtf8, kNoText };

  std::string_view Begin(std::string_view piece) noexcept;
  void Document(std::string_view piece) noexcept;
  void Utf16(std::string_view piece) noexcept;
  void Put(std::uint32_t c) noexcept;

  Form form_ = Form::kDocument;
  Utf16Units units_;
  std::size_t used_ = 0;
  // A byte gives at most three, two bytes at most three, a surrogate kept from the piece before four.
  std::array<std::byte, PdfLexer::kMaxPiece * 3 + 4> out_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_STRING_H_
