// SPDX-License-Identifier: Apache-2.0
// Messages of protobuf, alone and in frames: strings and numbers as lines, whatever the cut; what is none is handed on.
#include <gtest/gtest.h>

#include <random>

#include "content/coded.h"
#include "content/every_cut.h"
#include "content/notation/protobuf.h"

namespace gander::content {
namespace {

std::string Varint(std::uint64_t v) {
  std::string out;
  for (; v >= 0x80; v >>= 7) out += static_cast<char>(v | 0x80);
  return out + static_cast<char>(v);
}
std::string Tag(std::uint32_t field, std::uint32_t type) { return Varint(field << 3 | type); }
std::string Str(std::uint32_t field, const std::string& value) { return Tag(field, 2) + Varint(value.size()) + value; }
std::string Int(std::uint32_t field, std::uint64_t value) { return Tag(field, 0) + Varint(value); }
std::string Fixed64(std::uint32_t field, std::uint64_t value) {
  std::string out = Tag(field, 1);
  for (int i = 0; i < 8; ++i) out += static_cast<char>(value >> 8 * i);
  return out;
}
std::string Frame(const std::string& message, char flag = 0) {
  const auto n = static_cast<std::uint32_t>(message.size());
  return {flag, static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)};
}

std::string Person(int i) {
  return Str(1, "Person " + std::to_string(i)) + Int(2, 491511234567 + static_cast<std::uint64_t>(i)) + Int(3, 7) +
         Str(4, "p" + std::to_string(i) + "@example.org") + Tag(5, 5) + std::string("\0\0\x80\x3f", 4);
}
std::string Line(int i) {
  return "Person " + std::to_string(i) + "\t" + std::to_string(491511234567 + i) + "\tp" + std::to_string(i) + "@example.org\n";
}

RecordingSink Proto(const std::string& bytes, const char* type = "application/x-protobuf") {
  return ReadEveryCut({type, "", bytes, "", "http.request.body"});
}

TEST(Protobuf, FieldsOfAMessageAreALine) {
  const RecordingSink sink = Proto(Person(1));
  EXPECT_EQ(sink.Unnamed(), Line(1));
  EXPECT_EQ(sink.texts.at(0).path, "http.request.body > application/x-protobuf > protobuf");
}

TEST(Protobuf, MessagesInsideAreLinesOfTheirOwn) {
  std::string people = Str(1, "page of people");
  std::string lines = "page of people\n";
  for (int i = 0; i < 40; ++i) {
    people += Str(2, Person(i));
    lines += Line(i);
  }
  for (const char* type : {"application/grpc", "application/grpc+proto", "application/vnd.google.protobuf", "application/protobuf"}) {
    EXPECT_EQ(Proto(people, type).Unnamed(), lines) << type;
  }
  EXPECT_EQ(Proto(Str(3, Str(2, people)) + Str(4, "end")).Unnamed(), lines + "end\n");
}

TEST(Protobuf, NumbersThatIdentifyBesideTextThatSaysWhat) {
  EXPECT_EQ(Proto(Str(1, "ssn") + Int(2, 78051120) + Fixed64(3, 4111111111111111)).Unnamed(),
            "ssn\t78051120\t4111111111111111\n");
  // Small, negative, floating point: not numbers of people.
  EXPECT_EQ(Proto(Str(1, "a") + Int(2, 99999) + Int(3, ~std::uint64_t{0}) + Fixed64(4, 0x3ff0000000000000)).Unnamed(), "a\n");
  EXPECT_EQ(Proto(Str(1, "phones") + Str(2, Varint(491511234567) + Varint(491511234568))).Unnamed(),
            "phones\t491511234567\t491511234568\n");
}

TEST(Protobuf, TextOrMessageByItsContents) {
  // Letters and digits are tags too; a text is a text.
  EXPECT_EQ(Proto(Str(1, "(A") + Str(2, "2\x02" "AB")).Unnamed(), "(A\nAB\n");
  // A message of printable bytes only, which begins with a line end as its first tag is one.
  EXPECT_EQ(Proto(Str(1, Str(1, std::string(40, 'x')))).Unnamed(), std::string(40, 'x') + "\n");
  const std::string chinese = "\xe4\xb8\xad\xe6\x96\x87";
  EXPECT_EQ(Proto(Str(1, std::string(126, 'a') + chinese + "b")).Unnamed(), std::string(126, 'a') + chinese + "b\n");
}

TEST(Protobuf, BytesThatAreFilesAreOpened) {
  const RecordingSink sink = Proto(Str(1, "before") + Str(2, Gzip(Lines(5))) + Str(3, "behind"));
  ASSERT_EQ(sink.texts.size(), 3u);
  EXPECT_EQ(sink.texts[0].text, "before\n");
  EXPECT_EQ(sink.texts[1].text, Lines(5));
  EXPECT_EQ(sink.texts[2].text, "behind\n");
  EXPECT_EQ(sink.files.at(0).magic, "gzip");
}

TEST(Protobuf, BytesThatAreNothingAreCounted) {
  const std::string noise = Noise(300, 4), more = Noise(6000, 9);
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, SIZE_MAX}) {
    const RecordingSink sink = Read({"application/protobuf", "", Str(1, "a") + Str(2, noise) + Str(3, more) + Person(1) + Person(2)}, step);
    EXPECT_NEAR(static_cast<double>(sink.Of(ByteFate::kOpaqueBinary)), 6300.0, 130.0) << step;
  }
  // Text inside them is found where they are long.
  EXPECT_NE(Read({"application/protobuf", "", Str(1, "\xff" + Noise(4095, 9) + Lines(200))}).Unnamed().find("078-05-1000"), std::string::npos);
}

