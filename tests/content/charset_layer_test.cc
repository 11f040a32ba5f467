// SPDX-License-Identifier: Apache-2.0
// Bodies in other character sets than UTF-8: told, untold and told wrongly, whole and cut at every byte.
#include "content/charset/charset_layer.h"

#include <gtest/gtest.h>

#include "content/charset/charset_declaration.h"
#include "content/coded.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"
#include "content/text_in.h"

namespace gander::content {
namespace {

// What comes out, in parts of every size up to 40 and some larger ones; must always be the same.
std::string ReadCut(const std::string& type, const std::string& bytes) {
  const RecordingSink whole = Read({type, "", bytes});
  for (const std::size_t step : {1, 2, 3, 5, 7, 13, 40, 127, 128, 129, 255, 256, 257, 1000, 1023, 1024, 1025, 1460}) {
    const RecordingSink cut = Read({type, "", bytes}, step);
    EXPECT_EQ(cut.Unnamed(), whole.Unnamed()) << "parts of " << step;
    EXPECT_EQ(cut.fates, whole.fates) << "parts of " << step;
  }
  return whole.Unnamed();
}

struct Sample {
  const char* charset;  // ICU's name and a label
  const char* text;
};
const Sample kSamples[] = {
    {"gb18030", "姓名：王小明，身份证号码：１１０１０５１９４９１２３１００２Ｘ。请各部门提前准备材料。\n"},
    {"Big5", "姓名：王小明，身分證字號：Ａ１２３４５６７８９。請各部門提前準備資料。\n"},
    {"Shift_JIS", "氏名：山田太郎、マイナンバー：１２３４５６７８９０１８。会議は火曜日に開かれます。\n"},
    {"EUC-JP", "氏名：山田太郎、マイナンバー：１２３４５６７８９０１８。会議は火曜日に開かれます。\n"},
    {"EUC-KR", "이름: 홍길동, 주민등록번호: ９００１０１－１２３４５６８. 회의는 화요일 오후에 열립니다.\n"},
    {"KOI8-R", "Паспорт: 4509 123456 выдан ОВД, ИНН 500100732259. Собрание состоится во вторник.\n"},
    {"windows-1251", "Паспорт: 4509 123456 выдан ОВД, ИНН 500100732259. Собрание состоится во вторник.\n"},
    {"ISO-8859-5", "Паспорт: 4509 123456 выдан ОВД, ИНН 500100732259. Собрание состоится во вторник.\n"},
    {"IBM866", "Паспорт: 4509 123456 выдан ОВД, ИНН 500100732259. Собрание состоится во вторник.\n"},
    {"windows-1252", "Numéro de sécurité sociale: 1 84 12 76 451 089 46, né à Orléans, prénom Zoé, 10 €\n"},
    {"windows-1250", "Imię i nazwisko: Żółty, numer PESEL: 44051401359, proszę wpisać\n"},
    {"ISO-8859-2", "Imię i nazwisko: Żółty, numer PESEL: 44051401359, proszę wpisać\n"},
    {"windows-1253", "Ο αριθμός ταυτότητας και το τηλέφωνο: 2101234567 του πελάτη\n"},
    {"windows-1254", "Toplantı salı günü öğleden sonra yapılacak, kimlik numarası: 10000000146\n"},
    {"windows-1255", "הפגישה תתקיים ביום שלישי אחר הצהריים, מספר 123456782\n"},
    {"windows-1256", "سيعقد الاجتماع بعد ظهر يوم الثلاثاء، رقم الهوية 1234567890\n"},
    {"windows-874", "การประชุมจะจัดขึ้นในบ่ายวันอังคาร เลขประจำตัวประชาชน 1101700230705\n"},
    {"UTF-16LE", "Паспорт: 4509 123456 выдан ОВД, ИНН 500100732259\n"},
    {"UTF-16BE", "姓名：王小明，身份证号码：１１０１０５１９４９１２３１００２Ｘ。请各部门提前准备材料。\n"},
    {"UTF-32LE", "이름: 홍길동, 주민등록번호: ９００１０１－１２３４５６８.\n"},
    {"UTF-32BE", "Numéro de sécurité sociale: 1 84 12 76 451 089 46\n"},
};
constexpr char kAscii[] = "id;name;number\r\n1;Miller;4111 1111 1111 1111\r\n";

std::string Times(int n, const std::string& s) {
  std::string all;
  while (n-- > 0) all += s;
  return all;
}

TEST(CharsetLayer, TextsOfEachSetAreRead) {
  for (const Sample& s : kSamples) {
    SCOPED_TRACE(s.charset);
    for (const int lines : {1, 3, 40}) {
      const std::string text = Times(lines, s.text), bytes = TextIn(s.charset, text);
      EXPECT_EQ(ReadCut(std::string("text/plain; charset=") + s.charset, bytes), text) << "told";
      EXPECT_EQ(ReadCut("text/plain", bytes), text) << "untold";
      EXPECT_EQ(ReadCut("", bytes), text) << "of no type";
      EXPECT_EQ(ReadCut("text/html; charset=utf-8", bytes), text) << "labelled UTF-8";
      EXPECT_EQ(ReadCut("text/plain; charset=iso-8859-1", bytes), text) << "labelled Latin-1";
    }
    // A head of ASCII, longer than any window.
    if (std::string_view(s.charset).starts_with("UTF")) continue;
    const std::string text = Times(60, kAscii) + s.text;
    EXPECT_EQ(ReadCut("text/csv", TextIn(s.charset, text)), text) << "behind ASCII";
  }
}

TEST(CharsetLayer, AsciiAndUtf8PassAsTheyAre) {
  for (const Sample& s : kSamples) {
    for (const char* label : {"", "; charset=utf-8", "; charset=gb2312", "; charset=koi8-r", "; charset=utf-16"}) {
      EXPECT_EQ(ReadCut(std::string("text/plain") + label, s.text), s.text) << label;
    }
    EXPECT_EQ(ReadCut("text/plain; charset=big5", kAscii + std::string(s.text)), kAscii + std::string(s.text));
  }
  EXPECT_EQ(ReadCut("text/plain; charset=utf-16", kAscii), kAscii);
  EXPECT_EQ(ReadCut("text/plain; charset=shift_jis", kAscii), kAscii);
}

// The very bytes that were fed, not a copy of them.
class SameBytes final : public TextSink {
 public:
  void OnText(const TextPiece& piece) noexcept override {
    same = same && (piece.text.empty() || piece.text.data() == fed);
  }
  void OnFile(const FileFacts&) noexcept override {}
  void OnFate(ByteFate, std::uint64_t) noexcept override {}
  void OnAnomaly(const char*) noexcept override {}
  const std::byte* fed = nullptr;
  bool same = true;
};

TEST(CharsetLayer, AsciiAndUtf8AreNotCopied) {
  for (const std::string& text : {Times(100, kAscii), Times(100, "Numéro de sécurité\n"), Times(100, "身份证号码\n")}) {
    Counters counters{};
    BodyReader reader(Options{}, counters);
    SameBytes sink;
    reader.Begin(MetaOf({"text/plain", "", text}), sink);
    for (Bytes rest = AsBytes(text); !rest.empty();) {
      const Bytes part = TakeFront(rest, 1460);
      sink.fed = part.data();
      reader.Feed(part, sink);
    }
    EXPECT_TRUE(sink.same);
    reader.End(protocol::BodyEnd::kComplete, sink);
    EXPECT_EQ(counters.charset, 0u);
  }
}

TEST(CharsetLayer, PathSaysWhatItWas) {
  const RecordingSink sink = Read({"text/plain; charset=koi8-r", "", TextIn("KOI8-R", kSamples[5].text)});
  ASSERT_EQ(sink.texts.size(), 1u);
  EXPECT_EQ(sink.texts[0].path, "http.response.body > text/plain > koi8-r");
}

TEST(CharsetLayer, DocumentsDeclareTheirSet) {
  // A set that is never guessed.
  const std::string word = TextIn("ibm855", "паспорт"), wanted = "паспорт";
  const auto reads = [&](const std::string& head, const std::string& tail = "") {
    return ReadCut("text/html", head + word + tail) == head + wanted + tail;
  };
  EXPECT_TRUE(reads("<html><head><meta charset=ibm855><title>"));
  EXPECT_TRUE(reads("<META HTTP-EQUIV='Content-Type' CONTENT='text/html; Charset = \"cp855\"'>"));
  EXPECT_TRUE(reads("<?xml version=\"1.0\" encoding=\"ibm855\"?><a>"));
  EXPECT_TRUE(reads("<title>", "</title><meta charset='ibm855'>"));
  EXPECT_TRUE(reads("<meta charset=ibm855>" + std::string(5000, ' ')));
  EXPECT_FALSE(reads("<!-- <meta charset=ibm855> -->"));
  EXPECT_FALSE(reads(std::string(1024, ' ') + "<meta charset=ibm855>"));
  EXPECT_FALSE(reads("<meta charset=utf-16>"));
  EXPECT_FALSE(reads("<meta name=\"charset\" content=ibm855>"));
}

TEST(CharsetLayer, SetsWrittenInAsciiBytesAreBelievedWhenTold) {
  for (const char* charset : {"ISO-2022-JP", "UTF-7", "HZ", "ISO-2022-KR"}) {
    const std::string text = charset == std::string("ISO-2022-KR") ? "이름 ９００１０１" : "氏名 １２３４";
    const std::string bytes = TextIn(charset, text);
    EXPECT_EQ(ReadCut(std::string("text/plain; charset=") + charset, bytes), text) << charset;
    const bool known = charset != std::string("UTF-7");
    EXPECT_EQ(ReadCut("text/plain", bytes), known ? text : bytes) << charset;
    EXPECT_EQ(ReadCut("text/plain; charset=us-ascii", bytes),
              std::string_view(charset).starts_with("ISO") ? text : bytes)
        << charset;
  }
  EXPECT_EQ(ReadCut("text/plain; charset=iso-2022-jp", TextIn("Shift_JIS", kSamples[2].text)), kSamples[2].text);
  // A telephone number that is no UTF-7, whatever the label says.
  EXPECT_NE(ReadCut("text/plain; charset=utf-7", "call +49 170 1234567, or me").find("49 170 1234567"),
            std::string::npos);
}

TEST(CharsetLayer, DesignatedSetsAreReadWithoutALabel) {
  const std::string head = Times(60, kAscii);
  const std::string japanese = Times(3, kSamples[2].text), korean = "이름 ９００１０１－１２３４５６８\n", chinese = "姓名 １２３４\n";
  EXPECT_EQ(ReadCut("text/plain", head + TextIn("ISO-2022-JP", japanese)), head + japanese);
  EXPECT_EQ(ReadCut("text/html", "<p>" + TextIn("ISO-2022-JP", japanese)), "<p>" + japanese);
  EXPECT_EQ(ReadCut("text/plain", TextIn("ISO-2022-KR", korean) + head), korean + head);
  EXPECT_EQ(ReadCut("text/plain", head + TextIn("ISO-2022-CN", chinese)), head + chinese);
  EXPECT_EQ(ReadCut("text/plain", TextIn("HZ", chinese + chinese)), chinese + chinese);
  EXPECT_EQ(ReadCut("text/plain", "+/v8-" + TextIn("UTF-7", japanese)), japanese);
}

TEST(CharsetLayer, OtherEscapeSequencesStay) {
  for (const char* sequences :
       {"\x1b[31mred\x1b[0m \x1b(B4711\x1b$ \x1b$(Z", "\x1b$)x \x1b$*x \x1b\x1b$", "\x1b", "x\x1b$", "x\x1b$("}) {
    const std::string text = Times(8, kAscii) + sequences;
    EXPECT_EQ(ReadCut("text/plain", text), text);
    EXPECT_EQ(ReadCut("text/plain", text + "\n" + kSamples[15].text), text + "\n" + kSamples[15].text);
    EXPECT_EQ(ReadCut("text/plain", text + "\n" + TextIn("windows-1251", kSamples[6].text)),
              text + "\n" + kSamples[6].text);
  }
  for (const char* text : {"(format t \"~{~a~^, ~}\" list)", "~{abc~}", "~{4711 4712~}", "1+/v8", "a+b-c +ADw-"}) {
    EXPECT_EQ(ReadCut("text/plain", text), text);
  }
}

TEST(CharsetLayer, DigitsOfFourBytesInGb18030) {
  const std::string text = Times(3, kSamples[0].text) + "银行卡号：𝟒𝟕𝟏𝟔𝟒𝟔𝟏𝟓𝟖𝟑𝟑𝟐𝟐𝟏𝟎𝟑，请各部门提前准备材料。४७१६ ٤٧١٦\n";
  for (const char* type : {"text/plain; charset=gb18030", "text/plain; charset=gbk", "text/plain"}) {
    EXPECT_EQ(ReadCut(type, TextIn("gb18030", text)), text) << type;
  }
}

// What is malformed hides nothing around it.
TEST(CharsetLayer, OverlongUtf8AndLoneSurrogates) {
  const std::string around = "card 4716461583322103, Numéro ";
  for (const char* bad : {"\xc0\xb4\xc0\xb7", "\xe0\x80\xb4", "\xf0\x80\x80\xb4", "\xed\xa0\xbd", "\xed\xb8\x80",
                          "\xf8\x88\x80\x80\x80", "\xf4\x90\x80\x80"}) {
    const std::string out = ReadCut("text/plain", around + bad + around);
    EXPECT_NE(out.rfind("4716461583322103"), out.find("4716461583322103"))
        << Hex(reinterpret_cast<const std::uint8_t*>(bad), 2);
  }
  std::string units = TextIn("UTF-16LE", around);
  units += "\x3d\xd8" + TextIn("UTF-16LE", around) + std::string("\0\xde", 2) + TextIn("UTF-16LE", around);
  const std::string lone = ReadCut("text/plain; charset=utf-16", units);
  EXPECT_EQ(lone, around + "\xef\xbf\xbd" + around + "\xef\xbf\xbd" + around);
}

TEST(CharsetLayer, ByteOrderMarksAreNoText) {
  for (const char* charset : {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UTF-8"}) {
    const std::string bytes = TextIn(charset, "\uFEFF€ 1,5 x");
    EXPECT_EQ(ReadCut("text/plain", bytes), "€ 1,5 x") << charset;
    EXPECT_EQ(ReadCut("application/octet-stream", bytes), "€ 1,5 x") << charset;
  }
}

TEST(CharsetLayer, WhatIsWrittenInUnitsShowsInBinaryFilesToo) {
  const std::string text = Times(60, "Kundennummer 4711, Паспорт 4509 123456. ");
  const std::string file = Noise(4096) + TextIn("UTF-16LE", text).substr(0, 4096) + Noise(4096, 3) +
                           std::string(4096, 'a') + TextIn("UTF-16BE", text).substr(0, 4096);
  const RecordingSink sink = Read({"application/x-ole", "", file}, 100);
  ASSERT_EQ(sink.texts.size(), 3u);
  EXPECT_EQ(sink.texts[0].text, TextIn("UTF-8", sink.texts[2].text));
  EXPECT_EQ(sink.texts[0].text.substr(0, 17), "Kundennummer 4711");
  EXPECT_EQ(sink.texts[0].offset, 4096u);
  EXPECT_EQ(sink.texts[1].text, std::string(4096, 'a'));
  EXPECT_EQ(sink.Of(ByteFate::kOpaqueBinary), 8192u);
}

TEST(CharsetLayer, FormsAreConvertedBehindTheirEscapes) {
  std::string form = "name=Petrov&passport=";
  for (const char c : TextIn("windows-1251", "Паспорт серия"))
    form += "%" + Hex(reinterpret_cast<const std::uint8_t*>(&c), 1);
  const std::string wanted = "name=Petrov\npassport=Паспорт серия";
  EXPECT_EQ(ReadCut("application/x-www-form-urlencoded", form), wanted);
  EXPECT_EQ(ReadCut("application/x-www-form-urlencoded; charset=windows-1251", form), wanted);
}

TEST(CharsetLayer, CountsLabelsThatAreWrong) {
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  const std::string japanese = TextIn("Shift_JIS", kSamples[2].text);
  Drive(reader, {"text/plain; charset=shift_jis", "", japanese}, sink);
  EXPECT_EQ(counters.charset_label, 0u);
  Drive(reader, {"text/plain; charset=utf-8", "", japanese}, sink);
  EXPECT_EQ(counters.charset_label, 1u);
  Drive(reader, {"text/plain; charset=euc-jp", "", japanese}, sink);
  EXPECT_EQ(counters.charset_label, 2u);
  EXPECT_EQ(counters.charset, 3u);
  EXPECT_EQ(counters.charset_malformed, 0u);
  EXPECT_EQ(sink.Unnamed(), Times(3, kSamples[2].text));
  Drive(reader, {"text/plain; charset=shift_jis", "", japanese + japanese + "\xff" + japanese}, sink);
  EXPECT_EQ(counters.charset_malformed, 1u);
}

TEST(CharsetLayer, DamagedUtf8StaysUtf8) {
  const std::string text = "Собр\xff" + std::string(kSamples[5].text) + "\xc0\xb1\xed\xa0\x80 4111";
  EXPECT_EQ(ReadCut("text/plain; charset=utf-8", text), text);
  EXPECT_EQ(ReadCut("text/plain", "\xff" + text), "\xff" + text);
}

TEST(CharsetLayer, DamageAnywhereIsSurvivedAndGivenBack) {
  DecoderPool pool;
  std::uint32_t random = 1;
  for (int round = 0; round < 2000; ++round) {
    const Sample& s = kSamples[static_cast<std::size_t>(round) % std::size(kSamples)];
    std::string bytes = kAscii + TextIn(s.charset, s.text) + Noise(static_cast<std::size_t>(round) % 700, random);
    for (int flips = 0; flips < round % 9; ++flips) {
      random = random * 1664525 + 1013904223;
      bytes[(random >> 8) % bytes.size()] = static_cast<char>(random >> 3);
    }
    bytes.resize(bytes.size() - (random >> 16) % bytes.size());
    const std::string type = round % 2 == 0 ? "text/html" : std::string("text/plain; charset=") + s.charset;
    Counters counters{};
    BodyReader reader(Options{}, counters, pool);
    RecordingSink one, other;
    Drive(reader, {type, "", bytes}, one, 7);
    Drive(reader, {type, "", bytes}, other);
    EXPECT_EQ(one.texts, other.texts) << round;
  }
  EXPECT_EQ(pool.open(), 0u);
  EXPECT_EQ(pool.converters.out(), 0u);
  EXPECT_EQ(pool.memory.in_use(), 0u);
}

TEST(CharsetLayer, WithoutMemoryTextIsReadAllTheSame) {
  DecoderPool pool(PoolLimits{16, 0});
  Counters counters{};
  BodyReader reader(Options{}, counters, pool);
  RecordingSink sink;
  const std::string text = kAscii + std::string(kSamples[0].text) + kAscii;
  Drive(reader, {"text/html", "", text}, sink, 5);
  EXPECT_EQ(sink.Unnamed(), text);
  RecordingSink told;
  Drive(reader, {"text/html; charset=gb18030", "", TextIn("gb18030", text)}, told, 5);
  EXPECT_EQ(told.Unnamed(), text);
}

}  // namespace
}  // namespace gander::content
