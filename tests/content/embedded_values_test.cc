// SPDX-License-Identifier: Apache-2.0
// base64 inside texts: found, put in its place or opened; what only looks like it is left alone.
#include <gtest/gtest.h>

#include <random>

#include "content/archive_writer.h"
#include "content/coded.h"
#include "content/every_cut.h"
#include "content/notation/base64_run.h"
#include "content/notation/embedded_values.h"

namespace gander::content {
namespace {

std::string B64(const std::string& plain) { return Base64(plain, SIZE_MAX); }
std::string Json(const std::string& text) { return TextOf("application/json", text); }

std::string Url(std::string base64) {
  std::replace(base64.begin(), base64.end(), '+', '-');
  std::replace(base64.begin(), base64.end(), '/', '_');
  while (base64.ends_with('=')) base64.pop_back();
  return base64;
}

std::vector<std::string> PathsOf(const RecordingSink& sink) {
  std::vector<std::string> paths;
  for (const SeenText& t : sink.texts) paths.push_back(t.path);
  return paths;
}

TEST(EmbeddedValues, ShortTextTakesThePlaceOfTheValue) {
  EXPECT_EQ(Json(R"({"ssn":"MDc4LTA1LTExMjA=","next":1})"), R"({"ssn":"078-05-1120","next":1})");
  EXPECT_EQ(Json("{\"a\":\"" + B64("J\xc3\xbcrgen\nM\xc3\xbcller\t78") + "\"}"),
            "{\"a\":\"J\xc3\xbcrgen\nM\xc3\xbcller\t78\"}");
  EXPECT_EQ(Json("{\"a\":\"" + Url(B64("078-05-1120 ?? >>> ~~~")) + "\"}"), "{\"a\":\"078-05-1120 ?? >>> ~~~\"}");
  EXPECT_EQ(TextOf("application/x-www-form-urlencoded", "x=1&ssn=MDc4LTA1LTExMjA%3D&y=2"), "x=1\nssn=078-05-1120\ny=2");
  EXPECT_EQ(TextOf("application/x-www-form-urlencoded", "ssn=MDc4LTA1LTExMjA="), "ssn=078-05-1120");
  EXPECT_EQ(TextOf("text/xml", "<a b=\"MDc4LTA1LTExMjA=\"><ssn>\n  MDc4LTA1LTExMjE=\n</ssn></a>"),
            "<a b=\"078-05-1120\"><ssn>\n  078-05-1121\n</ssn></a>");
  EXPECT_EQ(TextOf("text/html", "<img src=\"data:text/plain;base64,MDc4LTA1LTExMjA=\">"),
            "<img src=\"data:text/plain;base64,078-05-1120\">");
  EXPECT_EQ(Json(R"({"a":"MDc4LTA1LTExMjA\u003d","b":"PD94\/bWwgdmVyc2lvbj8+"})"),
            R"({"a":"078-05-1120","b":"PD94/bWwgdmVyc2lvbj8+"})");
}

TEST(EmbeddedValues, LinesAsEncodersBreakThem) {
  const std::string text =
      "the quick brown fox jumps over the lazy dog, number 078-05-1120, and on it goes for a while";
  std::string lines = Base64(text, 76);
  EXPECT_EQ(TextOf("text/xml", "<a>\r\n" + lines + "</a>"), "<a>\r\n" + text + "</a>");
  for (std::size_t at = 0; (at = lines.find("\r\n", at)) != std::string::npos;) lines.replace(at, 2, "\\r\\n");
  EXPECT_EQ(Json("[\"" + lines + "\"]"), "[\"" + text + "\"]");
}

TEST(EmbeddedValues, InsideEachOther) {
  const std::string in = R"({"b":")" + B64(R"({"ssn":"\u0030\u0037\u0038-05-1120"})") + R"("})";
  EXPECT_EQ(Json(R"({"a":")" + B64(in) + R"("})"), R"({"a":"{"b":"{"ssn":"078-05-1120"}"}"})");
  EXPECT_EQ(Json("[\"" + B64(B64(B64("078-05-1120"))) + "\"]"), "[\"078-05-1120\"]");
  EXPECT_EQ(Json("[\"" + B64("<p>&#48;78-05-1120</p>") + "\"]"), "[\"<p>078-05-1120</p>\"]");
}

TEST(EmbeddedValues, LongTextIsAnEntityOfItsOwn) {
  const std::string csv = Lines(100);
  const RecordingSink sink = ReadEveryCut({"application/json", "", "{\"a\":\"" + B64(csv) + "\",\"b\":\"2\"}"});
  ASSERT_EQ(sink.texts.size(), 3u);
  EXPECT_EQ(sink.texts[0].text, "{\"a\":\"");
  EXPECT_EQ(sink.texts[1].text, csv);
  EXPECT_EQ(sink.texts[2].text, "\",\"b\":\"2\"}");
  const std::string base = "http.response.body > application/json";
  EXPECT_EQ(PathsOf(sink), (std::vector<std::string>{base, base + " > base64", base}));
}

TEST(EmbeddedValues, HeldOrNotIsOneByte) {
  for (std::size_t size = kHeldValue - 3; size <= kHeldValue + 3; ++size) {
    const std::string text(size / 4 * 3 + size % 4, 'a');
    const RecordingSink sink = ReadEveryCut({"application/json", "", "[\"" + Url(B64(text)) + "\"]"});
    EXPECT_EQ(sink.Unnamed(), "[\"" + text + "\"]") << size;
  }
}

TEST(EmbeddedValues, FilesAreOpenedWhateverTheirSize) {
  const RecordingSink sink = ReadEveryCut({"application/json", "", "{\"f\":\"" + B64(Gzip("ssn 078-05-1120")) + "\"}"});
  ASSERT_EQ(sink.texts.size(), 3u);
  EXPECT_EQ(sink.texts[1].text, "ssn 078-05-1120");
  EXPECT_EQ(sink.texts[1].path, "http.response.body > application/json > base64 > gzip");
  ASSERT_EQ(sink.files.size(), 2u);  // the other is the body itself
  EXPECT_EQ(sink.files[0].magic, "gzip");
  EXPECT_EQ(sink.files[0].size, Gzip("ssn 078-05-1120").size());

  const std::string pdf = "%PDF-1.4\n" + Noise(5000);
  const RecordingSink form = ReadEveryCut({"application/x-www-form-urlencoded", "", "n=1&f=" + Url(B64(pdf)) + "&m=2"});
  ASSERT_EQ(form.files.size(), 2u);
  EXPECT_EQ(form.files[0].magic, "pdf");
  EXPECT_EQ(form.files[0].size, pdf.size());
  EXPECT_EQ(form.texts.front().text, "n=1\nf=");
  EXPECT_EQ(form.texts.back().text, "\nm=2");

  const std::string tar = TarMember("people.txt", "ssn 078-05-1120") + TarEnd();
  const RecordingSink packed = ReadEveryCut({"application/json", "", "{\"f\":\"" + B64(tar) + "\"}"});
  const auto member = std::find_if(packed.texts.begin(), packed.texts.end(),
                                   [](const SeenText& t) { return t.text == "ssn 078-05-1120"; });
  ASSERT_NE(member, packed.texts.end());
  EXPECT_EQ(member->path, "http.response.body > application/json > base64 > tar");
}

TEST(EmbeddedValues, Utf16OfScripts) {
  std::string wide;
  for (const char c : std::string("ssn 078-05-1120")) wide += {c, '\0'};
  EXPECT_EQ(Json("[\"" + B64(wide) + "\"]"), "[\"ssn 078-05-1120\"]");
}

TEST(EmbeddedValues, JsonInBase64InJsonUntilTheDepthIsUsedUp) {
  Options options;
  options.max_depth = 4;
  std::string text = R"({"ssn":"078-05-1120","pad":")" + std::string(1500, 'x') + "\"}";
  for (int i = 0; i < 3; ++i) text = "{\"j\":\"" + B64(text) + "\"}";
  EXPECT_NE(ReadEveryCut({"application/json", "", text}, options).Unnamed().find("078-05-1120"), std::string::npos);
  for (int i = 0; i < 3; ++i) text = "{\"j\":\"" + B64(text) + "\"}";
  const RecordingSink deep = ReadEveryCut({"application/json", "", text}, options);
  EXPECT_EQ(deep.Unnamed().find("078-05-1120"), std::string::npos);
  EXPECT_TRUE(deep.Saw("wrapping_depth_cap"));
}

TEST(EmbeddedValues, TokensStayAndTheirClaimsFollow) {
  const std::string header = R"({"alg":"HS256","typ":"JWT"})",
                    claims = R"({"sub":"\u0030\u0037\u0038-05-1120","iat":1})";
  const std::string token = Url(B64(header)) + "." + Url(B64(claims)) + "." + Url(B64(Noise(32)));
  const std::string told = " " + header + R"( {"sub":"078-05-1120","iat":1})";
  EXPECT_EQ(Json("{\"t\":\"" + token + "\",\"b\":1}"), "{\"t\":\"" + token + told + "\",\"b\":1}");
  EXPECT_EQ(TextOf("application/x-www-form-urlencoded", "t=" + token), "t=" + token + told);
  EXPECT_EQ(Json("{\"t\":\"Bearer " + token + "\"}"), "{\"t\":\"Bearer " + token + told + "\"}");
  EXPECT_EQ(TextOf("text/html", "<a href=\"https://a.example/?t=" + token + "\">"),
            "<a href=\"https://a.example/?t=" + token + told + "\">");
  const std::string cut = Url(B64(header)) + "." + Url(B64(claims));
  EXPECT_EQ(Json("{\"t\":\"" + cut), "{\"t\":\"" + cut + told);
}

TEST(EmbeddedValues, LongTokensAreReadAsFarAsTheCap) {
  const std::string header = R"({"alg":"HS256","typ":"JWT"})";
  const std::string claims = R"({"sub":"078-05-1120","pad":")" + std::string(6000, 'x') + "\"}";
  const std::string token = Url(B64(header)) + "." + Url(B64(claims)) + ".c2ln";
  const RecordingSink sink = Read({"application/json", "", "{\"t\":\"" + token + "\"}"}, 100);
  EXPECT_TRUE(sink.Saw("token_claims_cap"));
  EXPECT_NE(sink.Unnamed().find("\"sub\":\"078-05-1120\""), std::string::npos);
  EXPECT_LT(sink.text_bytes, token.size() + kTokenClaims + 100);
}

