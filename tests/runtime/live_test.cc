// SPDX-License-Identifier: Apache-2.0
// The live engine over sources in memory: lanes, redistribution, and what is said when something goes wrong.
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "runtime/wear.h"
#include "runtime/wrapped.h"

namespace gander::runtime {
namespace {

using capture::Steering;

// Lets packets out in their order over all queues: the next one when every lane has gone round often enough
// to have handed over and taken what came before, as on a link where round trips are longer than a poll.
class Pace {
 public:
  Pace(std::vector<std::size_t> order, std::size_t queues, std::size_t burst)
      : order_(std::move(order)), burst_(burst), polls_(queues), stamp_(queues) {}

  // How many packets queue `q` may deliver.
  std::size_t Grant(std::size_t q) {
    const std::lock_guard lock(mutex_);
    ++polls_[q];
    for (std::size_t i = 0; i < polls_.size(); ++i) {
      if (polls_[i] < stamp_[i] + kRounds) return 0;
    }
    std::size_t n = 0;
    while (n < burst_ && next_ < order_.size() && order_[next_] == q) ++n, ++next_;
    if (n > 0) stamp_ = polls_;
    return n;
  }
  bool done() {
    const std::lock_guard lock(mutex_);
    return next_ == order_.size();
  }

 private:
  static constexpr std::uint64_t kRounds = 5;  // two hops, each published in one round and taken in the next

  std::mutex mutex_;
  const std::vector<std::size_t> order_;
  const std::size_t burst_;
  std::size_t next_ = 0;
  std::vector<std::uint64_t> polls_, stamp_;
};

// A queue of a port with packets in memory.
class QueueSource final : public capture::PacketSource {
 public:
  QueueSource(std::vector<TimedFrame> frames, capture::Place place, std::shared_ptr<Pace> pace = nullptr,
              std::size_t index = 0)
      : frames_(std::move(frames)),
        place_(std::move(place)),
        packets_(PacketsOf(frames_)),
        pace_(std::move(pace)),
        index_(index) {}

  std::span<const capture::Packet> Poll() noexcept override {
    const std::size_t n =
        pace_ != nullptr ? pace_->Grant(index_) : std::min(kMaxBurst, packets_.size() - next_);
    if (n == 0) std::this_thread::yield();
    if (stop_ != nullptr && next_ == packets_.size()) *stop_ = true;
    next_ += n;
    counters_.received += n;
    for (std::size_t i = next_ - n; i < next_; ++i) counters_.received_bytes += packets_[i].wire_length;
    return {packets_.data() + (next_ - n), n};
  }
  bool exhausted() const noexcept override {
    return ends_ && next_ == packets_.size() && (pace_ == nullptr || pace_->done());
  }
  capture::SourceCounters counters() const noexcept override { return counters_; }
  const Error* problem() const noexcept override { return problem_ ? &*problem_ : nullptr; }
  const std::string& name() const noexcept override { return place_.port; }
  capture::Place place() const override { return place_; }

  QueueSource& NeverEnds() {
    ends_ = false;
    return *this;
  }
  // Asks for the end of the run once all frames are given.
  QueueSource& ThenStops(std::atomic<bool>* stop) {
    stop_ = stop;
    return *this;
  }
  QueueSource& HasProblem(Error e) {
    problem_ = std::move(e);
    return *this;
  }

