// SPDX-License-Identifier: Apache-2.0
// Bodies through the whole sensor: ranges that make a whole, holes, many in one packet.
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>

#include "runtime/replay.h"
#include "runtime/traffic.h"
#include "support/pcap_builder.h"

namespace gander::runtime {
namespace {

const FiveTuple kWeb = test::Tuple("10.0.0.9", 4000, "198.51.100.9", 80);

std::vector<TimedFrame> Timed(const std::vector<std::string>& frames) {
  std::vector<TimedFrame> out;
  for (const std::string& frame : frames) {
    out.push_back({kStart + Duration::Millis(static_cast<std::int64_t>(out.size())), frame});
  }
  return out;
}

std::string Gzip(const std::string& plain) {
  z_stream s{};
  deflateInit2(&s, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&s, plain.size()) + 64, '\0');
  s.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  s.avail_in = static_cast<uInt>(plain.size());
  s.next_out = reinterpret_cast<Bytef*>(out.data());
  s.avail_out = static_cast<uInt>(out.size());
  deflate(&s, Z_FINISH);
  out.resize(s.total_out);
  deflateEnd(&s);
  return out;
}

std::uint64_t Counted(const Replayed& run) {
  std::uint64_t counted = 0;
  for (const auto& [key, n] : run.state.findings) counted += key.second == "counted" ? n : 0;
  EXPECT_EQ(run.state.ledger.Sum(), run.state.ledger.received);
  return counted;
}

bool Holds(std::string_view event, std::string_view text) { return event.find(text) != event.npos; }

// A download in ranges of `part` bytes.
Replayed InRanges(const std::string& body, std::size_t part) {
  test::TcpDialog dialog(kWeb);
  dialog.Handshake();
  for (std::size_t at = 0; at < body.size(); at += part) {
    const std::string piece = body.substr(at, part);
    const std::string range = std::to_string(at) + "-" + std::to_string(at + piece.size() - 1);
    dialog.ClientSays("GET /people HTTP/1.1\r\nHost: h.example\r\nRange: bytes=" + range + "\r\n\r\n");
    dialog.ServerSays("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + range + "/" +
                      std::to_string(body.size()) + "\r\nContent-Length: " + std::to_string(piece.size()) + "\r\n\r\n" +
                      piece);
  }
  dialog.Close();
  return Replay(Timed(dialog.frames()));
}

// Three people's mail address, number and card, in a compressed file that nobody can read range by range.
TEST(BodiesTest, AFileInRangesIsReadAsOne) {
  const std::string text = People(5).Csv(3), file = Gzip(text);
  const std::uint64_t plain = Counted(InRanges(text, text.size()));
  EXPECT_GE(plain, 9u);  // three values of three people
  for (const std::size_t part : {std::size_t{50}, std::size_t{97}, file.size() - 1}) {
    const Replayed run = InRanges(file, part);
    EXPECT_EQ(Counted(run), plain);
    const auto files = EventsOfType(run, "fileinfo");
    ASSERT_EQ(files.size(), (file.size() + part - 1) / part + 1);
    EXPECT_TRUE(
        Holds(files[0], "\"size\":" + std::to_string(part) + ",\"start\":0,\"end\":" + std::to_string(part - 1)));
    EXPECT_TRUE(Holds(files.back(), "\"size\":" + std::to_string(file.size()) + ",\"tx_id\""));
    EXPECT_TRUE(Holds(files.back(), "\"state\":\"CLOSED\""));
    EXPECT_TRUE(Holds(files.back(), "\"status\":206")) << "it is told of with the transaction that completed it";
  }
}

TEST(BodiesTest, AValueMayLieAcrossTwoRanges) {
  const std::string text = People(6).Csv(2);
  const std::uint64_t whole = Counted(InRanges(text, text.size()));
  EXPECT_EQ(whole, 6u);
  for (const std::size_t part : {7, 13, 40}) EXPECT_EQ(Counted(InRanges(text, part)), whole) << part;
}

// A response of three segments, of which the second is lost.
TEST(BodiesTest, ABodyWithAHoleIsOneFile) {
  const std::string front = People(7).Csv(5), lost(300, 'x'), back = People(8).Csv(5);
  test::TcpDialog dialog(kWeb);
  dialog.Handshake();
  dialog.ClientSays("GET /people.csv HTTP/1.1\r\nHost: h.example\r\n\r\n");
  dialog.ServerSays("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: " +
                    std::to_string(front.size() + lost.size() + back.size()) + "\r\n\r\n" + front);
  dialog.ServerSays(lost);
  const std::size_t hole = dialog.frames().size() - 1;
  dialog.ServerSays(back);
  dialog.Close();
  std::vector<std::string> frames = dialog.frames();
  frames.erase(frames.begin() + static_cast<std::ptrdiff_t>(hole));
  const Replayed run = Replay(Timed(frames));
  EXPECT_EQ(Counted(run), Counted(InRanges(front, front.size())) + Counted(InRanges(back, back.size())));
  EXPECT_EQ(run.state.ledger.gap_bytes, lost.size());
  EXPECT_EQ(run.state.ledger.gaps, 1u);
  const auto files = EventsOfType(run, "fileinfo");
  ASSERT_EQ(files.size(), 1u);
  EXPECT_TRUE(Holds(files[0], "\"gaps\":true,\"state\":\"TRUNCATED\"")) << files[0];
  EXPECT_TRUE(Holds(files[0], "\"size\":" + std::to_string(front.size() + lost.size() + back.size())));
  EXPECT_FALSE(Holds(files[0], "sha256"));
}

// What one packet may expand to is shared by the bodies in it, and the next packet has its own.
TEST(BodiesTest, APacketFullOfBombsIsCapped) {
  const std::string body = Gzip(std::string(100'000, 'x'));
  const std::string request = "POST / HTTP/1.1\r\nHost: h.example\r\nContent-Encoding: gzip\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\n\r\n" + body;
  config::Settings settings = SmallSettings();
  settings.content.max_burst = 128 << 10;
  test::TcpDialog together(kWeb), apart(kWeb);
  std::string all;
  for (int i = 0; i < 5; ++i) all += request;
  ASSERT_LE(all.size(), 1460u);
  together.Handshake().ClientSays(all).Close();
  apart.Handshake();
  for (int i = 0; i < 5; ++i) apart.ClientSays(request);
  apart.Close();
  EXPECT_GE(CounterOf(Replay(Timed(together.frames()), settings).state, "content", "cap_burst"), 3u);
  EXPECT_EQ(CounterOf(Replay(Timed(apart.frames()), settings).state, "content", "cap_burst"), 0u);
}

}  // namespace
}  // namespace gander::runtime
