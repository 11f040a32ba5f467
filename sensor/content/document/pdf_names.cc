// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_names.h"

#include <algorithm>
#include <iterator>

namespace gander::content {
namespace {

struct Known {
  std::string_view text;
  PdfName name;
};

// Sorted by text (byte order). The short forms of filters are those of inline images, which readers take
// everywhere.
constexpr Known kKnown[] = {
    {"A85", PdfName::kASCII85Decode},
    {"AHx", PdfName::kASCIIHexDecode},
    {"ASCII85Decode", PdfName::kASCII85Decode},
    {"ASCIIHexDecode", PdfName::kASCIIHexDecode},
    {"BaseEncoding", PdfName::kBaseEncoding},
    {"BaseFont", PdfName::kBaseFont},
    {"BitsPerComponent", PdfName::kBitsPerComponent},
    {"CIDFontType0C", PdfName::kCIDFontType0C},
    {"Cert", PdfName::kCert},
    {"CharSet", PdfName::kCharSet},
    {"CheckSum", PdfName::kCheckSum},
    {"Colors", PdfName::kColors},
    {"Columns", PdfName::kColumns},
    {"Contents", PdfName::kContents},
    {"D", PdfName::kD},
    {"DW", PdfName::kDW},
    {"DecodeParms", PdfName::kDecodeParms},
    {"DescendantFonts", PdfName::kDescendantFonts},
    {"Differences", PdfName::kDifferences},
    {"EF", PdfName::kEF},
    {"EarlyChange", PdfName::kEarlyChange},
    {"EmbeddedFile", PdfName::kEmbeddedFile},
    {"Encoding", PdfName::kEncoding},
    {"Encrypt", PdfName::kEncrypt},
    {"F", PdfName::kF},
    {"Filter", PdfName::kFilter},
    {"First", PdfName::kFirst},
    {"FirstChar", PdfName::kFirstChar},
    {"Fl", PdfName::kFlateDecode},
    {"FlateDecode", PdfName::kFlateDecode},
    {"Font", PdfName::kFont},
    {"FontMatrix", PdfName::kFontMatrix},
    {"Form", PdfName::kForm},
    {"ID", PdfName::kID},
    {"Identity-H", PdfName::kIdentityH},
    {"Identity-V", PdfName::kIdentityV},
    {"Image", PdfName::kImage},
    {"LZW", PdfName::kLZWDecode},
    {"LZWDecode", PdfName::kLZWDecode},
    {"Length", PdfName::kLength},
    {"Length1", PdfName::kLength1},
    {"Limits", PdfName::kLimits},
    {"MacRomanEncoding", PdfName::kMacRomanEncoding},
    {"Metadata", PdfName::kMetadata},
    {"N", PdfName::kN},
    {"O", PdfName::kO},
    {"OE", PdfName::kOE},
    {"ObjStm", PdfName::kObjStm},
    {"OpenType", PdfName::kOpenType},
    {"Page", PdfName::kPage},
    {"Pages", PdfName::kPages},
    {"Panose", PdfName::kPanose},
    {"Parent", PdfName::kParent},
    {"Perms", PdfName::kPerms},
    {"Predictor", PdfName::kPredictor},
    {"RL", PdfName::kRunLengthDecode},
    {"Resources", PdfName::kResources},
    {"RunLengthDecode", PdfName::kRunLengthDecode},
    {"Sig", PdfName::kSig},
    {"StandardEncoding", PdfName::kStandardEncoding},
    {"Subtype", PdfName::kSubtype},
    {"ToUnicode", PdfName::kToUnicode},
    {"TrueType", PdfName::kTrueType},
    {"Type", PdfName::kType},
    {"Type0", PdfName::kType0},
    {"Type1C", PdfName::kType1C},
    {"Type3", PdfName::kType3},
    {"U", PdfName::kU},
    {"UE", PdfName::kUE},
    {"UF", PdfName::kUF},
    {"W", PdfName::kW},
    {"Widths", PdfName::kWidths},
    {"WinAnsiEncoding", PdfName::kWinAnsiEncoding},
    {"XObject", PdfName::kXObject},
    {"XRef", PdfName::kXRef},
};

}  // namespace

PdfName PdfNameOf(std::string_view text) noexcept {
  const auto* const at = std::lower_bound(std::begin(kKnown), std::end(kKnown), text,
                                          [](const Known& k, std::string_view t) { return k.text < t; });
  return at != std::end(kKnown) && at->text == text ? at->name : PdfName::kOther;
}

// FNV-1a. Who makes two names collide has the wrong font read, which he could have named as well.
std::uint32_t PdfNameHash(std::string_view text) noexcept {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

}  // namespace gander::content
