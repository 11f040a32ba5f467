// SPDX-License-Identifier: Apache-2.0
// Names of character sets, and the converters behind them.
#include "content/charset/charset.h"

#include <gtest/gtest.h>

#include <set>

#include "content/charset/transcoder.h"
#include "content/text_in.h"

namespace gander::content {
namespace {

std::string_view NameOf(std::string_view label) {
  const Charset* const found = FindCharset(label);
  return found == nullptr ? "none" : found->name;
}

TEST(Charset, LabelsMeanWhatBrowsersTakeThemFor) {
  EXPECT_EQ(NameOf("utf8"), "utf-8");
  EXPECT_EQ(NameOf(" UTF-8\t"), "utf-8");
  EXPECT_EQ(NameOf("iso-8859-1"), "windows-1252");
  EXPECT_EQ(NameOf("US-ASCII"), "windows-1252");
  EXPECT_EQ(NameOf("gb2312"), "gbk");
  EXPECT_EQ(NameOf("GB18030"), "gb18030");
  EXPECT_EQ(NameOf("x-sjis"), "shift_jis");
  EXPECT_EQ(NameOf("Windows-31J"), "shift_jis");
  EXPECT_EQ(NameOf("ks_c_5601-1987"), "euc-kr");
  EXPECT_EQ(NameOf("iso-8859-9"), "windows-1254");
  EXPECT_EQ(NameOf("tis-620"), "windows-874");
  EXPECT_EQ(NameOf("koi8-ru"), "koi8-u");
  EXPECT_EQ(NameOf("unicode-1-1-utf-7"), "utf-7");
  for (const char* label : {"", " ", "utf", "utf-88", "x-user-defined", "iso-8859-1 koi8-r", "\xff"}) {
    EXPECT_EQ(NameOf(label), "none") << label;
  }
}

TEST(Charset, EachIsNamedOnceAndHasAConverter) {
  std::set<std::string> labels;
  ConverterPool pool;
  for (const Charset& charset : Charsets()) {
    std::string all(charset.labels);
    if (charset.kind != CharsetKind::kUnits) all += " " + std::string(charset.name);
    for (std::size_t at = 0; at <= all.size();) {
      const std::size_t end = std::min(all.find(' ', at), all.size());
      const std::string label = all.substr(at, end - at);
      if (!label.empty()) {
        EXPECT_TRUE(labels.insert(label).second) << label;
        EXPECT_EQ(FindCharset(label), &charset) << label;
      }
      at = end + 1;
    }
    UConverter* const converter = pool.Take(charset);
    ASSERT_NE(converter, nullptr) << charset.icu;
    pool.Give(charset, converter);
  }
  EXPECT_EQ(pool.out(), 0u);
}

TEST(ConverterPool, HandsOutNoMoreThanItsCap) {
  ConverterPool pool;
  const Charset& charset = *FindCharset("koi8-r");
  std::vector<UConverter*> taken;
  while (UConverter* const converter = pool.Take(charset)) taken.push_back(converter);
  EXPECT_EQ(taken.size(), ConverterPool::kMaxOut);
  Transcoder none;
  EXPECT_FALSE(none.Begin(pool, charset));
  for (UConverter* const converter : taken) pool.Give(charset, converter);
  EXPECT_TRUE(none.Begin(pool, charset));
}

// Through an output of the smallest size there is, in parts of `step` bytes.
std::string Transcoded(const char* label, std::string_view bytes, std::size_t step = SIZE_MAX,
                       std::size_t* malformed = nullptr) {
  ConverterPool pool;
  Transcoder transcoder;
  EXPECT_TRUE(transcoder.Begin(pool, *FindCharset(label)));
  std::byte out[Transcoder::kMaxExpansion];
  std::string text;
  for (Bytes rest = AsBytes(bytes); !rest.empty();) {
    Bytes part = TakeFront(rest, step);
    while (!part.empty()) text += AsText({out, transcoder.Convert(part, out)});
  }
  text += AsText({out, transcoder.Finish(out)});
  if (malformed != nullptr) *malformed = transcoder.malformed();
  return text;
}

TEST(Transcoder, GivesTheSameHoweverItIsCut) {
  const std::string text = "ID ¥½ 身份证 №１２ e\n";
  for (const char* charset : {"gb18030", "utf-16le", "utf-16be", "utf-32le", "utf-7"}) {
    const std::string bytes = TextIn(FindCharset(charset)->icu, text + "\U0001f600\U00020000");
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
      EXPECT_EQ(Transcoded(charset, bytes, step), text + "\U0001f600\U00020000") << charset << " " << step;
    }
  }
}

TEST(Transcoder, WhatIsMalformedIsMarkedAndHidesNothing) {
  std::size_t malformed = 0;
  // A lead byte swallows no digit, a form of four bytes that ends early gives its digits back.
  EXPECT_EQ(Transcoded("shift_jis", "a\x82" "4111", 1, &malformed), "a\uFFFD" "4111");
  EXPECT_EQ(malformed, 1u);
  EXPECT_EQ(Transcoded("gb18030", "\x81" "1111", SIZE_MAX, &malformed), "\uFFFD" "1111");
  EXPECT_EQ(Transcoded("gb18030", "\x81" "1", 1), "\uFFFD" "1");
  EXPECT_EQ(Transcoded("euc-jp", "\xa4" "12\xa4"), "\uFFFD" "12\uFFFD");
  // Halves of pairs, in either order and at the end; half a unit.
  EXPECT_EQ(Transcoded("utf-16le", std::string_view("\x3d\xd8" "1\0", 4), 1, &malformed), "\uFFFD" "1");
  EXPECT_EQ(malformed, 1u);
  EXPECT_EQ(Transcoded("utf-16be", std::string_view("\xdc\x00\0" "2", 4)), "\uFFFD" "2");
  EXPECT_EQ(Transcoded("utf-16le", std::string_view("1\0\x3d\xd8", 4)), "1\uFFFD");
  EXPECT_EQ(Transcoded("utf-16le", std::string_view("1\0" "2", 3)), "1\uFFFD");
  EXPECT_EQ(Transcoded("utf-32le", std::string_view("1\0\0\0\xff\xff\xff\xff", 8)), "1\uFFFD");
  // Longer forms than need be, and halves of pairs coded by themselves.
  EXPECT_EQ(Transcoded("utf-8", "\xc0\xb1" "1"), "\uFFFD\uFFFD" "1");
  EXPECT_EQ(Transcoded("utf-8", "\xed\xa0\x80" "1"), "\uFFFD\uFFFD\uFFFD" "1");
}

TEST(Transcoder, AnyBytesInAnySetComeToAnEnd) {
  std::string noise;
  for (std::uint32_t i = 0, x = 1; i < 5000; ++i, x = x * 1664525 + 1013904223) noise += static_cast<char>(x >> 24);
  for (const Charset& charset : Charsets()) {
    ConverterPool pool;
    Transcoder one, other;
    std::string whole, cut;
    std::byte out[4096];
    ASSERT_TRUE(one.Begin(pool, charset) && other.Begin(pool, charset));
    for (Bytes in = AsBytes(noise); !in.empty();) whole += AsText({out, one.Convert(in, out)});
    for (Bytes in = AsBytes(noise); !in.empty();) {
      for (Bytes part = TakeFront(in, 3); !part.empty();) cut += AsText({out, other.Convert(part, out)});
    }
    whole += AsText({out, one.Finish(out)});
    cut += AsText({out, other.Finish(out)});
    EXPECT_EQ(whole, cut) << charset.icu;
    EXPECT_LE(whole.size(), noise.size() * 6) << charset.icu;
  }
}

}  // namespace
}  // namespace gander::content
