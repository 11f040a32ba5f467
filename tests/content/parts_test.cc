// SPDX-License-Identifier: Apache-2.0
// A body that comes in several messages: its wrappings go on from one to the next, and files are told of in stretches
// and as a whole.
#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/recording_sink.h"

namespace gander::content {
namespace {

// Feeds `bytes` as messages of `part` bytes each, which are fed in steps; `total` is the size told.
RecordingSink ReadInParts(const Body1& body, std::size_t part, std::size_t step, std::int64_t total,
                          protocol::BodyEnd end = protocol::BodyEnd::kComplete, std::int64_t start = 0) {
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  Bytes rest = AsBytes(body.bytes);
  bool begun = false;
  while (!rest.empty()) {
    Bytes message = TakeFront(rest, part);
    protocol::BodyMeta meta = MetaOf(body);
    meta.range = {start, start + static_cast<std::int64_t>(message.size()) - 1, total};
    meta.continues = begun;
    start += static_cast<std::int64_t>(message.size());
    begun = true;
    reader.Begin(meta, sink);
    while (!message.empty()) {
      const Bytes piece = TakeFront(message, step);
      sink.fates_of_feed = 0;
      reader.Feed(piece, sink);
      EXPECT_LE(sink.fates_of_feed, piece.size());
    }
    if (!rest.empty() || end == protocol::BodyEnd::kTruncated) reader.End(protocol::BodyEnd::kPart, sink);
  }
  reader.End(end, sink);
  EXPECT_TRUE(sink.texts.empty() || sink.texts.back().closed);
  return sink;
}

constexpr std::size_t kSteps[] = {1, 7, 128, SIZE_MAX};

TEST(Parts, OneTextAndTheDigestOfTheWhole) {
  const Body1 body{"text/csv", "", Lines(100)};
  const RecordingSink whole = Read(body);
  const auto size = static_cast<std::int64_t>(body.bytes.size());
  for (const std::size_t step : kSteps) {
    const RecordingSink sink = ReadInParts(body, 1000, step, size);
    EXPECT_EQ(sink.texts, whole.texts);
    ASSERT_EQ(sink.files.size(), (body.bytes.size() + 999) / 1000 + 1);
    EXPECT_EQ(sink.files.back(), whole.files.at(0));
    for (std::size_t i = 0; i + 1 < sink.files.size(); ++i) {
      const std::string stretch = body.bytes.substr(1000 * i, 1000);
      const SeenFile alone = Read({"text/csv", "", stretch}).files.at(0);
      EXPECT_EQ(sink.files[i].size, stretch.size());
      EXPECT_EQ(sink.files[i].sha256, alone.sha256);
      EXPECT_EQ(sink.files[i].start, static_cast<std::int64_t>(1000 * i));
      EXPECT_EQ(sink.files[i].path, whole.files[0].path);
      EXPECT_EQ(sink.files[i].end, protocol::BodyEnd::kComplete);
    }
  }
}

// What nobody can read stretch by stretch.
TEST(Parts, CodingsAndFilesGoOn) {
  const std::string plain = Lines(200), file = Gzip(plain);
  for (const Body1& body :
       {Body1{"text/csv", "gzip", file}, Body1{"", "", file}, Body1{"text/csv", "deflate", Deflated(plain, -15)}}) {
    const RecordingSink whole = Read(body);
    for (const std::size_t part : {8ul, 63ul, 64ul, 100ul, 500ul}) {
      for (const std::size_t step : kSteps) {
        const RecordingSink sink = ReadInParts(body, part, step, static_cast<std::int64_t>(body.bytes.size()));
        EXPECT_EQ(sink.Unnamed(), plain);
        EXPECT_EQ(sink.files.back(), whole.files.at(0));
        EXPECT_EQ(sink.Of(ByteFate::kOpaqueUndecodable), 0u);
      }
    }
  }
}

TEST(Parts, CutShortTheWholeIsTruncated) {
  const Body1 body{"text/csv", "", Lines(20)};
  const RecordingSink sink = ReadInParts(body, 100, 13, 1 << 20, protocol::BodyEnd::kTruncated);
  EXPECT_EQ(sink.files.back().end, protocol::BodyEnd::kTruncated);
  EXPECT_EQ(sink.files.back().start, -1);
  EXPECT_EQ(sink.files.back().size, body.bytes.size());
}

// One stretch alone is told of once, whether it is the beginning or not; the whole in one message is no stretch.
TEST(Parts, AloneIsToldOfOnce) {
  const Body1 body{"text/csv", "", Lines(3)};
  const auto size = static_cast<std::int64_t>(body.bytes.size());
  for (const std::int64_t start : {0, 5000}) {
    const RecordingSink sink = ReadInParts(body, SIZE_MAX, 7, 1 << 20, protocol::BodyEnd::kTruncated, start);
    ASSERT_EQ(sink.files.size(), 1u);
    EXPECT_EQ(sink.files[0].start, start);
    EXPECT_EQ(sink.files[0].size, body.bytes.size());
    EXPECT_EQ(sink.files[0].sha256, Read(body).files.at(0).sha256);
  }
  EXPECT_EQ(ReadInParts(body, SIZE_MAX, 7, size).files, Read(body).files);
}

// Joined text, but not the whole file: its beginning was not seen.
TEST(Parts, FromTheMiddleThereIsNoWhole) {
  const Body1 body{"text/csv", "", Lines(20)};
  const RecordingSink sink = ReadInParts(body, 300, 50, -1, protocol::BodyEnd::kTruncated, 4096);
  EXPECT_EQ(sink.texts.size(), 1u);
  EXPECT_EQ(sink.Unnamed(), body.bytes);
  EXPECT_EQ(sink.files.size(), (body.bytes.size() + 299) / 300);
  for (const SeenFile& file : sink.files) EXPECT_GE(file.start, 4096);
}

// The path of a stretch is the file's own, whatever is open inside it when the message ends.
TEST(Parts, MultipartInParts) {
  const std::string upload =
      "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n" +
      Lines(30) + "\r\n--b--";
  const Body1 body{"multipart/form-data; boundary=b", "", upload, "", "http.request.body"};
  const RecordingSink whole = Read(body), sink = ReadInParts(body, 400, 50, static_cast<std::int64_t>(upload.size()));
  EXPECT_EQ(sink.texts, whole.texts);
  ASSERT_GE(sink.files.size(), 3u);
  EXPECT_EQ(sink.files[0].path, "http.request.body > multipart/form-data");
  EXPECT_EQ(sink.files.back(), whole.files.back());
}

TEST(Parts, WithoutMessageBeforeItIsABodyOfItsOwn) {
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  const Body1 body{"text/plain", "", {}};
  protocol::BodyMeta meta = MetaOf(body);
  meta.continues = true;
  reader.Begin(meta, sink);
  reader.Feed(AsBytes(std::string_view("text")), sink);
  reader.End(protocol::BodyEnd::kComplete, sink);
  EXPECT_EQ(sink.Unnamed(), "text");
}

}  // namespace
}  // namespace gander::content
