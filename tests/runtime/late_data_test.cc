// SPDX-License-Identifier: Apache-2.0
// A flow that falls silent while it waits for late data: the end of an epoch delivers what is held.
#include <gtest/gtest.h>

#include "runtime/replay.h"
#include "runtime/worker.h"
#include "support/pcap_builder.h"

namespace gander::runtime {
namespace {

constexpr std::size_t kLost = 3, kSegment = 100;  // frames before the first segment of data; bytes of each

// The client's first segment lost, its second seen, both acknowledged; milliseconds apart.
std::vector<TimedFrame> WithoutFirst(std::uint16_t port) {
  test::TcpDialog dialog(test::Tuple("10.0.0.1", port, "10.0.0.2", 7777));
  dialog.Handshake().ClientSays(std::string(2 * kSegment, 'x'), kSegment).ServerSays("ok");
  std::vector<TimedFrame> frames;
  for (std::size_t i = 0; i < dialog.frames().size(); ++i) {
    if (i != kLost) frames.push_back({kStart + Duration::Millis(static_cast<std::int64_t>(i)), dialog.frames()[i]});
  }
  return frames;
}

class Epochs {
 public:
  explicit Epochs(const config::Settings& settings) : worker_(SnapshotWith(settings), HashKey{1, 2}) {}

  void Process(const std::vector<TimedFrame>& frames) {
    for (const capture::Packet& p : PacketsOf(frames)) worker_.Process({&p, 1});
  }
  // Gaps told until `end`.
  std::uint64_t GapsAt(Timestamp end, bool final = false) {
    const auto sealed = worker_.Seal(kStart, end, final, worker_.NewEpoch());
    const ByteLedger& ledger = sealed->totals.ledger;
    if (final) {
      EXPECT_EQ(ledger.Sum(), ledger.received);
    }
    return ledger.gaps;
  }

 private:
  Worker worker_;
};

TEST(LateData, TheEndOfAnEpochDeliversWhatASilentFlowHolds) {
  const config::Settings settings = SmallSettings();
  const Duration grace = Duration::Millis(settings.stream.late_grace_ms);
  Epochs epochs(settings);
  const auto frames = WithoutFirst(4000);
  epochs.Process(frames);
  EXPECT_EQ(epochs.GapsAt(frames.back().time + Duration::Millis(1)), 0u) << "still in the grace";
  EXPECT_EQ(epochs.GapsAt(frames.back().time + grace + Duration::Millis(1)), 1u);
  EXPECT_EQ(epochs.GapsAt(frames.back().time + grace + Duration::Seconds(1), true), 1u);
}

TEST(LateData, FlowsThatEndWhileTheyWaitAreForgotten) {
  config::Settings settings = SmallSettings();
  settings.flow.tcp_established_s = 1;
  Epochs epochs(settings);
  for (std::uint16_t i = 0; i < 100; ++i) epochs.Process(WithoutFirst(static_cast<std::uint16_t>(4000 + i)));
  EXPECT_EQ(epochs.GapsAt(kStart + Duration::Seconds(5)), 100u);
  for (std::uint16_t i = 0; i < 100; ++i) epochs.Process(WithoutFirst(static_cast<std::uint16_t>(5000 + i)));
  EXPECT_EQ(epochs.GapsAt(kStart + Duration::Seconds(10), true), 200u);
}

}  // namespace
}  // namespace gander::runtime