TEST(Protobuf, FramesOfGrpcWeb) {
  const std::string body = Frame(Person(1)) + Person(1) + Frame("") + Frame(Person(2)) + Person(2) +
                           Frame("grpc-status: 0\r\nx: 078-05-1120\r\n", '\x80') + "grpc-status: 0\r\nx: 078-05-1120\r\n";
  const std::string text = Line(1) + Line(2) + "grpc-status: 0\r\nx: 078-05-1120\r\n";
  EXPECT_EQ(Proto(body, "application/grpc-web+proto").Unnamed(), text);
  EXPECT_EQ(Proto(Base64(body, SIZE_MAX), "application/grpc-web-text").Unnamed(), text);
  const std::string zipped = Gzip(Lines(3));
  EXPECT_EQ(Proto(Frame(zipped, 1) + zipped, "application/grpc-web").Unnamed(), Lines(3));
  const std::string json = R"({"a":"\u0030\u0037"})";
  EXPECT_EQ(Proto(Frame(json) + json, "application/connect+json").Unnamed(), R"({"a":"07"})");
}

TEST(Protobuf, WhatIsNoneIsRead) {
  EXPECT_EQ(Proto(R"({"ssn":"\u0030\u0037\u0038-05-1120"})").Unnamed(), R"({"ssn":"078-05-1120"})");
  EXPECT_EQ(Proto("~~ number 078-05-1120 as it stands, in a line of text").Unnamed(), "~~ number 078-05-1120 as it stands, in a line of text");
  const std::string rest = "\x07 number 078-05-1120 as it stands, in a line of text";
  EXPECT_EQ(Proto(Str(1, "first") + rest).Unnamed(), "first\n" + rest);
  // A message inside that goes wrong ends where it says, and the next field is read.
  EXPECT_EQ(Proto(Str(1, Int(1, 5) + std::string(200, '\x08') + "\x07") + Str(2, "behind")).Unnamed().find("behind") != std::string::npos, true);
}

TEST(Protobuf, DeepMessages) {
  std::string deep = Str(1, "bottom 078-05-1120");
  for (std::size_t i = 0; i < 200; ++i) deep = Str(1, "level") + Str(2, deep);
  const RecordingSink sink = Proto(deep);
  EXPECT_NE(sink.Unnamed().find("level\nlevel\n"), std::string::npos);
}

TEST(Protobuf, TruncatedAndDamaged) {
  std::string bytes = Str(1, "head");
  for (int i = 0; i < 4; ++i) bytes += Str(2, Person(i)) + Str(3, Noise(20, 3)) + Str(4, Varint(491511234567) + Varint(491511234568));
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const Body1 body = {"application/protobuf", "", bytes.substr(0, cut)};
    EXPECT_TRUE(Read(body, 3).texts == Read(body).texts) << cut;
  }
  std::mt19937 random(2);
  DecoderPool pool;
  Counters counters{};
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = bytes;
    for (int flip = 0; flip < 3; ++flip) damaged[random() % damaged.size()] ^= static_cast<char>(1u << random() % 8);
    const Body1 body = {round % 2 == 0 ? "application/protobuf" : "application/grpc", "", damaged};
    BodyReader reader(Options{}, counters, pool);
    RecordingSink whole, cut;
    Drive(reader, body, whole);
    Drive(reader, body, cut, 1 + random() % 20);
    EXPECT_TRUE(cut.texts == whole.texts) << round;
  }
  EXPECT_EQ(pool.open(), 0u);
}

TEST(Protobuf, LyingLengths) {
  for (const std::uint64_t length : {std::uint64_t{5}, std::uint64_t{1} << 31, ~std::uint64_t{0}}) {
    const std::string bytes = Str(1, "head") + Tag(2, 2) + Varint(length) + "078-05-1120";
    EXPECT_NE(Proto(bytes).Unnamed().find("078-0"), std::string::npos) << length;
  }
  EXPECT_EQ(Proto(std::string(50, '\xff')).Of(ByteFate::kOpaqueBinary), 0u);  // fewer than are looked at
}

}  // namespace
}  // namespace gander::content
