// SPDX-License-Identifier: Apache-2.0
// XML in pieces: the same tokens however it is cut, whatever it is.
#include "content/document/xml_tokens.h"

#include <gtest/gtest.h>

#include <string>

#include "content/coded.h"

namespace gander::content {
namespace {

// Writes down what it is told, pieces of a kind joined.
class Journal final : public XmlHandler {
 public:
  void OnText(std::string_view piece) noexcept override { Join("T:", piece); }
  void OnOpen(std::string_view element) noexcept override { Line("<" + std::string(element)); }
  bool WantsAttribute(std::string_view name) noexcept override { return name != "unwanted"; }
  void OnAttribute(std::string_view name, std::string_view piece, bool last) noexcept override {
    Join("@" + std::string(name) + "=", piece);
    if (last) at_ = "";
  }
  void OnClose(std::string_view element) noexcept override { Line(">" + std::string(element)); }
  void OnAside(std::string_view piece) noexcept override { Join("A:", piece); }

  std::string text;

 private:
  void Line(const std::string& line) {
    text += text.empty() ? line : "|" + line;
    at_ = "";
  }
  void Join(const std::string& kind, std::string_view piece) {
    if (at_ != kind) Line(kind);
    at_ = kind;
    text += piece;
  }
  std::string at_;
};

std::string Read(const std::string& xml, std::size_t step = SIZE_MAX, std::uint64_t* passed_over = nullptr) {
  Journal journal;
  XmlTokens tokens;
  tokens.Begin(journal);
  for (Bytes rest = AsBytes(xml); !rest.empty();) {
    const std::uint64_t n = tokens.Feed(TakeFront(rest, step));
    if (passed_over != nullptr) *passed_over += n;
  }
  tokens.End();
  return journal.text;
}

void Expect(const std::string& xml, const std::string& tokens) {
  for (const std::size_t step : {1, 2, 3, 7, 1000}) EXPECT_EQ(Read(xml, step), tokens) << xml << " by " << step;
}

TEST(XmlTokens, ElementsAndText) {
  Expect("<?xml version='1.0'?><w:p><w:t xml:space=\"preserve\">one</w:t><w:br/> two</w:p>",
         "<p|<t|@space=preserve|T:one|>t|<br|>br|T: two|>p");
  Expect("<a unwanted='x' b = 'c>d' e=\"\"/>", "<a|@b=c>d|@e=|>a");
  Expect("<a/>b</a>", "<a|>a|T:b|>a");
}

TEST(XmlTokens, References) {
  Expect("&lt;&amp;&gt;&quot;&apos;&#65;&#x42;&#x20ac;", "T:<&>\"'AB\xe2\x82\xac");
  Expect("a & b &unknown; &#xd800; &#1114112; &#; &", "T:a & b &unknown; &#xd800; &#1114112; &#; &");
  Expect("<a b='x&amp;y&#47;&nope'/>", "<a|@b=x&y/&nope|>a");
  Expect("&muchlongerthananyreference;", "T:&muchlongerthananyreference;");
}

TEST(XmlTokens, SectionsAndAsides) {
  Expect("a<![CDATA[<b>&amp;]] ]>]]]>c", "T:a<b>&amp;]] ]>]c");
  Expect("1<!-- a - b -- c --->2", "T:1|A: a - b -- c -|T:2");
  Expect("<!DOCTYPE x [ <!ENTITY e \"v>w\"> ]>t", "A:DOCTYPE x [ <!ENTITY e \"v>w\"> ]|T:t");
  Expect("<!>t<!->u<![CD>v", "T:t|A:-|T:u|A:[CD>v");
}

TEST(XmlTokens, WhatIsNoXml) {
  Expect("1 < 2 <3 <", "T:1 < 2 <3 ");
  Expect("<a b>c", "<a|T:c");
  Expect("<a \"x\" 'y' = / z>c</a  junk >", "<a|@=x|@=y|T:c|>a");
  Expect("<a b/>", "<a|>a");
}

TEST(XmlTokens, LongNamesAndValues) {
  const std::string name(100, 'n'), value(2000, 'v');
  Expect("<" + name + " b='" + value + "'>", "<" + name.substr(0, XmlTokens::kMaxName) + "|@b=" + value);
}

// A tag that does not end hides nothing that is not counted.
TEST(XmlTokens, EndlessTagsAreCounted) {
  for (const std::string start : {"<a unwanted='", "<a b c ", "</a ", "<?x "}) {
    const std::string xml = start + std::string(10000, 'x');
    for (const std::size_t step : {std::size_t{1}, std::size_t{100}, SIZE_MAX}) {
      std::uint64_t passed_over = 0;
      Read(xml, step, &passed_over);
      EXPECT_NEAR(static_cast<double>(passed_over), 10000.0 - XmlTokens::kMaxTag, 16.0) << start << step;
    }
  }
}

TEST(XmlTokens, NoiseIsTheSameHoweverItIsCut) {
  for (std::uint32_t seed = 1; seed < 400; ++seed) {
    std::string xml = Noise(300, seed);
    constexpr char kLikely[] = "<>&;/!-[]\"'=? ax#CDAT?:";
    for (char& c : xml) {
      if ((c & 7) != 0) c = kLikely[static_cast<unsigned char>(c) % (sizeof kLikely - 1)];
    }
    EXPECT_EQ(Read(xml, 1), Read(xml)) << seed;
    EXPECT_EQ(Read(xml, 7), Read(xml)) << seed;
  }
}

}  // namespace
}  // namespace gander::content
