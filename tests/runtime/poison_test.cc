// SPDX-License-Identifier: Apache-2.0
// Flows that killed sensors before: left out as a whole, counted and told once, whatever the number of workers.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "flow/community_id.h"
#include "runtime/wear.h"
#include "runtime/worker.h"
#include "supervise/flight_page.h"

namespace gander::runtime {
namespace {

constexpr std::uint64_t kSeed = 0x1234'5678'9abc'def1ULL;

supervise::PastRun PastWith(const std::vector<FiveTuple>& poison, std::uint16_t link = 0) {
  supervise::PastRun past;
  past.flow_seed = kSeed;
  for (const FiveTuple& t : poison) {
    past.poison[past.poison_count++] = {flow::FlowKey::Of(t, link).Hash(kSeed), 2};
  }
  return past;
}

Replayed ReplayAfter(const std::vector<TimedFrame>& frames, const supervise::PastRun& past, std::uint32_t workers = 1) {
  Replayed out;
  RunRequest request;
  config::Settings settings = SmallSettings();
  settings.runtime.workers = workers;
  request.snapshot = SnapshotWith(std::move(settings));
  request.sources.push_back(capture::OpenMemory(PacketsOf(frames), "memory"));
  request.outputs = OutputsTo(std::make_unique<CollectingSink>(out.events), true);
  request.past = past;
  auto state = RunOffline(std::move(request));
  EXPECT_TRUE(state.has_value()) << state.error().ToString();
  if (state) out.state = std::move(*state);
  EXPECT_EQ(out.state.ledger.Sum(), out.state.ledger.received);
  return out;
}

std::uint64_t PayloadOf(const std::vector<TimedFrame>& frames, const FiveTuple& tuple) {
  std::uint64_t bytes = 0;
  for (const capture::Packet& p : PacketsOf(frames)) {
    decode::Decoded d;
    decode::Counters counters{};
    decode::Decode(p.link, p.frame, {}, counters, d);
    if (d.tuple == tuple || d.tuple == tuple.Reversed()) bytes += d.payload.size();
  }
  return bytes;
}

class Poison : public testing::Test {
 protected:
  const std::vector<Session> sessions_ = MixedSessions(7);
  const std::vector<TimedFrame> frames_ = FramesOf(sessions_);
  const FiveTuple poison_ = sessions_[0].connections[0];
};

TEST_F(Poison, WithoutAnyNothingChanges) {
  const Replayed plain = Replay(frames_), watched = ReplayAfter(frames_, PastWith({}));
  EXPECT_EQ(watched.state.ledger.Of(ByteFate::kLostPoison), 0u);
  EXPECT_EQ(watched.events.size(), plain.events.size());
  EXPECT_EQ(watched.state.findings, plain.state.findings);
}

TEST_F(Poison, ItsPayloadIsCountedAndNotRead) {
  const Replayed plain = ReplayAfter(frames_, PastWith({})), without = ReplayAfter(frames_, PastWith({poison_}));
  const std::uint64_t payload = PayloadOf(frames_, poison_);
  ASSERT_GT(payload, 1000u);
  EXPECT_EQ(without.state.ledger.Of(ByteFate::kLostPoison), payload);
  EXPECT_EQ(without.state.ledger.Of(ByteFate::kHeaders), plain.state.ledger.Of(ByteFate::kHeaders));
  EXPECT_EQ(without.state.flows_total, plain.state.flows_total - 1);
  EXPECT_EQ(CounterOf(without.state, "flow", "poison_packets"),
            static_cast<std::uint64_t>(std::count_if(frames_.begin(), frames_.end(), [this](const TimedFrame& f) {
              decode::Decoded d;
              decode::Counters counters{};
              decode::Decode(f.link, AsBytes(f.bytes), {}, counters, d);
              return d.tuple == poison_ || d.tuple == poison_.Reversed();
            })));
  EXPECT_GT(plain.state.findings.size(), 0u);
  EXPECT_LT(EventsOfType(without, "http").size() + EventsOfType(without, "smtp").size(),
            EventsOfType(plain, "http").size() + EventsOfType(plain, "smtp").size());
}

TEST_F(Poison, IsToldOnceWithWhoItIs) {
  const Replayed run = ReplayAfter(frames_, PastWith({poison_}));
  const auto told = EventsOfType(run, "blind_spot");
  ASSERT_EQ(told.size(), 1u);
  const auto event = nlohmann::json::parse(told[0]);
  EXPECT_EQ(event["src_ip"], poison_.source.ToString());
  EXPECT_EQ(event["dest_port"], poison_.destination_port);
  std::string community;
  flow::AppendCommunityId(poison_, community);
  EXPECT_EQ(event["community_id"], community);
  EXPECT_EQ(event["blind_spot"]["kind"], "flow");
  EXPECT_EQ(event["blind_spot"]["deaths"], 2);
  EXPECT_EQ(event["blind_spot"]["flow_hash"],
            supervise::ShownFlow(kSeed, flow::FlowKey::Of(poison_).Hash(kSeed)));
}

TEST_F(Poison, AnyNumberOfWorkersLeavesOutTheSame) {
  const FiveTuple other = sessions_[2].connections[0];
  const Replayed one = ReplayAfter(frames_, PastWith({poison_, other}));
  EXPECT_EQ(one.state.ledger.Of(ByteFate::kLostPoison), PayloadOf(frames_, poison_) + PayloadOf(frames_, other));
  EXPECT_EQ(EventsOfType(one, "blind_spot").size(), 2u);
  for (const std::uint32_t workers : {2u, 4u}) {
    SCOPED_TRACE(workers);
    const Replayed many = ReplayAfter(frames_, PastWith({poison_, other}), workers);
    EXPECT_EQ(many.state.ledger.bytes, one.state.ledger.bytes);
    EXPECT_EQ(EventsOfType(many, "blind_spot"), EventsOfType(one, "blind_spot"));
  }
}

TEST_F(Poison, OneOfAnotherSeedIsNobody) {
  supervise::PastRun past = PastWith({poison_});
  past.flow_seed = kSeed + 2;
  EXPECT_EQ(ReplayAfter(frames_, past).state.ledger.Of(ByteFate::kLostPoison), 0u);
}

// Told of findings and ends where workers tell them: looks what a supervisor would read at that moment.
class Probe final : public detect::Meter {
 public:
  explicit Probe(const supervise::Seat& seat) : seat_(seat) {}
  void OnFindings(const detect::FlowFacts& flow, std::span<const identify::Finding>) noexcept override { Look(flow); }
  FlowEnds flow_ends() const noexcept override { return FlowEnds::kAll; }
  void OnFlowEnd(const detect::FlowFacts& flow, const detect::FlowTotals&) noexcept override { Look(flow); }
  void Merge(const Meter&) override {}
  void Clear() noexcept override {}

