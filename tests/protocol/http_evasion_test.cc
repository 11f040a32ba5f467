// SPDX-License-Identifier: Apache-2.0
// Heads and chunks that a sensor may read otherwise than a browser or a server does: each response says "secret 4711"
// to somebody, so it has to be said to us.
#include <gmock/gmock.h>

#include <string>

#include "protocol/harness.h"
#include "protocol/http/http.h"

namespace gander::protocol {
namespace {

#define CHUNKED "7\r\nsecret \r\n4\r\n4711\r\n0\r\n\r\n"

struct Evasion {
  const char* name;
  std::string_view response;
  const char* anomaly = "";  // that is named; empty = none asked for
  const char* coding = "";   // that the body is said to have
};

using namespace std::string_view_literals;
const Evasion kEvasions[] = {
    // Chunk lines.
    {"ChunkExtension",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7;a=b\r\nsecret \r\n4 ; c\r\n4711\r\n0\r\n\r\n"},
    {"ChunkSizeWithJunk",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7x\r\nsecret \r\n4,\r\n4711\r\n0x\r\n\r\n"},
    {"ChunkSizeWithNul",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\0\r\nsecret \r\n4\v\r\n4711\r\n0\r\n\r\n"sv},
    {"LineEndsBeforeSizes",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n7\r\nsecret \r\n\n\f4\r\n4711\r\n0\r\n\r\n"},
    {"ManyZeros",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n00000000000000000000007\r\nsecret \r\n4\r\n4711\r\n"
     "000000000000000000000\r\n\r\n"},
    // Transfer-Encoding.
    {"NoToken", "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n" CHUNKED,
     "invalid_transfer_encoding_value_in_response"},
    {"TwoWords", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked foo\r\n\r\n" CHUNKED},
    {"TwoColons", "HTTP/1.1 200 OK\r\nTransfer-Encoding:: chunked\r\n\r\n" CHUNKED},
    {"NulInValue", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chu\0nked\r\n\r\n" CHUNKED ""sv},
    {"NulInName", "HTTP/1.1 200 OK\r\nTransfer\0-Encoding: chunked\r\n\r\n" CHUNKED ""sv},
    {"HighOctet",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding:\xa0"
     "chunked\r\n\r\n" CHUNKED},
    {"AnnouncedButNotDone", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsecret 4711",
     "invalid_response_chunk_len"},
    {"NoContentButChunks", "HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n" CHUNKED},
    {"NoContentButContent", "HTTP/1.1 204 No\r\nContent-Length: 11\r\n\r\nsecret 4711"},
    {"NotModifiedButContent", "HTTP/1.1 304 No\r\nContent-Length: 11\r\n\r\nsecret 4711"},
    {"StatusOfFourDigits", "HTTP/1.1 2040 No\r\nContent-Length: 11\r\n\r\nsecret 4711", "response_line_invalid"},
    {"SwitchesToNothing", "HTTP/1.1 101 ok\r\nContent-Length: 11\r\n\r\nsecret 4711"},
    // Line ends and folding.
    {"BareReturns", "HTTP/1.1 200 OK\rTransfer-Encoding: chunked\rX: y\r\n\r\n" CHUNKED},
    {"ReturnInStatusLine", "HTTP/1.1 200\rTransfer-Encoding: chunked\r\nX: y\r\n\r\n" CHUNKED},
    {"TwoReturnsAreNoEnd", "HTTP/1.1 200 OK\r\nX: y\r\n\r\r\nTransfer-Encoding: chunked\r\n\r\n" CHUNKED},
    {"TwoReturnsBehindALineFeed", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\n\r\r\n" CHUNKED},
    {"BlankLineOfBlanks", "HTTP/1.1 200 OK\r\nContent-Length: 11\n \nsecret 4711"},
    {"BlankLineOfBlanksAndAnother", "HTTP/1.1 200 OK\r\nContent-Length: 11\n\t\n\nsecret 4711"},
    {"FoldedFraming", "HTTP/1.1 200 OK\r\nX: y\r\n Transfer-Encoding: chunked\r\n\r\n" CHUNKED,
     "invalid_response_field_folding"},
    {"FoldedValue", "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding:\r\n chunked\r\n\r\n" CHUNKED},
    {"NulFolds", "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding:\n\0chunked\r\n\r\n" CHUNKED ""sv},
    // Start lines.
    {"BlankBefore", " HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nsecret 4711"},
    {"NulBefore", "\0HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nsecret 4711"sv},
    {"NoStatus", "HTTP/1.1\r\nContent-Length: 11\r\n\r\nsecret 4711", "response_line_invalid"},
    // Lengths.
    {"TwoLengths", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 11\r\n\r\nsecret 4711",
     "duplicate_content_length_field_in_response"},
    {"TwoNumbers", "HTTP/1.1 200 OK\r\nContent-Length: 4 11\r\n\r\nsecret 4711",
     "invalid_content_length_field_in_response"},
    {"LengthAndChunks", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" CHUNKED,
     "content_length_with_chunked_in_response"},
    // Codings: what the body is handed on as.
    {"TwoCodings", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: deflate\r\n\r\nsecret 4711", "",
     "gzip, deflate"},
    {"CodingAmongWords", "HTTP/1.1 200 OK\r\nContent-Encoding: x gzip;\r\n\r\nsecret 4711", "", "gzip"},
    {"NulInCoding", "HTTP/1.1 200 OK\r\nContent-Encoding: gz\0ip\r\n\r\nsecret 4711"sv, "", "gzip"},
};

class HttpEvasionTest : public ::testing::TestWithParam<Evasion> {
 protected:
  Talk Conversation() const {
    return {Client("GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n"), Server(std::string(GetParam().response))};
  }
};

TEST_P(HttpEvasionTest, TheTextIsRead) {
  const RecordingSink sink = Play(kHttp, Conversation());
  ASSERT_FALSE(sink.bodies.empty());
  EXPECT_THAT(sink.bodies[0], HasSubstr("|secret 4711|"));
  const std::string anomaly = GetParam().anomaly, coding = GetParam().coding;
  if (!anomaly.empty()) {
    EXPECT_THAT(sink.anomalies, ::testing::Contains(anomaly));
  }
  if (!coding.empty()) {
    EXPECT_THAT(sink.bodies[0], HasSubstr("|" + coding + "|"));
  }
}

TEST_P(HttpEvasionTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kHttp, Conversation()); }

INSTANTIATE_TEST_SUITE_P(Responses, HttpEvasionTest, ::testing::ValuesIn(kEvasions),
                         [](const auto& tested) { return std::string(tested.param.name); });

// Chunks announced where none may be, and none sent: the next answer is the next answer.
TEST(HttpLookalikeTest, NoContentWithoutChunks) {
  const RecordingSink sink = Play(
      kHttp,
      {Client("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n"),
       Server("HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")});
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"("status":204,"length":0)"));
  EXPECT_THAT(sink.events[1], HasSubstr(R"("status":200,"length":2)"));
}

// The length that a 304 states is that of the body it does not send (RFC 9110 §15.4.5).
TEST(HttpLookalikeTest, NotModifiedWithItsLength) {
  const Talk talk = {
      Client("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n"),
      Server("HTTP/1.1 304 No\r\nContent-Length: 5000\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")};
  const RecordingSink sink = Play(kHttp, talk);
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"("status":304,"length":0)"));
  EXPECT_THAT(sink.events[1], HasSubstr(R"("status":200,"length":2)"));
  ExpectSameAtEverySplit(kHttp, talk);
  ExpectSurvivesDamage(kHttp, talk);
}

// A text that begins with hexadecimal digits is no chunk size.
TEST(HttpLookalikeTest, TextIsNoSize) {
  const RecordingSink sink =
      Play(kHttp, {Client("GET /a HTTP/1.1\r\nHost: a\r\n\r\n"),
                   Server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nAdresses follow\r\n")});
  ASSERT_EQ(sink.bodies.size(), 1u);
  EXPECT_THAT(sink.bodies[0], HasSubstr("|Adresses follow\r\n|"));
}

}  // namespace
}  // namespace gander::protocol
