// SPDX-License-Identifier: Apache-2.0
// Classic pcap: every magic in both byte orders, cut at each byte, with lengths that lie.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capture/drain.h"
#include "support/pcap_builder.h"

namespace gander {
namespace {

using test::Copied;
using test::PcapOptions;
using test::PcapWriter;
using testing::HasSubstr;

constexpr Timestamp kStart{1'700'000'000'123'456'789};

std::string ThreePackets(const PcapOptions& options) {
  return PcapWriter(options)
      .Add(kStart, "first")
      .Add(kStart + Duration::Seconds(1), "", 60)
      .Add(kStart, "third!", 1500)
      .bytes();
}

class PcapMagic : public testing::TestWithParam<std::tuple<std::uint32_t, bool>> {};

TEST_P(PcapMagic, ReadsFramesTimesAndLengths) {
  PcapOptions options;
  std::tie(options.magic, options.big_endian) = GetParam();
  const std::string bytes = ThreePackets(options);
  auto source = test::OpenBytes(bytes);
  ASSERT_TRUE(source) << source.error().ToString();
  const std::int64_t ns = options.magic == 0xa1b23c4d ? kStart.ns : kStart.ns / 1000 * 1000;
  const std::vector<Copied> expected{
      {"first", ns, 1, 5, 1, 0}, {"", ns + kNanosPerSecond, 2, 60, 1, 0}, {"third!", ns, 3, 1500, 1, 0}};
  EXPECT_EQ(test::Drain(**source), expected);
  EXPECT_EQ((*source)->problem(), nullptr);
  EXPECT_EQ((*source)->counters().received, 3u);
  EXPECT_EQ((*source)->counters().received_bytes, 1565u);
  EXPECT_EQ((*source)->progress().done, bytes.size());
}

INSTANTIATE_TEST_SUITE_P(All, PcapMagic,
                         testing::Combine(testing::Values(0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34),
                                          testing::Bool()));

TEST(PcapFormat, CutAnywhereReadsWhatIsWhole) {
  const std::string whole = ThreePackets({});
  const std::size_t ends[] = {24, 24 + 21, 24 + 21 + 16, 24 + 21 + 16 + 22};
  ASSERT_EQ(whole.size(), ends[3]);
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    const std::string bytes = whole.substr(0, cut);
    auto source = test::OpenBytes(bytes);
    ASSERT_EQ(source.has_value(), cut >= 24) << cut;
    if (!source) continue;
    std::size_t packets = 0;
    while (packets < 3 && ends[packets + 1] <= cut) ++packets;
    EXPECT_EQ(test::Drain(**source).size(), packets) << cut;
    const bool at_boundary = cut == ends[packets];
    ASSERT_EQ((*source)->problem() == nullptr, at_boundary) << cut;
    if (at_boundary) continue;
    EXPECT_THAT((*source)->problem()->cause,
                HasSubstr(fmt::format("packet {}, byte {}:", packets + 1, ends[packets])));
    EXPECT_FALSE((*source)->problem()->remedy.empty());
  }
}

TEST(PcapFormat, LengthsBeyondReasonBreakTheCapture) {
  for (const std::size_t field : {8u, 12u}) {
    std::string bytes = ThreePackets({});
    bytes.replace(45 + field, 4, "\x01\x00\x04\x7f", 4);
    auto source = test::OpenBytes(bytes);
    EXPECT_EQ(test::Drain(**source).size(), 1u);
    ASSERT_NE((*source)->problem(), nullptr);
    EXPECT_THAT((*source)->problem()->cause, HasSubstr("broken at packet 2, byte 45"));
  }
}

TEST(PcapFormat, LongestFrameIsReadAndOneMoreByteIsNot) {
  for (const std::size_t over : {0u, 1u}) {
    const std::string frame(262144 + over, 'x');
    const std::string bytes = PcapWriter().Add(kStart, frame).bytes();
    auto source = test::OpenBytes(bytes);
    EXPECT_EQ(test::Drain(**source).size(), 1 - over);
    EXPECT_EQ((*source)->problem() != nullptr, over == 1);
  }
}

TEST(PcapFormat, WireLengthIsNeverBelowTheFrame) {
  const std::string bytes = PcapWriter().Add(kStart, "twelve bytes", 3).bytes();
  auto source = test::OpenBytes(bytes);
  EXPECT_EQ(test::Drain(**source)[0].wire_length, 12u);
}

TEST(PcapFormat, LinkTypeIsTheLowHalfOfItsField) {
  const std::pair<std::uint32_t, std::uint16_t> cases[] = {
      {1, 1}, {0x24000001, 1}, {12, 101}, {14, 101}, {101, 101}, {276, 276}, {40000, 40000}};
  for (const auto& [field, link] : cases) {
    PcapOptions options;
    options.link = field;
    const std::string bytes = PcapWriter(options).Add(kStart, "x").bytes();
    auto source = test::OpenBytes(bytes);
    EXPECT_EQ(test::Drain(**source)[0].link, link);
  }
}

TEST(PcapFormat, UnknownVersionIsRefused) {
  PcapOptions options;
  options.major = 3;
  const std::string bytes = PcapWriter(options).bytes();
  auto source = test::OpenBytes(bytes);
  ASSERT_FALSE(source);
  EXPECT_THAT(source.error().cause, HasSubstr("version 3.4"));
  EXPECT_THAT(source.error().remedy, HasSubstr("editcap"));
}

TEST(PcapFormat, ManyBurstsKeepCountAndOrder) {
  PcapWriter writer;
  constexpr std::size_t kPackets = 1000;
  for (std::size_t i = 0; i < kPackets; ++i) writer.Add(kStart, std::to_string(i));
  auto source = test::OpenBytes(writer.bytes());
  const auto packets = test::Drain(**source);
  ASSERT_EQ(packets.size(), kPackets);
  for (std::size_t i = 0; i < kPackets; ++i) {
    EXPECT_EQ(packets[i].frame, std::to_string(i));
    EXPECT_EQ(packets[i].number, i + 1);
  }
}

}  // namespace
}  // namespace gander
