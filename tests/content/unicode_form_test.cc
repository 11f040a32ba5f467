// SPDX-License-Identifier: Apache-2.0
// UTF-8, UTF-16 and UTF-32 known by their bytes, and what must not be taken for them.
#include "content/charset/unicode_form.h"

#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/text_in.h"

namespace gander::content {
namespace {

const char* const kTexts[] = {
    "name;ssn;mail",
    "Kundennummer 4711, Straße und Hausnummer",
    "Паспорт: 4509 123456 выдан ОВД, ИНН 500100732259.",
    "Ο αριθμός ταυτότητας και το τηλέφωνο",
    "הפגישה תתקיים ביום שלישי אחר הצהריים",
    "سيعقد الاجتماع بعد ظهر يوم الثلاثاء",
    "การประชุมจะจัดขึ้นในบ่ายวันอังคาร",
    "यह बैठक मंगलवार दोपहर को होगी",
    "姓名：王小明，身份证号码：１１０１０５。请各部门提前准备材料，并把名单交给办公室。",
    "会議は火曜日の午後に開かれます。各部署は資料を準備し、名簿を事務室に提出してください。",
    "かいぎはかようびのごごにひらかれます。しりょうをじゅんびしてください。",
    "회의는 화요일 오후에 열립니다. 각 부서는 자료를 준비하고 명단을 제출해 주세요.",
};

TEST(UnicodeForm, TextOfAnyScriptIsKnown) {
  for (const char* text : kTexts) {
    for (const char* form : {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"}) {
      const std::string bytes = TextIn(form, text);
      const Charset* const guess = GuessUnicode(AsBytes(bytes));
      ASSERT_NE(guess, nullptr) << form << ": " << text;
      EXPECT_STREQ(guess->icu, form) << text;
      EXPECT_EQ(GuessUnicode(AsBytes(TextIn(form, std::string("\uFEFF") + text).substr(0, 12))), guess) << text;
    }
    EXPECT_EQ(GuessUnicode(AsBytes(text)), nullptr) << text;
  }
}

TEST(UnicodeForm, OtherBytesAreNot) {
  for (const char* charset : {"gb18030", "Big5", "Shift_JIS", "EUC-JP"}) {
    const std::string text = TextIn(charset, charset == std::string("Big5") ? "姓名，請各部門提前準備資料" : "会議室中心大小人口手足日月火水木金土");
    EXPECT_EQ(GuessUnicode(AsBytes(text + text + text)), nullptr) << charset;
    EXPECT_EQ(GuessUnicode(AsBytes(text + "\f\v\x1a" + text)), nullptr) << charset;
  }
  EXPECT_EQ(GuessUnicode(AsBytes("all of it in small letters\f\v\x1a with some control characters among them\x1a\x1a")),
            nullptr);
  std::string words;
  for (int i = 0; i < 40; ++i) words += std::string(&"alpha\0be\0gamma\0delt\0eps\0z\0"[i % 2], 26);
  for (std::size_t at = 0; at < 200; ++at) EXPECT_EQ(GuessUnicode(AsBytes(words).subspan(at, 128)), nullptr) << at;
  for (std::uint32_t seed = 1; seed < 300; ++seed) {
    EXPECT_EQ(GuessUnicode(AsBytes(Noise(128, seed))), nullptr) << seed;
    EXPECT_EQ(GuessUnicode(AsBytes(Noise(60, seed))), nullptr) << seed;
    EXPECT_EQ(GuessUnicode(AsBytes("\xff\xfe" + Noise(126, seed))), nullptr) << seed;
  }
  std::string small;  // numbers of 32 and 16 bits
  for (int i = 0; i < 64; ++i) small += std::string(1, static_cast<char>(i * 7)) + std::string(1 + i % 3 * 2, '\0');
  EXPECT_EQ(GuessUnicode(AsBytes(small)), nullptr);
}

TEST(UnicodeForm, ALabelHelpsWhereBytesDoNotTell) {
  const Charset& big = *FindCharset("utf-16be");
  EXPECT_EQ(CheckUnicode(AsBytes(TextIn("UTF-16BE", "姓名")), big), &big);
  EXPECT_EQ(CheckUnicode(AsBytes(TextIn("UTF-16LE", "name;ssn;mail")), big), FindCharset("utf-16le"));
  EXPECT_EQ(CheckUnicode(AsBytes("name;ssn;mail"), big), nullptr);
  EXPECT_EQ(CheckUnicode(AsBytes(Noise(128)), big), nullptr);
}

TEST(UnicodeForm, Utf8TakesAFewSequences) {
  EXPECT_EQ(LookForUtf8(AsBytes("é")), Utf8Look::kSoFar);
  EXPECT_EQ(LookForUtf8(AsBytes("éééé")), Utf8Look::kYes);
  EXPECT_EQ(LookForUtf8(AsBytes("身份")), Utf8Look::kYes);
  EXPECT_EQ(LookForUtf8(AsBytes("身份\xff")), Utf8Look::kYes);
  EXPECT_EQ(LookForUtf8(AsBytes("身\xff")), Utf8Look::kNo);
  EXPECT_EQ(LookForUtf8(AsBytes("\xed\xa0\xbd\xed\xb8\x80")), Utf8Look::kYes);
  for (const char* bad : {"\x80", "\xc0\xb1", "\xc1\x81", "\xe0\x80\xb1", "\xf0\x80\x80\xb1", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "\xe9t", "\xc3"}) {
    EXPECT_EQ(LookForUtf8(AsBytes(bad)), Utf8Look::kNo) << bad;
  }
}

}  // namespace
}  // namespace gander::content