 private:
  std::vector<TimedFrame> frames_;
  capture::Place place_;
  std::vector<capture::Packet> packets_;
  std::shared_ptr<Pace> pace_;
  std::size_t index_, next_ = 0;
  bool ends_ = true;
  std::atomic<bool>* stop_ = nullptr;
  std::optional<Error> problem_;
  capture::SourceCounters counters_;
};

capture::Place PlaceOf(std::uint16_t queue, std::uint16_t queues, Steering steering = Steering::kNone,
                       const char* port = "tap0") {
  return {port, queue, queues, steering, -1};
}

struct Live {
  Result<report::RunState> state{report::RunState{}};
  std::string events;
};

Live RunWith(std::vector<std::unique_ptr<capture::PacketSource>> sources, config::Settings settings,
             const std::atomic<bool>* stop = nullptr) {
  Live out;
  settings.runtime.shed = false;
  RunRequest request;
  request.snapshot = SnapshotWith(std::move(settings));
  request.sources = std::move(sources);
  request.outputs = OutputsTo(std::make_unique<CollectingSink>(out.events), false);
  request.stop = stop;
  out.state = RunLive(std::move(request));
  return out;
}

// `choose` says on which queue a frame arrives.
template <class Choose>
std::vector<std::unique_ptr<capture::PacketSource>> Dealt(const std::vector<TimedFrame>& frames,
                                                          std::uint16_t queues, Steering steering,
                                                          Choose choose, std::size_t burst = 64) {
  std::vector<std::vector<TimedFrame>> piles(queues);
  std::vector<std::size_t> order;
  for (const TimedFrame& f : frames) {
    order.push_back(choose(f));
    piles[order.back()].push_back(f);
  }
  const auto pace = std::make_shared<Pace>(std::move(order), queues, burst);
  std::vector<std::unique_ptr<capture::PacketSource>> sources;
  for (std::uint16_t q = 0; q < queues; ++q) {
    sources.push_back(std::make_unique<QueueSource>(piles[q], PlaceOf(q, queues, steering), pace, q));
  }
  return sources;
}

// Who sent how many different people of which kind to whom, and what was raised about it.
struct Judgement {
  std::map<std::string, std::uint64_t> distinct;
  std::set<std::string> alerts;
  std::uint64_t flows = 0;
};

Judgement JudgementOf(const report::RunState& state) {
  Judgement out;
  for (const detect::TransferSummary& t : state.transfers) {
    for (const auto& type : t.types) {
      out.distinct[t.sender.ToString() + ">" + t.recipient.ToString() + " " + type.id] +=
          type.distinct.estimate;
    }
  }
  for (const detect::Alert& a : state.raised) {
    if (a.detector != std::string("D19")) out.alerts.insert(a.signature);
  }
  out.flows = state.flows_total;
  return out;
}

void ExpectAlike(const Judgement& a, const Judgement& b) {
  EXPECT_EQ(a.distinct, b.distinct);
  EXPECT_EQ(a.alerts, b.alerts);
  EXPECT_EQ(a.flows, b.flows);
}

void ExpectBalanced(const report::RunState& state, const std::vector<TimedFrame>& frames) {
  std::uint64_t bytes = 0;
  for (const TimedFrame& f : frames) bytes += f.bytes.size();
  EXPECT_EQ(state.ledger.packets, frames.size());
  EXPECT_EQ(state.ledger.received, bytes);
  EXPECT_EQ(state.ledger.Sum(), bytes);
}

// Rings that hold all there is: which packets meet must not depend on who is faster.
config::Settings RoomySettings() {
  config::Settings settings = SmallSettings();
  settings.runtime.ring_packets = 1 << 20;
  settings.runtime.ring_bytes = 64 << 20;
  return settings;
}

TEST(Live, DirectionsOnDifferentQueuesMeetInOneWorker) {
  const std::vector<TimedFrame> frames = FramesOf(MixedSessions(31));
  const Judgement alone = JudgementOf(Replay(frames).state);
  const Live live =
      RunWith(Dealt(frames, 2, Steering::kNone, [](const TimedFrame& f) { return FromClient(f.bytes); }),
              RoomySettings());
  ASSERT_TRUE(live.state) << live.state.error().ToString();
  EXPECT_EQ(live.state->workers, 2u);
  ExpectBalanced(*live.state, frames);
  EXPECT_EQ(live.state->ledger.Of(ByteFate::kLostRing), 0u);
  ExpectAlike(JudgementOf(*live.state), alone);
}

TEST(Live, PairsThatThePortKeptTogetherStay) {
  const std::vector<TimedFrame> frames = FramesOf(MixedSessions(32));
  const auto by_host = [](const TimedFrame& f) {
    return static_cast<unsigned>(f.bytes[FromClient(f.bytes) ? 29 : 33]) % 2;
  };
  const Live live = RunWith(Dealt(frames, 2, Steering::kHostPair, by_host), RoomySettings());
  ASSERT_TRUE(live.state);
  ExpectBalanced(*live.state, frames);
  ExpectAlike(JudgementOf(*live.state), JudgementOf(Replay(frames).state));
  for (const report::QueueState& q : live.state->queues) EXPECT_EQ(q.handed_over, 0u);
}

TEST(Live, TunnelsAreDealtByWhatIsInside) {
  const std::vector<TimedFrame> plain = FramesOf(MixedSessions(33));
  const Judgement alone = JudgementOf(Replay(plain).state);
  for (const Wrapping w : {Wrapping::kVxlan, Wrapping::kGeneve, Wrapping::kGre, Wrapping::kGtpU}) {
    for (const std::size_t mtu : {9000u, 600u}) {
      SCOPED_TRACE(static_cast<int>(w) * 10000 + static_cast<int>(mtu));
      const std::vector<TimedFrame> frames = Wrapped(w, plain, {.mtu = mtu});
      // The port deals by the outer pair: each tap has a queue of its own.
      const auto by_tap = [](const TimedFrame& f) { return static_cast<unsigned>(f.bytes[29] - 1); };
      const Live live = RunWith(Dealt(frames, 2, Steering::kHostPair, by_tap), RoomySettings());
      ASSERT_TRUE(live.state);
      ExpectBalanced(*live.state, frames);
      ExpectAlike(JudgementOf(*live.state), alone);
    }
  }
}

// Requests mirrored in a tunnel, answers as they are: a port that deals by the hash of host pairs, as packet sockets do,
// and the hand-over bring them together.
TEST(Live, DirectionsMeetWhereOnlyOneIsInATunnel) {
  const std::vector<TimedFrame> plain = FramesOf(MixedSessions(38));
  const std::vector<TimedFrame> wrapped = Wrapped(Wrapping::kVxlan, plain, {.mtu = 9000});
  ASSERT_EQ(wrapped.size(), plain.size());
  std::vector<TimedFrame> frames;
  for (std::size_t i = 0; i < plain.size(); ++i) frames.push_back(FromClient(plain[i].bytes) ? wrapped[i] : plain[i]);
  for (const std::uint16_t queues : {2, 3, 4}) {
    const auto by_outer_pair = [&](const TimedFrame& f) {
      decode::Options none;
      none.vxlan_port = 0;
      decode::Counters counters{};
      decode::Decoded d;
      EXPECT_EQ(decode::Decode(f.link, AsBytes(f.bytes), none, counters, d), decode::Status::kOk);
      return decode::HostPairHash(d) % queues;
    };
    config::Settings settings = RoomySettings();
    settings.runtime.workers = 2;
    const Live live = RunWith(Dealt(frames, queues, Steering::kHostPair, by_outer_pair), settings);
    ASSERT_TRUE(live.state);
    ExpectBalanced(*live.state, frames);
    ExpectAlike(JudgementOf(*live.state), JudgementOf(Replay(plain).state));
  }
}

// A port that deals by the outer pair sees none behind a fabric's tag, and deals such frames as it likes.
TEST(Live, WhatAShimHidesIsDealtByWhatIsBehindIt) {
  const std::vector<TimedFrame> plain = FramesOf(MixedSessions(37));
  const std::string_view vn_tag("\x89\x26\0\0\0\x01", 6);
  std::vector<TimedFrame> frames = plain;
  for (TimedFrame& f : frames) f.bytes.insert(f.bytes.begin() + 12, vn_tag.begin(), vn_tag.end());
  std::size_t n = 0;
  const auto in_turn = [&](const TimedFrame&) { return n++ % 2; };
  const Live live = RunWith(Dealt(frames, 2, Steering::kHostPair, in_turn, 1), RoomySettings());
  ASSERT_TRUE(live.state);
  ExpectBalanced(*live.state, frames);
  ExpectAlike(JudgementOf(*live.state), JudgementOf(Replay(plain).state));
  for (const report::QueueState& q : live.state->queues) EXPECT_GT(q.handed_over, 0u);
}

// Fragments of one datagram on different queues meet first, what they hold goes on to its own worker.
TEST(Live, FragmentsThatFallAnywhere) {
  const std::vector<TimedFrame> plain = FramesOf(MixedSessions(34, 1));
  const std::vector<TimedFrame> frames = Wrapped(Wrapping::kVxlan, plain, {.mtu = 600});
  for (const std::uint16_t queues : {2, 4}) {
    std::size_t n = 0;
    const auto in_turn = [&](const TimedFrame&) { return n++ % queues; };
    const Live live = RunWith(Dealt(frames, queues, Steering::kNone, in_turn, 1), RoomySettings());
    ASSERT_TRUE(live.state);
    ExpectBalanced(*live.state, frames);
    ExpectAlike(JudgementOf(*live.state), JudgementOf(Replay(plain).state));
  }
}

TEST(Live, MoreWorkersThanQueuesAndFewer) {
  const std::vector<TimedFrame> frames = FramesOf(MixedSessions(35));
  const Judgement alone = JudgementOf(Replay(frames).state);
  for (const std::uint16_t queues : {1, 4}) {
    config::Settings settings = RoomySettings();
    settings.runtime.workers = 3;
    std::size_t n = 0;
    const auto in_turn = [&](const TimedFrame&) { return n++ % queues; };
    const Live live = RunWith(Dealt(frames, queues, Steering::kNone, in_turn), settings);
    ASSERT_TRUE(live.state);
    EXPECT_EQ(live.state->workers, 3u);
    ExpectBalanced(*live.state, frames);
    ExpectAlike(JudgementOf(*live.state), alone);
  }
}

TEST(Live, AllPortsOfOneQueueNumberShareAWorker) {
  const std::vector<TimedFrame> frames = FramesOf(MixedSessions(36));
  std::vector<TimedFrame> piles[2];
  std::vector<std::size_t> order;
  for (const TimedFrame& f : frames) {
    order.push_back(FromClient(f.bytes) ? 0 : 1);
    piles[order.back()].push_back(f);
  }
  const auto pace = std::make_shared<Pace>(std::move(order), 2, 64);
  std::vector<std::unique_ptr<capture::PacketSource>> sources;
  sources.push_back(std::make_unique<QueueSource>(piles[0], PlaceOf(0, 1, Steering::kNone, "tap0"), pace, 0));
  sources.push_back(std::make_unique<QueueSource>(piles[1], PlaceOf(0, 1, Steering::kNone, "tap1"), pace, 1));
  const Live live = RunWith(std::move(sources), RoomySettings());
  ASSERT_TRUE(live.state);
  EXPECT_EQ(live.state->workers, 1u);
  EXPECT_EQ(live.state->source, "tap0, tap1");
  ExpectBalanced(*live.state, frames);
  ExpectAlike(JudgementOf(*live.state), JudgementOf(Replay(frames).state));
}

TEST(Live, NeverLeavesPacketsWhereTheyArrive) {
  const std::vector<TimedFrame> frames = FramesOf(MixedSessions(37));
  config::Settings settings = RoomySettings();
  settings.runtime.redistribute = "never";
  const Live live = RunWith(
      Dealt(frames, 2, Steering::kNone, [](const TimedFrame& f) { return FromClient(f.bytes); }), settings);
  ASSERT_TRUE(live.state);
  ExpectBalanced(*live.state, frames);
  EXPECT_GT(live.state->flows_total, Replay(frames).state.flows_total)
      << "both directions of one flow are two";
}

// Rings of the smallest size under a flood: what is lost there is counted to the byte.
TEST(Live, AFullRingIsAccountedExactly) {
  std::vector<TimedFrame> frames;
  for (std::uint32_t i = 0; i < 60'000; ++i) {
    const std::string client = "10.0." + std::to_string(i % 200) + ".7";
    const FiveTuple tuple = test::Tuple(client.c_str(), 5000, "198.51.100.5", 7777, ip_proto::kUdp);
    frames.push_back({kStart + Duration{i * 10'000}, test::UdpFrame(tuple, std::string(600, 'x'))});
  }
  config::Settings settings = SmallSettings();
  settings.runtime.workers = 2;
  settings.runtime.ring_packets = 64;
  settings.runtime.ring_bytes = 256 << 10;
  std::vector<std::unique_ptr<capture::PacketSource>> sources;
  sources.push_back(std::make_unique<QueueSource>(frames, PlaceOf(0, 1)));
  const Live live = RunWith(std::move(sources), settings);
  ASSERT_TRUE(live.state);
  ExpectBalanced(*live.state, frames);
  EXPECT_EQ(live.state->ledger.Of(ByteFate::kLostRing) % 600, 0u);
  if (live.state->queues.empty()) return;
  EXPECT_EQ(live.state->ledger.Of(ByteFate::kLostRing), live.state->queues[0].ring_full * 600);
}

TEST(Live, BadSettingsAreOneErrorBeforeTraffic) {
  const std::vector<TimedFrame> frames = FramesOf(MixedSessions(38, 1));
  const auto with = [&](auto change) {
    config::Settings settings = SmallSettings();
    change(settings.runtime);
    return RunWith(Dealt(frames, 2, Steering::kNone, [](const TimedFrame&) { return 0; }), settings);
  };
  const Live overlap = with([](auto& r) { r.cores = "0,0"; });
  ASSERT_FALSE(overlap.state);
  EXPECT_EQ(overlap.state.error().file, "runtime.cores");
  const Live few = with([](auto& r) { r.cores = "0"; });
  ASSERT_FALSE(few.state);
  const Live word = with([](auto& r) { r.redistribute = "sometimes"; });
  ASSERT_FALSE(word.state);
  EXPECT_EQ(word.state.error().file, "runtime.redistribute");
  EXPECT_NE(word.state.error().remedy.find("auto, always or never"), std::string::npos);
}

TEST(Live, StopEndsARunWhoseSourcesNeverEnd) {
  const std::vector<TimedFrame> frames = FramesOf(MixedSessions(39));
  std::vector<std::unique_ptr<capture::PacketSource>> sources;
  std::atomic<bool> stop = false;
  for (std::uint16_t q = 0; q < 2; ++q) {
    auto source = std::make_unique<QueueSource>(q == 0 ? frames : std::vector<TimedFrame>{}, PlaceOf(q, 2));
    source->NeverEnds().ThenStops(q == 0 ? &stop : nullptr);
    sources.push_back(std::move(source));
  }
  const Live live = RunWith(std::move(sources), RoomySettings(), &stop);
  ASSERT_TRUE(live.state);
  EXPECT_TRUE(live.state->finished);
  ExpectBalanced(*live.state, frames);
  EXPECT_EQ(live.state->flows_active, 0u);
  EXPECT_EQ(JudgementOf(*live.state).distinct, JudgementOf(Replay(frames).state).distinct);
}

// Blocks in its first Poll until `go`.
class StallingSource final : public capture::PacketSource {
 public:
  StallingSource(std::vector<TimedFrame> frames, capture::Place place, const std::atomic<bool>& go)
      : inner_(std::move(frames), std::move(place)), go_(go) {}
  std::span<const capture::Packet> Poll() noexcept override {
    while (!go_.load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return inner_.Poll();
  }
  bool exhausted() const noexcept override { return inner_.exhausted(); }
  capture::SourceCounters counters() const noexcept override { return inner_.counters(); }
  const std::string& name() const noexcept override { return inner_.name(); }
  capture::Place place() const override { return inner_.place(); }

 private:
  QueueSource inner_;
  const std::atomic<bool>& go_;
};

// Tells when the first events come out.
class TellingSink final : public report::Sink {
 public:
  explicit TellingSink(std::atomic<bool>& told) : Sink("telling", "test"), told_(told) {}
  std::size_t Write(const report::EventBatch& batch, std::size_t) noexcept override {
    told_ = true;
    return batch.lines.size();
  }

 private:
  std::atomic<bool>& told_;
};

// One queue hangs until the other's epochs have been judged without it.
TEST(Live, AStalledLaneIsJudgedWithoutAndComesBack) {
  const std::vector<TimedFrame> frames = FramesOf(MixedSessions(41, 1));
  std::atomic<bool> judged = false;
  config::Settings settings = RoomySettings();
  settings.runtime.epoch_s = 1;
  settings.runtime.redistribute = "never";
  RunRequest request;
  request.snapshot = SnapshotWith(settings);
  request.sources.push_back(std::make_unique<QueueSource>(frames, PlaceOf(0, 2)));
  request.sources.push_back(std::make_unique<StallingSource>(frames, PlaceOf(1, 2), judged));
  request.outputs = OutputsTo(std::make_unique<TellingSink>(judged), false);
  const auto state = RunLive(std::move(request));
  ASSERT_TRUE(state);
  const auto said = [&state](const std::string& what) {
    return std::count_if(state->warnings.begin(), state->warnings.end(),
                         [&what](const std::string& w) { return w.find(what) != std::string::npos; });
  };
  EXPECT_EQ(said("packet thread 2 has given no answer"), 1);
  EXPECT_EQ(said("packet thread 2 answers again"), 1);
  EXPECT_EQ(state->ledger.packets, 2 * frames.size());
  EXPECT_EQ(state->ledger.received, state->ledger.Sum());
}

TEST(Live, AProblemOfAPortIsSaid) {
  const std::vector<TimedFrame> frames = FramesOf(MixedSessions(40, 1));
  std::vector<std::unique_ptr<capture::PacketSource>> sources;
  auto source = std::make_unique<QueueSource>(frames, PlaceOf(0, 1));
  source->HasProblem({"tap0", 0, "the interface is gone", "plug it in again"});
  sources.push_back(std::move(source));
  const Live live = RunWith(std::move(sources), RoomySettings());
  ASSERT_TRUE(live.state);
  const auto said = std::count_if(
      live.state->warnings.begin(), live.state->warnings.end(),
      [](const std::string& w) { return w.find("the interface is gone") != std::string::npos; });
  EXPECT_EQ(said, 1) << "once, however many epochs it lasts";
}

}  // namespace
}  // namespace gander::runtime
