// SPDX-License-Identifier: Apache-2.0
// Escapes of JSON, HTML, XML and addresses: undone, wherever the body is cut; what is no escape stays.
#include <gtest/gtest.h>

#include <random>

#include "content/coded.h"
#include "content/every_cut.h"
#include "content/notation/character_names.h"

namespace gander::content {
namespace {

std::string Json(const std::string& text) { return TextOf("application/json", text); }
std::string Html(const std::string& text) { return TextOf("text/html", text); }
std::string Xml(const std::string& text) { return TextOf("application/soap+xml", text); }
std::string Form(const std::string& text) { return TextOf("application/x-www-form-urlencoded", text); }

TEST(JsonEscapes, CharactersBecomeThemselves) {
  EXPECT_EQ(Json(R"({"a":"\u0030\u0037\u0038-05"})"), R"({"a":"078-05"})");
  EXPECT_EQ(Json(R"({"a":"J\u00fcrgen \u4e2d\ud83d\ude00"})"),
            "{\"a\":\"J\xc3\xbcrgen \xe4\xb8\xad\xf0\x9f\x98\x80\"}");
  EXPECT_EQ(Json(R"({"a":"\x34\x31"})"), R"({"a":"41"})");
  EXPECT_EQ(Json(R"({"a":"1\/2"})"), R"({"a":"1/2"})");
  EXPECT_EQ(Json(R"({"a":"x\ny\r\nz\tw\bv\fu"})"), "{\"a\":\"x\ny\r\nz\tw v u\"}");
}

TEST(JsonEscapes, QuotesAndBackslashesKeepTheStringWhole) {
  EXPECT_EQ(Json(R"({"a":"he said \"no\"","b":"1"})"), R"({"a":"he said 'no'","b":"1"})");
  EXPECT_EQ(Json(R"({"a":"\u0022\u0027","b":1})"), R"({"a":"''","b":1})");
  EXPECT_EQ(Json(R"({"a":"C:\\","b":"\\\\host\\share"})"), R"({"a":"C:","b":"\host\share"})");
  EXPECT_EQ(Json(R"({"a":"\u005c","b":1})"), R"({"a":"","b":1})");
}

TEST(JsonEscapes, JsonInStringsIsUndoneToAnyDepth) {
  EXPECT_EQ(Json(R"({"body":"{\"ssn\":\"\\u0030\\u0037\\u0038\"}"})"), R"({"body":"{'ssn':'078'}"})");
  EXPECT_EQ(Json(R"(["{\"b\":\"{\\\"c\\\":\\\"1\\\\n\\\\u0032\\\"}\"}"])"), "[\"{'b':'{'c':'1\n2'}'}\"]");
  EXPECT_EQ(Json(R"(["{\"p\":\"C:\\\\\",\"q\":\"1\"}"])"), R"(["{'p':'C:','q':'1'}"])");
}

TEST(JsonEscapes, WhatIsNoneStays) {
  EXPECT_EQ(Json(R"({"a":"\d\q\u12g4\u\x4z"})"), R"({"a":"\d\q\u12g4\u\x4z"})");
  EXPECT_EQ(Json(R"({"a":"\u12)"), R"({"a":"\u12)");
  EXPECT_EQ(Json(R"({"a":"\)"), R"({"a":"\)");
  EXPECT_EQ(Json(R"({"a":"\u)"), R"({"a":"\u)");
}

TEST(JsonEscapes, LoneSurrogatesAreReplacementCharacters) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(Json(R"(["\ud83d"])"), "[\"" + r + "\"]");
  EXPECT_EQ(Json(R"(["\ude00x"])"), "[\"" + r + "x\"]");
  EXPECT_EQ(Json(R"(["\ud83d\n"])"), "[\"" + r + "\n\"]");
  EXPECT_EQ(Json(R"(["\ud83d\ud83d\ude00"])"), "[\"" + r + "\xf0\x9f\x98\x80\"]");
  EXPECT_EQ(Json(R"(["\ud83d\u0041"])"), "[\"" + r + "A\"]");
  EXPECT_EQ(Json(R"(["\ud83d\u00)"), "[\"" + r + "\\u00");
  EXPECT_EQ(Json(R"(["\ud83d)"), "[\"" + r);
}

TEST(JsonEscapes, WhatHasNoWidthPartsNoNumber) {
  EXPECT_EQ(Json(R"(["41\u200b11\u00ad1\ufeff1\u00a02\u20033\u0000"])"), "[\"411111 2 3 \"]");
}

TEST(JsonEscapes, UndeclaredJsonIsKnownByItsBegin) {
  for (const char* type : {"", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded",
                           "application/x-ndjson", "text/javascript", "text/event-stream"}) {
    EXPECT_EQ(TextOf(type, "\xef\xbb\xbf {\"a\":\"\\u0031\"}\n{\"a\":\"\\u0032\"}\n"),
              " {\"a\":\"1\"}\n{\"a\":\"2\"}\n")
        << type;
  }
  EXPECT_EQ(TextOf("text/plain", R"([2024-01-01] C:\new\temp)"), R"([2024-01-01] C:\new\temp)");
  EXPECT_EQ(TextOf("text/plain", R"({\rtf1\ansi \u8364?})"), R"({\rtf1\ansi \u8364?})");
  EXPECT_EQ(TextOf("text/plain", R"(C:\u0031 &#49; %41)"), R"(C:\u0031 &#49; %41)");
}

TEST(CharacterReferences, NumbersAndNames) {
  EXPECT_EQ(Html("<p>&#48;&#55;&#x38;&#45;&#X30;5&#0000000000000000000000000000045;1120</p>"), "<p>078-05-1120</p>");
  EXPECT_EQ(Html("<p>J&uuml;rgen &amp; Zo&euml; &Lstrok;&oacute;d&zacute; &szlig;&AElig;</p>"),
            "<p>J\xc3\xbcrgen & Zo\xc3\xab \xc5\x81\xc3\xb3" "d\xc5\xba \xc3\x9f\xc3\x86</p>");
  EXPECT_EQ(Html("<p>a&commat;example&period;org &lpar;49&rpar; &plus;49</p>"), "<p>a@example.org (49) +49</p>");
  EXPECT_EQ(Html("<p>078&nbsp;05&ensp;1120&shy;0&zwnj;1&Tab;x&NewLine;y</p>"), "<p>078 05 112001\tx\ny</p>");
  EXPECT_EQ(Html("<p>&#128512;&#150;&#153;</p>"), "<p>\xf0\x9f\x98\x80\xe2\x80\x93\xe2\x84\xa2</p>");
  EXPECT_EQ(Xml("<a b=\"&quot;x&quot;\">&lt;ssn&gt;078&lt;/ssn&gt;&apos;</a>"), "<a b=\"\"x\"\"><ssn>078</ssn>'</a>");
}

TEST(CharacterReferences, MissingSemicolons) {
  EXPECT_EQ(Html("<p>&#48&#55&#x38-05 &nbsp078&shy-05 &lt</p>"), "<p>078-05  078-05 <</p>");
  EXPECT_EQ(Html("<a href='?a=1&lt=2&copy=3&amp;b=4&nbsps'>"), "<a href='?a=1&lt=2&copy=3&b=4&nbsps'>");
  EXPECT_EQ(Html("<p>&frac12 &sup2 &there4;</p>"), "<p>&frac12 \xc2\xb2 &there4;</p>");
}

TEST(CharacterReferences, InsideEachOther) {
  EXPECT_EQ(Xml("<a>&amp;lt;b&amp;gt;&amp;#52;&amp;amp;amp;#x31;&amp;&amp;</a>"), "<a><b>41&&</a>");
  EXPECT_EQ(Xml("<a><![CDATA[<b>&#52;</b>]]></a>"), "<a><![CDATA[<b>4</b>]]></a>");
}

TEST(CharacterReferences, WhatIsNoneStays) {
  const std::string none = "<p>AT&T & co; &; &#; &#x; &#X &#xg; &#a; &unknown; &abcdefghijklmnopqrstuvwxyzabcdef;</p>";
  EXPECT_EQ(Html(none), none);
  for (const char* end : {"&", "&#", "&#x", "&am", "&eacut"})
    EXPECT_EQ(Html("<p>" + std::string(end)), "<p>" + std::string(end));
  EXPECT_EQ(Html("<p>&amp"), "<p>&");
  EXPECT_EQ(Html("<p>&#5"), "<p> ");
  EXPECT_EQ(Html("<p>&#x110000;&#99999999999999999999;&#xd800;"), "<p>\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(CharacterReferences, EachNameOfTheTableIsFound) {
  EXPECT_EQ(CharacterNamed("nbsp", false), 0xa0u);
  EXPECT_EQ(CharacterNamed("zdot", true), 0x17cu);
  EXPECT_EQ(CharacterNamed("zdot", false), 0u);
  EXPECT_EQ(CharacterNamed("AElig", true), 0xc6u);
  EXPECT_EQ(CharacterNamed("zwnj", true), 0x200cu);
  EXPECT_EQ(CharacterNamed("zzzz", true), 0u);
  EXPECT_EQ(CharacterNamed("", true), 0u);
}

TEST(PercentEscapes, InsideTextOfOtherNotations) {
  EXPECT_EQ(Json(R"({"url":"https://a.example/?ssn=%30%37%38%2D05&q=%22x%22"})"),
            R"({"url":"https://a.example/?ssn=078-05&q='x'"})");
  EXPECT_EQ(Html("<a href='/?m=a%40example.org%0a%E4%B8%AD'>"), "<a href='/?m=a@example.org\n\xe4\xb8\xad'>");
  EXPECT_EQ(Json(R"(["%2525253078 %u0030%u4e2d%u0022"])"), "[\"078 0\xe4\xb8\xad'\"]");
  EXPECT_EQ(Html("<p>100% 5%2 %zz %1 %00%1f%u12 %"), "<p>100% 5%2 %zz %1 %00%1f%u12 %");
}

TEST(Form, WithoutAType) {
  const std::string form = "name=Ada&ssn=%30%37%38-05-1120&mail=ada%40example.org";
  for (const char* type : {"", "application/octet-stream", "text/plain", "application/x-www-form-urlencoded"}) {
    EXPECT_EQ(TextOf(type, form), "name=Ada\nssn=078-05-1120\nmail=ada@example.org") << type;
  }
  EXPECT_EQ(TextOf("text/csv", form), form);
  for (const std::string text : {"name=Ada&ssn=078-05-1120", "100% = all, 50%20 = half", "=%41", "a=%4", "a=%zz&b=1",
                                 "%41=b", "width=100%25\nheight=50%25\n"}) {
    EXPECT_EQ(TextOf("", text), text);
  }
}

TEST(Form, EncodedTwiceAndHoldingOtherNotations) {
  EXPECT_EQ(Form("ssn=078%252D05%252D1120&b=%25252041"), "ssn=078-05-1120\nb= 41");
  EXPECT_EQ(Form("payload=%7B%22ssn%22%3A%22%5Cu0030%5Cu0037%22%7D"), "payload={\"ssn\":\"07\"}");
  EXPECT_EQ(Form("h=%3Cp%3E%26%2352%3B%3C%2Fp%3E&x=1"), "h=<p>4</p>\nx=1");
  EXPECT_EQ(Form("a=%2&b=%"), "a=%2\nb=%");
}

TEST(Escapes, InsideEachOther) {
  EXPECT_EQ(Json(R"({"h":"\u003cp\u003e\u0026#52;\u00261 %34"})"), R"({"h":"<p>4&1 4"})");
  EXPECT_EQ(Html(R"(<script>x={"a":"\u0034\x31\/","p":"C:\new"}</script>)"),
            R"(<script>x={"a":"41/","p":"C:\new"}</script>)");
  EXPECT_EQ(Html("<div data-x='{&quot;a&quot;:&quot;\\u0034&quot;}'>"), "<div data-x='{\"a\":\"4\"}'>");
}

// One text, one piece: nothing is copied or cut where there is nothing to undo.
TEST(Escapes, PlainPiecesAreHandedOnWhereTheyStand) {
  class SameBytes final : public TextSink {
   public:
    void OnText(const TextPiece& piece) noexcept override {
      if (piece.text.empty()) return;
      EXPECT_EQ(piece.text.data(), fed.data());
      EXPECT_EQ(piece.text.size(), fed.size());
      ++pieces;
    }
    void OnFile(const FileFacts&) noexcept override {}
    void OnFate(ByteFate, std::uint64_t) noexcept override {}
    void OnAnomaly(const char*) noexcept override {}
    Bytes fed;
    int pieces = 0;
  };
  for (const char* type : {"application/json", "text/html"}) {
    Counters counters{};
    BodyReader reader(Options{}, counters);
    SameBytes sink;
    reader.Begin(MetaOf({type, "", ""}), sink);
    const std::string piece = "{\"name\":\"somebody\",\"city\":\"somewhere\"} " + std::string(200, '.');
    for (int i = 0; i < 3; ++i) {
      sink.fed = AsBytes(piece);
      reader.Feed(sink.fed, sink);
    }
    reader.End(protocol::BodyEnd::kComplete, sink);
    EXPECT_EQ(sink.pieces, 3) << type;
  }
}

// Long bodies full of escapes cross the ends of the layers' buffers.
TEST(Escapes, LongerThanAnyBuffer) {
  std::string json = "[\"", html = "<p>", digits;
  for (int i = 0; i < 20000; ++i) {
    const char digit = static_cast<char>('0' + i % 10);
    json += std::string("\\u003") + digit;
    html += "&#x3" + std::string(1, digit) + ";";
    digits += digit;
  }
  EXPECT_EQ(Read({"application/json", "", json}).Unnamed(), "[\"" + digits);
  EXPECT_EQ(Read({"text/html", "", html}).Unnamed(), "<p>" + digits);
  EXPECT_EQ(Read({"application/json", "", "[\"" + std::string(200000, '\\')}).Unnamed(), "[\"\\");
  EXPECT_EQ(Read({"text/html", "", "<p>&#" + std::string(200000, '0') + "52;"}).Unnamed(), "<p>4");
  const std::string name = "<p>&" + std::string(100000, 'a');
  EXPECT_EQ(Read({"text/html", "", name}).Unnamed(), name);
}

TEST(Escapes, DamagedBytesAreSurvivedAndAccountedFor) {
  const std::string seed = R"({"a":"\u0030\ud83d\ude00\\\"&#52;&nbsp;&amp;amp;%2541%u0041","b":[1,2]})";
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = seed + seed;
    for (int flip = 0; flip < 4; ++flip) bytes[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
    bytes.resize(1 + random() % bytes.size());
    const char* const types[] = {"application/json", "text/html", "application/x-www-form-urlencoded", ""};
    const Body1 body = {types[round % 4], "", bytes};
    const RecordingSink whole = Read(body), cut = Read(body, 1 + random() % 7);
    EXPECT_EQ(cut.texts, whole.texts);
    EXPECT_LE(whole.text_bytes, 3 * bytes.size());  // an octet of no character set becomes U+FFFD
  }
}

}  // namespace
}  // namespace gander::content
