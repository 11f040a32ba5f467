// SPDX-License-Identifier: Apache-2.0
// MessagePack and CBOR: what each kind of item reads as, by the examples of their specifications; files inside; what is cut,
// damaged, too deep, or lies about its length.
#include <gtest/gtest.h>

#include <random>

#include "content/coded.h"
#include "content/every_cut.h"
#include "content/notation/item_layer.h"

namespace gander::content {
namespace {

constexpr const char* kPackType = "application/msgpack";
constexpr const char* kCborType = "application/cbor";

std::string Big(std::uint64_t value, std::size_t octets) {
  std::string out;
  while (octets-- > 0) out += static_cast<char>(value >> 8 * octets);
  return out;
}

std::string FromHex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

// A head of CBOR: major type and number, in as few bytes as will do.
std::string Head(unsigned major, std::uint64_t n) {
  const auto first = [&](unsigned info) { return std::string(1, static_cast<char>(major << 5 | info)); };
  if (n < 24) return first(static_cast<unsigned>(n));
  if (n < 0x100) return first(24) + Big(n, 1);
  if (n < 0x10000) return first(25) + Big(n, 2);
  return n < 0x100000000 ? first(26) + Big(n, 4) : first(27) + Big(n, 8);
}
std::string CborText(const std::string& s) { return Head(3, s.size()) + s; }
std::string CborBytes(const std::string& s) { return Head(2, s.size()) + s; }

std::string PackText(const std::string& s) {
  if (s.size() < 32) return static_cast<char>(0xa0 | s.size()) + s;
  return s.size() < 0x100 ? "\xd9" + Big(s.size(), 1) + s : "\xda" + Big(s.size(), 2) + s;
}
std::string PackBytes(const std::string& s) { return "\xc5" + Big(s.size(), 2) + s; }

RecordingSink Cbor(const std::string& bytes, const char* type = kCborType) { return ReadEveryCut({type, "", bytes}); }
RecordingSink Pack(const std::string& bytes) { return ReadEveryCut({kPackType, "", bytes}); }

// An item as it reads, between two others that make the whole long enough to be looked at.
std::string CborItem(const std::string& item) {
  const std::string all = Cbor("\x83" + CborText("begin") + item + CborText("end")).Unnamed();
  constexpr std::string_view kBefore = "[\"begin\",", kBehind = ",\"end\"]\n";
  EXPECT_TRUE(all.starts_with(kBefore) && all.ends_with(kBehind)) << all;
  return all.substr(kBefore.size(), all.size() - kBefore.size() - kBehind.size());
}
std::string PackItem(const std::string& item) {
  const std::string all = Pack("\x93" + PackText("begin") + item + PackText("end")).Unnamed();
  constexpr std::string_view kBefore = "[\"begin\",", kBehind = ",\"end\"]\n";
  EXPECT_TRUE(all.starts_with(kBefore) && all.ends_with(kBehind)) << all;
  return all.substr(kBefore.size(), all.size() - kBefore.size() - kBehind.size());
}

// RFC 8949 appendix A.
TEST(Items, ExamplesOfCbor) {
  const struct {
    const char *hex, *reads;
  } kExamples[] = {
      {"00", "0"},
      {"01", "1"},
      {"0a", "10"},
      {"17", "23"},
      {"1818", "24"},
      {"1864", "100"},
      {"1903e8", "1000"},
      {"1a000f4240", "1000000"},
      {"1b000000e8d4a51000", "1000000000000"},
      {"1bffffffffffffffff", "18446744073709551615"},
      {"20", "-1"},
      {"29", "-10"},
      {"3863", "-100"},
      {"3903e7", "-1000"},
      {"f93c00", "0"},
      {"fa47c35000", "0"},
      {"fb3ff199999999999a", "0"},
      {"f97e00", "0"},
      {"f4", "0"},
      {"f6", "0"},
      {"f0", "0"},
      {"f8ff", "0"},
      {"60", "\"\""},
      {"6161", "\"a\""},
      {"6449455446", "\"IETF\""},
      {"62225c", "\"'\\\""},
      {"62c3bc", "\"\xc3\xbc\""},
      {"64f0908591", "\"\xf0\x90\x85\x91\""},
      {"40", ""},
      {"c074323031332d30332d32315432303a30343a30305a", "\"2013-03-21T20:04:00Z\""},
      {"c11a514b67b0", "1363896240"},
      {"c1fb41d452d9ec200000", "0"},
      {"d818456449455446", "dIETF"},
      {"d82076687474703a2f2f7777772e6578616d706c652e636f6d", "\"http://www.example.com\""},
      {"80", "[]"},
      {"83010203", "[1,2,3]"},
      {"8301820203820405", "[1,[2,3],[4,5]]"},
      {"98190102030405060708090a0b0c0d0e0f101112131415161718181819",
       "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25]"},
      {"a0", "{}\n"},
      {"a201020304", "{1:2,3:4}\n"},
      {"a26161016162820203", "{\"a\":1,\"b\":[2,3]}\n"},
      {"826161a161626163", "[\"a\",{\"b\":\"c\"}\n]"},
      {"a56161614161626142616361436164614461656145", "{\"a\":\"A\",\"b\":\"B\",\"c\":\"C\",\"d\":\"D\",\"e\":\"E\"}\n"},
      {"7f657374726561646d696e67ff", "\"streaming\""},
      {"9fff", "[]"},
      {"9f018202039f0405ffff", "[1,[2,3],[4,5]]"},
      {"9f01820203820405ff", "[1,[2,3],[4,5]]"},
      {"83018202039f0405ff", "[1,[2,3],[4,5]]"},
      {"83019f0203ff820405", "[1,[2,3],[4,5]]"},
      {"bf61610161629f0203ffff", "{\"a\":1,\"b\":[2,3]}\n"},
      {"826161bf61626163ff", "[\"a\",{\"b\":\"c\"}\n]"},
      {"bf6346756ef563416d7421ff", "{\"Fun\":0,\"Amt\":-2}\n"},
  };
  for (const auto& example : kExamples) EXPECT_EQ(CborItem(FromHex(example.hex)), example.reads) << example.hex;
}

// Bytes are no text: what they hold is counted.
TEST(Items, BytesOfCborThatAreNothing) {
  const std::string text(200, 'x');  // as much as is looked at before anything is told
  const struct {
    const char* hex;
    std::uint64_t bytes;
  } kExamples[] = {
      {"4401020304", 4}, {"d74401020304", 4}, {"c249010000000000000000", 9}, {"5f42010243030405ff", 5}};
  for (const auto& example : kExamples) {
    const RecordingSink sink = Cbor("\x83" + CborText("begin") + FromHex(example.hex) + CborText(text));
    EXPECT_TRUE(sink.Unnamed().ends_with(",\"" + text + "\"]\n")) << example.hex;
    EXPECT_EQ(sink.Of(ByteFate::kOpaqueBinary), example.bytes) << example.hex;
  }
}

TEST(Items, EachTypeOfMessagePack) {
  EXPECT_EQ(Pack(FromHex("82a7636f6d70616374c3a6736368656d6100")).Unnamed(), "{\"compact\":0,\"schema\":0}\n");
  const struct {
    const char *hex, *reads;
  } kTypes[] = {
      {"00", "0"},
      {"7f", "127"},
      {"ff", "0"},
      {"e0", "0"},
      {"c0", "0"},
      {"c2", "0"},
      {"cc80", "128"},
      {"cd03e8", "1000"},
      {"ce000f4240", "1000000"},
      {"cf000000e8d4a51000", "1000000000000"},
      {"d07f", "127"},
      {"d0ff", "0"},
      {"d103e8", "1000"},
      {"d2000f4240", "1000000"},
      {"d3000000e8d4a51000", "1000000000000"},
      {"d3ffffffffffffffff", "0"},
      {"ca47c35000", "0"},
      {"cb3ff199999999999a", "0"},
      {"a0", "\"\""},
      {"a161", "\"a\""},
      {"d9026162", "\"ab\""},
      {"da00026162", "\"ab\""},
      {"db000000026162", "\"ab\""},
      {"c400", ""},
      {"c5000461626364", "abcd"},
      {"c6000000046c6f6e67", "long"},
      {"d40161", "a"},
      {"d5016162", "ab"},
      {"d60161626364", "abcd"},
      {"d7016162636465666768", "abcdefgh"},
      {"d8016162636465666768696a6b6c6d6e6f70", "abcdefghijklmnop"},
      {"c7030161626a", "abj"},
      {"c80002016162", "ab"},
      {"c900000002016162", "ab"},
      {"90", "[]"},
      {"93010203", "[1,2,3]"},
      {"dc00020102", "[1,2]"},
      {"dd000000020102", "[1,2]"},
      {"80", "{}\n"},
      {"82a16101a16292c3c0", "{\"a\":1,\"b\":[0,0]}\n"},
      {"de0001a16101", "{\"a\":1}\n"},
      {"df00000001a16101", "{\"a\":1}\n"},
  };
  for (const auto& type : kTypes) EXPECT_EQ(PackItem(FromHex(type.hex)), type.reads) << type.hex;
}

TEST(Items, KeysStandBeforeTheirValues) {
  const std::string cbor = "\xa2" + CborText("ssn") + CborText("078-05-1120") + CborText("card") + Head(0, 4111111111111111);
  EXPECT_EQ(Cbor(cbor).Unnamed(), "{\"ssn\":\"078-05-1120\",\"card\":4111111111111111}\n");
  const std::string pack = "\x82" + PackText("ssn") + PackText("078-05-1120") + PackText("card") + "\xcf" + Big(4111111111111111, 8);
  const RecordingSink sink = Pack(pack);
  EXPECT_EQ(sink.Unnamed(), "{\"ssn\":\"078-05-1120\",\"card\":4111111111111111}\n");
  ASSERT_EQ(sink.texts.size(), 1u);
  EXPECT_EQ(sink.texts[0].path, "http.response.body > application/msgpack > msgpack");
  EXPECT_EQ(sink.fates, decltype(sink.fates){});
}

TEST(Items, OfEveryTypeThatNamesThem) {
  const std::string cbor = "\xa1" + CborText("number") + CborText("078-05-1120");
  for (const char* type : {"application/cbor", "application/CBOR-seq", "application/senml+cbor"}) {
    EXPECT_EQ(Cbor(cbor, type).Unnamed(), "{\"number\":\"078-05-1120\"}\n") << type;
  }
  const std::string pack = "\x81" + PackText("number") + PackText("078-05-1120");
  for (const char* type : {"application/x-msgpack", "application/vnd.msgpack", "application/msgpack; v=1"}) {
    EXPECT_EQ(ReadEveryCut({type, "", pack}).Unnamed(), "{\"number\":\"078-05-1120\"}\n") << type;
  }
}

TEST(Items, OneBehindTheOther) {
  std::string cbor, pack, lines;
  for (int i = 0; i < 30; ++i) {
    const std::string mail = "p" + std::to_string(i) + "@example.org";
    cbor += "\xa1" + CborText("mail") + CborText(mail);
    pack += "\x81" + PackText("mail") + PackText(mail);
    lines += "{\"mail\":\"" + mail + "\"}\n";
  }
  EXPECT_EQ(Cbor(cbor).Unnamed(), lines);
  EXPECT_EQ(Pack(pack).Unnamed(), lines);
  // RFC 8949 section 3.4.6: a tag that says that it is CBOR.
  EXPECT_EQ(Cbor("\xd9\xd9\xf7" + cbor).Unnamed(), lines);
  // RFC 8742: a sequence may hold items of all kinds.
  EXPECT_EQ(Cbor("\x81" + CborText("a list") + CborText("a text") + Head(0, 78051120)).Unnamed(),
            "[\"a list\"]\n\"a text\"\n78051120\n");
  EXPECT_EQ(Pack("\x91" + PackText("a list") + PackText("a text") + "\xce" + Big(78051120, 4)).Unnamed(),
            "[\"a list\"]\n\"a text\"\n78051120\n");
}

TEST(Items, LongTextsPassAsTheyCome) {
  const std::string text = Lines(300);
  EXPECT_EQ(Read({kCborType, "", "\xa1" + CborText("table") + CborText(text)}, 100).Unnamed(), "{\"table\":\"" + text + "\"}\n");
  EXPECT_EQ(Read({kPackType, "", "\x81" + PackText("table") + PackText(text)}, 100).Unnamed(), "{\"table\":\"" + text + "\"}\n");
  // Of chunks, one text.
  std::string chunks;
  for (std::size_t at = 0; at < text.size(); at += 50) chunks += CborText(text.substr(at, 50));
  EXPECT_EQ(Read({kCborType, "", "\xa1" + CborText("table") + "\x7f" + chunks + "\xff"}, 33).Unnamed(),
            "{\"table\":\"" + text + "\"}\n");
}

TEST(Items, BytesThatAreFilesAreOpened) {
  const std::string small = Gzip("a,b\n"), large = Gzip(Lines(100));
  ASSERT_LT(small.size(), ItemLayer::kHeldBytes);
  ASSERT_GT(large.size(), ItemLayer::kHeldBytes);
  for (const std::string& file : {small, large}) {
    const std::string inside = file == small ? "a,b\n" : Lines(100);
    const std::string cbor = "\xa2" + CborText("before") + CborBytes(file) + CborText("behind") + CborText("x");
    const std::string pack = "\x82" + PackText("before") + PackBytes(file) + PackText("behind") + PackText("x");
    for (const RecordingSink& sink : {Cbor(cbor), Pack(pack)}) {
      ASSERT_EQ(sink.texts.size(), 3u);
      EXPECT_EQ(sink.texts[0].text, "{\"before\":");
      EXPECT_EQ(sink.texts[1].text, inside);
      EXPECT_EQ(sink.texts[2].text, ",\"behind\":\"x\"}\n");
      ASSERT_EQ(sink.files.size(), 2u);
      EXPECT_EQ(sink.files[0].magic, "gzip");
      EXPECT_EQ(sink.files[0].size, file.size());
    }
  }
}

// Long bytes are read where they are text, and counted where they are nothing.
TEST(Items, LongBytes) {
  EXPECT_EQ(Pack("\x81" + PackText("log") + PackBytes(Lines(20))).Unnamed(), "{\"log\":" + Lines(20) + "}\n");
  const RecordingSink noise = Cbor("\xa1" + CborText("noise") + CborBytes(Noise(9000, 5)));
  EXPECT_EQ(noise.Unnamed(), "{\"noise\":}\n");
  EXPECT_NEAR(static_cast<double>(noise.Of(ByteFate::kOpaqueBinary)), 9000.0, 130.0);
}

TEST(Items, ValuesOfBase64) {
  const std::string hidden = Base64("the number is 078-05-1120 here", SIZE_MAX);
  EXPECT_EQ(Cbor("\xa1" + CborText("note") + CborText(hidden)).Unnamed(), "{\"note\":\"the number is 078-05-1120 here\"}\n");
  EXPECT_EQ(Pack("\x81" + PackText("note") + PackText(hidden)).Unnamed(), "{\"note\":\"the number is 078-05-1120 here\"}\n");
}

TEST(Items, TextUnderAWrongLabel) {
  for (const char* type : {kCborType, kPackType}) {
    EXPECT_NE(ReadEveryCut({type, "", Lines(10)}).Unnamed().find("Person 3,078-05-1003"), std::string::npos) << type;
    EXPECT_EQ(ReadEveryCut({type, "", R"({"ssn":"\u0030\u0037\u0038-05-1120"})"}).Unnamed(), R"({"ssn":"078-05-1120"})") << type;
    EXPECT_EQ(ReadEveryCut({type, "", "078"}).Unnamed(), "078") << type;
  }
}

// What follows something that is no item is a leaf.
TEST(Items, WhatIsNoItem) {
  const std::string text = " and then a line of text with 078-05-1120 in it, long enough to be judged as such: " + Lines(3);
  EXPECT_EQ(Pack("\x81" + PackText("a") + PackText("b") + "\x92\xc1" + text).Unnamed().substr(0, 10), "{\"a\":\"b\"}\n");
  EXPECT_NE(Pack("\x81" + PackText("a") + PackText("b") + "\x92\xc1" + text).Unnamed().find("078-05-1120"), std::string::npos);
  for (const char* bad : {"\x1c", "\x3f", "\x5d", "\xdf", "\xfe", "\xff"}) {
    EXPECT_NE(Cbor("\xa1" + CborText("a") + CborText("b") + "\x82" + bad + text).Unnamed().find("078-05-1120"), std::string::npos);
  }
  // A chunk of a text that is no text; an end within an array that told its length.
  EXPECT_NE(Cbor("\x81\x7f" + CborText("chunk") + "\x05" + text).Unnamed().find("078-05-1120"), std::string::npos);
  EXPECT_NE(Cbor("\x82" + CborText("one") + "\xff" + text).Unnamed().find("078-05-1120"), std::string::npos);
}

TEST(Items, TooDeepIsALeaf) {
  const std::string bottom = "078-05-1120 at the bottom of it all, and more text behind that, so that it is judged to be text: " + Lines(4);
  for (const std::size_t depth : {ItemLayer::kMaxDepth - 1, ItemLayer::kMaxDepth, ItemLayer::kMaxDepth + 1, std::size_t{500}}) {
    EXPECT_NE(Read({kPackType, "", std::string(depth, '\x91') + PackText(bottom)}).Unnamed().find("078-05-1120"), std::string::npos);
    EXPECT_NE(Read({kCborType, "", std::string(depth, '\x81') + CborText(bottom)}).Unnamed().find("078-05-1120"), std::string::npos);
    EXPECT_NE(Read({kCborType, "", std::string(depth, '\x9f') + CborText(bottom)}).Unnamed().find("078-05-1120"), std::string::npos);
  }
  for (const char* head : {"\x91", "\x81", "\x9f", "\xbf", "\x7f", "\xc0"}) {
    std::string bomb;
    for (int i = 0; i < 100000; ++i) bomb += head;
    const RecordingSink sink = Read({head[0] == '\x91' ? kPackType : kCborType, "", bomb}, 1460);
    EXPECT_LE(sink.text_bytes, 2 * bomb.size());
  }
}

// Lengths beyond the body, and of nothing: what is there is read.
TEST(Items, LengthsThatLie) {
  for (const std::uint64_t length : {std::uint64_t{40}, std::uint64_t{0xffffffff}, ~std::uint64_t{0}}) {
    SCOPED_TRACE(length);
    const std::string text = "number 078-05-1120";
    EXPECT_EQ(Cbor("\x81\x7b" + Big(length, 8) + text).Unnamed(), "[\"" + text);
    EXPECT_NE(Cbor("\x81\x5b" + Big(length, 8) + text).Unnamed().find(text), std::string::npos);
    EXPECT_NE(Cbor("\x9b" + Big(length, 8) + CborText(text)).Unnamed().find(text), std::string::npos);
    EXPECT_NE(Cbor("\xbb" + Big(length, 8) + CborText(text)).Unnamed().find(text), std::string::npos);
    EXPECT_NE(Pack("\x91\xdb" + Big(length, 4) + text).Unnamed().find(text), std::string::npos);
    EXPECT_NE(Pack("\x91\xc6" + Big(length, 4) + text).Unnamed().find(text), std::string::npos);
    EXPECT_NE(Pack("\xdd" + Big(length, 4) + PackText(text)).Unnamed().find(text), std::string::npos);
    EXPECT_NE(Pack("\xdf" + Big(length, 4) + PackText(text)).Unnamed().find(text), std::string::npos);
  }
  EXPECT_EQ(Read({kCborType, "", std::string(5000, '\x80')}).text_bytes, 15000u);  // each is "[]" and a line's end
}

std::string Everything(bool cbor) {
  std::string out = cbor ? "\x9f" : std::string("\xdc\0\x06", 3);
  for (int i = 0; i < 6; ++i) {
    const std::string name = "Person " + std::to_string(i), file = Gzip(Lines(3)), text = "a text in bytes";
    if (cbor) {
      out += "\xa3" + CborText(name) + Head(0, 491511234567) + CborText("file") + CborBytes(file) + "\xc1" + CborText("t") + "\x7f" +
             CborText("078-05") + CborText("-1120") + "\xff";
    } else {
      out += "\x83" + PackText(name) + "\xcf" + Big(491511234567, 8) + PackText("file") + PackBytes(file) + PackText("t") +
             PackBytes(text);
    }
  }
  return cbor ? out + "\xff" : out;
}

TEST(Items, TruncatedAndDamaged) {
  std::mt19937 random(5);
  DecoderPool pool;
  Counters counters{};
  for (const bool cbor : {false, true}) {
    const std::string bytes = Everything(cbor);
    const char* const type = cbor ? kCborType : kPackType;
    const std::string whole = Cbor(bytes, type).Unnamed();
    EXPECT_NE(whole.find("Person 5"), std::string::npos);
    for (std::size_t cut = 11; cut <= bytes.size(); ++cut) {
      const Body1 body = {type, "", bytes.substr(0, cut)};
      const RecordingSink at_once = Read(body);
      EXPECT_EQ(Read(body, 3).texts, at_once.texts) << cut;
      EXPECT_TRUE(cut >= 40 || whole.starts_with(at_once.Unnamed())) << cut;
    }
    for (int round = 0; round < 2000; ++round) {
      std::string damaged = bytes;
      for (int flip = 0; flip < 3; ++flip) damaged[random() % damaged.size()] ^= static_cast<char>(1u << random() % 8);
      BodyReader reader(Options{}, counters, pool);
      RecordingSink at_once, cut;
      Drive(reader, {type, "", damaged}, at_once);
      Drive(reader, {type, "", damaged}, cut, 1 + random() % 20);
      EXPECT_EQ(cut.texts, at_once.texts) << round;
    }
  }
  EXPECT_EQ(pool.open(), 0u);
}

TEST(Items, MorePartsThanAreReadAreLost) {
  std::string pack;
  for (int i = 0; i < 1100; ++i) pack += "\x91" + PackBytes(Noise(100, 7));
  const RecordingSink sink = Read({kPackType, "", pack}, 1460);
  EXPECT_TRUE(sink.Saw("mime_too_many_parts"));
  EXPECT_NEAR(static_cast<double>(sink.Of(ByteFate::kLostUnwrapCap)), 10000.0, 200.0);
}

}  // namespace
}  // namespace gander::content
