// SPDX-License-Identifier: Apache-2.0
// More texts are open at a time than can be gathered: what is found in them is what is found in each alone.
#include "runtime/replay.h"
#include "runtime/traffic.h"

namespace gander::runtime {
namespace {

constexpr int kFlows = 700;  // identify::Scanner::kStagedTexts and a third
constexpr std::size_t kSegment = 300;

std::vector<test::TcpDialog> Uploads() {
  People people(11);
  std::vector<test::TcpDialog> out;
  for (int i = 0; i < kFlows; ++i) {
    const std::string body = people.Csv(12);
    const std::string client = "10.3." + std::to_string(i / 200) + "." + std::to_string(i % 200 + 1);
    out.emplace_back(test::Tuple(client.c_str(), static_cast<std::uint16_t>(20000 + i), "198.51.100.1", 80));
    out.back().Handshake();
    out.back().ClientSays(
        "POST /sync HTTP/1.1\r\nHost: api.vendor.example\r\nContent-Type: text/csv\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body,
        kSegment);
  }
  return out;
}

using Findings = decltype(report::RunState::findings);

// Frame `turn` of each dialog, then the next; `burst` of a dialog at a time.
Findings InTurns(const std::vector<test::TcpDialog>& dialogs, std::size_t burst) {
  std::vector<TimedFrame> frames;
  Timestamp now = kStart;
  std::size_t longest = 0;
  for (const test::TcpDialog& d : dialogs) longest = std::max(longest, d.frames().size());
  for (std::size_t begin = 0; begin < longest; begin += burst) {
    for (const test::TcpDialog& d : dialogs) {
      for (std::size_t i = begin; i < std::min(begin + burst, d.frames().size()); ++i) {
        now = now + Duration{1000};
        frames.push_back({now, d.frames()[i]});
      }
    }
  }
  return Replay(frames).state.findings;
}

TEST(OpenTexts, HowManyAreOpenChangesNothingFound) {
  const std::vector<test::TcpDialog> dialogs = Uploads();
  const Findings alone = InTurns(dialogs, SIZE_MAX / 2);
  std::uint64_t found = 0;
  for (const auto& [key, count] : alone) found += count;
  ASSERT_GT(found, 12u * kFlows);
  EXPECT_EQ(InTurns(dialogs, 1), alone);
  EXPECT_EQ(InTurns(dialogs, 2), alone);
}

}  // namespace
}  // namespace gander::runtime
