// SPDX-License-Identifier: Apache-2.0
// What a PDF shows, held until the fonts it is shown in are known: many writers put all pages first and all
// fonts last (LibreOffice), and text has to keep its order.
#ifndef GANDER_CONTENT_PDF_PAGE_TEXT_H_
#define GANDER_CONTENT_PDF_PAGE_TEXT_H_

#include "content/document/pdf_line_writer.h"

namespace gander::content {

class PdfPageText {
 public:
  // Of a file. When it is full, what waits longest is handed on as well as it can be read.
  static constexpr std::size_t kMaxHeld = 2u << 20;
  static constexpr std::size_t kMaxUses = 8192;  // fonts that held content names
  static constexpr std::size_t kMaxString = 16 * 1024;

  void Begin(Body& body, std::string_view name) noexcept;
  void Release() noexcept;
  PdfFontParts& fonts() noexcept { return parts_; }

  // What belongs together and is handed on at once: a content stream, the strings of an object.
  void BeginObject(std::uint32_t number) noexcept;
  void EndObject() noexcept;
  // `name`: PdfNameHash.
  void Font(std::uint32_t name, float size) noexcept;
  void Spacing(const PdfSpacing& spacing) noexcept;
  void Move(const PdfPlace& place) noexcept;
  void Show(Bytes codes) noexcept;            // at most kMaxString
  void Adjust(float thousandths) noexcept;    // the pen, back
  void Kern(float thousandths) noexcept;      // the same, and it may part words
  void Text(std::string_view utf8) noexcept;  // as it is

  // Hands on what can be read by now.
  void HandOn() noexcept;
  // Something else is handed on next.
  void Close() noexcept { writer_.Close(); }
  // Hands on everything.
  void Finish() noexcept;

 private:
  enum class Op : std::uint8_t { kBegin, kEnd, kFont, kSpacing, kMove, kShow, kAdjust, kKern, kText };

  // Which font a name of one content stream is.
  struct Use {
    std::uint32_t content, name;
    std::uint16_t font;
  };
  static constexpr std::uint32_t kNoUse = 0xffffffff;
  struct FontOp {
    std::uint32_t use;
    float size;
  };

  template <class T>
  void Put(Op op, const T& operand) noexcept {
    PutBytes(op, {reinterpret_cast<const std::byte*>(&operand), sizeof operand});
  }
  void PutBytes(Op op, Bytes operand) noexcept;
  bool TryPut(Op op, Bytes operand) noexcept;
  void GiveWay() noexcept;
  std::uint32_t UseOf(std::uint32_t name) noexcept;
  bool TryFont(std::uint32_t name, float size) noexcept;
  bool Ready(Bytes operand) noexcept;
  void Write(std::size_t end) noexcept;
  void WriteOp(Op op, Bytes operand) noexcept;
  void Compact() noexcept;
  Op OpAt(std::size_t at, Bytes& operand) const noexcept;

  Body* body_ = nullptr;
  PdfFontParts parts_;
  PdfFonts fonts_;
  PdfLineWriter writer_;
  HeldBytes ops_;
  HeldList<Use> uses_;
  std::size_t read_ = 0;     // handed on up to here
  std::size_t checked_ = 0;  // fonts are known up to here
  std::size_t first_use_ = 0;
  std::uint32_t object_ = 0;
  std::uint32_t changes_seen_ = 0;
  bool waits_ = false;  // for the font at `checked_`
  bool told_cap_ = false;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_PAGE_TEXT_H_
