// SPDX-License-Identifier: Apache-2.0
// Avro files: objects of every type as rows, in every codec; what does not fit its schema; Snappy by itself.
#include "content/database/avro.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>

#include "content/avro_writer.h"
#include "content/coded.h"
#include "content/compressed.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"

namespace gander::content {
namespace {

RecordingSink ReadAvro(const std::string& bytes, std::size_t step = SIZE_MAX, const Options& options = {}) {
  return Read({.type = {}, .encoding = {}, .bytes = bytes, .file_name = {}}, step, options);
}

// What is found behind the two rows of metadata.
std::string RowsOf(const std::string& bytes, std::size_t step = SIZE_MAX) {
  std::string all;
  for (const SeenText& text : ReadAvro(bytes, step).texts) all += text.text;
  for (int line = 0; line < 2; ++line) all.erase(0, all.find('\n') + 1);
  return all;
}

std::string Rows(const std::string& schema, const std::string& data) {
  return RowsOf(AvroWriter(schema, "null").Block(data).Done());
}

template <class T>
std::string Raw(T value) {
  std::string out(sizeof value, '\0');
  std::memcpy(out.data(), &value, sizeof value);
  return out;
}

constexpr const char* kPerson =
    R"({"type": "record", "name": "Person", "namespace": "org.example", "fields": [{"name": "name", "type": "string"},)"
    R"({"default": null, "name": "ssn", "type": ["null", "string"]},)"
    R"({"name": "number", "type": {"type": "long", "logicalType": "x"}}]})";
const std::string kJane =
    AvroString("Jane Griffin") + AvroNumber(1) + AvroString("078-05-1120") + AvroNumber(-7);
const std::string kOscar = AvroString("Oscar") + AvroNumber(0) + AvroNumber(INT64_MIN);
constexpr const char* kPeople = "Jane Griffin\t078-05-1120\t-7\nOscar\t-9223372036854775808\n";

TEST(Avro, ObjectsAreRows) {
  const std::string file = AvroWriter(kPerson, "null").Block(kJane + kOscar, 2).Block(kJane).Done();
  const RecordingSink sink = ReadAvro(file);
  ASSERT_EQ(sink.texts.size(), 1u);
  EXPECT_EQ(sink.texts[0].path, "http.response.body > avro");
  EXPECT_TRUE(sink.texts[0].text.starts_with("avro.codec\tnull\navro.schema\t{\"type\": \"record\""));
  EXPECT_EQ(RowsOf(file), kPeople + std::string("Jane Griffin\t078-05-1120\t-7\n"));
  for (const std::uint64_t bytes : sink.fates) EXPECT_EQ(bytes, 0u);
}

TEST(Avro, BlocksAreDecompressed) {
  const std::string data = kJane + kOscar;
  EXPECT_EQ(RowsOf(AvroWriter(kPerson, "deflate").Block(Deflated(data, -15), 2).Done()), kPeople);
  EXPECT_EQ(RowsOf(AvroWriter(kPerson, "snappy").Block(SnappyBlock(data) + "summ", 2).Done(), 1), kPeople);
  for (const std::size_t step : {std::size_t{1}, std::size_t{30}, SIZE_MAX}) {
    EXPECT_EQ(RowsOf(AvroWriter(kPerson, "zstandard").Block(Zstd(data), 2).Block(Zstd(kJane)).Done(), step),
              kPeople + std::string("Jane Griffin\t078-05-1120\t-7\n"));
    EXPECT_EQ(RowsOf(AvroWriter(kPerson, "bzip2").Block(Bzip2(data, 1), 2).Done(), step), kPeople);
    EXPECT_EQ(RowsOf(AvroWriter(kPerson, "xz").Block(Xz(data, 1), 2).Done(), step), kPeople);
  }
}

TEST(Avro, TypesThatHoldOthers) {
  EXPECT_EQ(Rows(R"({"type":"array","items":"string"})", AvroNumber(2) + AvroString("a") + AvroString("b") +
                                                             AvroNumber(-1) + AvroNumber(2) +
                                                             AvroString("c") + AvroNumber(0)),
            "a\tb\tc\n");
  EXPECT_EQ(Rows(R"({"type":"map","values":["long","string"]})",
                 AvroNumber(2) + AvroString("k") + AvroNumber(0) + AvroNumber(5) + AvroString("l") +
                     AvroNumber(1) + AvroString("v") + AvroNumber(0)),
            "k\t5\tl\tv\n");
  EXPECT_EQ(Rows(R"({"type":"enum","name":"E","symbols":["NO","YES"]})", AvroNumber(1) + AvroNumber(0)),
            "YES\nNO\n");
  EXPECT_EQ(
      Rows(R"(["null","boolean","float","double"])",
           AvroNumber(0) + AvroNumber(1) + "\1" + AvroNumber(2) + Raw(1.5f) + AvroNumber(3) + Raw(-0.25)),
      "1.5\n-0.25\n");
  EXPECT_EQ(Rows(R"({"type":"fixed","name":"F","size":11})", "078-05-1120219-09-9999"),
            "078-05-1120\n219-09-9999\n");
  // A list of people, each with a friend.
  const std::string list = R"({"fields":[{"name":"n","type":"string"},{"name":"f","type":["null","a.b.P"]}],)"
                           R"("type":"record","name":"a.b.P"})";
  EXPECT_EQ(Rows(list, AvroString("x") + AvroNumber(1) + AvroString("y") + AvroNumber(1) + AvroString("z") +
                           AvroNumber(0)),
            "x\ty\tz\n");
}

TEST(Avro, BytesAreJudged) {
  const std::string csv = Lines(40);
  const RecordingSink sink =
      ReadAvro(AvroWriter(R"("bytes")", "null")
                   .Block(AvroString(Gzip(csv)) + AvroString("text 078-05-1120") + AvroString(Noise(200)))
                   .Done());
  EXPECT_NE(sink.Unnamed().find(csv), std::string::npos);
  EXPECT_NE(sink.Unnamed().find("text 078-05-1120\n"), std::string::npos);
  EXPECT_EQ(sink.Of(ByteFate::kOpaqueBinary), 200u);
  ASSERT_EQ(sink.files.size(), 2u);
  EXPECT_EQ(sink.files[0].magic, "gzip");
}

TEST(Avro, WhatDoesNotFitItsSchemaIsALeaf) {
  const std::string text = Lines(30);
  for (const char* schema : {"\"nosuchtype\"", "{", "{\"type\":\"record\",\"fields\":[]}", "[\"long\"",
                                    "", "\"bytes", "{\"type\":{\"type\":{\"type\":\"array\"}}}"}) {
    EXPECT_NE(RowsOf(AvroWriter(schema, "null").Block(text).Done()).find("Person 20,"), std::string::npos)
        << schema;
  }
  // A branch that is none, a length below zero, a string longer than its block.
  EXPECT_NE(Rows(R"(["null","string"])", AvroNumber(7) + text).find("Person 20,"), std::string::npos);
  EXPECT_NE(Rows(R"("string")", AvroNumber(-5) + text).find("Person 20,"), std::string::npos);
  EXPECT_NE(Rows(R"("string")", AvroNumber(1 << 30) + text).find("Person 20,"), std::string::npos);
  // After the damage the next block is read.
  const std::string file =
      AvroWriter(R"("string")", "null").Block(AvroNumber(-5) + "x").Block(AvroString("next")).Done();
  EXPECT_NE(RowsOf(file).find("next\n"), std::string::npos);
}

TEST(Avro, RowsOfNothingEnd) {
  EXPECT_EQ(Rows(R"("null")", "xyz"), "xyz");
  EXPECT_EQ(Rows(R"({"type":"array","items":"null"})", AvroNumber(INT64_MAX) + Lines(30)).substr(0, 4),
            Lines(30).substr(0, 4));
  EXPECT_EQ(Rows(R"({"type":"record","name":"R","fields":[{"name":"r","type":"R"}]})", Lines(30)), Lines(30));
}

TEST(Avro, BlocksOutOfStepAreALeaf) {
  std::string file = AvroWriter(kPerson, "null").Block(kJane).Done();
  file[file.size() - 1] = '!';
  EXPECT_NE(RowsOf(file + Lines(30)).find("Person 20,"), std::string::npos);
}

TEST(Avro, AnUnknownCodecIsALeafAndCounted) {
  Counters counters{};
  BodyReader reader({}, counters);
  RecordingSink sink;
  Drive(reader,
        {.type = {},
         .encoding = {},
         .bytes = AvroWriter(kPerson, "nosuch").Block(Noise(900)).Done(),
         .file_name = {}},
        sink);
  EXPECT_EQ(counters.undecodable, 1u);
  EXPECT_EQ(sink.Of(ByteFate::kOpaqueBinary), 900u);
}

TEST(Avro, ABombIsCapped) {
  const std::string file =
      AvroWriter(R"("null")", "deflate").Block(Deflated(std::string(64 << 20, '\0'), -15)).Done();
  const RecordingSink sink = ReadAvro(file, 1460);
  EXPECT_TRUE(sink.Saw("compression_bomb") || sink.Saw("decompression_burst_cap"));
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), 0u);
}