// Nothing of this is base64 of anything that can be read.
TEST(EmbeddedValues, WhatOnlyLooksLikeItStays) {
  const std::string values[] = {
      "4111111111111111", "4111-1111-1111-1111", "DE89370400440532013000", "550e8400-e29b-41d4-a716-446655440000",
      "da39a3ee5e6b4b0d3255bfef95601890afd80709", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
      "getElementsByClassName", "internationalization", "INTERNATIONALIZATION", "application/x-www-form-urlencoded",
      "/usr/share/javascript/Thing", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
      "01ARZ3NDEKTSV4RRFFQ69G5FAV", "2024-01-01T00-00-00", "aaaaaaaaaaaaaaaaaaaaaaaa", "AaAaAaAaAaAaAaAaAaAaAaAa",
      "MDc4LTA1LTEx", "MDc4LTA1LTExMjA==", "MDc4LTA1LTExMjA=x", "MDc4LTA1LTExMjAyM", "eyJabcdefghijklmnop.x.y",
      "eyJ.eyJ.eyJ", "base64,", "data:image/png;base64,", "===============", "________________",
  };
  for (const std::string& value : values) {
    EXPECT_EQ(Json("{\"a\":\"" + value + "\",\"b\":2}"), "{\"a\":\"" + value + "\",\"b\":2}");
    EXPECT_EQ(TextOf("text/html", "<p>" + value + "</p> " + value), "<p>" + value + "</p> " + value);
  }
  // Not from one delimiter to the next.
  for (const char* text : {"[\"x.MDc4LTA1LTExMjA=\"]", "[\"MDc4LTA1LTExMjA=.x\"]", "[\"/MDc4LTA1LTExMjA=\"]"}) {
    EXPECT_EQ(Json(text), text);
  }
}

