// SPDX-License-Identifier: Apache-2.0
#include "protocol/plain_text/plain_text.h"

#include <gmock/gmock.h>

#include <random>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

std::string Noise(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::string s(n, '\0');
  for (char& c : s) c = static_cast<char>(random());
  return s;
}

TEST(PlainTextTest, TellsTextFromNoise) {
  EXPECT_TRUE(ReadsAsText(AsBytes("hello")));
  EXPECT_TRUE(ReadsAsText(AsBytes("\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82")));
  EXPECT_TRUE(ReadsAsText(AsBytes(std::string_view("h\0e\0l\0l\0o\0", 10))));
  std::string gbk;
  for (int i = 0; i < 60; ++i) gbk += "\xc4\xe3";
  EXPECT_TRUE(ReadsAsText(AsBytes(gbk)));
  EXPECT_FALSE(ReadsAsText({}));
  int wrong = 0;
  for (unsigned seed = 0; seed < 200; ++seed) wrong += ReadsAsText(AsBytes(Noise(100 + seed * 10, seed)));
  EXPECT_EQ(wrong, 0);
}

// ReadsAsText of up to 256 bytes, byte by byte.
bool ReadsAsTextModel(const std::string& s) {
  std::size_t readable = 0, utf16 = 0, control = 0;
  const auto at = [&](std::size_t i) { return i < s.size() ? static_cast<std::uint8_t>(s[i]) : 0xff; };
  const auto follows = [&](std::size_t i, std::size_t n) {
    for (std::size_t k = 1; k <= n; ++k) {
      if (at(i + k) < 0x80 || at(i + k) > 0xbf) return false;
    }
    return true;
  };
  for (std::size_t i = 0; i < s.size(); ++i) {
    const int c = at(i);
    const bool space = c == '\t' || c == '\n' || c == '\r', ascii = space || (c >= 0x20 && c <= 0x7e);
    readable += ascii;
    control += (c < 0x20 && !space) || c == 0x7f;
    utf16 += ascii && (at(i + 1) == 0 || (i > 0 && at(i - 1) == 0));
    if (c >= 0xc2 && c <= 0xdf && follows(i, 1)) readable += 2;
    if (c >= 0xe0 && c <= 0xef && follows(i, 2)) readable += 3;
    if (c >= 0xf0 && c <= 0xf4 && follows(i, 3)) readable += 4;
  }
  const std::size_t n = s.size();
  return n > 0 &&
         (readable * 100 >= n * (n < 64 ? 75 : 60) || utf16 * 200 >= n * 80 || (n >= 64 && control * 100 < n * 2));
}

TEST(PlainTextTest, CountsAsASlowModelDoes) {
  const std::string bytes("abcxyz \n\0\x01\x7f\x80\xa9\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xff", 23);
  std::mt19937 random(5);
  int texts = 0;
  for (std::size_t trial = 0; trial < 20'000; ++trial) {
    std::string s(trial % 200, '\0');
    const std::size_t kinds = 1 + random() % bytes.size();
    for (char& c : s) c = bytes[random() % kinds];
    ASSERT_EQ(ReadsAsText(AsBytes(s)), ReadsAsTextModel(s)) << trial;
    texts += ReadsAsTextModel(s);
  }
  EXPECT_GT(texts, 4000);
  EXPECT_LT(texts, 16'000);
}

TEST(PlainTextTest, RunsOfTextAreBodies) {
  const std::string noise = Noise(500, 1);
  const RecordingSink sink = Play(kPlainText, {Client("name: max"), Client(" muster"), Client(noise),
                                               Client("more"), Server("answer"), Client("after", 7)});
  EXPECT_THAT(sink.bodies,
              ElementsAre("payload #0 > |||-1|name: max muster|complete", "payload #0 > |||-1|more|gap",
                          "payload #0 > |||-1|after|complete", "payload #0 < |||-1|answer|complete"));
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 500u);
}

TEST(PlainTextTest, NoticesTextAfterALongBinaryRun) {
  testing::Talk talk;
  for (unsigned i = 0; i < 200; ++i) talk.push_back(Client(Noise(300, i)));
  for (int i = 0; i < 8; ++i) talk.push_back(Client("line of text\n"));
  const RecordingSink sink = Play(kPlainText, talk);
  EXPECT_EQ(sink.body_bytes, 8u * 13u);
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 200u * 300u);
}

// However small a sender cuts: strings in binary framing, letters of two octets, a character set of two octets each.
TEST(PlainTextTest, SmallSegmentsHideNoText) {
  std::string framed;
  for (int i = 0; i < 20; ++i) framed += std::string("\0\0\x1e\x04", 4) + "anna.schmidt@example.org, Bern ";
  std::string cyrillic, gbk;
  for (int i = 0; i < 40; ++i) cyrillic += "\xd0\x9f\xd1\x80";
  for (int i = 0; i < 64; ++i) gbk += "\xc4\xe3";
  for (const std::string& text : {framed, cyrillic, gbk}) {
    for (std::size_t step = 1; step <= 9; ++step) {
      testing::Talk talk;
      for (std::size_t at = 0; at < text.size(); at += step) talk.push_back(Client(text.substr(at, step)));
      const RecordingSink sink = Play(kPlainText, talk);
      EXPECT_EQ(sink.bodies, std::vector{"payload #0 > |||-1|" + text + "|complete"}) << step;
    }
  }
}

TEST(PlainTextTest, WhatIsBinaryInSmallSegmentsEndsABody) {
  testing::Talk talk = {Client("name: max")};
  const std::string noise = Noise(640, 3);
  for (std::size_t at = 0; at < noise.size(); at += 5) talk.push_back(Client(noise.substr(at, 5)));
  talk.push_back(Client("more of the text, and so much of it that it is told at once, whatever waits"));
  const RecordingSink sink = Play(kPlainText, talk);
  ASSERT_EQ(sink.bodies.size(), 2u);
  EXPECT_EQ(sink.bodies[0], "payload #0 > |||-1|name: max|complete");
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueBinary), 640u);
}

// Whichever chunk it comes in, and whatever of it is framing.
TEST(PlainTextTest, NoticesTextWithinALongBinaryRun) {
  std::string text = Noise(60, 999);
  while (text.size() < 1000) text += "name: max muster\n";
  for (unsigned before = 0; before < 100; ++before) {
    testing::Talk talk;
    for (unsigned i = 0; i < before; ++i) talk.push_back(Client(Noise(1400, i)));
    talk.push_back(Client(text));
    EXPECT_EQ(Play(kPlainText, talk).body_bytes, text.size()) << before;
  }
}

}  // namespace
}  // namespace gander::protocol
