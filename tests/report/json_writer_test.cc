// SPDX-License-Identifier: Apache-2.0
#include "report/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

namespace gander::report {
namespace {

std::string Quoted(std::string_view value) {
  std::string out;
  AppendJsonString(value, out);
  return out;
}

std::string Decoded(std::string_view value) { return nlohmann::json::parse(Quoted(value)).get<std::string>(); }

std::string Object(const Record& record) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  json.Members(record);
  json.EndObject();
  return out;
}

TEST(JsonString, EscapesWhatJsonForbidsAndNothingElse) {
  EXPECT_EQ(Quoted("plain / text"), "\"plain / text\"");
  EXPECT_EQ(Quoted("a\"b\\c\n\r\t\b\f"), R"("a\"b\\c\n\r\t\b\f")");
  EXPECT_EQ(Quoted(std::string_view("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
  EXPECT_EQ(Quoted("Zürich 東京 🪿"), "\"Zürich 東京 🪿\"");
}

// Eight plain bytes are passed over at once: each byte must be seen wherever it stands among them.
TEST(JsonString, EveryByteIsSeenAtEveryPlace) {
  for (int c = 0; c < 0x80; ++c) {
    const std::string one = Quoted(std::string(1, static_cast<char>(c)));
    const std::string inside = one.substr(1, one.size() - 2);
    for (std::size_t size = 1; size <= 17; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, '~');
        text[at] = static_cast<char>(c);
        EXPECT_EQ(Quoted(text), '"' + std::string(at, '~') + inside + std::string(size - 1 - at, '~') + '"')
            << c << " at " << at << " of " << size;
      }
    }
  }
}

TEST(JsonString, EachMaximalSubpartBecomesOneReplacementCharacter) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(Decoded("a\xff" "b"), "a" + r + "b");
  EXPECT_EQ(Decoded("\xc0\xaf"), r + r);                    // overlong
  EXPECT_EQ(Decoded("\xed\xa0\x80"), r + r + r);            // surrogate
  EXPECT_EQ(Decoded("\xf4\x90\x80\x80"), r + r + r + r);    // beyond U+10FFFF
  EXPECT_EQ(Decoded("\xf0\x9f\xa6"), r);                    // cut
  EXPECT_EQ(Decoded("\xf0\x9f\xa6 x"), r + " x");
  EXPECT_EQ(Decoded("\xe2\x82"), r);
  // The example of Unicode 15 table 3-11.
  EXPECT_EQ(Decoded("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64"),
            "a" + r + r + r + "b" + r + "c" + r + r + "d");
}

TEST(JsonString, AnyBytesGiveJsonThatReadsBack) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 64, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    ASSERT_NO_THROW(Decoded(bytes)) << round;
  }
}

TEST(JsonWriter, NumbersAreExact) {
  std::string out;
  JsonWriter json(out);
  json.BeginArray();
  json.Unsigned({}, std::numeric_limits<std::uint64_t>::max());
  json.Integer({}, std::numeric_limits<std::int64_t>::min());
  json.Real({}, 0.1);
  json.Real({}, std::nan(""));
  json.Real({}, -std::numeric_limits<double>::infinity());
  json.Boolean({}, false);
  json.EndArray();
  EXPECT_EQ(out, "[18446744073709551615,-9223372036854775808,0.1,null,null,false]");
}

TEST(JsonWriter, RecordBecomesNestedMembers) {
  Record record;
  record.BeginObject("http").String("hostname", "a.example").Integer("status", 200);
  record.BeginArray("tags").String(nullptr, "x").BeginObject().Real("r", 1.5).EndObject().EndArray();
  record.EndObject().Boolean("last", true);
  EXPECT_EQ(Object(record),
            R"({"http":{"hostname":"a.example","status":200,"tags":["x",{"r":1.5}]},"last":true})");
}

TEST(JsonWriter, RecordsOwnBracesAreDropped) {
  Record record;
  record.BeginObject().Integer("a", 1).EndObject();
  EXPECT_EQ(Object(record), R"({"a":1})");
  EXPECT_EQ(Object(Record{}), "{}");
}

TEST(JsonWriter, UnbalancedRecordsStillGiveJson) {
  Record open;
  open.BeginObject("a").BeginArray("b").Integer(nullptr, 1);
  EXPECT_EQ(Object(open), R"({"a":{"b":[1]}})");
  Record closed_too_often;
  closed_too_often.Integer("a", 1).EndObject().EndArray().Integer("b", 2);
  EXPECT_EQ(Object(closed_too_often), R"({"a":1,"b":2})");
  Record wrong_bracket;
  wrong_bracket.BeginArray("a").EndObject().Integer(nullptr, 3);
  EXPECT_EQ(Object(wrong_bracket), R"({"a":[],"value":3})");
}

TEST(JsonWriter, DepthIsBounded) {
  Record deep;
  for (int i = 0; i < 1000; ++i) deep.BeginArray("a");
  deep.Integer(nullptr, 1);
  for (int i = 0; i < 1000; ++i) deep.EndArray();
  deep.Integer("after", 2);
  const auto parsed = nlohmann::json::parse(Object(deep));
  EXPECT_EQ(parsed["after"], 2);
}

}  // namespace
}  // namespace gander::report