TEST(EmbeddedValues, RandomIdentifiersStay) {
  std::mt19937 random(3);
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (const std::size_t letters : {std::size_t{62}, std::size_t{64}}) {
    for (const std::size_t size : {16u, 20u, 22u, 24u, 32u, 43u, 64u, 88u, 200u, 400u, 1024u}) {
      std::string text = "[";
      for (int i = 0; i < 300; ++i) {
        text += '"';
        for (std::size_t k = 0; k < size; ++k) text += kAlphabet[random() % letters];
        text += "\",";
      }
      EXPECT_EQ(Read({"application/json", "", text}).Unnamed(), text) << size;
    }
  }
}

// Endless runs are judged once, and neither held nor read again.
TEST(EmbeddedValues, EndlessRuns) {
  const std::string noise = B64(Noise(300000));
  const RecordingSink same = Read({"application/json", "", "[\"" + noise}, 1460);
  EXPECT_EQ(same.Unnamed(), "[\"" + noise);
  const RecordingSink text = Read({"application/json", "", "[\"" + B64(Lines(9000))}, 1460);
  EXPECT_EQ(text.Unnamed(), "[\"" + Lines(9000));
  const std::string same_letter = "[\"" + std::string(200000, 'A') + "\"]";
  EXPECT_EQ(Read({"application/json", "", same_letter}, 7).Unnamed(), same_letter);
}

