// SPDX-License-Identifier: Apache-2.0
// Content streams: the operators that show text, and those that say where (ISO 32000-1, 8.4 and 9.4). What is
// neither an operator nor an operand is text that somebody put there.
#ifndef GANDER_CONTENT_PDF_CONTENT_H_
#define GANDER_CONTENT_PDF_CONTENT_H_

#include <array>

#include "content/document/pdf_lexer.h"
#include "content/document/pdf_names.h"
#include "content/document/pdf_page_text.h"

namespace gander::content {

class PdfContentReader {
 public:
  // Whether a stream of which nobody says what it is begins like content.
  static bool Recognise(Bytes prefix) noexcept;

  void Begin(PdfPageText& text, Memory& memory, std::uint32_t object) noexcept;
  // Between ID and EI stand the bytes of an image, no words: they are taken from the front of `in`.
  void SkipImage(Bytes& in) noexcept;
  void Take(const PdfLexer& word) noexcept;
  void End() noexcept;

 private:
  // x' = a x + c y + e, y' = b x + d y + f.
  struct Matrix {
    double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;
  };
  static Matrix Multiply(const Matrix& m, const Matrix& n) noexcept;
  static Matrix Shift(double x, double y) noexcept { return {1, 0, 0, 1, x, y}; }

  struct State {
    Matrix page;  // to the device
    std::uint32_t font = 0;
    float size = 1;
    PdfSpacing spacing;
    double leading = 0;
  };

  enum class Image : std::uint8_t { kNone, kBytes, kSpace, kE, kI };

  // Deepest nesting of q and Q (Annex C: 28).
  static constexpr std::size_t kMaxStates = 32;
  static constexpr std::size_t kMaxNumbers = 6;
  // Strings of one array put together, and the gaps between them that part words. More is shown without
  // waiting for the operator, which can only be TJ.
  static constexpr std::size_t kMaxCodes = PdfPageText::kMaxString;
  static constexpr std::size_t kMaxGaps = 64;
  // Numbers that stand where no operator has so many.
  static constexpr std::size_t kMaxNumberText = 256;

  struct Gap {
    std::size_t at;  // in `codes_`
    float kern;
  };

  void Number(const PdfLexer& word) noexcept;
  void String(Bytes piece) noexcept;
  void Operator(std::string_view word) noexcept;
  bool TextOperator(std::uint32_t op) noexcept;
  bool StateOperator(std::uint32_t op) noexcept;
  void Show() noexcept;
  void Place() noexcept;
  void NextLine(double x, double y) noexcept;
  void Foreign(std::string_view word) noexcept;
  void Clear() noexcept;
  // The last number is 0, the one before it 1.
  double Last(std::size_t i) const noexcept;
  Matrix LastMatrix() const noexcept { return {Last(5), Last(4), Last(3), Last(2), Last(1), Last(0)}; }

  PdfPageText* text_ = nullptr;
  // Operands.
  HeldBytes codes_;
  std::array<Gap, kMaxGaps> gaps_;
  std::size_t gap_count_ = 0;
  float kern_ = 0;  // small moves behind the last gap
  std::array<double, kMaxNumbers> numbers_;
  std::size_t number_count_ = 0;
  std::array<char, kMaxNumberText> number_text_;
  std::size_t number_text_size_ = 0;
  std::uint32_t name_ = 0;
  bool in_array_ = false;
  std::uint32_t dict_depth_ = 0;
  Image image_ = Image::kNone;

  State state_;
  std::array<State, kMaxStates> saved_;
  std::size_t saved_count_ = 0;
  Matrix line_, pen_;
  bool moved_ = true;
  std::uint32_t told_font_ = 0;
  float told_size_ = 0;
  PdfSpacing told_spacing_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_CONTENT_H_
