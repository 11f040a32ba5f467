// SPDX-License-Identifier: Apache-2.0
// Whatever arrives, every byte has one fate in the end.
#include "runtime/wear.h"

namespace gander::runtime {
namespace {

constexpr LinkType kLinks[] = {LinkType::kNull,
                               LinkType::kEthernet,
                               LinkType::kPpp,
                               LinkType::kRawOld,
                               LinkType::kPppHdlc,
                               LinkType::kPppoe,
                               LinkType::kRaw,
                               LinkType::kCiscoHdlc,
                               LinkType::kIeee80211,
                               LinkType::kFrameRelay,
                               LinkType::kLoop,
                               LinkType::kLinuxSll,
                               LinkType::kRadiotap,
                               LinkType::kIpv4,
                               LinkType::kIpv6,
                               LinkType::kLinuxSll2,
                               static_cast<LinkType>(9999)};

void ExpectConserved(const std::vector<TimedFrame>& frames, const Replayed& run) {
  std::uint64_t bytes = 0;
  for (const TimedFrame& f : frames) bytes += std::max<std::uint64_t>(f.wire_length, f.bytes.size());
  const ByteLedger& ledger = run.state.ledger;
  EXPECT_EQ(ledger.packets, frames.size());
  EXPECT_EQ(ledger.received, bytes);
  EXPECT_EQ(ledger.Sum(), bytes);
  EXPECT_EQ(run.state.flows_active, 0u);
  if (ledger.Sum() == bytes) return;
  for (std::size_t i = 0; i < kByteFates; ++i) {
    const ByteFateName& name = NameOf(static_cast<ByteFate>(i));
    if (ledger.bytes[i] != 0) ADD_FAILURE() << name.category << "/" << name.reason << " " << ledger.bytes[i];
  }
}

std::string RandomBytes(std::mt19937& random, std::size_t size) {
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

TEST(Ledger, RandomBytesOnEveryLink) {
  std::mt19937 random(11);
  for (const LinkType link : kLinks) {
    SCOPED_TRACE(static_cast<int>(link));
    // One readable frame: a source without any is an error.
    std::vector<TimedFrame> frames = {
        {kStart, test::UdpFrame(test::Tuple("10.0.0.1", 1, "10.0.0.2", 2), "x")}};
    for (int i = 0; i < 3000; ++i) {
      frames.push_back({kStart + Duration::Millis(i), RandomBytes(random, random() % 400), link});
    }
    ExpectConserved(frames, Replay(frames));
  }
}

TEST(Ledger, GoodFramesUnderTheWrongLink) {
  std::vector<TimedFrame> frames = FramesOf(MixedSessions(5, 1));
  for (std::size_t i = 0; i < frames.size(); ++i) frames[i].link = kLinks[i % std::size(kLinks)];
  ExpectConserved(frames, Replay(frames));
}

TEST(Ledger, CorruptedFrames) {
  for (const bool verify : {false, true}) {
    std::mt19937 random(12);
    std::vector<TimedFrame> frames = FramesOf(MixedSessions(6));
    for (TimedFrame& f : frames) {
      for (unsigned n = random() % 4; n > 0; --n)
        f.bytes[random() % f.bytes.size()] = static_cast<char>(random());
    }
    config::Settings settings = SmallSettings();
    settings.decode.checksums = verify ? decode::Checksums::kStrict : decode::Checksums::kIgnore;
    const Replayed run = Replay(frames, settings);
    ExpectConserved(frames, run);
    EXPECT_EQ(run.state.ledger.Of(ByteFate::kLostChecksum) > 0, verify);
  }
}

// Payload bytes only: parsers get to see every kind of nonsense.
TEST(Ledger, CorruptedPayloads) {
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::vector<Session> sessions = MixedSessions(seed);
    for (Session& s : sessions) {
      for (Turn& t : s.turns) {
        for (std::size_t n = random() % 4; n > 0 && !t.text.empty(); --n) {
          t.text[random() % t.text.size()] = static_cast<char>(random());
        }
      }
    }
    const std::vector<TimedFrame> frames = FramesOf(sessions, {.tiny_segments = seed % 3 == 0}, seed);
    ExpectConserved(frames, Replay(frames));
  }
}

TEST(Ledger, TruncatedFrames) {
  std::mt19937 random(13);
  std::vector<TimedFrame> frames = FramesOf(MixedSessions(7));
  std::uint64_t cut = 0;
  for (TimedFrame& f : frames) {
    f.wire_length = static_cast<std::uint32_t>(f.bytes.size());
    const std::size_t keep = random() % 3 == 0 ? random() % f.bytes.size() : f.bytes.size();
    cut += f.bytes.size() - keep;
    f.bytes.resize(keep);
  }
  const Replayed run = Replay(frames);
  ExpectConserved(frames, run);
  EXPECT_EQ(run.state.ledger.Of(ByteFate::kLostTruncated), cut);
}

// Every datagram in pieces; `lost` says which pieces never arrive.
template <class Lost>
std::vector<TimedFrame> Fragments(int datagrams, Lost lost) {
  std::vector<TimedFrame> frames;
  std::mt19937 random(14);
  for (int n = 0; n < datagrams; ++n) {
    const bool v6 = n % 2 == 1;
    const char* from = v6 ? "fd00::1" : "10.0.0.1";
    const char* to = v6 ? "fd00::2" : "10.0.0.2";
    const FiveTuple tuple = test::Tuple(from, 1000, to, 2000, ip_proto::kUdp);
    const std::string whole = test::UdpPacket(tuple, std::string(4000, 'x')).substr(v6 ? 40 : 20);
    std::vector<std::string> pieces;
    for (std::uint32_t at = 0; at < whole.size(); at += 1000) {
      if (lost(n, at / 1000)) continue;
      test::IpFields fields;
      fields.id = static_cast<std::uint32_t>(n + 1);
      fields.fragment_offset = at;
      fields.more_fragments = at + 1000 < whole.size();
      pieces.push_back(
          test::EthernetFrame(test::IpPacket(from, to, ip_proto::kUdp, whole.substr(at, 1000), fields)));
    }
    std::shuffle(pieces.begin(), pieces.end(), random);
    for (std::string& piece : pieces)
      frames.push_back({kStart + Duration::Millis(n * 100), std::move(piece)});
  }
  return frames;
}

TEST(Ledger, FragmentsThatComplete) {
  const auto frames = Fragments(50, [](int, std::uint32_t) { return false; });
  const Replayed run = Replay(frames);
  ExpectConserved(frames, run);
  EXPECT_EQ(CounterOf(run.state, "decoder", "fragments_reassembled"), 50u);
  EXPECT_EQ(run.state.ledger.Of(ByteFate::kLostFragment), 0u);
}

TEST(Ledger, FragmentsThatNeverComplete) {
  const auto frames =
      Fragments(200, [](int n, std::uint32_t piece) { return static_cast<std::uint32_t>(n) % 5 == piece; });
  const Replayed run = Replay(frames);
  ExpectConserved(frames, run);
  EXPECT_GT(run.state.ledger.Of(ByteFate::kLostFragment), 100'000u);
}

TEST(Ledger, FragmentsBeyondTheMemoryForThem) {
  config::Settings settings = SmallSettings();
  settings.decode.fragment_memory = 64 << 10;
  const auto frames = Fragments(200, [](int, std::uint32_t piece) { return piece == 1; });
  const Replayed run = Replay(frames, settings);
  ExpectConserved(frames, run);
  EXPECT_GT(run.state.ledger.Of(ByteFate::kLostFragmentCap), 0u);
}

TEST(Ledger, OutOfOrderWithLosses) {
  for (const bool tiny : {false, true}) {
    const auto frames = FramesOf(MixedSessions(8), {.tiny_segments = tiny, .shuffle = 8, .loss = 0.05});
    const Replayed run = Replay(frames);
    ExpectConserved(frames, run);
    EXPECT_GT(run.state.ledger.gap_bytes, 0u);
  }
}

TEST(Ledger, OutOfOrderBeyondTheMemoryForIt) {
  config::Settings settings = SmallSettings();
  settings.stream.memory = 1 << 20;
  settings.stream.memory_per_flow = 4096;
  // A hole right behind the handshake holds all that follows.
  const FiveTuple tuple = test::Tuple("10.0.0.1", 40000, "10.0.0.2", 80);
  test::TcpDialog dialog(tuple);
  dialog.Handshake().ClientSays(std::string(50'000, 'x'));
  std::vector<TimedFrame> frames;
  for (std::size_t i = 0; i < dialog.frames().size(); ++i) {
    if (i != 3)
      frames.push_back({kStart + Duration::Millis(static_cast<std::int64_t>(i)), dialog.frames()[i]});
  }
  const Replayed run = Replay(frames, settings);
  ExpectConserved(frames, run);
  EXPECT_GT(run.state.ledger.Of(ByteFate::kLostStreamCap) + run.state.ledger.gap_bytes, 0u);
}

TEST(Ledger, MoreFlowsThanTheTableHolds) {
  config::Settings settings = SmallSettings();
  settings.flow.max_flows = 1000;
  std::vector<TimedFrame> frames;
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < 5000; ++i) {
      FiveTuple tuple = test::Tuple("10.0.0.1", static_cast<std::uint16_t>(1024 + i), "10.0.0.2", 7777);
      test::TcpFields fields;
      fields.sequence = round == 0 ? 100 : 101;
      fields.flags = round == 0 ? test::flag::kSyn : test::flag::kAck;
      frames.push_back({kStart + Duration{static_cast<std::int64_t>(frames.size()) * 100'000},
                        test::TcpFrame(tuple, fields, round == 0 ? "" : "mail a.b@example.org today")});
    }
  }
  const Replayed run = Replay(frames, settings);
  ExpectConserved(frames, run);
  EXPECT_GE(run.state.flows_total, 5000u);
  EXPECT_EQ(CounterOf(run.state, "flow", "evicted") + 1000, run.state.flows_total);
  EXPECT_EQ(EventsOfType(run, "flow").size(), run.state.flows_total);
}

TEST(Ledger, TimeThatJumpsAndStepsBack) {
  std::mt19937 random(15);
  std::vector<TimedFrame> frames = FramesOf(MixedSessions(9));
  for (TimedFrame& f : frames) {
    if (random() % 50 == 0) f.time = {static_cast<std::int64_t>(random()) * kNanosPerSecond};
  }
  ExpectConserved(frames, Replay(frames));
}

}  // namespace
}  // namespace gander::runtime