TEST(EmbeddedValues, TooManyToBeOpenedAreLeftAsTheyAre) {
  Options options;
  options.max_parts = 5;
  std::string text = "[";
  for (int i = 0; i < 20; ++i) text += "\"" + B64(Gzip("078-05-1120")) + "\",";
  const RecordingSink sink = ReadEveryCut({"application/json", "", text}, options);
  EXPECT_EQ(sink.files.size(), 5u + 1);
  EXPECT_EQ(std::count(sink.anomalies.begin(), sink.anomalies.end(), "mime_too_many_parts"), 1);
  EXPECT_NE(sink.Unnamed().find(B64(Gzip("078-05-1120"))), std::string::npos);
}

TEST(EmbeddedValues, WhatCannotBeReadInsideIsCounted) {
  const std::string png = "\x89PNG\r\n\x1a\n" + Noise(40000), encoded = B64(png);
  const std::string json = "{\"a\":\"" + encoded + "\",\"b\":\"" + encoded.substr(0, 2000) + "\"}" + Lines(100);
  for (const std::size_t step : {std::size_t{1}, std::size_t{10}, std::size_t{1460}, SIZE_MAX}) {
    const RecordingSink sink = Read({"application/json", "", json}, step);
    EXPECT_EQ(sink.files.size(), 2u + 1);
    EXPECT_NEAR(static_cast<double>(sink.Of(ByteFate::kOpaqueBinary)), static_cast<double>(encoded.size() + 2000),
                300.0)
        << step;
  }
}

TEST(EmbeddedValues, DamagedBytesAreSurvived) {
  const std::string header = R"({"alg":"HS256","typ":"JWT"})", claims = R"({"sub":"078-05-1120"})";
  const std::string seed = "{\"a\":\"" + B64("078-05-1120 is short") + "\",\"t\":\"" + Url(B64(header)) + "." +
                           Url(B64(claims)) + ".c2ln\",\"l\":\"" + B64(Lines(40)) + "\"}";
  std::mt19937 random(5);
  DecoderPool pool;
  for (int round = 0; round < 1500; ++round) {
    std::string bytes = seed;
    for (int flip = 0; flip < 3; ++flip) bytes[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
    if (round % 3 == 0) bytes.resize(random() % bytes.size());
    const Body1 body = {round % 2 == 0 ? "application/json" : "text/html", "", bytes};
    Counters counters{};
    BodyReader reader(Options{}, counters, pool);
    RecordingSink whole, cut;
    Drive(reader, body, whole);
    Drive(reader, body, cut, 1 + random() % 50);
    EXPECT_TRUE(cut.texts == whole.texts) << round;
  }
  EXPECT_EQ(pool.open(), 0u);
}

// Every place of a block and every length against the plain definition.
TEST(Base64Run, FoundWhereItIs) {
  std::mt19937 random(9);
  for (int round = 0; round < 4000; ++round) {
    std::string text(random() % 200, '.');
    for (int run = 0; run < 6 && !text.empty(); ++run) {
      const std::size_t at = random() % text.size();
      for (std::size_t i = at; i < std::min(text.size(), at + random() % 40); ++i) text[i] = "aZ09+/-_"[random() % 8];
    }
    if (round % 2 == 0 && !text.empty()) text[random() % text.size()] = static_cast<char>(random());
    std::vector<std::pair<std::size_t, std::size_t>> expected, found;
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t begin = i;
      while (i < text.size() && IsBase64(static_cast<std::byte>(text[i]))) ++i;
      if (i - begin >= kMinBase64Run || (i > begin && i == text.size())) expected.emplace_back(begin, i);
      if (i == begin) ++i;
    }
    Base64Runs runs(AsBytes(text));
    for (Base64Run run; runs.Next(run);) found.emplace_back(run.begin, run.end);
    EXPECT_EQ(found, expected) << text;
  }
}

TEST(Base64Run, LettersOfBothCases) {
  for (std::size_t size = 1; size < 100; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, '0'), more = "aA" + std::string(size, '_') + "aA";
      EXPECT_FALSE(HasBothCases(AsBytes(text), {0, size}));
      EXPECT_FALSE(HasBothCases(AsBytes(more), {2, size + 2}));
      more[2 + at] = 'q';
      EXPECT_FALSE(HasBothCases(AsBytes(more), {2, size + 2}));
      more[2 + (at + 1) % size] = 'Z';
      EXPECT_EQ(HasBothCases(AsBytes(more), {2, size + 2}), size > 1);
    }
  }
}

}  // namespace
}  // namespace gander::content
