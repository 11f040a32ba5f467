// SPDX-License-Identifier: Apache-2.0
// The decoded bytes of one PDF stream: content that shows text, an object stream, a CMap, a file, or
// something unknown that is looked at first.
#ifndef GANDER_CONTENT_PDF_STREAM_CONTENT_H_
#define GANDER_CONTENT_PDF_STREAM_CONTENT_H_

#include <array>

#include "content/document/pdf_cmap.h"
#include "content/document/pdf_content.h"
#include "content/document/pdf_object.h"

namespace gander::content {

class PdfStreamContent final : public Layer {
 public:
  // Of one object stream; what stands in further ones is read as if it belonged to the last. Writers put 100
  // to 200 in one.
  static constexpr std::size_t kMaxObjects = 4096;

  // For a whole file.
  void Open(Body& body, PdfPageText& text, PdfObjectReader& objects, PdfFileNames& names) noexcept;
  // For one stream. `decoded`: all its filters are taken off.
  void Begin(const PdfStreamFacts& facts, bool decoded, std::string_view outer_name) noexcept;

  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override {}  // a part of its PdfLayer

  // Of the stream so far.
  std::uint64_t bytes() const noexcept { return bytes_; }
  const Uninspected& uninspected() const noexcept { return uninspected_; }

 private:
  enum class Kind : std::uint8_t { kUnknown, kContent, kCMap, kObjects, kMember, kIgnored };

  static constexpr std::size_t kLookBytes = 512;

  // Where in an object stream an object begins.
  struct Place {
    std::uint32_t object, offset;
  };

  void Settle() noexcept;
  Uninspected Take(Bytes in) noexcept;
  void TakeWords(Bytes in) noexcept;
  void TakeWord() noexcept;
  void TakeObjects(Bytes in) noexcept;
  void TakeIndex(Bytes in) noexcept;
  void NextObject() noexcept;
  void Foreign() noexcept;
  void OpenMember(LayerPtr member) noexcept;

  Body* body_ = nullptr;
  PdfPageText* text_ = nullptr;
  PdfObjectReader* objects_ = nullptr;
  PdfFileNames* names_ = nullptr;

  Kind kind_ = Kind::kIgnored;
  std::uint32_t number_ = 0;
  std::string_view outer_name_;
  LayerPtr member_;
  PdfLexer lexer_;
  PdfContentReader content_;
  PdfCMapReader cmap_;

  HeldList<Place> index_;
  std::uint32_t first_ = 0;  // byte of the first object
  std::uint32_t expected_ = 0;
  std::size_t current_ = 0;  // object at hand
  bool half_place_ = false;
  bool in_objects_ = false;

  std::uint64_t bytes_ = 0;
  Uninspected uninspected_;
  std::size_t held_ = 0;
  std::array<std::byte, kLookBytes> hold_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_STREAM_CONTENT_H_