std::string Everything() {
  const std::string schema =
      R"({"type":"record","name":"R","fields":[{"name":"s","type":"string"},{"name":"b","type":"bytes"},
    {"name":"d","type":"double"},{"name":"u","type":["null",{"type":"map","values":{"type":"array","items":"long"}}]}]})";
  const std::string row = AvroString("Jane") + AvroString(Gzip(Lines(9))) + Raw(2.5) + AvroNumber(1) +
                          AvroNumber(1) + AvroString("k") + AvroNumber(2) + AvroNumber(1) + AvroNumber(-1) +
                          AvroNumber(0) + AvroNumber(0);
  return AvroWriter(schema, "snappy")
      .Block(SnappyBlock(row + row) + "summ", 2)
      .Block(SnappyBlock(row + "\x01") + "summ")
      .Done();
}

TEST(Avro, CutAnyhowItIsTheSame) {
  const RecordingSink whole = ReadAvro(Everything());
  EXPECT_NE(whole.Unnamed().find("2.5\tk\t1\t-1\n"), std::string::npos);
  for (const std::size_t step : {1, 2, 3, 17, 64}) {
    const RecordingSink cut = ReadAvro(Everything(), step);
    EXPECT_EQ(cut.texts, whole.texts) << step;
    EXPECT_EQ(cut.files, whole.files) << step;
  }
}

