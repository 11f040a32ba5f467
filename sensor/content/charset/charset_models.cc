// SPDX-License-Identifier: Apache-2.0
#include "content/charset/charset_models.h"

#include <unicode/uchar.h>
#include <unicode/ucnv.h>

#include <string_view>
#include <vector>

namespace gander::content {
namespace {

struct Language {
  std::u16string_view letters;  // beyond ASCII, the most frequent first
  bool latin;
  std::string_view charsets;    // a space between; of two that read alike the first wins
};

// Orders of frequency as in running text; the ends of the lists, where letters are rare, are in no order.
constexpr Language kLanguages[] = {
    {u"éèàêçôâîûùœëïæ", true, "windows-1252"},                      // French
    {u"äüößéà", true, "windows-1252"},                              // German
    {u"óáíñéúü¿¡ª", true, "windows-1252"},                          // Spanish
    {u"ãáçéóíêõâúàôº", true, "windows-1252"},                       // Portuguese
    {u"àèùìòéí", true, "windows-1252"},                             // Italian
    {u"åäöéæøóíáðþúýüà", true, "windows-1252"},                     // languages of the North
    {u"ąęółżśćńź", true, "windows-1250 iso-8859-2"},                // Polish
    {u"íáéěýřčžšůúťóňďľĺŕäô", true, "windows-1250 iso-8859-2"},     // Czech, Slovak
    {u"áéöóőíüúű", true, "windows-1250 iso-8859-2"},                // Hungarian
    {u"ăîâşţ", true, "windows-1250 iso-8859-2"},                    // Romanian
    {u"čšžćđ", true, "windows-1250 iso-8859-2"},                    // Croatian, Slovene
    {u"ıüşğçöâîİ", true, "windows-1254"},                           // Turkish
    {u"āēīšūļņģķčžõäöüėųąįę", true, "windows-1257"},                // Baltic
    {u"оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґў", false, "windows-1251 koi8-r iso-8859-5 ibm866 koi8-u"},
    {u"ατοιεςνησρπκμλυωόήίάέδγύώχθφβξζψϊϋΐΰ", false, "windows-1253 iso-8859-7"},
    {u"יוהלאתמרשבנםעדקחפןכטגזסצךץףװױײ", false, "windows-1255"},
    {u"الينمرتبوعدفسهكقحجةشصطىخأإءضذئزثغظآؤپچژگ", false, "windows-1256 iso-8859-6"},
    {u"านรอกเงม่ย้ลวดทตสัะิปีบไคหแจพชข็ใโุูึ์ำาื์ผซณธศถษญภฟฉฐฮฎ๐๑๒๓๔๕๖๗๘๙", false, "windows-874"},
};
constexpr std::u16string_view kTypography = u"\u00a0–—‘’“”„«»°§№…·©®€";

constexpr int kInTypography = 36, kSymbol = -30, kForeignLetter = -48, kNothing = -120;

// From frequent to rare. Of letters beyond ASCII in Latin script even the rare ones say much.
int WeightOfRank(std::size_t rank, const Language& language) noexcept {
  const std::size_t range = language.latin ? 24 : 72;
  return kMostLikely - static_cast<int>(range * rank / language.letters.size());
}

int WeightOf(char16_t c, const Language& language) noexcept {
  if (c == 0xfffd || (c >= 0x80 && c < 0xa0)) return kNothing;
  if (const std::size_t rank = language.letters.find(c); rank != std::u16string_view::npos) {
    return WeightOfRank(rank, language);
  }
  const auto lower = static_cast<char16_t>(u_tolower(c));
  if (const std::size_t rank = language.letters.find(lower); rank != std::u16string_view::npos) {
    return WeightOfRank(rank, language);
  }
  if (kTypography.find(c) != std::u16string_view::npos) return kInTypography;
  return u_isalpha(c) ? kForeignLetter : kSymbol;
}

ByteModel MakeModel(const Language& language, const Charset& charset) noexcept {
  ByteModel model;
  model.charset = &charset;
  model.latin = language.latin;
  UErrorCode error = U_ZERO_ERROR;
  UConverter* const converter = ucnv_open(charset.icu, &error);
  for (std::size_t i = 0; i < model.weights.size() && converter != nullptr; ++i) {
    const char byte = static_cast<char>(0x80 + i);
    char16_t unit = 0xfffd;
    error = U_ZERO_ERROR;
    ucnv_toUChars(converter, &unit, 1, &byte, 1, &error);
    model.weights[i] = static_cast<std::int8_t>(WeightOf(U_FAILURE(error) ? 0xfffd : unit, language));
    if (u_isupper(unit)) model.capitals[i] = model.weights[i];
  }
  if (converter != nullptr) ucnv_close(converter);
  return model;
}

std::vector<ByteModel> MakeModels() {
  std::vector<ByteModel> models;
  for (const Language& language : kLanguages) {
    for (std::string_view left = language.charsets; !left.empty();) {
      const std::size_t end = left.find(' ');
      models.push_back(MakeModel(language, *FindCharset(left.substr(0, end))));
      left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
    }
  }
  return models;
}

}  // namespace

std::span<const ByteModel> ByteModels() noexcept {
  static const std::vector<ByteModel> kModels = MakeModels();
  return kModels;
}

}  // namespace gander::content
