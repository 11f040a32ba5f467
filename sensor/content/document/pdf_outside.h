// SPDX-License-Identifier: Apache-2.0
// What stands between the objects of a PDF: header, cross-reference tables, trailers (ISO 32000-1, 7.5).
// Their words are structure; any other line is text, which is how a text file looks that somebody gave a
// PDF's first bytes.
#ifndef GANDER_CONTENT_PDF_OUTSIDE_H_
#define GANDER_CONTENT_PDF_OUTSIDE_H_

#include <array>

#include "content/document/pdf_page_text.h"

namespace gander::content {

class PdfOutside {
 public:
  enum class Found : std::uint8_t { kNothing, kObject, kTrailer };

  void Begin(Body& body, PdfPageText& pages, std::string_view name) noexcept;
  // Reads up to where an object or a trailer's dictionary begins; kNothing: `in` is used up.
  Found Read(Bytes& in, Uninspected& total) noexcept;
  // A word that no object has ended one. Two numbers before it may be of another object.
  Found Word(std::string_view word, std::int64_t number, std::int64_t generation,
             Uninspected& total) noexcept;
  std::uint32_t object() const noexcept { return object_; }
  // Ends the text found here.
  void Close() noexcept;

 private:
  // Longest word that is structure ("startxref", an offset of ten digits), and what of a comment may be: the
  // version, the mark of binary files.
  static constexpr std::size_t kMaxWord = 20;
  static constexpr std::size_t kMaxComment = 16;

  Found EndWord(Uninspected& total) noexcept;
  bool Number(std::string_view word, Uninspected& total) noexcept;
  void Comment(std::uint8_t c, Uninspected& total) noexcept;
  void BecomeText(Uninspected& total) noexcept;
  void Hand(Bytes text, Uninspected& total) noexcept;

  Body* body_ = nullptr;
  PdfPageText* pages_ = nullptr;
  std::string_view name_;
  LayerPtr leaf_;
  bool in_text_ = false;       // up to the end of the line
  bool after_return_ = false;  // that ended a line of text
  bool in_comment_ = false;
  bool in_table_ = false;     // numbers and letters of a cross-reference table
  bool after_start_ = false;  // the number behind "startxref"
  std::uint32_t object_ = 0;
  std::size_t number_count_ = 0;
  std::array<std::int64_t, 2> numbers_{};
  std::size_t size_ = 0;
  std::array<char, kMaxWord> word_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_OUTSIDE_H_
