// SPDX-License-Identifier: Apache-2.0
// One stream of a PDF on its way by: where it ends, and the filters around what is in it (ISO
// 32000-1, 7.3.8).
#ifndef GANDER_CONTENT_PDF_STREAM_H_
#define GANDER_CONTENT_PDF_STREAM_H_

#include <array>

#include "content/document/pdf_stream_content.h"

namespace gander::content {

class PdfStream {
 public:
  void Open(Body& body, PdfPageText& text, PdfObjectReader& objects, PdfFileNames& names) noexcept;
  // `outer_name`: of the file.
  void Begin(const PdfStreamFacts& facts, std::string_view outer_name) noexcept;
  // Takes from the front of `in` what belongs to the stream and the word that ends it; true when that was
  // read. A stream ends at "endstream", whatever its /Length says, which may be a lie or stand in another
  // object; only a file inside, as it is, may have that word in itself.
  bool Read(Bytes& in, Uninspected& total) noexcept;
  void End(protocol::BodyEnd end, Uninspected& total) noexcept;
  bool open() const noexcept { return chain_ != nullptr; }

 private:
  // A line end and "endstream".
  static constexpr std::size_t kMaxTail = 11;

  bool EndsAt(std::uint64_t position) const noexcept { return position >= least_; }
  void Hand(Bytes data, Uninspected& total) noexcept;
  bool Finish(Uninspected& total) noexcept;

  Body* body_ = nullptr;
  PdfStreamContent content_;
  LayerPtr chain_;
  std::uint64_t least_ = 0;  // bytes before which it does not end
  std::uint64_t raw_ = 0;    // handed on
  Uninspected told_;
  std::size_t held_ = 0;  // of what may be the end
  std::array<std::byte, kMaxTail> hold_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_STREAM_H_
