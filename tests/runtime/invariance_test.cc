// SPDX-License-Identifier: Apache-2.0
// The same packets give the same events whoever reads them, and the same people however they were cut.
#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "runtime/wear.h"
#include "runtime/wrapped.h"

namespace gander::runtime {
namespace {

config::Settings WithWorkers(std::uint32_t workers) {
  config::Settings settings = SmallSettings();
  settings.runtime.workers = workers;
  return settings;
}

// The one figure that may differ.
std::string WithoutWorkers(const std::string& events) {
  static const std::regex workers("\"workers\":[0-9]+");
  return std::regex_replace(events, workers, "\"workers\":0");
}

std::vector<std::string> Figures(const report::RunState& s) {
  std::vector<std::string> out;
  const auto say = [&out](const std::string& what, auto value) {
    out.push_back(what + " " + std::to_string(value));
  };
  for (std::size_t i = 0; i < kByteFates; ++i) {
    const ByteFateName& name = NameOf(static_cast<ByteFate>(i));
    say(std::string(name.category) + "." + name.reason, s.ledger.bytes[i]);
  }
  say("packets", s.ledger.packets);
  say("received", s.ledger.received);
  say("gap_bytes", s.ledger.gap_bytes);
  say("gaps", s.ledger.gaps);
  say("first_packet", s.first_packet.ns);
  say("last_packet", s.last_packet.ns);
  say("flows", s.flows_total);
  say("events_written", s.events_written);
  say("events_dropped", s.events_dropped);
  for (const auto& c : s.counters) say(c.group + "." + c.name, c.value);
  for (const auto& [name, flows] : s.app_flows) say(name, flows);
  for (const auto& [key, count] : s.functions) say(key[0] + "." + key[1] + "." + key[2], count);
  for (const auto& [key, count] : s.findings) say(key.first + "." + key.second, count);
  for (const auto& [key, count] : s.alerts) say(key.first + "." + key.second, count);
  for (const detect::TransferSummary& t : s.transfers) {
    const std::string name = t.sender.ToString() + ">" + t.recipient.ToString() + " " + t.data_class;
    say(name + " bytes", t.bytes);
    say(name + " flows", t.flows);
    say(name + " last", t.last_seen.ns);
    for (const auto& type : t.types) say(name + " " + type.id, type.distinct.estimate);
  }
  for (const detect::Alert& a : s.raised) out.push_back(a.signature + " " + a.explanation);
  return out;
}

void ExpectWorkersDoNotMatter(const std::vector<TimedFrame>& frames) {
  const Replayed one = Replay(frames, WithWorkers(1));
  ASSERT_GT(Lines(one.events).size(), 20u);
  for (const std::uint32_t workers : {2u, 4u}) {
    SCOPED_TRACE(workers);
    const Replayed many = Replay(frames, WithWorkers(workers));
    EXPECT_EQ(many.state.workers, workers);
    EXPECT_EQ(Figures(one.state), Figures(many.state));
    const std::string a = WithoutWorkers(one.events), b = WithoutWorkers(many.events);
    if (a == b) continue;
    const auto x = Lines(a), y = Lines(b);
    EXPECT_EQ(x.size(), y.size());
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) ASSERT_EQ(x[i], y[i]) << "line " << i;
  }
}

TEST(WorkerInvariance, OfAMixedCapture) {
  for (const std::uint32_t seed : {1u, 2u}) ExpectWorkersDoNotMatter(FramesOf(MixedSessions(seed)));
}

TEST(WorkerInvariance, OfAWornCapture) {
  ExpectWorkersDoNotMatter(
      FramesOf(MixedSessions(3), {.tiny_segments = true, .shuffle = 4, .twice = true, .loss = 0.02}));
}

TEST(WorkerInvariance, OfEpochsThatEndByTheirPackets) {
  const auto frames = FramesOf(MixedSessions(4));
  const auto cut = [&frames](std::uint32_t workers) {
    config::Settings settings = WithWorkers(workers);
    settings.runtime.epoch_packets = 37;
    return WithoutWorkers(Replay(frames, settings).events);
  };
  EXPECT_EQ(cut(1), cut(4));
}

// A source has handed on whole bursts when an epoch ends within one.
std::string WithoutReceived(const std::string& events) {
  static const std::regex received("\"kernel_packets\":[0-9]+");
  return std::regex_replace(events, received, "\"kernel_packets\":0");
}

// Hands on what memory has in bursts of a size drawn by lot, some of them empty.
class UnevenSource final : public capture::PacketSource {
 public:
  UnevenSource(std::vector<capture::Packet> packets, std::size_t most) : packets_(std::move(packets)), most_(most) {}

