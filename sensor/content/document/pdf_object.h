// SPDX-License-Identifier: Apache-2.0
// The objects of a PDF, word by word: what they say of a stream, of fonts and of where those are used is
// kept, their strings are handed on as lines. No object is built (ISO 32000-1, 7.3).
#ifndef GANDER_CONTENT_PDF_OBJECT_H_
#define GANDER_CONTENT_PDF_OBJECT_H_

#include <algorithm>
#include <array>

#include "content/document/pdf_lexer.h"
#include "content/document/pdf_names.h"
#include "content/document/pdf_page_text.h"
#include "content/document/pdf_string.h"

namespace gander::content {

// 7.4: what was done to a stream's bytes, and with which parameters.
struct PdfFilter {
  PdfName name = PdfName::kOther;
  std::uint32_t predictor = 1, colors = 1, bits = 8, columns = 1;
  bool early_change = true;
};

// What a stream's dictionary says.
struct PdfStreamFacts {
  static constexpr std::size_t kMaxFilters = 8;

  std::uint32_t number = 0;
  PdfName type = PdfName::kOther, subtype = PdfName::kOther;
  std::uint64_t length = 0;              // 0: unknown, or told by another object
  std::uint32_t objects = 0, first = 0;  // of an object stream
  bool is_font_file = false;
  bool encrypts = false;         // the file is encrypted: said by a trailer
  std::size_t filter_count = 0;  // may be more than are kept
  std::array<PdfFilter, kMaxFilters> filters;
};

// Names of the files that streams hold. Only the last ones are remembered.
class PdfFileNames {
 public:
  static constexpr std::size_t kMaxName = 120;

  void Begin() noexcept { next_ = 0; }
  void Add(std::uint32_t stream, std::string_view name) noexcept;
  // Empty when it is not known.
  std::string_view Of(std::uint32_t stream) const noexcept;

 private:
  struct Entry {
    std::uint32_t stream;
    std::uint8_t size;
    std::array<char, kMaxName> name;
  };
  std::array<Entry, 8> entries_;
  std::size_t next_ = 0;
};

class PdfObjectReader {
 public:
  void Open(PdfPageText& text, PdfFileNames& names) noexcept;

  void Begin(std::uint32_t number) noexcept;
  // False: a word that no object has ("endobj", "stream", or what is no PDF).
  bool Take(const PdfLexer& word) noexcept;
  // Tells the fonts and names what was read.
  void End() noexcept;
  const PdfStreamFacts& facts() const noexcept { return facts_; }

 private:
  // Deeper ones are read, but not what their keys are.
  static constexpr std::size_t kMaxDepth = 24;
  static constexpr std::size_t kMaxLabel = 32;
  static constexpr std::size_t kMaxBare = 64;

  struct Frame {
    bool is_dict = false;
    bool wants_key = true;
    PdfName key = PdfName::kOther;  // of the value at hand; of an array: its own
    std::uint32_t hash = 0;
  };
  struct Reference {
    std::uint32_t name, object;
  };

  // Frame 0 is what stands in no array and no dictionary, the last one all that is too deep.
  Frame& Top() noexcept { return frames_[std::min(depth_, kMaxDepth + 1)]; }
  PdfName Key() noexcept { return Top().key; }
  // Under which the array or dictionary at hand stands.
  PdfName OuterKey() const noexcept {
    return depth_ > 0 && depth_ <= kMaxDepth ? frames_[depth_ - 1].key : PdfName::kOther;
  }
  void OpenFrame(bool is_dict) noexcept;
  void CloseFrame() noexcept;
  void ValueRead() noexcept;
  void FlushNumbers() noexcept;
  void OnKey(std::string_view text) noexcept;
  void OnName(std::string_view text) noexcept;
  void OnNumber(double number) noexcept;
  void OnStreamNumber(double number) noexcept;
  void OnWidth(double number) noexcept;
  void OnReference(std::uint32_t object) noexcept;
  void OnFontReference(std::uint32_t object) noexcept;
  void OnString(const PdfLexer& word) noexcept;
  void OnEncoding(std::string_view name) noexcept;
  void DropNumberArray() noexcept;
  void AddDifference(std::string_view glyph) noexcept;
  void AddWidth(std::uint16_t token) noexcept;
  bool Nested() const noexcept { return depth_ >= 2 && depth_ <= kMaxDepth && !frames_[depth_ - 1].is_dict; }
  PdfFilter* Parameters() noexcept;
  void TellFont() noexcept;
  void KeepName(std::string_view piece, bool first) noexcept;
  void TellNames() noexcept;

  PdfPageText* text_ = nullptr;
  PdfFileNames* names_ = nullptr;
  PdfStreamFacts facts_;
  PdfPart part_;
  std::size_t depth_ = 0;
  std::array<Frame, kMaxDepth + 2> frames_;

  std::array<double, 2> numbers_;  // may be of a reference
  std::array<std::int64_t, 2> integers_;
  std::size_t number_count_ = 0;

  bool number_array_ = false;  // the object is an array of numbers so far: widths, maybe
  std::size_t widths_before_ = 0, differences_before_ = 0;
  std::uint32_t difference_code_ = 0;
  std::uint32_t parent_ = 0;
  bool is_page_ = false;
  std::size_t parameters_ = 0;  // dictionaries of /DecodeParms so far

  // A dictionary of nothing but references may be the fonts of a page.
  bool bare_ = true;
  std::array<Reference, kMaxBare> bare_references_;
  std::size_t bare_count_ = 0;

  std::array<char, kMaxLabel> label_;
  std::size_t label_size_ = 0;
  PdfStringDecoder decoder_;
  bool speaks_ = false;     // a line was handed on
  std::uint32_t file_ = 0;  // the stream that /EF names
  std::array<char, PdfFileNames::kMaxName> file_name_;
  std::size_t file_name_size_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_OBJECT_H_
