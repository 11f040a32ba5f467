// SPDX-License-Identifier: Apache-2.0
#include "content/charset/charset.h"

#include <iterator>

#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

using enum CharsetKind;
using protocol::mime::EqualsIgnoreCase;

// Those met most often first. ICU knows no ISO-8859-16; ISO-8859-2 has most of its letters in the same places. EUC-KR,
// Shift_JIS, GBK and Big5 are read by their supersets.
constexpr Charset kTable[] = {
    {"utf-8", "UTF-8", kUtf8,
     "utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 utf-8n utf8mb4 cp65001 cesu-8"},
    {"windows-1252", "windows-1252", kLatin,
     "iso-8859-1 us-ascii ascii latin1 ansi_x3.4-1968 cp1252 cp819 csisolatin1 ibm819 iso-ir-100 iso8859-1 iso88591 "
     "iso_8859-1 iso_8859-1:1987 l1 x-cp1252 iso646-us us csascii ansi"},
    {"windows-1251", "windows-1251", kBytes, "cp1251 x-cp1251 win-1251 cp-1251"},
    {"gbk", "gb18030", kPairs,
     "gb2312 gb_2312 gb_2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58 x-gbk cp936 ms936 windows-936 euc-cn "
     "x-euc-cn"},
    {"gb18030", "gb18030", kPairs, "gb-18030 gb18030-2000 gb18030-2005"},
    {"shift_jis", "windows-31j", kPairs,
     "csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis cp932 windows-932 x-ms-cp932 csWindows31J"},
    {"euc-jp", "EUC-JP", kPairs, "cseucpkdfmtjapanese x-euc-jp eucjp ujis"},
    {"iso-2022-jp", "ISO-2022-JP-2", kEscaped, "csiso2022jp iso-2022-jp-1 iso-2022-jp-2 jis csiso2022jp2"},
    {"euc-kr", "windows-949", kPairs,
     "cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ks_c_5601 ksc5601 ksc_5601 windows-949 "
     "cp949 "
     "ms949 uhc"},
    {"big5", "Big5-HKSCS", kPairs, "big5-hkscs cn-big5 csbig5 x-x-big5 big-5 cp950 windows-950 ms950 big5-eten"},
    {"koi8-r", "KOI8-R", kBytes, "cskoi8r koi koi8 koi8_r"},
    {"koi8-u", "KOI8-U", kBytes, "koi8-ru"},
    {"windows-1250", "windows-1250", kBytes, "cp1250 x-cp1250"},
    {"iso-8859-2", "ISO-8859-2", kBytes,
     "csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2 iso-8859-16 iso8859-16 latin10 "
     "l10"},
    {"iso-8859-15", "ISO-8859-15", kBytes, "csisolatin9 iso8859-15 iso885915 iso_8859-15 l9 latin9 latin-9"},
    {"windows-1254", "windows-1254", kBytes,
     "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254"},
    {"windows-1253", "windows-1253", kBytes, "cp1253 x-cp1253"},
    {"iso-8859-7", "ISO-8859-7", kBytes,
     "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 "
     "sun_eu_greek"},
    {"windows-1255", "windows-1255", kBytes, "cp1255 x-cp1255"},
    {"iso-8859-8", "ISO-8859-8", kBytes,
     "csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-8859-8-i csiso88598i logical iso-ir-138 iso8859-8 iso88598 "
     "iso_8859-8 iso_8859-8:1988 visual"},
    {"windows-1256", "windows-1256", kBytes, "cp1256 x-cp1256"},
    {"iso-8859-6", "ISO-8859-6", kBytes,
     "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 "
     "iso88596 iso_8859-6 iso_8859-6:1987"},
    {"windows-1257", "windows-1257", kBytes, "cp1257 x-cp1257"},
    {"windows-1258", "windows-1258", kBytes, "cp1258 x-cp1258"},
    {"windows-874", "windows-874", kBytes, "tis-620 dos-874 iso-8859-11 iso8859-11 iso885911 cp874 tis620"},
    {"iso-8859-3", "ISO-8859-3", kBytes,
     "csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"},
    {"iso-8859-4", "ISO-8859-4", kBytes,
     "csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"},
    {"iso-8859-5", "ISO-8859-5", kBytes,
     "csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988"},
    {"iso-8859-10", "ISO-8859-10", kBytes, "csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6"},
    {"iso-8859-13", "ISO-8859-13", kBytes, "iso8859-13 iso885913"},
    {"iso-8859-14", "ISO-8859-14", kBytes, "iso8859-14 iso885914 latin8 l8"},
    {"ibm866", "IBM866", kBytes, "866 cp866 csibm866 cp-866"},
    {"ibm850", "IBM850", kBytes, "cp850 850 cspc850multilingual"},
    {"ibm852", "IBM852", kBytes, "cp852 852 cspcp852"},
    {"ibm855", "IBM855", kBytes, "cp855 855"},
    {"ibm857", "IBM857", kBytes, "cp857 857"},
    {"ibm437", "IBM437", kBytes, "cp437 437 cspc8codepage437"},
    {"ibm862", "IBM862", kBytes, "cp862 862"},
    {"ibm864", "IBM864", kBytes, "cp864"},
    {"macintosh", "macintosh", kBytes, "csmacintosh mac x-mac-roman macroman"},
    {"x-mac-cyrillic", "x-mac-cyrillic", kBytes, "x-mac-ukrainian"},
    {"euc-tw", "EUC-TW", kPairs, "x-euc-tw"},
    {"iso-2022-kr", "ISO-2022-KR", kEscaped, "csiso2022kr"},
    {"iso-2022-cn", "ISO-2022-CN-EXT", kEscaped, "iso-2022-cn-ext csiso2022cn"},
    {"hz-gb-2312", "HZ", kEscaped, "hz"},
    {"utf-7", "UTF-7", kEscaped, "unicode-1-1-utf-7 csunicode11utf7 unicode-2-0-utf-7 cp65000"},
    {"utf-16", "UTF-16LE", kUnits,
     "utf-16le csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff ucs-2le utf16 utf16le"},
    {"utf-16", "UTF-16BE", kUnits, "utf-16be unicodefffe ucs-2be utf16be"},
    {"utf-32", "UTF-32LE", kUnits, "utf-32le utf32 utf32le ucs-4 ucs-4le iso-10646-ucs-4 csucs4"},
    {"utf-32", "UTF-32BE", kUnits, "utf-32be utf32be ucs-4be"},
};
static_assert(std::size(kTable) == kCharsets);

bool Lists(std::string_view labels, std::string_view label) noexcept {
  while (!labels.empty()) {
    const std::size_t end = labels.find(' ');
    if (EqualsIgnoreCase(labels.substr(0, end), label)) return true;
    labels.remove_prefix(end == std::string_view::npos ? labels.size() : end + 1);
  }
  return false;
}

}  // namespace

const Charset* FindCharset(std::string_view label) noexcept {
  label = protocol::mime::Trim(label);
  if (label.empty()) return nullptr;
  for (const Charset& c : kTable) {
    if (EqualsIgnoreCase(c.name, label) || Lists(c.labels, label)) return &c;
  }
  return nullptr;
}

const Charset& Utf8() noexcept { return kTable[0]; }
const Charset& Windows1252() noexcept { return kTable[1]; }

std::size_t CharsetIndex(const Charset& charset) noexcept { return static_cast<std::size_t>(&charset - kTable); }
std::span<const Charset> Charsets() noexcept { return kTable; }

}  // namespace gander::content
