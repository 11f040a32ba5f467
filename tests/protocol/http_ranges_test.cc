// SPDX-License-Identifier: Apache-2.0
// Range responses and resumable uploads: one body where they follow each other.
#include <gmock/gmock.h>

#include "protocol/harness.h"
#include "protocol/http/http.h"
#include "protocol/http_message/range_body.h"

namespace gander::protocol {
namespace {

using testing::Turn;
using ::testing::EndsWith;

Turn Get(const std::string& target, const std::string& range = "bytes=0-", const std::string& host = "h") {
  return Client("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nRange: " + range + "\r\n\r\n");
}

Turn Partial(const std::string& range, const std::string& body, const std::string& more = {}) {
  return Server("HTTP/1.1 206 Partial Content\r\nContent-Type: text/csv\r\nContent-Range: " + range + "\r\n" + more +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

Turn Put(const std::string& target, const std::string& range, const std::string& body) {
  return Client("PUT " + target + " HTTP/1.1\r\nHost: h\r\nContent-Range: " + range +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

const Talk kThree = {
    Get("/f"), Partial("bytes 0-3/10", "0123", "ETag: \"a\"\r\n"),
    Get("/f"), Partial("bytes 4-7/10", "4567", "ETag: \"a\"\r\n"),
    Get("/f"), Partial("bytes 8-9/10", "89", "ETag: \"a\"\r\n"),
};

TEST(HttpRangesTest, OneBodyInOrder) {
  const RecordingSink sink = Play(kHttp, kThree);
  EXPECT_THAT(sink.bodies,
              ElementsAre("http.response.body #0 < text/csv||/f|4|part|0123|#1|4567|#2|89|complete"));
  ASSERT_EQ(sink.events.size(), 3u);
  EXPECT_THAT(sink.events[1], HasSubstr(R"("content_range":{"raw":"bytes 4-7/10","start":4,"end":7,"size":10})"));
  EXPECT_THAT(sink.events[1], HasSubstr(R"("length":4)"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(HttpRangesTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kHttp, kThree); }
TEST(HttpRangesTest, SurvivesDamage) { ExpectSurvivesDamage(kHttp, kThree); }

TEST(HttpRangesTest, PipelinedAndChunked) {
  const RecordingSink sink = Play(
      kHttp, {Get("/f"), Get("/f"), Partial("bytes 0-3/6", "0123"),
              Server("HTTP/1.1 206 Partial\r\nContent-Range: bytes 4-5/6\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "1\r\n4\r\n1\r\n5\r\n0\r\n\r\n")});
  EXPECT_THAT(sink.bodies, ElementsAre("http.response.body #0 < text/csv||/f|4|part|0123|#1|45|complete"));
}

TEST(HttpRangesTest, NotModifiedAndHeadsBetween) {
  const RecordingSink sink =
      Play(kHttp, {Get("/f"), Partial("bytes 0-3/6", "0123"), Client("GET /g HTTP/1.1\r\nHost: h\r\n\r\n"),
                   Server("HTTP/1.1 304 Not Modified\r\n\r\n"), Get("/f"), Partial("bytes 4-5/6", "45")});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("0123|#2|45|complete")));
}

// What does not go on with the body ends it as cut, and is a body of its own.
struct Breaking {
  const char* name;
  Talk second;
};
class HttpRangesBroken : public ::testing::TestWithParam<Breaking> {};

TEST_P(HttpRangesBroken, AreTwoBodies) {
  Talk talk = {Get("/f"), Partial("bytes 0-3/10", "0123", "ETag: \"a\"\r\n")};
  talk.insert(talk.end(), GetParam().second.begin(), GetParam().second.end());
  const RecordingSink sink = Play(kHttp, talk);
  ASSERT_EQ(sink.bodies.size(), 2u);
  EXPECT_THAT(sink.bodies[0], EndsWith("|0123|truncated"));
  EXPECT_THAT(sink.bodies[1], HasSubstr("|4567|"));
  ExpectSameAtEverySplit(kHttp, talk);
}

INSTANTIATE_TEST_SUITE_P(
    Second, HttpRangesBroken,
    ::testing::Values(
        Breaking{"OtherTarget", {Get("/g"), Partial("bytes 4-7/10", "4567", "ETag: \"a\"\r\n")}},
        Breaking{"OtherHost", {Get("/f", "bytes=4-", "i"), Partial("bytes 4-7/10", "4567", "ETag: \"a\"\r\n")}},
        Breaking{"OtherTag", {Get("/f"), Partial("bytes 4-7/10", "4567", "ETag: \"b\"\r\n")}},
        Breaking{"NoTag", {Get("/f"), Partial("bytes 4-7/10", "4567")}},
        Breaking{"OtherCoding",
                 {Get("/f"), Partial("bytes 4-7/10", "4567", "ETag: \"a\"\r\nContent-Encoding: br\r\n")}},
        Breaking{"OtherSize", {Get("/f"), Partial("bytes 4-7/11", "4567", "ETag: \"a\"\r\n")}},
        Breaking{"Hole", {Get("/f"), Partial("bytes 5-8/10", "4567", "ETag: \"a\"\r\n")}},
        Breaking{"Overlap", {Get("/f"), Partial("bytes 3-6/10", "4567", "ETag: \"a\"\r\n")}},
        Breaking{"Again", {Get("/f"), Partial("bytes 0-3/10", "4567", "ETag: \"a\"\r\n")}},
        Breaking{"Backwards", {Get("/f"), Partial("bytes 4-3/10", "4567", "ETag: \"a\"\r\n")}},
        Breaking{"NoNumbers", {Get("/f"), Partial("bytes x", "4567", "ETag: \"a\"\r\n")}},
        Breaking{"TooLarge", {Get("/f"), Partial("bytes 18446744073709551620-18446744073709551623/*", "4567")}},
        Breaking{"Whole", {Get("/f"), Server("HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 4\r\n\r\n4567")}}),
    [](const auto& test) { return test.param.name; });

TEST(HttpRangesTest, TheWholeInOneIsNoPart) {
  const RecordingSink sink =
      Play(kHttp, {Get("/f"), Partial("bytes 0-3/4", "0123"), Get("/f"), Partial("bytes 4-7/8", "4567")});
  EXPECT_THAT(sink.bodies, ElementsAre(EndsWith("|0123|complete"), EndsWith("|4567|complete")));
}

TEST(HttpRangesTest, WithoutRequestOnlyAnEntityTagJoins) {
  const RecordingSink tagged = Play(kHttp, {kThree[1], kThree[3], kThree[5]});
  EXPECT_THAT(tagged.bodies, ElementsAre(HasSubstr("0123|#1|4567|#2|89|complete")));
  const RecordingSink bare = Play(kHttp, {Partial("bytes 0-3/8", "0123"), Partial("bytes 4-7/8", "4567")});
  EXPECT_THAT(bare.bodies, ElementsAre(EndsWith("|0123|truncated"), EndsWith("|4567|complete")));
}

// Who asks for more until there is no more.
TEST(HttpRangesTest, NotSatisfiableTellsTheEnd) {
  const Turn refused =
      Server("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */8\r\nContent-Length: 2\r\n\r\nno");
  Talk talk = {Get("/f"), Partial("bytes 0-3/*", "0123"), Get("/f"), Partial("bytes 4-7/*", "4567"), Get("/f"),
               refused};
  EXPECT_THAT(Play(kHttp, talk).bodies,
              ElementsAre(EndsWith("0123|#1|4567|complete"), EndsWith("|no|complete")));
  ExpectSameAtEverySplit(kHttp, talk);
  talk[4] = Get("/g");
  EXPECT_THAT(Play(kHttp, talk).bodies, ElementsAre(EndsWith("0123|#1|4567|truncated"), EndsWith("|no|complete")));
  talk.resize(4);
  EXPECT_THAT(Play(kHttp, talk).bodies, ElementsAre(EndsWith("0123|#1|4567|truncated")));
}

// As resumable uploads of object stores do it: the size is told with the last piece.
TEST(HttpRangesTest, Uploads) {
  const Turn more = Server("HTTP/1.1 308 Resume Incomplete\r\nContent-Length: 0\r\n\r\n");
  const Talk talk = {Put("/up?id=1", "bytes 0-3/*", "0123"), more, Put("/up?id=1", "bytes 4-7/*", "4567"), more,
                     Put("/up?id=1", "bytes 8-9/10", "89"), Server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
                     Put("/up?id=2", "bytes 0-3/8", "abcd"), more, Put("/up?id=3", "bytes 4-7/8", "efgh")};
  const RecordingSink sink = Play(kHttp, talk);
  EXPECT_THAT(sink.bodies, ElementsAre("http.request.body #0 > ||/up|4|0123|#1|4567|#2|89|complete",
                                       EndsWith("|abcd|truncated"), EndsWith("|efgh|complete")));
  ExpectSameAtEverySplit(kHttp, talk);
  ExpectSurvivesDamage(kHttp, talk);
}

TEST(HttpRangesTest, ChangeOfProtocolEndsIt) {
  Player player(kHttp);
  player.Feed({Get("/f"), Partial("bytes 0-3/10", "0123"),
               Client("GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n")});
  EXPECT_EQ(player.Feed(Direction::kToClient, "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n"),
            ParseStatus::kSwitch);
  EXPECT_THAT(player.sink.bodies, ElementsAre(EndsWith("|0123|truncated")));
}

// How a body with this range, of which `bytes` came, ends when its message is complete.
BodyEnd EndOf(const BodyRange& range, std::uint64_t bytes) {
  RecordingSink sink;
  BodyMeta meta;
  meta.range = range;
  http::RangeBody body;
  body.Begin(http::IdentifyRange(1, {}, {}), meta, sink);
  EXPECT_FALSE(meta.continues);
  body.Pass(bytes);
  return body.End(BodyEnd::kComplete);
}

TEST(HttpRangesTest, NumbersAtTheirEdges) {
  constexpr std::int64_t kMax = INT64_MAX;
  EXPECT_EQ(EndOf({kMax - 1, kMax - 1, kMax}, 1), BodyEnd::kComplete);
  EXPECT_EQ(EndOf({kMax - 2, kMax - 1, kMax}, 1), BodyEnd::kPart) << "one is to come";
  EXPECT_EQ(EndOf({kMax - 2, kMax - 1, kMax}, UINT64_MAX / 2), BodyEnd::kComplete) << "more than announced";
  EXPECT_EQ(EndOf({kMax, kMax, -1}, UINT64_MAX / 2), BodyEnd::kPart);
  EXPECT_EQ(EndOf({0, kMax, kMax}, 1), BodyEnd::kComplete) << "its end is beyond the whole: no range";
  EXPECT_EQ(EndOf({5, 4, 9}, 1), BodyEnd::kComplete);
  EXPECT_EQ(EndOf({}, 1), BodyEnd::kComplete);
}

}  // namespace
}  // namespace gander::protocol
