// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_glyph_names.h"

#include <algorithm>
#include <iterator>

#include "content/hex.h"

namespace gander::content {
namespace {

struct Glyph {
  std::string_view name;
  std::uint16_t unicode;
};

// Sorted by name (byte order).
constexpr Glyph kGlyphs[] = {
    // clang-format off
    {"A", 0x41}, {"AE", 0xc6}, {"AEacute", 0x1fc}, {"Aacute", 0xc1}, {"Abreve", 0x102},
    {"Acircumflex", 0xc2}, {"Adieresis", 0xc4}, {"Agrave", 0xc0}, {"Alpha", 0x391}, {"Alphatonos", 0x386},
    {"Amacron", 0x100}, {"Aogonek", 0x104}, {"Aring", 0xc5}, {"Aringacute", 0x1fa}, {"Atilde", 0xc3},
    {"B", 0x42}, {"Beta", 0x392}, {"C", 0x43}, {"Cacute", 0x106}, {"Ccaron", 0x10c}, {"Ccedilla", 0xc7},
    {"Ccircumflex", 0x108}, {"Cdotaccent", 0x10a}, {"Chi", 0x3a7}, {"D", 0x44}, {"Dcaron", 0x10e},
    {"Dcroat", 0x110}, {"E", 0x45}, {"Eacute", 0xc9}, {"Ebreve", 0x114}, {"Ecaron", 0x11a},
    {"Ecircumflex", 0xca}, {"Edieresis", 0xcb}, {"Edotaccent", 0x116}, {"Egrave", 0xc8}, {"Emacron", 0x112},
    {"Eng", 0x14a}, {"Eogonek", 0x118}, {"Epsilon", 0x395}, {"Epsilontonos", 0x388}, {"Eta", 0x397},
    {"Etatonos", 0x389}, {"Eth", 0xd0}, {"Euro", 0x20ac}, {"F", 0x46}, {"G", 0x47}, {"Gamma", 0x393},
    {"Gbreve", 0x11e}, {"Gcaron", 0x1e6}, {"Gcircumflex", 0x11c}, {"Gdotaccent", 0x120}, {"H", 0x48},
    {"Hbar", 0x126}, {"Hcircumflex", 0x124}, {"I", 0x49}, {"IJ", 0x132}, {"Iacute", 0xcd},
    {"Ibreve", 0x12c}, {"Icircumflex", 0xce}, {"Idieresis", 0xcf}, {"Idotaccent", 0x130},
    {"Ifraktur", 0x2111}, {"Igrave", 0xcc}, {"Imacron", 0x12a}, {"Iogonek", 0x12e}, {"Iota", 0x399},
    {"Iotadieresis", 0x3aa}, {"Iotatonos", 0x38a}, {"Itilde", 0x128}, {"J", 0x4a}, {"Jcircumflex", 0x134},
    {"K", 0x4b}, {"Kappa", 0x39a}, {"L", 0x4c}, {"Lacute", 0x139}, {"Lambda", 0x39b}, {"Lcaron", 0x13d},
    {"Ldot", 0x13f}, {"Lslash", 0x141}, {"M", 0x4d}, {"Mu", 0x39c}, {"N", 0x4e}, {"Nacute", 0x143},
    {"Ncaron", 0x147}, {"Ntilde", 0xd1}, {"Nu", 0x39d}, {"O", 0x4f}, {"OE", 0x152}, {"Oacute", 0xd3},
    {"Obreve", 0x14e}, {"Ocircumflex", 0xd4}, {"Odieresis", 0xd6}, {"Ograve", 0xd2}, {"Ohorn", 0x1a0},
    {"Ohungarumlaut", 0x150}, {"Omacron", 0x14c}, {"Omegatonos", 0x38f}, {"Omicron", 0x39f},
    {"Omicrontonos", 0x38c}, {"Oslash", 0xd8}, {"Oslashacute", 0x1fe}, {"Otilde", 0xd5}, {"P", 0x50},
    {"Phi", 0x3a6}, {"Pi", 0x3a0}, {"Psi", 0x3a8}, {"Q", 0x51}, {"R", 0x52}, {"Racute", 0x154},
    {"Rcaron", 0x158}, {"Rfraktur", 0x211c}, {"Rho", 0x3a1}, {"S", 0x53}, {"Sacute", 0x15a},
    {"Scaron", 0x160}, {"Scedilla", 0x15e}, {"Scircumflex", 0x15c}, {"Sigma", 0x3a3}, {"T", 0x54},
    {"Tau", 0x3a4}, {"Tbar", 0x166}, {"Tcaron", 0x164}, {"Theta", 0x398}, {"Thorn", 0xde}, {"U", 0x55},
    {"Uacute", 0xda}, {"Ubreve", 0x16c}, {"Ucircumflex", 0xdb}, {"Udieresis", 0xdc}, {"Ugrave", 0xd9},
    {"Uhorn", 0x1af}, {"Uhungarumlaut", 0x170}, {"Umacron", 0x16a}, {"Uogonek", 0x172}, {"Upsilon", 0x3a5},
    {"Upsilon1", 0x3d2}, {"Upsilondieresis", 0x3ab}, {"Upsilontonos", 0x38e}, {"Uring", 0x16e},
    {"Utilde", 0x168}, {"V", 0x56}, {"W", 0x57}, {"Wcircumflex", 0x174}, {"X", 0x58}, {"Xi", 0x39e},
    {"Y", 0x59}, {"Yacute", 0xdd}, {"Ycircumflex", 0x176}, {"Ydieresis", 0x178}, {"Z", 0x5a},
    {"Zacute", 0x179}, {"Zcaron", 0x17d}, {"Zdotaccent", 0x17b}, {"Zeta", 0x396}, {"a", 0x61},
    {"aacute", 0xe1}, {"abreve", 0x103}, {"acircumflex", 0xe2}, {"acute", 0xb4}, {"acutecomb", 0x301},
    {"adieresis", 0xe4}, {"ae", 0xe6}, {"aeacute", 0x1fd}, {"agrave", 0xe0}, {"alpha", 0x3b1},
    {"alphatonos", 0x3ac}, {"amacron", 0x101}, {"ampersand", 0x26}, {"anoteleia", 0x387},
    {"aogonek", 0x105}, {"aring", 0xe5}, {"aringacute", 0x1fb}, {"asciicircum", 0x5e}, {"asciitilde", 0x7e},
    {"asterisk", 0x2a}, {"at", 0x40}, {"atilde", 0xe3}, {"b", 0x62}, {"backslash", 0x5c}, {"bar", 0x7c},
    {"beta", 0x3b2}, {"braceleft", 0x7b}, {"braceright", 0x7d}, {"bracketleft", 0x5b},
    {"bracketright", 0x5d}, {"breve", 0x2d8}, {"brokenbar", 0xa6}, {"bullet", 0x2022}, {"c", 0x63},
    {"cacute", 0x107}, {"caron", 0x2c7}, {"ccaron", 0x10d}, {"ccedilla", 0xe7}, {"ccircumflex", 0x109},
    {"cdotaccent", 0x10b}, {"cedilla", 0xb8}, {"cent", 0xa2}, {"chi", 0x3c7}, {"circumflex", 0x2c6},
    {"colon", 0x3a}, {"colonmonetary", 0x20a1}, {"comma", 0x2c}, {"copyright", 0xa9}, {"currency", 0xa4},
    {"d", 0x64}, {"dagger", 0x2020}, {"daggerdbl", 0x2021}, {"dcaron", 0x10f}, {"dcroat", 0x111},
    {"degree", 0xb0}, {"delta", 0x3b4}, {"dieresis", 0xa8}, {"dieresistonos", 0x385}, {"divide", 0xf7},
    {"dollar", 0x24}, {"dong", 0x20ab}, {"dotaccent", 0x2d9}, {"dotbelowcomb", 0x323}, {"dotlessi", 0x131},
    {"e", 0x65}, {"eacute", 0xe9}, {"ebreve", 0x115}, {"ecaron", 0x11b}, {"ecircumflex", 0xea},
    {"edieresis", 0xeb}, {"edotaccent", 0x117}, {"egrave", 0xe8}, {"eight", 0x38}, {"ellipsis", 0x2026},
    {"emacron", 0x113}, {"emdash", 0x2014}, {"endash", 0x2013}, {"eng", 0x14b}, {"eogonek", 0x119},
    {"epsilon", 0x3b5}, {"epsilontonos", 0x3ad}, {"equal", 0x3d}, {"eta", 0x3b7}, {"etatonos", 0x3ae},
    {"eth", 0xf0}, {"exclam", 0x21}, {"exclamdbl", 0x203c}, {"exclamdown", 0xa1}, {"f", 0x66},
    {"ff", 0xfb00}, {"ffi", 0xfb03}, {"ffl", 0xfb04}, {"fi", 0xfb01}, {"figuredash", 0x2012},
    {"five", 0x35}, {"fl", 0xfb02}, {"florin", 0x192}, {"four", 0x34}, {"fraction", 0x2044},
    {"franc", 0x20a3}, {"g", 0x67}, {"gamma", 0x3b3}, {"gbreve", 0x11f}, {"gcaron", 0x1e7},
    {"gcircumflex", 0x11d}, {"gdotaccent", 0x121}, {"germandbls", 0xdf}, {"grave", 0x60},
    {"gravecomb", 0x300}, {"greater", 0x3e}, {"guillemotleft", 0xab}, {"guillemotright", 0xbb},
    {"guilsinglleft", 0x2039}, {"guilsinglright", 0x203a}, {"h", 0x68}, {"hbar", 0x127},
    {"hcircumflex", 0x125}, {"hookabovecomb", 0x309}, {"hungarumlaut", 0x2dd}, {"hyphen", 0x2d},
    {"i", 0x69}, {"iacute", 0xed}, {"ibreve", 0x12d}, {"icircumflex", 0xee}, {"idieresis", 0xef},
    {"igrave", 0xec}, {"ij", 0x133}, {"imacron", 0x12b}, {"iogonek", 0x12f}, {"iota", 0x3b9},
    {"iotadieresis", 0x3ca}, {"iotadieresistonos", 0x390}, {"iotatonos", 0x3af}, {"itilde", 0x129},
    {"j", 0x6a}, {"jcircumflex", 0x135}, {"k", 0x6b}, {"kappa", 0x3ba}, {"kgreenlandic", 0x138},
    {"l", 0x6c}, {"lacute", 0x13a}, {"lambda", 0x3bb}, {"lcaron", 0x13e}, {"ldot", 0x140}, {"less", 0x3c},
    {"lira", 0x20a4}, {"logicalnot", 0xac}, {"longs", 0x17f}, {"lslash", 0x142}, {"m", 0x6d},
    {"macron", 0xaf}, {"minute", 0x2032}, {"mu", 0xb5}, {"multiply", 0xd7}, {"n", 0x6e}, {"nacute", 0x144},
    {"napostrophe", 0x149}, {"nbspace", 0xa0}, {"ncaron", 0x148}, {"nine", 0x39}, {"ntilde", 0xf1},
    {"nu", 0x3bd}, {"numbersign", 0x23}, {"o", 0x6f}, {"oacute", 0xf3}, {"obreve", 0x14f},
    {"ocircumflex", 0xf4}, {"odieresis", 0xf6}, {"oe", 0x153}, {"ogonek", 0x2db}, {"ograve", 0xf2},
    {"ohorn", 0x1a1}, {"ohungarumlaut", 0x151}, {"omacron", 0x14d}, {"omega", 0x3c9}, {"omega1", 0x3d6},
    {"omegatonos", 0x3ce}, {"omicron", 0x3bf}, {"omicrontonos", 0x3cc}, {"one", 0x31},
    {"onedotenleader", 0x2024}, {"onehalf", 0xbd}, {"onequarter", 0xbc}, {"ordfeminine", 0xaa},
    {"ordmasculine", 0xba}, {"oslash", 0xf8}, {"oslashacute", 0x1ff}, {"otilde", 0xf5}, {"p", 0x70},
    {"paragraph", 0xb6}, {"parenleft", 0x28}, {"parenright", 0x29}, {"percent", 0x25}, {"period", 0x2e},
    {"periodcentered", 0xb7}, {"perthousand", 0x2030}, {"peseta", 0x20a7}, {"phi", 0x3c6}, {"phi1", 0x3d5},
    {"pi", 0x3c0}, {"plus", 0x2b}, {"plusminus", 0xb1}, {"prescription", 0x211e}, {"psi", 0x3c8},
    {"q", 0x71}, {"question", 0x3f}, {"questiondown", 0xbf}, {"quotedbl", 0x22}, {"quotedblbase", 0x201e},
    {"quotedblleft", 0x201c}, {"quotedblright", 0x201d}, {"quoteleft", 0x2018}, {"quotereversed", 0x201b},
    {"quoteright", 0x2019}, {"quotesinglbase", 0x201a}, {"quotesingle", 0x27}, {"r", 0x72},
    {"racute", 0x155}, {"rcaron", 0x159}, {"registered", 0xae}, {"rho", 0x3c1}, {"ring", 0x2da},
    {"s", 0x73}, {"sacute", 0x15b}, {"scaron", 0x161}, {"scedilla", 0x15f}, {"scircumflex", 0x15d},
    {"second", 0x2033}, {"section", 0xa7}, {"semicolon", 0x3b}, {"seven", 0x37}, {"sfthyphen", 0xad},
    {"sigma", 0x3c3}, {"sigma1", 0x3c2}, {"six", 0x36}, {"slash", 0x2f}, {"space", 0x20},
    {"sterling", 0xa3}, {"t", 0x74}, {"tau", 0x3c4}, {"tbar", 0x167}, {"tcaron", 0x165}, {"theta", 0x3b8},
    {"theta1", 0x3d1}, {"thorn", 0xfe}, {"three", 0x33}, {"threequarters", 0xbe}, {"tilde", 0x2dc},
    {"tildecomb", 0x303}, {"tonos", 0x384}, {"trademark", 0x2122}, {"two", 0x32},
    {"twodotenleader", 0x2025}, {"u", 0x75}, {"uacute", 0xfa}, {"ubreve", 0x16d}, {"ucircumflex", 0xfb},
    {"udieresis", 0xfc}, {"ugrave", 0xf9}, {"uhorn", 0x1b0}, {"uhungarumlaut", 0x171}, {"umacron", 0x16b},
    {"underscore", 0x5f}, {"underscoredbl", 0x2017}, {"uogonek", 0x173}, {"upsilon", 0x3c5},
    {"upsilondieresis", 0x3cb}, {"upsilondieresistonos", 0x3b0}, {"upsilontonos", 0x3cd}, {"uring", 0x16f},
    {"utilde", 0x169}, {"v", 0x76}, {"w", 0x77}, {"wcircumflex", 0x175}, {"weierstrass", 0x2118},
    {"x", 0x78}, {"xi", 0x3be}, {"y", 0x79}, {"yacute", 0xfd}, {"ycircumflex", 0x177}, {"ydieresis", 0xff},
    {"yen", 0xa5}, {"z", 0x7a}, {"zacute", 0x17a}, {"zcaron", 0x17e}, {"zdotaccent", 0x17c}, {"zero", 0x30},
    {"zeta", 0x3b6},
    // clang-format on
};

// "uni20AC", "u1F600": the glyph names that spell their character (AGL specification, section 2).
std::uint32_t Spelled(std::string_view name) noexcept {
  const bool uni = name.starts_with("uni");
  if (!uni && !name.starts_with('u')) return 0;
  const std::string_view digits = uni ? name.substr(3, 4) : name.substr(1);
  if (digits.size() < 4 || digits.size() > 6) return 0;
  std::uint32_t value = 0;
  for (const char c : digits) {
    const int digit = HexDigit(static_cast<unsigned char>(c));
    if (digit < 0) return 0;
    value = value << 4 | static_cast<std::uint32_t>(digit);
  }
  return value <= 0x10ffff ? value : 0;
}

}  // namespace

std::uint32_t GlyphToUnicode(std::string_view name) noexcept {
  name = name.substr(0, name.find('.'));  // "one.tabular" is a one
  const auto* const at = std::lower_bound(std::begin(kGlyphs), std::end(kGlyphs), name,
                                          [](const Glyph& g, std::string_view n) { return g.name < n; });
  if (at != std::end(kGlyphs) && at->name == name) return at->unicode;
  return Spelled(name);
}

}  // namespace gander::content
