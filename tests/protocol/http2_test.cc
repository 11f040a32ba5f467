// SPDX-License-Identifier: Apache-2.0
#include "protocol/http2/http2.h"

#include <gmock/gmock.h>

#include <string>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

using testing::ToJson;

const std::string kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr unsigned kEndStream = 1, kEndHeaders = 4, kPadded = 8, kPriority = 0x20;
enum Type : unsigned { kData, kHeaders, kReset = 3, kSettings, kPush, kGoAway = 7, kContinuation = 9 };

std::string Big(std::size_t value, int octets) {
  std::string out;
  for (int i = octets - 1; i >= 0; --i) out += static_cast<char>(value >> 8 * i);
  return out;
}
std::string Frame(unsigned type, unsigned flags, unsigned stream, const std::string& payload) {
  return Big(payload.size(), 3) + Big(type, 1) + Big(flags, 1) + Big(stream, 4) + payload;
}
std::string Settings() { return Frame(kSettings, 0, 0, Big(1, 2) + Big(65536, 4)); }
// A literal that is not added to the table, and one that is (RFC 7541 §6.2).
std::string Field(const std::string& name, const std::string& value, char kind = '\0') {
  return kind + Big(name.size(), 1) + name + Big(value.size(), 1) + value;
}
std::string Indexed(const std::string& name, const std::string& value) { return Field(name, value, '\x40'); }

std::string Get(const std::string& path) {
  return Field(":method", "GET") + Field(":scheme", "http") + Field(":authority", "api.example:8080") + Field(":path", path);
}
std::string Ok(const std::string& more = "") { return Field(":status", "200") + more; }

Talk Simple() {
  return {Client(kPreface + Settings() + Frame(kHeaders, kEndHeaders | kEndStream, 1, Get("/people?q=a%20b"))),
          Server(Settings() + Frame(kHeaders, kEndHeaders, 1, Ok(Field("content-type", "text/csv"))) +
                 Frame(kData, 0, 1, "name;mail\n") + Frame(kData, kEndStream, 1, "Ann;ann@example.org\n"))};
}

