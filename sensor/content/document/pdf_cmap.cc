// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_cmap.h"

#include <algorithm>

#include "content/charset/utf8.h"
#include "content/document/pdf_glyph_names.h"

namespace gander::content {
namespace {

std::uint16_t UnitAt(std::string_view utf16, std::size_t i) noexcept {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(utf16[2 * i]) << 8 |
                                    static_cast<unsigned char>(utf16[2 * i + 1]));
}

}  // namespace

void PdfCMapReader::Begin(PdfFontParts& parts, std::uint32_t object) noexcept {
  parts_ = &parts;
  object_ = object;
  first_ = parts.codes.size();
  section_ = Section::kNone;
  in_array_ = false;
  bounds_ = code_bytes_ = 0;
}

void PdfCMapReader::End() noexcept {
  PdfPart part;
  part.object = object_;
  part.is_codes = true;
  part.code_bytes = code_bytes_;
  part.codes = {static_cast<std::uint32_t>(first_),
                static_cast<std::uint32_t>(parts_->codes.size() - first_)};
  parts_->Add(part);
}

void PdfCMapReader::Take(const PdfLexer& word) noexcept {
  switch (word.kind()) {
    case PdfLexer::Kind::kKeyword:
      return Keyword(word.text());
    case PdfLexer::Kind::kArrayOpen:
      in_array_ = section_ == Section::kRanges && bounds_ == 2;
      return;
    case PdfLexer::Kind::kArrayClose:
      in_array_ = false;
      bounds_ = 0;
      return;
    case PdfLexer::Kind::kString: {
      if (!word.first()) return;
      const std::uint8_t wanted = section_ == Section::kChars ? 1 : 2;
      if (section_ == Section::kNone) return;
      return bounds_ < wanted ? Bound(word.text()) : Meaning(word.text());
    }
    case PdfLexer::Kind::kName: {
      if (section_ != Section::kChars || bounds_ != 1) return;
      const std::uint32_t unicode = GlyphToUnicode(word.text());
      if (unicode != 0) parts_->codes.Add({bound_[0], bound_[0], unicode});
      bounds_ = 0;
      return;
    }
    default:
      return;
  }
}

void PdfCMapReader::Keyword(std::string_view word) noexcept {
  bounds_ = 0;
  in_array_ = false;
  if (word == "begincodespacerange") {
    section_ = Section::kSpaces;
  } else if (word == "beginbfchar") {
    section_ = Section::kChars;
  } else if (word == "beginbfrange") {
    section_ = Section::kRanges;
  } else {
    section_ = Section::kNone;
  }
}

// A code: the first of a range, its last, or the one that a character is said of.
void PdfCMapReader::Bound(std::string_view bytes) noexcept {
  std::uint32_t code = 0;
  for (const char c : bytes.substr(0, kMaxCodeBytes)) code = code << 8 | static_cast<unsigned char>(c);
  bound_[bounds_++] = code;
  if (section_ != Section::kSpaces || bounds_ < 2) return;
  bounds_ = 0;
  code_bytes_ = std::max(code_bytes_, static_cast<std::uint8_t>(std::min(bytes.size(), kMaxCodeBytes)));
}

void PdfCMapReader::Meaning(std::string_view bytes) noexcept {
  if (section_ == Section::kChars) {
    Add(bound_[0], bound_[0], bytes);
    bounds_ = 0;
  } else if (!in_array_) {
    Add(bound_[0], bound_[1], bytes);
    bounds_ = 0;
  } else if (bound_[0] <= bound_[1]) {
    Add(bound_[0], bound_[0], bytes);
    ++bound_[0];
  }
}

void PdfCMapReader::Add(std::uint32_t low, std::uint32_t high, std::string_view utf16) noexcept {
  if (utf16.size() == 1) {  // against the standard, and found
    parts_->codes.Add({low, high, static_cast<unsigned char>(utf16[0])});
    return;
  }
  const std::size_t units = std::min(utf16.size() / 2, kMaxUnits);
  if (units == 0 || high < low) return;
  const std::uint32_t first = UnitAt(utf16, 0);
  if (units == 1) {
    parts_->codes.Add({low, high, first});
  } else if (units == 2 && IsHighSurrogate(first)) {
    parts_->codes.Add({low, high, FromSurrogates(first, UnitAt(utf16, 1))});
  } else {
    const auto at = static_cast<std::uint32_t>(parts_->strings.size());
    bool kept = parts_->strings.Add(static_cast<std::uint16_t>(units));
    for (std::size_t i = 0; i < units; ++i) kept = kept && parts_->strings.Add(UnitAt(utf16, i));
    if (kept) parts_->codes.Add({low, high, at | PdfCodeRange::kString});
  }
}

}  // namespace gander::content
