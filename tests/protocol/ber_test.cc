// SPDX-License-Identifier: Apache-2.0
#include "protocol/ber/ber.h"

#include <gtest/gtest.h>

namespace gander::protocol::ber {
namespace {

using namespace std::string_literals;

TEST(BerTest, WalksElements) {
  const std::string bytes = "\x02\x01\x05\x04\x03"s + "abc" + "\x05\x00"s;
  Reader r(AsBytes(bytes));
  EXPECT_EQ(r.TakeInteger(), 5);
  EXPECT_EQ(AsText(r.Take(kOctetString)), "abc");
  EXPECT_EQ(r.PeekTag(), kNull);
  Element e;
  EXPECT_TRUE(r.Next(e) && e.tag == kNull && e.content.empty());
  EXPECT_FALSE(r.Next(e));
  EXPECT_FALSE(r.failed());
}

TEST(BerTest, RefusesWhatIsCutOrOfAnotherTag) {
  for (const std::string& bytes : {"\x04\x05"s + "abc", "\x04"s, "\x04\x82\x01"s, "\x04\x80"s + "abc",
                                   "\x04\x85\x01\x01\x01\x01\x01"s, "\x1f\x81\x01\x00"s}) {
    Reader r(AsBytes(bytes));
    Element e;
    EXPECT_FALSE(r.Next(e));
    EXPECT_TRUE(r.failed());
  }
  const std::string integer = "\x02\x01\x05"s;
  Reader r(AsBytes(integer));
  EXPECT_TRUE(r.Take(kOctetString).empty());
  EXPECT_TRUE(r.failed());
}

TEST(BerTest, Integers) {
  EXPECT_EQ(IntegerOf(AsBytes("\x7f"s)), 127);
  EXPECT_EQ(IntegerOf(AsBytes("\x00\x80"s)), 128);
  EXPECT_EQ(IntegerOf(AsBytes("\xff"s)), -1);
  EXPECT_EQ(IntegerOf(AsBytes("\x80\x00"s)), -32768);
  EXPECT_EQ(IntegerOf(AsBytes("123456789"s)), 0);
  EXPECT_EQ(IntegerOf({}), 0);
}

TEST(BerTest, ObjectIdentifiers) {
  const auto text = [](const std::string& bytes) {
    std::string out;
    AppendOid(AsBytes(bytes), out);
    return out;
  };
  EXPECT_EQ(text("\x2b\x06\x01\x02\x01\x01\x03\x00"s), "1.3.6.1.2.1.1.3.0");
  EXPECT_EQ(text("\x01"s), "0.1");
  EXPECT_EQ(text("\x88\x37\x03"s), "2.999.3");  // X.690 §8.19.5
  EXPECT_EQ(text("\x2b\x06\x01\x04\x01\xcd\x1d"s), "1.3.6.1.4.1.9885");
  EXPECT_EQ(text(""), "");
  EXPECT_LE(text(std::string(5000, '\x01')).size(), 400u);
  EXPECT_EQ(text(std::string(40, '\xff')), "");
}

TEST(BerTest, SizesOfWhatHasNotAllArrived) {
  EXPECT_EQ(SizeOf({}), 0u);
  EXPECT_EQ(SizeOf(AsBytes("\x30"s)), 0u);
  EXPECT_EQ(SizeOf(AsBytes("\x30\x05"s)), 7u);
  EXPECT_EQ(SizeOf(AsBytes("\x30\x82\x01"s)), 0u);
  EXPECT_EQ(SizeOf(AsBytes("\x30\x82\x01\x00"s)), 260u);
  EXPECT_EQ(SizeOf(AsBytes("\x30\x80"s)), kMalformed);
  EXPECT_EQ(SizeOf(AsBytes("\x30\x84\xff\xff\xff\xff"s)), 0xffffffffu + 6ull);
}

}  // namespace
}  // namespace gander::protocol::ber