TEST(Http2Test, RequestResponseAndSettingsAreTold) {
  const RecordingSink sink = Play(kHttp2, Simple());
  ASSERT_EQ(sink.events.size(), 3u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"("http2":{"stream_id":0,"request":{"settings":[{"settings_id":)"
                                        R"("SETTINGSHEADERTABLESIZE","settings_value":65536}]},"response":{}})"));
  EXPECT_THAT(sink.events[2], HasSubstr(R"("http":{"version":"2","protocol":"HTTP/2","request_headers":[{"name":)"));
  EXPECT_THAT(sink.events[2], HasSubstr(R"("hostname":"api.example","http_port":8080,"url":"/people?q=a%20b",)"
                                        R"("http_method":"GET","http_content_type":"text/csv","status":200,"length":30,)"
                                        R"("http2":{"stream_id":1,"request":{},"response":{}}})"));
  EXPECT_THAT(sink.bodies, ElementsAre("http.response.body #1 < text/csv||/people|-1|name;mail\nAnn;ann@example.org\n|complete"));
  EXPECT_THAT(sink.names, ElementsAre("api.example"));
  EXPECT_THAT(sink.fields, Contains("http.request.url > url=/people?q=a b"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(Http2Test, SameAtEverySplit) { ExpectSameAtEverySplit(kHttp2, Simple()); }
TEST(Http2Test, SurvivesDamage) { ExpectSurvivesDamage(kHttp2, Simple()); }

TEST(Http2Test, PaddingPriorityAndContinuation) {
  const std::string block = Get("/split");
  const RecordingSink sink = Play(
      kHttp2,
      {Client(kPreface +
              Frame(kHeaders, kPadded | kPriority, 1, "\x02" + Big(0, 4) + "\x0f" + block.substr(0, 9) + "pp") +
              Frame(kContinuation, 0, 1, block.substr(9, 5)) + Frame(kContinuation, kEndHeaders, 1, block.substr(14)) +
              Frame(kData, kPadded | kEndStream, 1,
                    "\x03"
                    "body"
                    "ppp"))});
  EXPECT_THAT(sink.bodies, ElementsAre("http.request.body #0 > ||/split|-1|body|complete"));
  ASSERT_EQ(sink.events.size(), 1u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"("url":"/split")"));
  EXPECT_THAT(sink.events[0], HasSubstr(R"("request":{"priority":15})"));
}

TEST(Http2Test, DynamicTableGoesOnFromBlockToBlock) {
  const std::string first = Field(":method", "GET") + Field(":path", "/1") + Indexed("x-patient", "Ann");
  const std::string second = Field(":method", "GET") + Field(":path", "/2") + "\xbe";  // index 62, the newest
  const RecordingSink sink = Play(kHttp2, {Client(kPreface + Frame(kHeaders, kEndHeaders, 1, first) +
                                                  Frame(kHeaders, kEndHeaders, 3, second))});
  EXPECT_EQ(std::count(sink.fields.begin(), sink.fields.end(), "http.request.header > x-patient=Ann"), 2);
}

TEST(Http2Test, PlainBodiesOfConcurrentStreamsAreReadInTurn) {
  const auto data = [](unsigned stream, const std::string& text, unsigned flags = 0) {
    return Frame(kData, flags, stream, text);
  };
  const RecordingSink sink = Play(
      kHttp2, {Client(kPreface + Frame(kHeaders, kEndHeaders | kEndStream, 1, Get("/a")) +
                      Frame(kHeaders, kEndHeaders | kEndStream, 3, Get("/b"))),
               Server(Frame(kHeaders, kEndHeaders, 1, Ok()) + Frame(kHeaders, kEndHeaders, 3, Ok()) + data(1, "a1 ") +
                      data(3, "b1 ") + data(1, "a2 ") + data(3, "b2", kEndStream) + data(1, "a3", kEndStream))});
  EXPECT_THAT(sink.bodies, ElementsAre("http.response.body #0 < ||/a|-1|a1 a2 a3|complete",
                                       "http.response.body #1 < ||/b|-1|b1 b2|complete"));
}

// As http_ranges_test.cc has it, on streams instead of one behind the other.
Talk Ranges(const std::string& second_path, const std::string& last) {
  const std::string asked = Field("range", "bytes=0-");
  const auto partial = [](unsigned stream, const std::string& range) {
    return Frame(kHeaders, kEndHeaders, stream, Field(":status", "206") + Field("content-range", range));
  };
  const unsigned ask = kEndHeaders | kEndStream;
  return {Client(kPreface + Frame(kHeaders, ask, 1, Get("/a") + asked) +
                 Frame(kHeaders, ask, 3, Get(second_path) + asked) + Frame(kHeaders, ask, 5, Get("/a") + asked)),
          Server(partial(1, "bytes 0-3/*") + partial(3, "bytes 4-7/*") + Frame(kData, 0, 1, "01") +
                 Frame(kData, 0, 3, "4567") + Frame(kData, kEndStream, 1, "23") + Frame(kData, kEndStream, 3, "")),
          Server(last)};
}

TEST(Http2Test, RangesThatFollowEachOtherAreOneBody) {
  const std::string refused =
      Frame(kHeaders, kEndHeaders | kEndStream, 5, Field(":status", "416") + Field("content-range", "bytes */8"));
  const Talk whole = Ranges("/a", refused);
  EXPECT_THAT(Play(kHttp2, whole).bodies, ElementsAre("http.response.body #0 < ||/a|-1|part|0123|#1|4567|complete"));
  ExpectSameAtEverySplit(kHttp2, whole);
  ExpectSurvivesDamage(kHttp2, whole);
  EXPECT_THAT(Play(kHttp2, Ranges("/a", "")).bodies, ElementsAre(HasSubstr("0123|#1|4567|truncated")));
  EXPECT_THAT(Play(kHttp2, Ranges("/b", refused)).bodies,
              ElementsAre(HasSubstr("0123|truncated"), HasSubstr("4567|truncated")));
}

TEST(Http2Test, WhatWaitsIsBounded) {
  const std::string piece(16000, 'b');
  const auto talk = [&](const std::string& coding) {
    std::string answer = Frame(kHeaders, kEndHeaders, 1, Ok(coding)) + Frame(kHeaders, kEndHeaders, 3, Ok()) +
                         Frame(kData, 0, 1, "a");
    for (int i = 0; i < 40; ++i) answer += Frame(kData, 0, 3, piece);
    answer += Frame(kData, kEndStream, 1, "z") + Frame(kData, kEndStream, 3, "e");
    return Talk{Client(kPreface + Frame(kHeaders, kEndHeaders | kEndStream, 1, Get("/a")) +
                       Frame(kHeaders, kEndHeaders | kEndStream, 3, Get("/b"))),
                Server(answer)};
  };
  // A plain body is broken off and goes on later: nothing is lost.
  const RecordingSink plain = Play(kHttp2, talk(""));
  EXPECT_EQ(plain.body_bytes, 40 * piece.size() + 3);
  EXPECT_EQ(plain.fates.count(ByteFate::kLostParserCap), 0u);
  EXPECT_THAT(plain.bodies[0], HasSubstr("|a|truncated"));
  // A compressed one cannot: what came over the cap is counted.
  const RecordingSink gzip = Play(kHttp2, talk(Field("content-encoding", "gzip")));
  EXPECT_EQ(gzip.body_bytes + gzip.fates.at(ByteFate::kLostParserCap), 40 * piece.size() + 3);
  EXPECT_LE(gzip.body_bytes, http2::kMaxWaiting + 3);
  EXPECT_THAT(gzip.bodies[0], HasSubstr("|az|complete"));
}

TEST(Http2Test, MessagesOfGrpcAreBodies) {
  const auto message = [](char flag, const std::string& text) { return flag + Big(text.size(), 4) + text; };
  const std::string two = message('\0', "first") + message('\x01', "second") + message('\0', "");
  const Talk talk = {Client(kPreface + Frame(kHeaders, kEndHeaders, 1,
                                             Get("/svc/Method") + Field("content-type", "application/grpc") +
                                                 Field("grpc-encoding", "gzip")) +
                            Frame(kData, 0, 1, two.substr(0, 12)) + Frame(kData, kEndStream, 1, two.substr(12)))};
  EXPECT_THAT(Play(kHttp2, talk).bodies,
              ElementsAre("http.request.body #0 > application/grpc||/svc/Method|-1|first|complete",
                          "http.request.body #0 > application/grpc|gzip|/svc/Method|-1|second|complete",
                          "http.request.body #0 > application/grpc||/svc/Method|-1||complete"));
  ExpectSameAtEverySplit(kHttp2, talk);
}

TEST(Http2Test, AnswersOfDnsOverHttpAreDnsEvents) {
  const std::string answer("\0\0\x81\x80\0\1\0\0\0\0\0\0\3www\7example\0\0\1\0\1", 29);
  const RecordingSink sink = Play(
      kHttp2, {Client(kPreface + Frame(kHeaders, kEndHeaders | kEndStream, 1, Get("/dns-query?dns=AAAB"))),
               Server(Frame(kHeaders, kEndHeaders, 1, Ok(Field("content-type", "application/dns-message"))) +
                      Frame(kData, 0, 1, answer.substr(0, 5)) + Frame(kData, kEndStream, 1, answer.substr(5)))});
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"("rrname":"www.example")"));
  EXPECT_THAT(sink.bodies, IsEmpty());
}

