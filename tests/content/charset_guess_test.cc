// SPDX-License-Identifier: Apache-2.0
// Guessing by a few words, as a form value or a header has them; held against ICU's detector.
#include "content/charset/charset_guess.h"

#include <gtest/gtest.h>
#include <unicode/ucsdet.h>

#include <vector>

#include "content/coded.h"
#include "content/text_in.h"

namespace gander::content {
namespace {

struct Words {
  std::vector<const char*> charsets;
  std::vector<const char*> texts;
};
const std::vector<Words> kWords = {
    {{"windows-1251", "KOI8-R", "ISO-8859-5", "IBM866"},
     {"паспорт", "Номер карты", "Паспорт: 4509 123456 выдан", "СНИЛС", "дата рождения", "ПАСПОРТНЫЕ ДАННЫЕ"}},
    {{"windows-1251", "KOI8-U"}, {"паспорт громадянина України", "ключі у сторожа, їжа є"}},
    {{"windows-1253", "ISO-8859-7"}, {"Αριθμός ταυτότητας", "Ο αριθμός κάρτας μου είναι"}},
    {{"windows-1255"}, {"תעודת זהות", "הפגישה תתקיים ביום שלישי"}},
    {{"windows-1256", "ISO-8859-6"}, {"رقم الهوية", "رقم البطاقة", "سيعقد الاجتماع بعد ظهر"}},
    {{"windows-874"}, {"เลขประจำตัวประชาชน", "หมายเลขโทรศัพท์"}},
    {{"windows-1252"},
     {"numéro de sécurité sociale", "téléphone", "né à Orléans", "Straße", "Größe", "Müller", "número de teléfono",
      "contraseña", "cartão de crédito", "Åke Öberg", "don’t, it’s “quoted” – really", "10 €", "© 2024, 5 °C, § 12"}},
    {{"windows-1250", "ISO-8859-2"},
     {"Imię i nazwisko", "żółte pole", "dziękuję", "rodné číslo", "občanský průkaz", "személyi igazolvány",
      "telefonszám"}},
    {{"windows-1254"}, {"kimlik numarası", "Toplantı salı günü", "şifre"}},
    {{"windows-1257"}, {"Posėdis įvyks antradienį po pietų, ačiū"}},
    {{"gb18030"}, {"身份证", "身份证号码：１１０１０１", "护照", "银行卡号 4111", "电话号码", "手机", "姓名：王小明，电话"}},
    {{"Big5"}, {"身分證字號", "信用卡號", "電話", "護照號碼", "姓名：王小明"}},
    {{"Shift_JIS", "EUC-JP"}, {"マイナンバー", "カード番号", "電話", "旅券番号", "氏名：山田太郎", "パスポート", "口座番号は"}},
    {{"EUC-KR"}, {"주민등록번호", "카드번호", "전화", "여권번호", "계좌", "회의는 화요일 오후에 열립니다."}},
};

std::string Read(const char* charset, const std::string& bytes) {
  UErrorCode error = U_ZERO_ERROR;
  std::string out(bytes.size() * 4 + 16, '\0');
  const std::int32_t n = ucnv_convert("UTF-8", charset, out.data(), static_cast<std::int32_t>(out.size()), bytes.data(),
                                      static_cast<std::int32_t>(bytes.size()), &error);
  out.resize(static_cast<std::size_t>(n));
  return out;
}

TEST(CharsetGuess, AFewWordsAreEnough) {
  UErrorCode error = U_ZERO_ERROR;
  UCharsetDetector* const detector = ucsdet_open(&error);
  std::size_t texts = 0, by_icu = 0;
  for (const Words& words : kWords) {
    for (const char* charset : words.charsets) {
      for (const char* utf8 : words.texts) {
        const std::string text = std::string(utf8) + ": 4111 1111 1111 1111\r\n", bytes = TextIn(charset, text);
        const Charset* const guess = GuessCharset(AsBytes(bytes));
        ASSERT_NE(guess, nullptr) << charset << ": " << text;
        EXPECT_EQ(Read(guess->icu, bytes), text) << charset << " was read as " << guess->name;
        ucsdet_setText(detector, bytes.data(), static_cast<std::int32_t>(bytes.size()), &error);
        const UCharsetMatch* const match = ucsdet_detect(detector, &error);
        by_icu += match != nullptr && Read(ucsdet_getName(match, &error), bytes) == text;
        ++texts;
      }
    }
  }
  ucsdet_close(detector);
  EXPECT_LT(by_icu, texts) << "ICU's detector knows as much by now: use it";
}

TEST(CharsetGuess, WhatIsNoTextIsNotGuessed) {
  for (std::uint32_t seed = 1; seed < 200; ++seed) EXPECT_EQ(GuessCharset(AsBytes(Noise(256, seed))), nullptr) << seed;
  EXPECT_EQ(GuessCharset(AsBytes("plain")), nullptr);
  EXPECT_EQ(GuessCharset({}), nullptr);
  // UTF-8 that was cut or damaged is read as what it is.
  EXPECT_EQ(GuessCharset(AsBytes("\x80Собрание\xff состоится")), nullptr);
  EXPECT_EQ(GuessCharset(AsBytes("\xa7姓名，身份证号码")), nullptr);
}

TEST(CharsetGuess, PrefersWhatItIsTold) {
  const std::string text = TextIn("ISO-8859-5", "ИНН");
  EXPECT_EQ(GuessCharset(AsBytes(text), FindCharset("iso-8859-5")), FindCharset("iso-8859-5"));
  EXPECT_NE(GuessCharset(AsBytes(TextIn("KOI8-R", "номер паспорта")), FindCharset("iso-8859-5")),
            FindCharset("iso-8859-5"));
}

}  // namespace
}  // namespace gander::content
