// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/http.h"

#include <gmock/gmock.h>

#include "protocol/harness.h"

namespace gander::protocol {
namespace {

const Talk kPost = {
    Client("POST /form?q=a%40b.example+x HTTP/1.1\r\nHost: api.example:8080\r\nUser-Agent: t/1\r\n"
           "Authorization: Basic bWF4OmdlaGVpbQ==\r\nContent-Type: text/plain\r\nContent-Length: "
           "5\r\n\r\nhello"),
    Server("HTTP/1.1 100 Continue\r\n\r\n"
           "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
           "3;x=y\r\nabc\r\n0a\r\n0123456789\r\n0\r\nX-Trailer: t\r\n\r\n"),
    Client("HEAD /2 HTTP/1.1\r\nHost: api.example\r\n\r\nGET /3 HTTP/1.1\r\nHost: api.example\r\n\r\n"),
    Server("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n")};

TEST(HttpTest, ReadsAConversation) {
  const RecordingSink sink = Play(kHttp, kPost);
  EXPECT_THAT(
      sink.events,
      ElementsAre(
          R"(http #0 > "http":{"hostname":"api.example","http_port":8080,"url":"/form?q=a%40b.example+x",)"
          R"("http_user_agent":"t/1","http_method":"POST","protocol":"HTTP/1.1",)"
          R"("http_content_type":"text/html","status":200,"length":13})",
          HasSubstr(R"("url":"/2","http_method":"HEAD","protocol":"HTTP/1.1","status":200,"length":0)"),
          HasSubstr(R"("url":"/3","http_method":"GET","protocol":"HTTP/1.1","status":304)")));
  EXPECT_THAT(sink.bodies, ElementsAre("http.request.body #0 > text/plain||/form|5|hello|complete",
                                       "http.response.body #0 < text/html; charset=utf-8||/form|-1|"
                                       "abc0123456789|complete"));
  EXPECT_THAT(sink.fields, Contains("http.request.url > url=/form?q=a@b.example x"));
  EXPECT_THAT(sink.fields, Contains("http.request.authorization > authorization=max:geheim"));
  EXPECT_THAT(sink.fields, Contains("http.response.header < X-Trailer=t"));
  EXPECT_THAT(sink.names, ElementsAre("api.example", "api.example", "api.example"));
  EXPECT_THAT(sink.anomalies, IsEmpty());
}

TEST(HttpTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kHttp, kPost); }
TEST(HttpTest, SurvivesDamage) { ExpectSurvivesDamage(kHttp, kPost); }

const Talk kOdd = {
    Client("\r\n\nGET http://proxy.example/a.zip HTTP/1.0\nX-Long: one\n  two\r\n\tthree\nNo colon\n\n"),
    Server("HTTP/1.0 200\nContent-Disposition: attachment; filename=\"x;y.txt\"\nContent-Encoding: gzip\n\n"
           "until the end")};

TEST(HttpTest, ReadsOddLineEnds) {
  const RecordingSink sink = Play(kHttp, kOdd);
  ASSERT_EQ(sink.events.size(), 1u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"("hostname":"proxy.example","url":"http://proxy.example/a.zip")"));
  EXPECT_THAT(sink.events[0], HasSubstr(R"("length":13)"));
  EXPECT_THAT(sink.fields, Contains("http.request.header > X-Long=one   two  \tthree"));
  EXPECT_THAT(sink.bodies, ElementsAre("http.response.body #0 < |gzip|x;y.txt|-1|until the end|complete"));
  EXPECT_THAT(sink.anomalies, ElementsAre("invalid_request_field_folding", "request_field_missing_colon"));
}

TEST(HttpTest, OddCutsDoNotMatter) { ExpectSameAtEverySplit(kHttp, kOdd); }
TEST(HttpTest, OddSurvivesDamage) { ExpectSurvivesDamage(kHttp, kOdd, 40); }

TEST(HttpTest, SimpleRequestsNeedNoPath) {
  for (const std::string request : {"GET \n", "GET \r\n"}) {
    EXPECT_EQ(kHttp.probe({.bytes = AsBytes(request), .transport = ip_proto::kTcp}), Probe::kYes);
    const RecordingSink sink = Play(kHttp, {Client(request), Server("bad request\n")});
    EXPECT_THAT(sink.bodies, ElementsAre("http.response.body #0 < |||-1|bad request\n|complete"));
    EXPECT_EQ(sink.events.size(), 1u);
    EXPECT_THAT(sink.anomalies, IsEmpty());
  }
  EXPECT_EQ(kHttp.probe({.bytes = AsBytes("GET \nmore"), .transport = ip_proto::kTcp}), Probe::kNo);
}

TEST(HttpTest, GapInBodyGoesOnBehindIt) {
  const RecordingSink sink = Play(kHttp, {Client("GET /f HTTP/1.1\r\nHost: h\r\n\r\n"),
                                          Server("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123"),
                                          Server("789HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 3)});
  EXPECT_THAT(sink.bodies, ElementsAre("http.response.body #0 < ||/f|10|0123[gap 3]789|gap"));
  EXPECT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[0], HasSubstr(R"("length":7)"));
}

TEST(HttpTest, GapBeyondBodyFindsTheNextMessage) {
  const RecordingSink sink =
      Play(kHttp, {Client("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n"),
                   Server("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123"),
                   Server("tail of something\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx", 30)});
  ASSERT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.events[1],
              HasSubstr(R"("url":"/2","http_method":"GET","protocol":"HTTP/1.1","status":404)"));
  EXPECT_THAT(sink.bodies, ElementsAre("http.response.body #0 < ||/1|10|0123[gap 6]|gap",
                                       "http.response.body #0 < |||-1|part|tail of something\r\n|complete",
                                       "http.response.body #1 < ||/2|1|x|complete"));
}

TEST(HttpTest, GapsInAChunkAndUntilTheEnd) {
  const std::string ask = "GET /f HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nab";
  const RecordingSink chunked = Play(kHttp, {Client(ask), Server(head), Server("efgh\r\n2\r\nij\r\n0\r\n\r\n", 2)});
  EXPECT_THAT(chunked.bodies, ElementsAre("http.response.body #0 < ||/f|-1|ab[gap 2]efghij|gap"));
  // Where the next chunk begins cannot be told: what follows is another text.
  const RecordingSink beyond = Play(kHttp, {Client(ask), Server(head), Server("text\r\n", 9)});
  EXPECT_THAT(beyond.bodies, ElementsAre("http.response.body #0 < ||/f|-1|ab|gap", HasSubstr("|part|text")));
  const RecordingSink closed =
      Play(kHttp, {Client(ask), Server("HTTP/1.1 200 OK\r\n\r\nab"), Server("ef", 2), Server("ij", 2)});
  EXPECT_THAT(closed.bodies, ElementsAre("http.response.body #0 < ||/f|-1|ab[gap 2]ef[gap 2]ij|gap"));
}

TEST(HttpTest, GapAtTheEdgesOfABody) {
  const std::string ask = "GET /f HTTP/1.1\r\nHost: h\r\n\r\n", head = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";
  const RecordingSink front = Play(kHttp, {Client(ask), Server(head), Server("cd", 2)});
  EXPECT_THAT(front.bodies, ElementsAre("http.response.body #0 < ||/f|4|[gap 2]cd|gap"));
  const RecordingSink back = Play(kHttp, {Client(ask + ask), Server(head + "ab"), Server(head + "wxyz", 2)});
  EXPECT_THAT(back.bodies, ElementsAre("http.response.body #0 < ||/f|4|ab[gap 2]|gap",
                                       "http.response.body #1 < ||/f|4|wxyz|complete"));
}

TEST(HttpTest, GapInEncodedBodyIsNotHandedOn) {
  const RecordingSink sink =
      Play(kHttp, {Client("GET /f HTTP/1.1\r\nHost: h\r\n\r\n"),
                   Server("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\n\r\n0123"),
                   Server("789", 3)});
  EXPECT_EQ(sink.bodies.size(), 1u);
  EXPECT_EQ(sink.fates.at(ByteFate::kOpaqueUndecodable), 3u);
}

TEST(HttpTest, ChangesProtocol) {
  Player connect(kHttp);
  connect.Feed({Client("CONNECT mail.example:25 HTTP/1.1\r\n\r\n")});
  EXPECT_EQ(connect.Feed(Direction::kToClient, "HTTP/1.1 200 OK\r\n\r\n220 x"), ParseStatus::kSwitch);
  EXPECT_EQ(connect.parser().consumed(), 19u);
  connect.End();
  EXPECT_THAT(connect.sink.names, ElementsAre("mail.example"));
  Player upgrade(kHttp);
  upgrade.Feed({Client("GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n")});
  EXPECT_EQ(upgrade.Feed(Direction::kToClient, "HTTP/1.1 101 Switching\r\n\r\n"), ParseStatus::kSwitch);
  EXPECT_THAT(upgrade.sink.events, ElementsAre(HasSubstr(R"("status":101)")));
}

TEST(HttpTest, ChunkedWinsOverLength) {
  const RecordingSink sink =
      Play(kHttp,
           {Client("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: x, Chunked\r\n\r\n"
                   "1\r\nZ\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n")});
  EXPECT_EQ(sink.events.size(), 2u);
  EXPECT_THAT(sink.bodies, ElementsAre("http.request.body #0 > ||/|-1|Z|complete"));
  EXPECT_THAT(sink.anomalies, ElementsAre("content_length_with_chunked_in_request"));
}

TEST(HttpTest, BadChunkSizeMakesTheRestABody) {
  const Talk talk = {Client("GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
                     Server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunks but text")};
  EXPECT_THAT(Play(kHttp, talk).bodies,
              ElementsAre("http.response.body #0 < ||/|-1|no chunks but text|complete"));
  ExpectSameAtEverySplit(kHttp, talk);
}

TEST(HttpTest, SimpleRequestOfVersion09) {
  const Talk talk = {Client("GET /old\r\n"), Server("<html>hi</html>")};
  const RecordingSink sink = Play(kHttp, talk);
  EXPECT_THAT(sink.events, ElementsAre(R"(http #0 > "http":{"url":"/old","http_method":"GET","length":15})"));
  EXPECT_THAT(sink.bodies, ElementsAre("http.response.body #0 < ||/old|-1|<html>hi</html>|complete"));
  ExpectSameAtEverySplit(kHttp, talk);
}

TEST(HttpTest, SwappedDirections) {
  const RecordingSink sink = Play(kHttp, {Client("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
                                          Server("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")});
  EXPECT_THAT(sink.events, ElementsAre(R"(http #0 < "http":{"protocol":"HTTP/1.1","status":200,"length":2})",
                                       HasSubstr(R"("url":"/next")")));
  EXPECT_THAT(sink.bodies, ElementsAre("http.response.body #0 > |||2|ok|complete"));
}

TEST(HttpTest, LongHeadersAreCutAndCounted) {
  const std::string filler(http::kMaxLine + 100, 'x');
  const RecordingSink sink =
      Play(kHttp, {Client("GET / HTTP/1.1\r\nHost: h\r\nX-A: " + filler + "\r\nX-B: last\r\n\r\n")});
  EXPECT_EQ(sink.events.size(), 1u);
  EXPECT_EQ(sink.fates.at(ByteFate::kLostParserCap), filler.size() + 6 - http::kMaxLine);
  EXPECT_THAT(sink.fields, Contains("http.request.header > X-B=last"));
  std::string many = "GET /m HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 9000; ++i) many += "X-H: 0123456789\r\n";
  Player player(kHttp);
  player.Feed({Client(many)}, 1000);
  player.Feed({Client("\r\nGET /after HTTP/1.1\r\nHost: h\r\n\r\n")});
  player.End();
  EXPECT_EQ(player.sink.events.size(), 2u);
  EXPECT_GT(player.sink.fates[ByteFate::kLostParserCap], 80000u);
}

TEST(HttpTest, PendingRequestsAreBounded) {
  std::string many;
  for (std::size_t i = 0; i < http::kMaxPending + 10; ++i)
    many += "GET /" + std::to_string(i) + " HTTP/1.1\nHost: h\n\n";
  Player player(kHttp);
  player.Feed({Client(many)});
  EXPECT_EQ(player.sink.events.size(), 10u);
  player.End();
  EXPECT_EQ(player.sink.events.size(), http::kMaxPending + 10);
}

TEST(HttpTest, GarbageBeforeTheStatusLine) {
  const RecordingSink sink =
      Play(kHttp, {Client("GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
                   Server("\x01\x02junk\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nA")});
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr(R"("status":200,"length":1)")));
  EXPECT_THAT(sink.anomalies, ElementsAre("response_line_invalid"));
}

TEST(HttpTest, Probes) {
  EXPECT_EQ(Ask(kHttp, "GET / HTTP/1.1\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kHttp, "GE"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kHttp, "GET H"), Probe::kYes);  // of HTTP://example.com/
  EXPECT_EQ(Ask(kHttp, "FROB HTTP://example.com/"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kHttp, "HTTP/1.1 200"), Probe::kYes);
  EXPECT_EQ(Ask(kHttp, "FROB /x HTTP/1.1\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kHttp, "FROB no path"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kHttp, "FROB no path HTTP/1.1\r\n"), Probe::kYes);
  EXPECT_EQ(Ask(kHttp, "FROB " + std::string(3000, 'x')), Probe::kNo);
  EXPECT_EQ(Ask(kHttp, std::string("login anna 1234\0", 16)), Probe::kNo);
  EXPECT_EQ(Ask(kHttp, "HTTP/"), Probe::kNeedMore);  // 2 is not read here
  EXPECT_EQ(Ask(kHttp, "USER max\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kHttp, "EHLO mail.example\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kHttp, "OPTIONS sip:bob@example SIP/2.0\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kHttp, std::string_view("\x16\x03\x01\x00", 4)), Probe::kNo);
  EXPECT_EQ(Ask(kHttp, "PRI * HTTP/2.0\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kHttp, "NOTIFY * HTTP/1.1\r\n", 1900, Direction::kToServer, ip_proto::kUdp), Probe::kYes);
}

}  // namespace
}  // namespace gander::protocol