TEST(Avro, CutOrDamagedItGivesBackWhatItTook) {
  const std::string file = Everything();
  Counters counters{};
  DecoderPool pool;
  BodyReader reader({}, counters, pool);
  std::uint32_t seed = 11;
  const auto next = [&] { return (seed = seed * 1664525 + 1013904223) >> 8; };
  for (std::size_t n = 0; n < file.size(); ++n) {
    RecordingSink sink;
    Drive(reader, {.type = {}, .encoding = {}, .bytes = file.substr(0, n), .file_name = {}}, sink, 31);
    ASSERT_EQ(pool.open(), 0u);
  }
  for (int round = 0; round < 3000; ++round) {
    std::string bad = file;
    for (std::uint32_t flips = 1 + next() % 6; flips > 0; --flips)
      bad[4 + next() % (bad.size() - 4)] = static_cast<char>(next());
    RecordingSink sink;
    Drive(reader, {.type = {}, .encoding = {}, .bytes = bad, .file_name = {}}, sink, 1 + next() % 300);
    ASSERT_EQ(pool.open(), 0u);
  }
  EXPECT_LT(pool.memory.in_use(), 200'000u);
}

TEST(Snappy, WhatTheLibraryWrites) {
  // snappy 1.1: "name,ssn\n", six times "Jane Griffin,078-05-1120\n", 70 times "x", the alphabet.
  const std::string hex =
      "ff01806e616d652c73736e0a4a616e65204772696666696e2c3037382d30352d31313230fe19"
      "00f619000078fe01000501644142434445464748494a4b4c4d4e4f505152535455565758595a";
  std::string block;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    block += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  std::string plain = "name,ssn\n";
  for (int i = 0; i < 6; ++i) plain += "Jane Griffin,078-05-1120\n";
  plain += std::string(70, 'x') + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  EXPECT_EQ(RowsOf(AvroWriter(R"({"type":"fixed","name":"F","size":)" + std::to_string(plain.size()) + "}",
                              "snappy")
                       .Block(block + "summ")
                       .Done()),
            plain + "\n");
}

TEST(Snappy, LongBlocksAndLongLiterals) {
  const std::string data = AvroString(Noise(3000)) + AvroString(Lines(300));
  const std::string file = AvroWriter(R"("string")", "snappy").Block(SnappyBlock(data) + "summ", 2).Done();
  EXPECT_NE(RowsOf(file).find(Lines(300)), std::string::npos);
  EXPECT_EQ(RowsOf(file, 1), RowsOf(file));
}

TEST(Snappy, DamageIsUndecodable) {
  for (const std::string& bad : {std::string("\x0a\x01\x05", 3), std::string("\xff\xff\xff\xff\xff\xff"),
                                 std::string("\x02\x10"
                                             "abcdef"),
                                 std::string("\x08\x00"
                                             "a"
                                             "\x0e\xff\xff",
                                             6)}) {
    const RecordingSink sink =
        ReadAvro(AvroWriter(R"("string")", "snappy").Block(bad + "more of it" + "summ").Done());
    EXPECT_TRUE(sink.Saw("decompression_failed") || sink.Of(ByteFate::kOpaqueUndecodable) > 0);
  }
}

// The head's rows are told before it; the sink minds texts within texts.
TEST(Avro, ABlockOfNoKnownCodecIsATextOfItsOwn) {
  const std::string text = "Jane Griffin 078-05-1120, and so much more that it is told before its end. ";
  const RecordingSink sink = Read({"", "", AvroWriter("\"string\"", "zap").Block(text + text).Done(), "a.avro"});
  ASSERT_GE(sink.texts.size(), 2u);
  EXPECT_TRUE(sink.texts[0].text.starts_with("avro.codec\tzap"));
  EXPECT_NE(sink.texts[1].text.find("078-05-1120"), std::string::npos);
}

}  // namespace
}  // namespace gander::content