TEST(Http2Test, TrailersAndResets) {
  const RecordingSink sink =
      Play(kHttp2, {Client(kPreface + Frame(kHeaders, kEndHeaders, 1, Get("/x")) + Frame(kReset, 0, 1, Big(8, 4))),
                    Server(Frame(kHeaders, kEndHeaders, 3, Ok()) + Frame(kData, 0, 3, "t") +
                           Frame(kHeaders, kEndHeaders | kEndStream, 3, Field("x-checked-by", "Ann")) +
                           Frame(kGoAway, 0, 0, Big(3, 4) + Big(11, 4)))});
  EXPECT_THAT(sink.events[0], HasSubstr(R"("request":{"error_code":"CANCEL"})"));
  EXPECT_THAT(sink.fields, Contains("http.response.header < x-checked-by=Ann"));
  EXPECT_THAT(sink.events, Contains(HasSubstr(R"("response":{"error_code":"ENHANCEYOURCALM"})")));
}

TEST(Http2Test, PromisesAreRequestsOfTheServer) {
  const RecordingSink sink = Play(
      kHttp2, {Client(kPreface), Server(Frame(kPush, kEndHeaders, 1, Big(2, 4) + Get("/pushed.css")) +
                                        Frame(kHeaders, kEndHeaders, 2, Ok()) + Frame(kData, kEndStream, 2, "css"))});
  ASSERT_EQ(sink.events.size(), 1u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"("url":"/pushed.css")"));
  EXPECT_THAT(sink.events[0], HasSubstr(R"("status":200)"));
}

