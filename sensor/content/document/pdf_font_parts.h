// SPDX-License-Identifier: Apache-2.0
// What the objects of a PDF say about its fonts, kept until text is shown in them: in a stream a font may
// stand before or behind the pages that use it, and is spread over several objects (ISO 32000-1, 9.5
// to 9.10).
#ifndef GANDER_CONTENT_PDF_FONT_PARTS_H_
#define GANDER_CONTENT_PDF_FONT_PARTS_H_

#include <array>
#include <cstdint>

#include "content/document/pdf_encoding.h"
#include "content/held_list.h"

namespace gander::content {

// Items of one of the lists below.
struct PdfSpan {
  std::uint32_t at = 0;
  std::uint32_t count = 0;
};

// One object's share of a font. References are object numbers, 0 for none.
struct PdfPart {
  std::uint32_t object = 0;
  bool is_font = false;
  bool true_type = false;
  bool composite = false;      // codes of more than one byte: /Type0
  bool unicode_codes = false;  // which are UTF-16
  bool ascii_codes = false;    // ASCII in one byte, all else in two: the older East Asian sets
  bool has_charset = false;
  bool is_codes = false;        // a CMap: `codes` counts even when it is empty
  std::uint8_t code_bytes = 0;  // of its longest code, 0 when it says nothing
  PdfCharset charset = PdfCharset::kStandard;
  PdfFace face = PdfFace::kSans;
  std::uint16_t first_char = 0;
  std::uint16_t default_width = 1000;
  float width_scale = 1;  // glyph space to 1/1000: other than 1 for Type 3
  std::uint32_t to_unicode = 0, encoding = 0, descendant = 0, widths_ref = 0, cid_widths_ref = 0;
  PdfSpan differences, widths, cid_widths, codes;
};

// /Differences: a code and what its glyph's name means, 0 for nothing known.
struct PdfDifference {
  std::uint32_t code;
  std::uint32_t unicode;
};

// Of a ToUnicode CMap: codes `low` to `high` mean `unicode` and those behind it.
struct PdfCodeRange {
  static constexpr std::uint32_t kString =
      0x80000000;  // `unicode` is a place in `strings`: length, then UTF-16
  std::uint32_t low, high;
  std::uint32_t unicode;
};

class PdfFontParts {
 public:
  // Caps of a file. A font too many is read as if nothing were known of it.
  static constexpr std::size_t kMaxParts = 1024;
  static constexpr std::size_t kMaxNames = 4096;  // names of fonts in resources
  static constexpr std::size_t kMaxLinks = 8192;  // objects that lead to resources
  static constexpr std::size_t kMaxWidths = 128 * 1024;
  static constexpr std::size_t kMaxDifferences = 16 * 1024;
  static constexpr std::size_t kMaxCodeRanges = 64 * 1024;
  static constexpr std::size_t kMaxStrings = 64 * 1024;  // UTF-16 units
  // Brackets among the widths of a /W array.
  static constexpr std::uint16_t kOpen = 0xffff, kClose = 0xfffe;

  void Begin(Memory& memory) noexcept;
  void Release() noexcept;

  // In the resources that `owner` has, `name` (PdfNameHash) is the font of the object `font`.
  void Name(std::uint32_t owner, std::uint32_t name, std::uint32_t font) noexcept;
  // What `from` shows is named in the resources of `to`, where it names nothing itself.
  void Link(std::uint32_t from, std::uint32_t to) noexcept;
  void Add(const PdfPart& part) noexcept;

  // The font that the content of the object `content` means by `name`; 0 when that is not known. `guess`:
  // takes any font of this name.
  std::uint32_t Find(std::uint32_t content, std::uint32_t name, bool guess) const noexcept;
  const PdfPart* PartOf(std::uint32_t object) const noexcept;
  // Grows with everything that may make a font known.
  std::uint32_t changes() const noexcept { return changes_; }

  HeldList<std::uint16_t> widths;
  HeldList<PdfDifference> differences;
  HeldList<PdfCodeRange> codes;
  HeldList<std::uint16_t> strings;

 private:
  static constexpr std::size_t kBuckets = 256;
  static constexpr std::uint16_t kNone = 0xffff;
  static constexpr std::size_t kMaxSteps = 64;  // along one bucket
  static constexpr std::size_t kMaxHops = 16;   // from content to resources

  struct NameEntry {
    std::uint32_t owner, name, font;
    std::uint16_t next;
  };
  struct LinkEntry {
    std::uint32_t from, to;
    std::uint16_t next;
  };

  static std::size_t Bucket(std::uint32_t owner, std::uint32_t name) noexcept;
  std::uint32_t FontNamed(std::uint32_t owner, std::uint32_t name) const noexcept;
  void AddName(std::uint32_t owner, std::uint32_t name, std::uint32_t font) noexcept;

  HeldList<PdfPart> parts_;
  HeldList<NameEntry> names_;
  HeldList<LinkEntry> links_;
  std::array<std::uint16_t, kBuckets> name_heads_, link_heads_;
  std::uint32_t changes_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_FONT_PARTS_H_
