// SPDX-License-Identifier: Apache-2.0
// Bodies of which a stretch is missing.
#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"

namespace gander::content {
namespace {

constexpr std::uint64_t kMissing = 1000;

// `before`, a gap, `behind`; in parts of `step` bytes.
RecordingSink ReadAround(const Body1& body, const std::string& before, const std::string& behind,
                         std::size_t step = SIZE_MAX) {
  Counters counters{};
  DecoderPool pool;
  RecordingSink sink;
  {
    BodyReader reader(Options{}, counters, pool);
    reader.Begin(MetaOf(body), sink);
    for (Bytes rest = AsBytes(before); !rest.empty();) reader.Feed(TakeFront(rest, step), sink);
    reader.Gap(kMissing, sink);
    for (Bytes rest = AsBytes(behind); !rest.empty();) {
      const Bytes part = TakeFront(rest, step);
      sink.fates_of_feed = 0;
      reader.Feed(part, sink);
      EXPECT_LE(sink.fates_of_feed, part.size());
    }
    reader.End(protocol::BodyEnd::kGap, sink);
  }
  EXPECT_EQ(pool.open(), 0u);
  EXPECT_TRUE(sink.texts.empty() || sink.texts.back().closed);
  return sink;
}

TEST(BodyGap, IsOneFileOfTheWholeSize) {
  const std::string before = Lines(100), behind = Lines(200);
  for (const std::size_t step : {std::size_t{1}, std::size_t{100}, SIZE_MAX}) {
    const RecordingSink sink = ReadAround({"text/csv", "", "", "people.csv"}, before, behind, step);
    ASSERT_EQ(sink.files.size(), 1u);
    EXPECT_EQ(sink.files[0].size, before.size() + kMissing + behind.size());
    EXPECT_EQ(sink.files[0].end, protocol::BodyEnd::kGap);
    EXPECT_EQ(sink.files[0].name, "people.csv");
    EXPECT_EQ(sink.files[0].magic, "text");
    EXPECT_EQ(sink.files[0].sha256, "");
    ASSERT_EQ(sink.texts.size(), 2u) << "nothing is joined over the gap";
    EXPECT_EQ(sink.texts[0].text, before);
    EXPECT_EQ(sink.texts[1].text, behind);
  }
}

TEST(BodyGap, AtTheEdges) {
  for (const auto& [before, behind] : {std::pair{std::string(), Lines(9)}, {Lines(9), ""}, {"", ""}, {"a", "b"}}) {
    const RecordingSink sink = ReadAround({"text/plain", "", ""}, before, behind);
    ASSERT_EQ(sink.files.size(), 1u);
    EXPECT_EQ(sink.files[0].size, before.size() + kMissing + behind.size());
    EXPECT_EQ(sink.Unnamed(), before + behind);
  }
}

// What it began as is not what is behind the gap, which is read as what it looks like.
TEST(BodyGap, EndsWhatIsInside) {
  const std::string gzip = Gzip(Lines(500));
  const RecordingSink sink = ReadAround({"", "", ""}, gzip.substr(0, gzip.size() / 2), Lines(50));
  ASSERT_EQ(sink.files.size(), 1u);
  EXPECT_EQ(sink.files[0].magic, "gzip");
  EXPECT_EQ(sink.files[0].end, protocol::BodyEnd::kGap);
  ASSERT_EQ(sink.texts.size(), 2u);
  EXPECT_EQ(sink.texts[0].text, Lines(500).substr(0, sink.texts[0].text.size()));
  EXPECT_EQ(sink.texts[1].text, Lines(50));
  const RecordingSink json =
      ReadAround({"application/json", "", ""}, R"({"a":"one)", R"( \u0030\u0037\u0038-05-1120"})");
  EXPECT_NE(json.Unnamed().find("078-05-1120"), std::string::npos) << "escapes are taken off behind it, too";
}

// What was held back for a closer look when the gap came is told with what comes behind; the gap itself never.
TEST(BodyGap, EachByteHasOneFate) {
  for (const std::size_t step : {std::size_t{7}, SIZE_MAX}) {
    const RecordingSink sink = ReadAround({"image/x-raw", "", ""}, Noise(50), Noise(4096, 2) + Lines(20), step);
    EXPECT_EQ(sink.Of(ByteFate::kOpaqueBinary), 50u + 4096u);
  }
}

TEST(BodyGap, OfACodedBodyWhatIsBehindIsAnother) {
  const std::string gzip = Gzip(Lines(500));
  const RecordingSink sink = ReadAround({"text/csv", "gzip", ""}, gzip.substr(0, gzip.size() / 2), Noise(3000));
  ASSERT_EQ(sink.files.size(), 1u);
  EXPECT_EQ(sink.files[0].end, protocol::BodyEnd::kGap);
  EXPECT_GE(sink.Of(ByteFate::kOpaqueBinary), 2900u);
}

}  // namespace
}  // namespace gander::content
