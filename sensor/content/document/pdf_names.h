// SPDX-License-Identifier: Apache-2.0
// The names that mean something to a reader of text, out of the many that PDF has (ISO 32000-1).
#ifndef GANDER_CONTENT_PDF_NAMES_H_
#define GANDER_CONTENT_PDF_NAMES_H_

#include <cstdint>
#include <string_view>

namespace gander::content {

enum class PdfName : std::uint8_t {
  kOther,
  // Keys of streams (7.3.8.2) and their filters (7.4).
  kLength,
  kLength1,
  kFilter,
  kDecodeParms,
  kPredictor,
  kColors,
  kBitsPerComponent,
  kColumns,
  kEarlyChange,
  kN,
  kFirst,
  // Keys of documents, pages and forms.
  kType,
  kSubtype,
  kEncrypt,
  kContents,
  kResources,
  kParent,
  kPage,
  kPages,
  kEF,
  kF,
  kUF,
  // Keys of fonts (9.5 to 9.10).
  kFont,
  kBaseFont,
  kEncoding,
  kBaseEncoding,
  kDifferences,
  kToUnicode,
  kDescendantFonts,
  kWidths,
  kFirstChar,
  kW,
  kDW,
  kFontMatrix,
  // Keys whose strings are no text: bytes, names of glyphs, of places to go to, of the ends of a tree.
  kID,
  kO,
  kU,
  kOE,
  kUE,
  kPerms,
  kCheckSum,
  kPanose,
  kCharSet,
  kD,
  kLimits,
  kCert,
  // Values.
  kFlateDecode,
  kLZWDecode,
  kASCIIHexDecode,
  kASCII85Decode,
  kRunLengthDecode,
  kXObject,
  kForm,
  kImage,
  kObjStm,
  kXRef,
  kMetadata,
  kEmbeddedFile,
  kType0,
  kType3,
  kTrueType,
  kType1C,
  kCIDFontType0C,
  kOpenType,
  kSig,
  kWinAnsiEncoding,
  kMacRomanEncoding,
  kStandardEncoding,
  kIdentityH,
  kIdentityV,
};

PdfName PdfNameOf(std::string_view text) noexcept;

// Of a resource ("F1"), to tell it from others.
std::uint32_t PdfNameHash(std::string_view text) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_PDF_NAMES_H_