  std::uint64_t looks = 0, wrong = 0;

 private:
  void Look(const detect::FlowFacts& flow) noexcept {
    ++looks;
    wrong += seat_.flow != flow::FlowKey::Of(flow.tuple).Hash(kSeed);
  }
  const supervise::Seat& seat_;
};

// Text waits in stages and is scanned when another flow's packet comes, at the end of an epoch or of its flow: it is
// its own flow that is in hand then, or the wrong one would be left out for ever.
TEST(InHand, TheFlowWhoseTextIsReadHoweverLate) {
  supervise::Seat seat;
  RunContext context(HashKey{1, 2});
  context.flow_seed = kSeed;
  const auto frames = FramesOf(MixedSessions(8, 6));
  Worker worker(SnapshotWith(SmallSettings()), context, &seat);
  auto probed = worker.NewEpoch();
  auto* const probe = new Probe(seat);
  probed->meters.emplace_back(probe);
  probed->tcp_ends.push_back(probe);
  (void)worker.Seal(frames.front().time, frames.front().time, false, std::move(probed));
  const std::vector<capture::Packet> packets = PacketsOf(frames);
  for (std::size_t i = 0; i < packets.size(); i += 16) {
    worker.Process(std::span(packets).subspan(i, std::min<std::size_t>(16, packets.size() - i)));
    EXPECT_EQ(seat.flow, 0u) << "between two bursts nothing is in hand";
  }
  const auto sealed = worker.Seal(frames.front().time, frames.back().time, true, worker.NewEpoch());
  EXPECT_GT(probe->looks, 50u);
  EXPECT_EQ(probe->wrong, 0u);
  EXPECT_EQ(seat.flow, 0u);
}

}  // namespace
}  // namespace gander::runtime
