// SPDX-License-Identifier: Apache-2.0
// Fonts of a PDF as they are needed to read text: what a code means and how far it moves the pen (ISO
// 32000-1, 9.4.4, 9.10).
#ifndef GANDER_CONTENT_PDF_FONTS_H_
#define GANDER_CONTENT_PDF_FONTS_H_

#include <array>
#include <cstdint>

#include "content/document/pdf_font_parts.h"

namespace gander::content {

class PdfFonts {
 public:
  static constexpr std::size_t kMaxFonts = 256;
  static constexpr std::size_t kMaxWidthRuns = 32 * 1024;
  // What is used for a font of which nothing is known: WinAnsi letters as wide as Helvetica's.
  static constexpr std::uint16_t kUnknown = 0xffff;
  static constexpr std::uint16_t kNotYet = 0xfffe;

  // The characters of one code.
  struct Glyph {
    std::array<std::uint32_t, 8> unicode;
    std::uint32_t count;  // 0: the font does not say what it means
    std::uint32_t bytes;  // of the code
    float width;          // in 1/1000 of the font's size
    bool is_space;        // of one byte, widened by word spacing (9.3.3)
  };

  void Begin(PdfFontParts& parts, Memory& memory) noexcept;
  void Release() noexcept;

  // The font that `content` means by `name`: kNotYet until all its parts are known; with `force` what can be
  // made of those that are.
  std::uint16_t Find(std::uint32_t content, std::uint32_t name, bool force) noexcept;
  // Whether nothing can be read in this font: its codes are numbers of glyphs, and no table says which.
  bool Unreadable(std::uint16_t font) const noexcept;
  // Reads the code at the front of `codes`, which is not empty.
  void Read(std::uint16_t font, Bytes codes, Glyph& glyph) const noexcept;

 private:
  // Codes of simple fonts; kInStrings: more than one character, see the CMap.
  using Table = std::array<std::uint16_t, 256>;
  static constexpr std::uint16_t kInStrings = 0xffff;

  struct WidthRun {
    static constexpr std::uint32_t kSame = 0x80000000;  // all of the width in the lower bits
    std::uint32_t low, high, at;
  };
  struct Font {
    std::uint32_t object;
    std::uint32_t table;  // of a simple font
    bool composite, unicode_codes, ascii_codes, readable;
    std::uint8_t code_bytes;
    PdfFace face;
    std::uint16_t first_char, default_width;
    float width_scale;
    PdfSpan codes;   // sorted
    PdfSpan widths;  // of a simple font: in parts; of a composite one: in runs_
  };

  bool Known(const PdfPart& part) const noexcept;
  std::uint16_t Make(const PdfPart& part) noexcept;
  void MakeSimple(const PdfPart& part, Font& font) noexcept;
  bool NamesSayMuch(const PdfPart& part) const noexcept;
  void MakeTable(const PdfPart& part, const Font& font, Table& table) const noexcept;
  void MakeRuns(const PdfPart& part, Font& font) noexcept;
  void ReadRuns(std::span<const std::uint16_t> tokens) noexcept;
  const PdfCodeRange* RangeOf(const Font& font, std::uint32_t code) const noexcept;
  void ReadRange(const PdfCodeRange& range, std::uint32_t code, Glyph& glyph) const noexcept;
  void ReadSimple(const Font& font, std::uint8_t code, Glyph& glyph) const noexcept;
  void ReadComposite(const Font& font, Bytes codes, Glyph& glyph) const noexcept;
  float CompositeWidth(const Font& font, std::uint32_t code) const noexcept;

  PdfFontParts* parts_ = nullptr;
  HeldList<Font> fonts_;
  HeldList<Table> tables_;
  HeldList<WidthRun> runs_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_FONTS_H_
