// SPDX-License-Identifier: Apache-2.0
// pcapng: sections, interfaces and their clocks, the three packet blocks, cut at each byte, corrupted.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capture/drain.h"
#include "support/pcap_builder.h"

namespace gander {
namespace {

using test::Copied;
using test::PcapngWriter;
using testing::HasSubstr;

constexpr std::int64_t kStart = 1'700'000'000'123'456'789;

std::vector<Copied> Read(const std::string& bytes) {
  auto source = test::OpenBytes(bytes);
  if (!source) {
    ADD_FAILURE() << source.error().ToString();
    return {};
  }
  auto packets = test::Drain(**source);
  if ((*source)->problem() != nullptr) ADD_FAILURE() << (*source)->problem()->ToString();
  return packets;
}

// What the problem says; "" when the capture is whole.
std::string ProblemOf(const std::string& bytes, std::size_t* packets = nullptr) {
  auto source = test::OpenBytes(bytes);
  if (!source) return source.error().cause;
  const std::size_t n = test::Drain(**source).size();
  if (packets != nullptr) *packets = n;
  return (*source)->problem() != nullptr ? (*source)->problem()->cause : std::string();
}

TEST(PcapngFormat, ReadsEachPacketBlock) {
  const auto us = static_cast<std::uint64_t>(kStart / 1000);
  const std::string bytes = PcapngWriter()
                                .Section()
                                .Interface(1, 5)
                                .Enhanced(0, us, "enhanced", 99)
                                .Simple("short", 77)
                                .Obsolete(0, us + 1, "old")
                                .bytes();
  const std::int64_t ns = kStart / 1000 * 1000;
  const std::vector<Copied> expected{
      {"enhanced", ns, 1, 99, 1, 0}, {"short", ns, 2, 77, 1, 0}, {"old", ns + 1000, 3, 3, 1, 0}};
  EXPECT_EQ(Read(bytes), expected);
}

TEST(PcapngFormat, InterfacesHaveTheirOwnLinkAndClock) {
  const auto ns = static_cast<std::uint64_t>(kStart);
  const std::uint64_t binary = (ns / 1'000'000'000) << 10 | 512;  // half a second in units of 2^-10 s
  const std::string bytes = PcapngWriter()
                                .Section()
                                .Interface(1, 0, 9)
                                .Interface(101, 0, 0)
                                .Interface(113, 0, 0x80 | 10)
                                .Interface(276, 0, 9, 3600)
                                .Interface(1, 0, 12, -7)
                                .Enhanced(0, ns, "a")
                                .Enhanced(1, ns / 1'000'000'000, "b")
                                .Enhanced(2, binary, "c")
                                .Enhanced(3, 5, "d")
                                .Enhanced(4, 8'000'000'001'999, "e")
                                .bytes();
  const std::int64_t second = kStart / kNanosPerSecond * kNanosPerSecond;
  const std::vector<Copied> expected{{"a", kStart, 1, 1, 1, 0},
                                     {"b", second, 2, 1, 101, 1},
                                     {"c", second + 500'000'000, 3, 1, 113, 2},
                                     {"d", 3600 * kNanosPerSecond + 5, 4, 1, 276, 3},
                                     {"e", kNanosPerSecond + 1, 5, 1, 1, 4}};
  EXPECT_EQ(Read(bytes), expected);
}

TEST(PcapngFormat, SectionsMayChangeByteOrderAndForgetInterfaces) {
  PcapngWriter writer;
  writer.Section(true).Interface(1).Interface(101).Enhanced(1, 7, "big");
  writer.Section(false).Interface(113).Enhanced(0, 8, "little");
  const std::vector<Copied> expected{{"big", 7000, 1, 3, 101, 1}, {"little", 8000, 2, 6, 113, 0}};
  EXPECT_EQ(Read(writer.bytes()), expected);
  writer.Enhanced(1, 9, "no such interface any more");
  EXPECT_THAT(ProblemOf(writer.bytes()), HasSubstr("broken at packet 3"));
  EXPECT_THAT(ProblemOf(writer.bytes()), HasSubstr("interface 1"));
}

TEST(PcapngFormat, OtherBlocksAreSkippedWhateverTheirSize) {
  const std::string bytes = PcapngWriter()
                                .Section()
                                .Block(4, std::string(3 << 20, 'n'))
                                .Interface()
                                .Block(0x80000bad, "")
                                .Enhanced(0, 1, "x")
                                .Block(5, "statistics")
                                .bytes();
  EXPECT_EQ(Read(bytes).size(), 1u);
}

TEST(PcapngFormat, TimesBeyondTheRangeAreHeldAtItsEnds) {
  const std::string bytes = PcapngWriter()
                                .Section()
                                .Interface(1, 0, 0)
                                .Interface(1, 0, 9, INT64_MIN)
                                .Enhanced(0, UINT64_MAX, "x")
                                .Enhanced(1, 0, "y")
                                .bytes();
  const auto packets = Read(bytes);
  EXPECT_EQ(packets[0].ns, INT64_MAX);
  EXPECT_EQ(packets[1].ns, INT64_MIN);
}

TEST(PcapngFormat, CutAnywhereReadsWhatIsWhole) {
  PcapngWriter writer;
  std::vector<std::size_t> boundaries, packet_ends;
  const auto note = [&] { boundaries.push_back(writer.bytes().size()); };
  writer.Section(), note();
  writer.Interface(1, 0, 9, 1), note();
  for (int i = 0; i < 3; ++i) {
    writer.Enhanced(0, 1, "frame" + std::string(static_cast<std::size_t>(i), 'x')), note();
    packet_ends.push_back(writer.bytes().size());
    writer.Block(5, "skipped"), note();
  }
  for (std::size_t cut = 0; cut <= writer.bytes().size(); ++cut) {
    const std::string bytes = writer.bytes().substr(0, cut);
    std::size_t packets = 0;
    const std::string problem = ProblemOf(bytes, &packets);
    const auto whole =
        std::count_if(packet_ends.begin(), packet_ends.end(), [&](std::size_t e) { return e <= cut; });
    EXPECT_EQ(packets, static_cast<std::size_t>(whole)) << cut;
    const bool at_boundary = std::find(boundaries.begin(), boundaries.end(), cut) != boundaries.end();
    EXPECT_EQ(problem.empty(), at_boundary) << cut << " " << problem;
    if (cut < 16 || at_boundary) continue;
    const auto behind = std::upper_bound(boundaries.begin(), boundaries.end(), cut);
    const std::size_t begin = behind == boundaries.begin() ? 0 : *std::prev(behind);
    EXPECT_THAT(problem, HasSubstr(fmt::format("byte {}:", begin))) << cut;
  }
}

TEST(PcapngFormat, EveryFlippedByteIsSurvived) {
  const std::string whole = PcapngWriter()
                                .Section()
                                .Interface(1, 0, 9, 5)
                                .Enhanced(0, 1, "one")
                                .Simple("two")
                                .Obsolete(0, 2, "three")
                                .bytes();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ flip);
      std::size_t packets = 0;
      (void)ProblemOf(bytes, &packets);
      EXPECT_LE(packets, 3u);
    }
  }
}

TEST(PcapngFormat, SaysWhatIsWrong) {
  const auto head = [] { return PcapngWriter().Section().Interface(); };
  const auto with = [&](std::size_t from_end, std::string_view patch) {
    std::string bytes = head().Enhanced(0, 1, "data").bytes();
    return bytes.replace(bytes.size() - from_end, patch.size(), patch);
  };
  using namespace std::string_view_literals;
  EXPECT_THAT(ProblemOf(with(4, "\x28\0\0\0"sv)), HasSubstr("two lengths"));
  EXPECT_THAT(ProblemOf(with(16, "\x05\0\0\0"sv)),
              HasSubstr("claims 5 captured bytes in a block that holds 4"));
  EXPECT_THAT(ProblemOf(with(12, "\0\0\0\x7f"sv)), HasSubstr("on the wire"));
  EXPECT_THAT(ProblemOf(with(32, "\x25\0\0\0"sv)), HasSubstr("length of 37"));
  EXPECT_THAT(ProblemOf(head().Block(6, "too short").bytes()), HasSubstr("too short"));
  EXPECT_THAT(ProblemOf(head().Block(1, "tiny").bytes()), HasSubstr("interface description"));
  EXPECT_THAT(ProblemOf(PcapngWriter().Section().Interface(1, 0, 20).bytes()), HasSubstr("absurd"));
  EXPECT_THAT(ProblemOf(PcapngWriter().Section(false, 2).bytes()), HasSubstr("version 2.0"));
  EXPECT_THAT(ProblemOf(PcapngWriter().Section().Section(false, 2).bytes()), HasSubstr("unknown version 2"));
}

TEST(PcapngFormat, InterfacesOfASectionAreCapped) {
  PcapngWriter writer;
  writer.Section();
  for (int i = 0; i < 4096; ++i) writer.Interface();
  EXPECT_EQ(ProblemOf(writer.bytes()), "");
  EXPECT_THAT(ProblemOf(writer.Interface().bytes()), HasSubstr("more than 4096 interfaces"));
}

}  // namespace
}  // namespace gander