TEST(Http2Test, SecretsDoNotLeaveInEvents) {
  Player player(kHttp2);
  player.Feed({Client(kPreface + Frame(kHeaders, kEndHeaders, 1, Get("/") + Field("cookie", "sid=1")))});
  Record record;
  player.parser().DescribeTransaction(0, record);
  const std::string json = ToJson(record);
  EXPECT_THAT(json, HasSubstr(R"("name":"cookie")"));
  for (const Record::Token& token : record.tokens()) {
    if (token.kind == Record::Kind::kString && record.text(token) == "sid=1") {
      EXPECT_EQ(token.privacy, Privacy::kSecret);
    }
  }
  EXPECT_THAT(json, HasSubstr(R"("http2":{"stream_id":1)"));
}

TEST(Http2Test, GapWithinDataCostsWhatItCovers) {
  const RecordingSink sink = Play(kHttp2, {Client(kPreface + Frame(kHeaders, kEndHeaders | kEndStream, 1, Get("/gap"))),
                                           Server(Frame(kHeaders, kEndHeaders, 1, Ok()) +
                                                  Frame(kData, kEndStream, 1, std::string(20, 'x')).substr(0, 14)),
                                           Server("behind" + Frame(kHeaders, kEndHeaders | kEndStream, 3, Ok()), 9)});
  EXPECT_THAT(sink.bodies, ElementsAre("http.response.body #0 < ||/gap|-1|xxxxx|gap",
                                       "http.response.body #0 < ||/gap|-1|part|behind|gap"));
  EXPECT_THAT(sink.events, Contains(HasSubstr(R"("stream_id":3)")));
}

TEST(Http2Test, BehindLostFramesBodiesAreStillRead) {
  const RecordingSink sink =
      Play(kHttp2, {Client(kPreface), Server(Settings()), Server(Frame(kData, 0, 5, "still read"), 100)});
  EXPECT_THAT(sink.bodies, ElementsAre(HasSubstr("still read")));
}

TEST(Http2Test, CorruptBlocksAreNamedOnce) {
  const RecordingSink sink =
      Play(kHttp2, {Client(kPreface + Frame(kHeaders, kEndHeaders, 1, "\xff\xff\xff\xff\xff\xff") +
                           Frame(kHeaders, kEndHeaders | kEndStream, 3, Get("/later")))});
  EXPECT_THAT(sink.anomalies, ElementsAre("invalid_header_block"));
  EXPECT_THAT(sink.fields, Not(Contains(HasSubstr("/later")))) << "the table is not known any more";
}

TEST(Http2Test, StreamsAreBounded) {
  std::string requests = kPreface;
  for (unsigned i = 0; i <= http2::kMaxStreams; ++i) requests += Frame(kHeaders, kEndHeaders, 2 * i + 1, Get("/n"));
  const RecordingSink sink = Play(kHttp2, {Client(requests)});
  EXPECT_THAT(sink.anomalies, ElementsAre("too_many_streams"));
  EXPECT_EQ(sink.events.size(), http2::kMaxStreams + 1);
}

TEST(Http2Test, HeaderListsAreBounded) {
  // One entry of the table, named again and again.
  std::string bomb = Indexed("x", std::string(120, 'v')) + std::string(16000, '\xbe');
  const RecordingSink sink = Play(kHttp2, {Client(kPreface + Frame(kHeaders, kEndHeaders, 1, bomb))});
  EXPECT_THAT(sink.anomalies, ElementsAre("header_list_too_long"));
  EXPECT_LE(sink.fields.size(), http2::kMaxHeaderList / 120);
}

TEST(Http2Test, ProbeKnowsPrefaceAndFirstSettings) {
  EXPECT_EQ(Ask(kHttp2, kPreface), Probe::kYes);
  EXPECT_EQ(Ask(kHttp2, kPreface.substr(0, 5)), Probe::kNeedMore);
  EXPECT_EQ(Ask(kHttp2, "POST / HTTP/1.1\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kHttp2, Settings()), Probe::kYes);
  EXPECT_EQ(Ask(kHttp2, Settings().substr(0, 8)), Probe::kNeedMore);
  EXPECT_EQ(Ask(kHttp2, Frame(kData, 0, 1, "x")), Probe::kNo);
  EXPECT_EQ(Ask(kHttp2, std::string(40, '\0')), Probe::kNo);
}

}  // namespace
}  // namespace gander::protocol
