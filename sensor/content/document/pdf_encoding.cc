// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_encoding.h"

#include <span>

namespace gander::content {
namespace {

// Codes from 0x80 on; all four sets are ASCII below, but for two quotation marks. What a table has no line
// for is Latin-1. 0: not used.
constexpr std::uint16_t kWinAnsi[] = {
    0x20ac, 0x2022, 0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
    0x2039, 0x152,  0x2022, 0x17d,  0x2022, 0x2022, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x2022, 0x17e,  0x178,
};
constexpr std::uint16_t kMacRoman[] = {
    0xc4,   0xc5,   0xc7,   0xc9,   0xd1,   0xd6,   0xdc,   0xe1,   0xe0,   0xe2,   0xe4,  0xe3,   0xe5,
    0xe7,   0xe9,   0xe8,   0xea,   0xeb,   0xed,   0xec,   0xee,   0xef,   0xf1,   0xf3,  0xf2,   0xf4,
    0xf6,   0xf5,   0xfa,   0xf9,   0xfb,   0xfc,   0x2020, 0xb0,   0xa2,   0xa3,   0xa7,  0x2022, 0xb6,
    0xdf,   0xae,   0xa9,   0x2122, 0xb4,   0xa8,   0x2260, 0xc6,   0xd8,   0x221e, 0xb1,  0x2264, 0x2265,
    0xa5,   0xb5,   0x2202, 0x2211, 0x220f, 0x3c0,  0x222b, 0xaa,   0xba,   0x3a9,  0xe6,  0xf8,   0xbf,
    0xa1,   0xac,   0x221a, 0x192,  0x2248, 0x2206, 0xab,   0xbb,   0x2026, 0xa0,   0xc0,  0xc3,   0xd5,
    0x152,  0x153,  0x2013, 0x2014, 0x201c, 0x201d, 0x2018, 0x2019, 0xf7,   0x25ca, 0xff,  0x178,  0x2044,
    0x20ac, 0x2039, 0x203a, 0xfb01, 0xfb02, 0x2021, 0xb7,   0x201a, 0x201e, 0x2030, 0xc2,  0xca,   0xc1,
    0xcb,   0xc8,   0xcd,   0xce,   0xcf,   0xcc,   0xd3,   0xd4,   0xf8ff, 0xd2,   0xda,  0xdb,   0xd9,
    0x131,  0x2c6,  0x2dc,  0xaf,   0x2d8,  0x2d9,  0x2da,  0xb8,   0x2dd,  0x2db,  0x2c7,
};
constexpr std::uint16_t kStandard[] = {
    0,     0,     0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,
    0,     0,     0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,
    0,     0,     0,      0,      0,      0,      0,      0xa1,   0xa2,   0xa3,   0x2044, 0xa5,   0x192,
    0xa7,  0xa4,  0x27,   0x201c, 0xab,   0x2039, 0x203a, 0xfb01, 0xfb02, 0,      0x2013, 0x2020, 0x2021,
    0xb7,  0,     0xb6,   0x2022, 0x201a, 0x201e, 0x201d, 0xbb,   0x2026, 0x2030, 0,      0xbf,   0,
    0x60,  0xb4,  0x2c6,  0x2dc,  0xaf,   0x2d8,  0x2d9,  0xa8,   0,      0x2da,  0xb8,   0,      0x2dd,
    0x2db, 0x2c7, 0x2014, 0,      0,      0,      0,      0,      0,      0,      0,      0,      0,
    0,     0,     0,      0,      0,      0,      0xc6,   0,      0xaa,   0,      0,      0,      0,
    0x141, 0xd8,  0x152,  0xba,   0,      0,      0,      0,      0,      0xe6,   0,      0,      0,
    0x131, 0,     0,      0x142,  0xf8,   0x153,  0xdf,   0,      0,      0,      0,
};
constexpr std::uint16_t kDocument[] = {
    0x2022, 0x2020, 0x2021, 0x2026, 0x2014, 0x2013, 0x192,  0x2044, 0x2039, 0x203a, 0x2212,
    0x2030, 0x201e, 0x201c, 0x201d, 0x2018, 0x2019, 0x201a, 0x2122, 0xfb01, 0xfb02, 0x141,
    0x152,  0x160,  0x178,  0x17d,  0x131,  0x142,  0x153,  0x161,  0x17e,  0,      0x20ac,
};
// PDFDocEncoding has accents from 0x18 on.
constexpr std::uint16_t kDocumentAccents[] = {0x2d8, 0x2c7, 0x2c6, 0x2d9, 0x2dd, 0x2db, 0x2da, 0x2dc};

// Of the characters 0x20 to 0x7e: Adobe's metrics of Helvetica and Times-Roman.
constexpr std::uint16_t kHelvetica[] = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584,
};
constexpr std::uint16_t kTimes[] = {
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611,
    556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722,
    722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500,
    278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
};
constexpr std::uint32_t kCourier = 600;
constexpr std::uint32_t kUsual = 556;  // Latin letters with accents

std::uint32_t Upper(std::span<const std::uint16_t> table, std::uint8_t code) noexcept {
  const std::size_t at = code - std::size_t{0x80};
  return at < table.size() ? table[at] : code;
}

}  // namespace

std::uint32_t PdfToUnicode(PdfCharset charset, std::uint8_t code) noexcept {
  if (code < 0x80) {
    if (charset == PdfCharset::kStandard && code == '\'') return 0x2019;
    if (charset == PdfCharset::kStandard && code == '`') return 0x2018;
    if (charset == PdfCharset::kDocument && code >= 0x18 && code < 0x20) return kDocumentAccents[code - 0x18];
    return code < 0x7f ? code : 0;
  }
  switch (charset) {
    case PdfCharset::kWinAnsi:
      return Upper(kWinAnsi, code);
    case PdfCharset::kMacRoman:
      return Upper(kMacRoman, code);
    case PdfCharset::kStandard:
      return Upper(kStandard, code);
    case PdfCharset::kDocument:
      return Upper(kDocument, code);
  }
  return 0;
}

PdfFace PdfFaceOf(std::string_view font_name) noexcept {
  const auto has = [&](std::string_view part) { return font_name.find(part) != std::string_view::npos; };
  if (has("Courier") || has("Mono")) return PdfFace::kMono;
  if (has("Times") || (has("Serif") && !has("Sans"))) return PdfFace::kSerif;
  return PdfFace::kSans;
}

std::uint32_t PdfUsualWidth(PdfFace face, std::uint32_t unicode) noexcept {
  if (face == PdfFace::kMono) return kCourier;
  if (unicode < 0x20 || unicode > 0x7e) return kUsual;
  return (face == PdfFace::kSerif ? kTimes : kHelvetica)[unicode - 0x20];
}

}  // namespace gander::content