  std::span<const capture::Packet> Poll() noexcept override {
    const std::size_t count = std::min<std::size_t>(random_() % (most_ + 1), packets_.size() - next_);
    const auto burst = std::span(packets_).subspan(next_, count);
    next_ += count;
    for (const capture::Packet& p : burst) counters_.received_bytes += p.wire_length;
    counters_.received += count;
    return burst;
  }
  bool exhausted() const noexcept override { return next_ == packets_.size(); }
  capture::SourceCounters counters() const noexcept override { return counters_; }
  bool frames_outlive_poll() const noexcept override { return true; }
  const std::string& name() const noexcept override { return name_; }

 private:
  std::vector<capture::Packet> packets_;
  std::size_t most_, next_ = 0;
  std::mt19937 random_{6};
  capture::SourceCounters counters_;
  std::string name_ = "memory";
};

TEST(BurstInvariance, OfAMixedCapture) {
  const auto frames = FramesOf(MixedSessions(6));
  const Replayed whole = Replay(frames);
  for (const std::uint32_t workers : {1u, 3u}) {
    for (const std::size_t most : {std::size_t{1}, std::size_t{7}, capture::PacketSource::kMaxBurst}) {
      SCOPED_TRACE(most);
      Replayed out;
      RunRequest request;
      request.snapshot = SnapshotWith(WithWorkers(workers));
      request.sources.push_back(std::make_unique<UnevenSource>(PacketsOf(frames), most));
      request.outputs = OutputsTo(std::make_unique<CollectingSink>(out.events), true);
      auto state = RunOffline(std::move(request));
      ASSERT_TRUE(state.has_value()) << state.error().ToString();
      EXPECT_EQ(Figures(whole.state), Figures(*state));
      const std::string a = WithoutReceived(WithoutWorkers(whole.events));
      const std::string b = WithoutReceived(WithoutWorkers(out.events));
      const auto x = Lines(a), y = Lines(b);
      ASSERT_EQ(x.size(), y.size());
      for (std::size_t i = 0; i < x.size(); ++i) ASSERT_EQ(x[i], y[i]) << "line " << i;
    }
  }
}

// Half of it unreadable or in pieces: what is dealt out by anything but the pair of hosts would show.
TEST(WorkerInvariance, OfDamagedFrames) {
  std::mt19937 random(5);
  std::vector<TimedFrame> frames = FramesOf(MixedSessions(5));
  for (TimedFrame& f : frames) {
    if (random() % 2 == 0) f.bytes[random() % f.bytes.size()] = static_cast<char>(random());
    if (random() % 10 == 0) f.bytes.resize(random() % f.bytes.size());
  }
  ExpectWorkersDoNotMatter(frames);
}

// What a mirror sends: both directions from different taps, whole and in fragments, some of which are missing
// or come twice, so that the fragment table gives up and sorts out as well.
TEST(WorkerInvariance, OfMirroredTraffic) {
  const std::vector<TimedFrame> plain = FramesOf(MixedSessions(8));
  for (const Wrapping w : {Wrapping::kVxlan, Wrapping::kGeneve, Wrapping::kGre, Wrapping::kGtpU}) {
    for (const std::size_t mtu : {9000u, 600u}) {
      SCOPED_TRACE(static_cast<int>(w) * 10000 + static_cast<int>(mtu));
      ExpectWorkersDoNotMatter(Wrapped(w, plain, {.mtu = mtu}));
    }
  }
}

TEST(WorkerInvariance, OfMirroredTrafficWithLosses) {
  std::mt19937 random(9);
  std::vector<TimedFrame> frames;
  for (TimedFrame& f : Wrapped(Wrapping::kVxlan, FramesOf(MixedSessions(9)), {.mtu = 600})) {
    if (random() % 40 == 0) continue;
    frames.push_back(f);
    if (random() % 40 == 0) frames.push_back(f);
  }
  ExpectWorkersDoNotMatter(frames);
}

// Acknowledgements overtake what they acknowledge, by less and by more than stream.late_grace_ms.
TEST(WorkerInvariance, OfPacketsThatComeLate) {
  std::mt19937 random(12);
  std::vector<TimedFrame> frames = FramesOf(MixedSessions(12), {.tiny_segments = true});
  for (TimedFrame& f : frames) f.time = f.time + Duration::Millis(random() % 80);
  std::stable_sort(frames.begin(), frames.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  EXPECT_GT(CounterOf(Replay(frames).state, "tcp", "overtaken"), 0u);
  ExpectWorkersDoNotMatter(frames);
}

// People are counted once although every datagram that carries them came in fragments.
TEST(WorkerInvariance, OfPeopleBehindFragments) {
  const std::vector<TimedFrame> plain = FramesOf(MixedSessions(10));
  const auto people = [](const Replayed& run) {
    std::uint64_t sum = 0;
    for (const detect::TransferSummary& t : run.state.transfers) {
      for (const auto& type : t.types) sum += type.distinct.estimate;
    }
    return sum;
  };
  EXPECT_EQ(people(Replay(plain)),
            people(Replay(Wrapped(Wrapping::kVxlan, plain, {.mtu = 600}), WithWorkers(4))));
}

// Ports used again within one instant: flow events that are equal in time, tuple and sequence still have one
// order.
TEST(WorkerInvariance, OfEventsOfOneInstant) {
  std::vector<TimedFrame> frames;
  for (std::uint32_t use = 0; use < 12; ++use) {
    for (int client = 1; client <= 7; ++client) {
      const std::string address = "10.2.0." + std::to_string(client);
      test::TcpDialog dialog(test::Tuple(address.c_str(), 40000, "198.51.100.1", 7777),
                             1000 + use * 1'000'000, 9000 + use * 1'000'000);
      dialog.Handshake().ClientSays(std::string(use * 10 + 1, 'x')).Close();
      for (const std::string& f : dialog.frames()) frames.push_back({kStart, f});
    }
  }
  ExpectWorkersDoNotMatter(frames);
}

// The sensor's own health is of the port, not of a worker: one host's packets are late, another's are not.
TEST(WorkerInvariance, OfAStepBackInTime) {
  std::vector<TimedFrame> frames = FramesOf(MixedSessions(6));
  const std::string late =
      test::UdpFrame(test::Tuple("10.9.9.9", 5000, "198.51.100.99", 5001), "hello there");
  frames.insert(frames.begin() + static_cast<std::ptrdiff_t>(frames.size() / 2),
                TimedFrame{kStart + Duration{1}, late});
  ExpectWorkersDoNotMatter(frames);
}

// A capturing host without a clock counts from zero.
TEST(WorkerInvariance, OfTimesFromZeroOn) {
  std::vector<TimedFrame> frames = FramesOf(MixedSessions(7));
  const Duration back = frames.front().time - Timestamp{};
  for (TimedFrame& f : frames) f.time = Timestamp{} + (f.time - Timestamp{back.ns});
  EXPECT_EQ(Replay(frames).state.first_packet, Timestamp{});
  ExpectWorkersDoNotMatter(frames);
}

// Who sent how many different people of which kind to whom, and what was raised about it.
struct Seen {
  std::map<std::string, std::uint64_t> distinct;
  std::multiset<std::string> alerts;
};

Seen PeopleIn(const std::vector<TimedFrame>& frames) {
  const Replayed run = Replay(frames);
  EXPECT_EQ(run.state.ledger.received, run.state.ledger.Sum());
  EXPECT_EQ(run.state.transfers_not_shown, 0u);
  Seen out;
  for (const detect::TransferSummary& t : run.state.transfers) {
    for (const auto& type : t.types) {
      out.distinct[t.sender.ToString() + ">" + t.recipient.ToString() + " " + t.recipient_domain + " " +
                   t.app_proto + " " + type.id] += type.distinct.estimate;
    }
  }
  for (const detect::Alert& a : run.state.raised) out.alerts.insert(a.signature);
  return out;
}

class SegmentInvariance : public testing::TestWithParam<Wear> {};

TEST_P(SegmentInvariance, PeopleAndAlertsStayTheSame) {
  for (const std::uint32_t seed : {21u, 22u}) {
    const std::vector<Session> sessions = MixedSessions(seed);
    const Seen plain = PeopleIn(FramesOf(sessions));
    ASSERT_GT(plain.distinct.size(), 20u);
    ASSERT_FALSE(plain.alerts.empty());
    const Seen worn = PeopleIn(FramesOf(sessions, GetParam(), seed));
    EXPECT_EQ(plain.distinct, worn.distinct);
    EXPECT_EQ(plain.alerts, worn.alerts);
  }
}

INSTANTIATE_TEST_SUITE_P(Wears, SegmentInvariance,
                         testing::Values(Wear{.tiny_segments = true}, Wear{.shuffle = 4}, Wear{.twice = true},
                                         Wear{.tiny_segments = true, .shuffle = 4, .twice = true}),
                         [](const auto& param) {
                           const Wear& w = param.param;
                           return std::string(w.tiny_segments ? "Tiny" : "Whole") +
                                  (w.shuffle > 1 ? "Shuffled" : "") + (w.twice ? "Twice" : "");
                         });

}  // namespace
}  // namespace gander::runtime
