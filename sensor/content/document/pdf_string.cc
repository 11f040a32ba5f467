// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_string.h"

#include <algorithm>

#include "content/charset/utf8.h"
#include "content/document/pdf_encoding.h"

namespace gander::content {
namespace {

constexpr std::string_view kUtf16Mark = "\xfe\xff", kUtf8Mark = "\xef\xbb\xbf";

bool IsControl(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f' && byte < 0x18;
}

}  // namespace

std::string_view PdfStringDecoder::Decode(const PdfLexer& piece) noexcept {
  std::string_view text = piece.text();
  if (piece.first()) text = Begin(text);
  used_ = 0;
  if (form_ != Form::kUtf16 && std::any_of(text.begin(), text.end(), IsControl)) form_ = Form::kNoText;
  switch (form_) {
    case Form::kNoText:
      return {};
    case Form::kUtf8:
      return text;
    case Form::kUtf16:
      Utf16(text);
      break;
    case Form::kDocument:
      Document(text);
      break;
  }
  return AsText(Bytes(out_.data(), used_));
}

std::string_view PdfStringDecoder::Begin(std::string_view piece) noexcept {
  units_.Begin();
  if (piece.starts_with(kUtf16Mark)) {
    form_ = Form::kUtf16;
    piece.remove_prefix(kUtf16Mark.size());
  } else if (piece.starts_with(kUtf8Mark)) {
    form_ = Form::kUtf8;
    piece.remove_prefix(kUtf8Mark.size());
  } else {
    form_ = Form::kDocument;
  }
  return piece;
}

void PdfStringDecoder::Put(std::uint32_t c) noexcept {
  if (out_.size() - used_ >= kMaxUtf8Bytes) used_ += PutReadable(c, std::span(out_).subspan(used_));
}

void PdfStringDecoder::Document(std::string_view piece) noexcept {
  for (const char c : piece) {
    const std::uint32_t unicode = PdfToUnicode(PdfCharset::kDocument, static_cast<std::uint8_t>(c));
    Put(unicode == 0 ? kReplacement : unicode);
  }
}

void PdfStringDecoder::Utf16(std::string_view piece) noexcept {
  for (std::size_t i = 0; i + 1 < piece.size(); i += 2) {
    const std::uint32_t unit = static_cast<std::uint32_t>(static_cast<unsigned char>(piece[i])) << 8 |
                               static_cast<unsigned char>(piece[i + 1]);
    units_.Take(unit, [&](std::uint32_t c) { Put(c); });
  }
}

}  // namespace gander::content
