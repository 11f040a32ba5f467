// SPDX-License-Identifier: Apache-2.0
// PDF files as they stream by (ISO 32000-1): what their pages show, as lines of text; titles, form fields and
// links; files within. Object by object; neither cross-reference tables nor the end of the file are waited
// for.
#ifndef GANDER_CONTENT_PDF_H_
#define GANDER_CONTENT_PDF_H_

#include "content/document/pdf_outside.h"
#include "content/document/pdf_stream.h"
#include "content/format_layer.h"

namespace gander::content {

class PdfLayer final : public FormatLayer {
 public:
  static constexpr std::string_view kSegment = "pdf";

  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

 private:
  enum class State : std::uint8_t { kOutside, kObject, kLineEnd, kLineFeed, kStream };

  void Enter(PdfOutside::Found found) noexcept;
  void ReadObject(Bytes& in, Uninspected& total) noexcept;
  void EndObject() noexcept;
  void BeginStream() noexcept;
  void ReadStream(Bytes& in, Uninspected& total) noexcept;

  State state_ = State::kOutside;
  bool encrypted_ = false;
  std::uint64_t size_ = 0;
  PdfPageText pages_;
  PdfFileNames names_;
  PdfOutside outside_;
  PdfLexer lexer_;
  PdfObjectReader objects_;
  PdfStream stream_;
  std::int64_t numbers_[2] = {-1, -1};  // the last two words, where they are such
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_H_
