// SPDX-License-Identifier: Apache-2.0
// 284 of the 2,231 names of HTML (WHATWG HTML §13.5): ASCII, Latin letters of ISO 8859 and their like, spaces, dashes,
// quotation marks and what is invisible. The rest are signs and letters that are in no identifier.
#include "content/notation/character_names.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace gander::content {
namespace {

struct Name {
  std::string_view name;
  std::uint16_t character;
  bool bare = false;  // known without its semicolon too
};

// By the bytes of the name.
constexpr Name kNames[] = {
    {"AElig", 0xc6, true}, {"AMP", 0x26, true}, {"Aacute", 0xc1, true}, {"Abreve", 0x102},
    {"Acirc", 0xc2, true}, {"Agrave", 0xc0, true}, {"Amacr", 0x100}, {"Aogon", 0x104}, {"Aring", 0xc5, true},
    {"Atilde", 0xc3, true}, {"Auml", 0xc4, true}, {"Cacute", 0x106}, {"Ccaron", 0x10c},
    {"Ccedil", 0xc7, true}, {"Ccirc", 0x108}, {"Cdot", 0x10a}, {"CenterDot", 0xb7},
    {"CloseCurlyDoubleQuote", 0x201d}, {"CloseCurlyQuote", 0x2019}, {"Dcaron", 0x10e},
    {"DiacriticalGrave", 0x60}, {"Dstrok", 0x110}, {"ENG", 0x14a}, {"ETH", 0xd0, true},
    {"Eacute", 0xc9, true}, {"Ecaron", 0x11a}, {"Ecirc", 0xca, true}, {"Edot", 0x116}, {"Egrave", 0xc8, true},
    {"Emacr", 0x112}, {"Eogon", 0x118}, {"Euml", 0xcb, true}, {"GT", 0x3e, true}, {"Gbreve", 0x11e},
    {"Gcedil", 0x122}, {"Gcirc", 0x11c}, {"Gdot", 0x120}, {"Hat", 0x5e}, {"Hcirc", 0x124}, {"Hstrok", 0x126},
    {"IJlig", 0x132}, {"Iacute", 0xcd, true}, {"Icirc", 0xce, true}, {"Idot", 0x130}, {"Igrave", 0xcc, true},
    {"Imacr", 0x12a}, {"Iogon", 0x12e}, {"Itilde", 0x128}, {"Iuml", 0xcf, true}, {"Jcirc", 0x134},
    {"Kcedil", 0x136}, {"LT", 0x3c, true}, {"Lacute", 0x139}, {"Lcaron", 0x13d}, {"Lcedil", 0x13b},
    {"Lmidot", 0x13f}, {"Lstrok", 0x141}, {"MediumSpace", 0x205f}, {"Nacute", 0x143}, {"Ncaron", 0x147},
    {"Ncedil", 0x145}, {"NegativeMediumSpace", 0x200b}, {"NegativeThickSpace", 0x200b},
    {"NegativeThinSpace", 0x200b}, {"NegativeVeryThinSpace", 0x200b}, {"NewLine", 0xa}, {"NoBreak", 0x2060},
    {"NonBreakingSpace", 0xa0}, {"Ntilde", 0xd1, true}, {"OElig", 0x152}, {"Oacute", 0xd3, true},
    {"Ocirc", 0xd4, true}, {"Odblac", 0x150}, {"Ograve", 0xd2, true}, {"Omacr", 0x14c},
    {"OpenCurlyDoubleQuote", 0x201c}, {"OpenCurlyQuote", 0x2018}, {"Oslash", 0xd8, true},
    {"Otilde", 0xd5, true}, {"Ouml", 0xd6, true}, {"QUOT", 0x22, true}, {"Racute", 0x154}, {"Rcaron", 0x158},
    {"Rcedil", 0x156}, {"Sacute", 0x15a}, {"Scaron", 0x160}, {"Scedil", 0x15e}, {"Scirc", 0x15c},
    {"THORN", 0xde, true}, {"Tab", 0x9}, {"Tcaron", 0x164}, {"Tcedil", 0x162}, {"ThinSpace", 0x2009},
    {"Tstrok", 0x166}, {"Uacute", 0xda, true}, {"Ubreve", 0x16c}, {"Ucirc", 0xdb, true}, {"Udblac", 0x170},
    {"Ugrave", 0xd9, true}, {"Umacr", 0x16a}, {"UnderBar", 0x5f}, {"Uogon", 0x172}, {"Uring", 0x16e},
    {"Utilde", 0x168}, {"Uuml", 0xdc, true}, {"VerticalLine", 0x7c}, {"VeryThinSpace", 0x200a},
    {"Wcirc", 0x174}, {"Yacute", 0xdd, true}, {"Ycirc", 0x176}, {"Yuml", 0x178}, {"Zacute", 0x179},
    {"Zcaron", 0x17d}, {"Zdot", 0x17b}, {"ZeroWidthSpace", 0x200b}, {"aacute", 0xe1, true}, {"abreve", 0x103},
    {"acirc", 0xe2, true}, {"aelig", 0xe6, true}, {"agrave", 0xe0, true}, {"amacr", 0x101},
    {"amp", 0x26, true}, {"angst", 0xc5}, {"aogon", 0x105}, {"apos", 0x27}, {"aring", 0xe5, true},
    {"ast", 0x2a}, {"atilde", 0xe3, true}, {"auml", 0xe4, true}, {"bsol", 0x5c}, {"cacute", 0x107},
    {"ccaron", 0x10d}, {"ccedil", 0xe7, true}, {"ccirc", 0x109}, {"cdot", 0x10b}, {"centerdot", 0xb7},
    {"colon", 0x3a}, {"comma", 0x2c}, {"commat", 0x40}, {"dash", 0x2010}, {"dcaron", 0x10f}, {"dollar", 0x24},
    {"dstrok", 0x111}, {"eacute", 0xe9, true}, {"ecaron", 0x11b}, {"ecirc", 0xea, true}, {"edot", 0x117},
    {"egrave", 0xe8, true}, {"emacr", 0x113}, {"emsp", 0x2003}, {"emsp13", 0x2004}, {"emsp14", 0x2005},
    {"eng", 0x14b}, {"ensp", 0x2002}, {"eogon", 0x119}, {"equals", 0x3d}, {"eth", 0xf0, true},
    {"euml", 0xeb, true}, {"excl", 0x21}, {"frasl", 0x2044}, {"gbreve", 0x11f}, {"gcirc", 0x11d},
    {"gdot", 0x121}, {"grave", 0x60}, {"gt", 0x3e, true}, {"hairsp", 0x200a}, {"hcirc", 0x125},
    {"hellip", 0x2026}, {"horbar", 0x2015}, {"hstrok", 0x127}, {"hybull", 0x2043}, {"hyphen", 0x2010},
    {"iacute", 0xed, true}, {"icirc", 0xee, true}, {"igrave", 0xec, true}, {"ijlig", 0x133}, {"imacr", 0x12b},
    {"imath", 0x131}, {"inodot", 0x131}, {"iogon", 0x12f}, {"itilde", 0x129}, {"iuml", 0xef, true},
    {"jcirc", 0x135}, {"kcedil", 0x137}, {"kgreen", 0x138}, {"lacute", 0x13a}, {"lbrace", 0x7b},
    {"lbrack", 0x5b}, {"lcaron", 0x13e}, {"lcedil", 0x13c}, {"lcub", 0x7b}, {"ldquo", 0x201c},
    {"lmidot", 0x140}, {"lowbar", 0x5f}, {"lpar", 0x28}, {"lrm", 0x200e}, {"lsqb", 0x5b}, {"lsquo", 0x2018},
    {"lsquor", 0x201a}, {"lstrok", 0x142}, {"lt", 0x3c, true}, {"mdash", 0x2014}, {"micro", 0xb5, true},
    {"midast", 0x2a}, {"middot", 0xb7, true}, {"minus", 0x2212}, {"mldr", 0x2026}, {"nacute", 0x144},
    {"napos", 0x149}, {"nbsp", 0xa0, true}, {"ncaron", 0x148}, {"ncedil", 0x146}, {"ndash", 0x2013},
    {"ntilde", 0xf1, true}, {"num", 0x23}, {"numsp", 0x2007}, {"oacute", 0xf3, true}, {"ocirc", 0xf4, true},
    {"odblac", 0x151}, {"oelig", 0x153}, {"ograve", 0xf2, true}, {"omacr", 0x14d}, {"ordf", 0xaa, true},
    {"ordm", 0xba, true}, {"oslash", 0xf8, true}, {"otilde", 0xf5, true}, {"ouml", 0xf6, true},
    {"percnt", 0x25}, {"period", 0x2e}, {"plus", 0x2b}, {"puncsp", 0x2008}, {"quest", 0x3f},
    {"quot", 0x22, true}, {"racute", 0x155}, {"rbrace", 0x7d}, {"rbrack", 0x5d}, {"rcaron", 0x159},
    {"rcedil", 0x157}, {"rcub", 0x7d}, {"rdquo", 0x201d}, {"rdquor", 0x201d}, {"rlm", 0x200f}, {"rpar", 0x29},
    {"rsqb", 0x5d}, {"rsquo", 0x2019}, {"rsquor", 0x2019}, {"sacute", 0x15b}, {"sbquo", 0x201a},
    {"scaron", 0x161}, {"scedil", 0x15f}, {"scirc", 0x15d}, {"semi", 0x3b}, {"shy", 0xad, true},
    {"sol", 0x2f}, {"sup1", 0xb9, true}, {"sup2", 0xb2, true}, {"sup3", 0xb3, true}, {"szlig", 0xdf, true},
    {"tcaron", 0x165}, {"tcedil", 0x163}, {"thinsp", 0x2009}, {"thorn", 0xfe, true}, {"tstrok", 0x167},
    {"uacute", 0xfa, true}, {"ubreve", 0x16d}, {"ucirc", 0xfb, true}, {"udblac", 0x171},
    {"ugrave", 0xf9, true}, {"umacr", 0x16b}, {"uogon", 0x173}, {"uring", 0x16f}, {"utilde", 0x169},
    {"uuml", 0xfc, true}, {"verbar", 0x7c}, {"vert", 0x7c}, {"wcirc", 0x175}, {"yacute", 0xfd, true},
    {"ycirc", 0x177}, {"yuml", 0xff, true}, {"zacute", 0x17a}, {"zcaron", 0x17e}, {"zdot", 0x17c},
    {"zwj", 0x200d}, {"zwnj", 0x200c},
};

static_assert(std::is_sorted(std::begin(kNames), std::end(kNames),
                             [](const Name& a, const Name& b) { return a.name < b.name; }));

// Where the names that begin with a character or a later one begin.
constexpr std::array<std::uint16_t, 129> kFirst = [] {
  std::array<std::uint16_t, 129> first{};
  std::size_t i = 0;
  for (std::size_t c = 0; c < first.size(); ++c) {
    while (i < std::size(kNames) && static_cast<std::size_t>(kNames[i].name[0]) < c) ++i;
    first[c] = static_cast<std::uint16_t>(i);
  }
  return first;
}();

}  // namespace

std::uint32_t CharacterNamed(std::string_view name, bool with_semicolon) noexcept {
  if (name.empty() || static_cast<unsigned char>(name[0]) >= 128) return 0;
  const auto c = static_cast<std::size_t>(name[0]);
  for (std::size_t i = kFirst[c]; i < kFirst[c + 1]; ++i) {
    if (kNames[i].name == name) return with_semicolon || kNames[i].bare ? kNames[i].character : 0;
  }
  return 0;
}

}  // namespace gander::content
