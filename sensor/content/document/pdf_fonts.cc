// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_fonts.h"

#include <algorithm>

#include "content/charset/utf8.h"

namespace gander::content {
namespace {

constexpr std::uint16_t kEmWidth = 1000, kHalfWidth = 500;
constexpr std::uint32_t kFirstWide = 0x1100;  // Hangul, Kana, ideographs: as wide as high
constexpr std::uint32_t kTwoByteStep = 256;
constexpr std::size_t kMaxSimpleRanges = 512;  // of a CMap for 256 codes

template <class T>
std::span<const T> Items(const HeldList<T>& list, const PdfSpan& span) noexcept {
  return list.items().subspan(span.at, span.count);
}

template <class Range>
void SortByLow(std::span<Range> ranges) noexcept {
  const auto before = [](const Range& a, const Range& b) { return a.low < b.low; };
  if (!std::is_sorted(ranges.begin(), ranges.end(), before)) std::sort(ranges.begin(), ranges.end(), before);
}

template <class Range>
const Range* FindRange(std::span<const Range> ranges, std::uint32_t value) noexcept {
  const auto behind = std::upper_bound(ranges.begin(), ranges.end(), value,
                                       [](std::uint32_t v, const Range& r) { return v < r.low; });
  if (behind == ranges.begin() || (behind - 1)->high < value) return nullptr;
  return &*(behind - 1);
}

}  // namespace

void PdfFonts::Begin(PdfFontParts& parts, Memory& memory) noexcept {
  parts_ = &parts;
  fonts_.Begin(memory, kMaxFonts);
  tables_.Begin(memory, kMaxFonts);
  runs_.Begin(memory, kMaxWidthRuns);
}

void PdfFonts::Release() noexcept {
  fonts_.Release();
  tables_.Release();
  runs_.Release();
}

std::uint16_t PdfFonts::Find(std::uint32_t content, std::uint32_t name, bool force) noexcept {
  const std::uint32_t object = parts_->Find(content, name, force);
  const std::span<const Font> fonts = fonts_.items();
  const auto made =
      std::find_if(fonts.begin(), fonts.end(), [&](const Font& f) { return f.object == object; });
  if (object != 0 && made != fonts.end()) return static_cast<std::uint16_t>(made - fonts.begin());
  const PdfPart* const part = parts_->PartOf(object);
  if (part == nullptr) return force ? kUnknown : kNotYet;
  if (!force && !Known(*part)) return kNotYet;
  return Make(*part);
}

bool PdfFonts::Known(const PdfPart& part) const noexcept {
  for (const std::uint32_t reference : {part.to_unicode, part.encoding, part.widths_ref, part.descendant}) {
    if (reference != 0 && parts_->PartOf(reference) == nullptr) return false;
  }
  const PdfPart* const descendant = parts_->PartOf(part.descendant);
  const std::uint32_t widths = descendant == nullptr ? part.cid_widths_ref : descendant->cid_widths_ref;
  return widths == 0 || parts_->PartOf(widths) != nullptr;
}

std::uint16_t PdfFonts::Make(const PdfPart& part) noexcept {
  Font font{};
  font.object = part.object;
  font.composite = part.composite;
  font.unicode_codes = part.unicode_codes;
  font.ascii_codes = part.ascii_codes;
  font.face = part.face;
  font.first_char = part.first_char;
  font.default_width = part.default_width;
  font.width_scale = part.width_scale;
  if (const PdfPart* const cmap = parts_->PartOf(part.to_unicode); cmap != nullptr) {
    font.codes = cmap->codes;
    font.code_bytes = cmap->code_bytes;
    SortByLow(parts_->codes.items().subspan(font.codes.at, font.codes.count));
  }
  if (part.composite) {
    font.readable = font.codes.count > 0 || font.unicode_codes || font.ascii_codes;
    MakeRuns(part, font);
  } else {
    MakeSimple(part, font);
  }
  if (!fonts_.Add(font)) return kUnknown;
  return static_cast<std::uint16_t>(fonts_.size() - 1);
}

void PdfFonts::MakeSimple(const PdfPart& part, Font& font) noexcept {
  font.widths = part.widths;
  if (const PdfPart* const widths = parts_->PartOf(part.widths_ref); widths != nullptr)
    font.widths = widths->widths;
  Table table;
  MakeTable(part, font, table);
  font.table = static_cast<std::uint32_t>(tables_.size());
  font.readable = tables_.Add(table) && (font.codes.count > 0 || NamesSayMuch(part));
}

// Fonts made of pictures or of numbered glyphs name them "g17"; parts of TrueType fonts have their glyphs
// numbered from 1 on, and no encoding.
bool PdfFonts::NamesSayMuch(const PdfPart& part) const noexcept {
  const PdfPart* const outside = parts_->PartOf(part.encoding);
  const PdfPart& encoding = outside == nullptr ? part : *outside;
  const auto names = Items(parts_->differences, encoding.differences);
  if (names.empty()) return encoding.has_charset || !part.true_type || part.first_char != 1;
  const auto said =
      std::count_if(names.begin(), names.end(), [](const PdfDifference& d) { return d.unicode != 0; });
  return static_cast<std::size_t>(said) * 2 >= names.size();
}

// 9.10.2: the CMap says it, then the names of the glyphs, then the encoding.
void PdfFonts::MakeTable(const PdfPart& part, const Font& font, Table& table) const noexcept {
  const PdfPart* const outside = parts_->PartOf(part.encoding);
  const PdfPart& encoding = outside == nullptr ? part : *outside;
  const PdfCharset charset = encoding.has_charset ? encoding.charset : PdfCharset::kStandard;
  for (std::uint32_t code = 0; code < table.size(); ++code) {
    const auto byte = static_cast<std::uint8_t>(code);
    std::uint32_t unicode = PdfToUnicode(charset, byte);
    if (unicode == 0 && !encoding.has_charset) unicode = PdfToUnicode(PdfCharset::kWinAnsi, byte);
    table[code] = static_cast<std::uint16_t>(unicode);
  }
  for (const PdfDifference& d : Items(parts_->differences, encoding.differences)) {
    if (d.code < table.size())
      table[d.code] = static_cast<std::uint16_t>(d.unicode < kInStrings ? d.unicode : 0);
  }
  const std::span<const PdfCodeRange> ranges = Items(parts_->codes, font.codes);
  for (const PdfCodeRange& range : ranges.first(std::min(ranges.size(), kMaxSimpleRanges))) {
    const bool single = (range.unicode & PdfCodeRange::kString) == 0;
    for (std::uint32_t code = range.low; code <= range.high && code < table.size(); ++code) {
      const std::uint32_t unicode = range.unicode + (code - range.low);
      table[code] = single && unicode < kInStrings ? static_cast<std::uint16_t>(unicode) : kInStrings;
    }
  }
}

void PdfFonts::MakeRuns(const PdfPart& part, Font& font) noexcept {
  const PdfPart* const outside = parts_->PartOf(part.descendant);
  const PdfPart& descendant = outside == nullptr ? part : *outside;
  font.default_width = descendant.default_width;
  const PdfPart* const apart = parts_->PartOf(descendant.cid_widths_ref);
  const PdfSpan tokens = apart == nullptr ? descendant.cid_widths : apart->widths;
  font.widths.at = static_cast<std::uint32_t>(runs_.size());
  ReadRuns(parts_->widths.items().subspan(tokens.at, tokens.count));
  font.widths.count = static_cast<std::uint32_t>(runs_.size()) - font.widths.at;
  SortByLow(runs_.items().subspan(font.widths.at, font.widths.count));
}

// 9.7.4.3: "first [width width ...]" or "first last width".
void PdfFonts::ReadRuns(std::span<const std::uint16_t> tokens) noexcept {
  const auto* const base = parts_->widths.items().data();
  std::size_t i = 0;
  while (i + 2 < tokens.size()) {
    const std::uint32_t low = tokens[i];
    if (tokens[i + 1] != PdfFontParts::kOpen) {
      runs_.Add({low, tokens[i + 1], WidthRun::kSame | tokens[i + 2]});
      i += 3;
      continue;
    }
    const auto end =
        std::find(tokens.begin() + static_cast<std::ptrdiff_t>(i) + 2, tokens.end(), PdfFontParts::kClose);
    const auto close = static_cast<std::size_t>(end - tokens.begin());
    const auto count = static_cast<std::uint32_t>(close - i - 2);
    const auto at = static_cast<std::uint32_t>(tokens.data() + i + 2 - base);
    if (count > 0) runs_.Add({low, low + count - 1, at});
    i = close + 1;
  }
}

bool PdfFonts::Unreadable(std::uint16_t font) const noexcept {
  return font < fonts_.size() && !fonts_[font].readable;
}

void PdfFonts::Read(std::uint16_t font, Bytes codes, Glyph& glyph) const noexcept {
  glyph.count = 0;
  glyph.is_space = false;
  if (font < fonts_.size() && fonts_[font].composite) return ReadComposite(fonts_[font], codes, glyph);
  const std::uint8_t code = Octets(codes)[0];
  glyph.bytes = 1;
  glyph.is_space = code == ' ';
  if (font < fonts_.size()) return ReadSimple(fonts_[font], code, glyph);
  glyph.unicode[0] = PdfToUnicode(PdfCharset::kWinAnsi, code);
  glyph.count = glyph.unicode[0] >= 0x20 ? 1 : 0;
  glyph.width = static_cast<float>(PdfUsualWidth(PdfFace::kSans, glyph.unicode[0]));
}

void PdfFonts::ReadSimple(const Font& font, std::uint8_t code, Glyph& glyph) const noexcept {
  const std::uint16_t unicode = font.readable ? tables_[font.table][code] : 0;
  if (unicode == kInStrings) {
    if (const PdfCodeRange* const range = RangeOf(font, code); range != nullptr)
      ReadRange(*range, code, glyph);
  } else if (unicode >= 0x20) {
    glyph.unicode[0] = unicode;
    glyph.count = 1;
  }
  const std::uint32_t at = code - std::uint32_t{font.first_char};
  glyph.width = at < font.widths.count
                    ? static_cast<float>(parts_->widths[font.widths.at + at]) * font.width_scale
                    : static_cast<float>(PdfUsualWidth(font.face, unicode));
}

void PdfFonts::ReadComposite(const Font& font, Bytes codes, Glyph& glyph) const noexcept {
  const std::uint8_t* const p = Octets(codes);
  const bool one = (font.ascii_codes && p[0] < 0x80) || font.code_bytes == 1;
  glyph.bytes = one || codes.size() < 2 ? 1 : 2;
  const std::uint32_t code = glyph.bytes == 1 ? p[0] : p[0] * kTwoByteStep + p[1];
  if (const PdfCodeRange* const range = RangeOf(font, code); range != nullptr) {
    ReadRange(*range, code, glyph);
  } else if (font.unicode_codes || (font.ascii_codes && glyph.bytes == 1)) {
    glyph.unicode[0] = code;
    glyph.count = code >= 0x20 ? 1 : 0;
    if (IsHighSurrogate(code) && codes.size() >= 4) {
      glyph.unicode[0] = FromSurrogates(code, p[2] * kTwoByteStep + p[3]);
      glyph.bytes = 4;
    }
  }
  glyph.width = CompositeWidth(font, code);
  if (font.unicode_codes || font.ascii_codes) glyph.width = code < kFirstWide ? kHalfWidth : kEmWidth;
}

float PdfFonts::CompositeWidth(const Font& font, std::uint32_t code) const noexcept {
  const WidthRun* const run = FindRange(Items(runs_, font.widths), code);
  if (run == nullptr) return font.default_width;
  if ((run->at & WidthRun::kSame) != 0) return static_cast<float>(run->at & ~WidthRun::kSame);
  return parts_->widths[run->at + (code - run->low)];
}

const PdfCodeRange* PdfFonts::RangeOf(const Font& font, std::uint32_t code) const noexcept {
  return FindRange(Items(parts_->codes, font.codes), code);
}

void PdfFonts::ReadRange(const PdfCodeRange& range, std::uint32_t code, Glyph& glyph) const noexcept {
  if ((range.unicode & PdfCodeRange::kString) == 0) {
    glyph.unicode[0] = range.unicode + (code - range.low);
    glyph.count = 1;
    return;
  }
  const std::span<const std::uint16_t> strings = parts_->strings.items();
  std::size_t at = range.unicode & ~PdfCodeRange::kString;
  const std::size_t end = std::min<std::size_t>(at + 1 + strings[at], strings.size());
  for (++at; at < end && glyph.count < glyph.unicode.size(); ++at) {
    std::uint32_t c = strings[at];
    if (IsHighSurrogate(c) && at + 1 < end) c = FromSurrogates(c, strings[++at]);
    glyph.unicode[glyph.count++] = c;
  }
}

}  // namespace gander::content
