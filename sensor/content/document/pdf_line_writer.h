// SPDX-License-Identifier: Apache-2.0
// Turns what a PDF shows, and where, into lines of text: words that were torn for kerning are put together,
// columns parted by tabs. What is shown in one line keeps the order of the file.
#ifndef GANDER_CONTENT_PDF_LINE_WRITER_H_
#define GANDER_CONTENT_PDF_LINE_WRITER_H_

#include <array>

#include "content/document/pdf_fonts.h"
#include "content/layer.h"

namespace gander::content {

// Where text begins: a point of the page, and the way the pen moves for one unit of text space.
struct PdfPlace {
  float x = 0, y = 0;
  float along_x = 1, along_y = 0;
};

// ISO 32000-1, 9.3: added to each character, to each space; the factor of both and of widths.
struct PdfSpacing {
  float character = 0, word = 0, scale = 1;
  bool operator==(const PdfSpacing&) const = default;
};

class PdfLineWriter {
 public:
  void Begin(Body& body, const PdfFonts& fonts, std::string_view name) noexcept;
  // Something else begins: a line of its own.
  void NewLine() noexcept;
  void Font(std::uint16_t font, float size) noexcept;
  void Spacing(const PdfSpacing& spacing) noexcept { spacing_ = spacing; }
  void Move(const PdfPlace& place) noexcept;
  void Show(Bytes codes) noexcept;
  // Moves the pen back by so many thousandths of the font's size.
  void Adjust(float thousandths) noexcept;
  // The same where it may part words.
  void Kern(float thousandths) noexcept;
  // UTF-8 as it is.
  void Text(std::string_view text) noexcept;
  // Ends the text that was handed on.
  void Close() noexcept;

 private:
  enum class Gap : std::uint8_t { kNone, kSpace, kTab, kLine };

  void Widen(Gap gap) noexcept;
  void Part(float gap, float em) noexcept;
  void Put(std::uint32_t c) noexcept;
  void PutGap(char next) noexcept;
  bool IsWrapped(char next) const noexcept;
  void Append(std::string_view text) noexcept;
  void Flush() noexcept;
  void CountUnreadable() noexcept;

  Body* body_ = nullptr;
  const PdfFonts* fonts_ = nullptr;
  std::string_view name_;
  LayerPtr text_;
  bool told_unreadable_ = false;
  bool placed_ = false;
  Gap gap_ = Gap::kNone;
  char last_ = '\n', before_last_ = '\n';
  std::uint16_t font_ = PdfFonts::kUnknown;
  float size_ = 1;
  PdfSpacing spacing_;
  PdfPlace place_;
  float advance_ = 0;  // of the pen since `place_`, in text space
  std::size_t used_ = 0;
  std::array<char, 512> buffer_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_LINE_WRITER_H_
