// SPDX-License-Identifier: Apache-2.0
// What a worker leaves out at each level, and that it says so byte by byte.
#include <gtest/gtest.h>

#include "runtime/replay.h"
#include "runtime/traffic.h"
#include "runtime/wear.h"
#include "runtime/worker.h"

namespace gander::runtime {
namespace {

struct Reading {
  ByteLedger ledger;
  std::uint64_t findings = 0;
};

config::Settings Frugal() {
  config::Settings s = SmallSettings();
  s.runtime.shed_body_bytes = 4096;
  s.runtime.shed_flow_bytes = 8192;
  return s;
}

// Reads `frames` at the level that `level_of` gives for each packet's number.
template <class LevelOf>
Reading Read(const std::vector<TimedFrame>& frames, LevelOf&& level_of) {
  Worker worker(SnapshotWith(Frugal()), HashKey{1, 2});
  for (const capture::Packet& p : PacketsOf(frames)) {
    worker.SetShedLevel(level_of(p.number));
    worker.Process({&p, 1});
  }
  const auto sealed = worker.Seal(frames.front().time, frames.back().time, true, worker.NewEpoch());
  Reading out{sealed->totals.ledger};
  for (const std::uint64_t n : sealed->totals.findings) out.findings += n;
  EXPECT_EQ(out.ledger.Sum(), out.ledger.received);
  return out;
}

auto Always(ShedLevel level) {
  return [level](std::uint64_t) { return level; };
}

// One download of `rows` people.
std::vector<TimedFrame> Download(int rows, People& people) {
  const std::string body = people.Csv(rows);
  const Session s{{test::Tuple("10.0.0.1", 4000, "198.51.100.1", 80)},
                  {{Turn::kOpen, {}},
                   {Turn::kClient, "GET /people.csv HTTP/1.1\r\nHost: a.example\r\n\r\n"},
                   {Turn::kServer, "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: " +
                                       std::to_string(body.size()) + "\r\n\r\n" + body},
                   {Turn::kClose, {}}}};
  return FramesOf({s});
}

TEST(Shed, NothingIsLeftOutAtRest) {
  People people(1);
  EXPECT_EQ(Read(Download(500, people), Always(ShedLevel::kNone)).ledger.Of(ByteFate::kLostShed), 0u);
}

TEST(Shed, OpaqueBulkGoesFirstAndClearTextStays) {
  People people(2);
  std::mt19937 random(1);
  std::string noise(1200, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  Session udp{{test::Tuple("10.0.0.2", 4000, "198.51.100.2", 9000)}, {}};
  udp.connections[0].protocol = ip_proto::kUdp;
  for (int i = 0; i < 20; ++i) udp.turns.push_back({Turn::kClientDatagram, noise});
  const std::vector<TimedFrame> opaque = FramesOf({udp}), text = Download(300, people);
  EXPECT_EQ(Read(opaque, Always(ShedLevel::kNone)).ledger.Of(ByteFate::kOpaqueBinary), 20u * 1200);
  EXPECT_EQ(Read(opaque, Always(ShedLevel::kOpaqueBulk)).ledger.Of(ByteFate::kLostShed), 20u * 1200);
  const Reading all = Read(text, Always(ShedLevel::kNone)), shed = Read(text, Always(ShedLevel::kOpaqueBulk));
  EXPECT_EQ(shed.findings, all.findings);
  EXPECT_EQ(shed.ledger.Of(ByteFate::kLostShed), 0u);
}

TEST(Shed, LargeBodiesAreReadAsFarAsAllowed) {
  People people(3);
  const std::vector<TimedFrame> large = Download(500, people), small = Download(40, people);
  const Reading whole = Read(large, Always(ShedLevel::kNone)), cut = Read(large, Always(ShedLevel::kLargeBodies));
  EXPECT_GT(cut.findings, 0u);
  EXPECT_LT(cut.findings, whole.findings / 4);
  EXPECT_GT(cut.ledger.Of(ByteFate::kLostShed), 20'000u);
  EXPECT_EQ(Read(small, Always(ShedLevel::kLargeBodies)).findings, Read(small, Always(ShedLevel::kNone)).findings);
}

TEST(Shed, NewFlowsKeepTheirFirstBytesAtTheLastLevel) {
  People people(4);
  const Reading shed = Read(Download(500, people), Always(ShedLevel::kAllButFirst));
  EXPECT_GT(shed.findings, 100u);
  EXPECT_GT(shed.ledger.Of(ByteFate::kLostShed), 15'000u);
}

// Kept-alive requests: some are left out, later ones are read again.
TEST(Shed, AFlowIsReadOnAfterRecovery) {
  People people(5);
  Session s{{test::Tuple("10.0.0.3", 4000, "198.51.100.3", 80)}, {{Turn::kOpen, {}}}};
  for (int i = 0; i < 30; ++i) {
    const std::string body = people.Csv(20);
    s.turns.push_back(
        {Turn::kClient, "POST /in HTTP/1.1\r\nHost: a.example\r\nContent-Type: text/csv\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\n\r\n" + body});
    s.turns.push_back({Turn::kServer, "HTTP/1.1 204 No Content\r\n\r\n"});
  }
  const std::vector<TimedFrame> frames = FramesOf({s});
  const std::uint64_t third = frames.size() / 3;
  const auto middle = [&](ShedLevel level) {
    return [=](std::uint64_t n) { return n > third && n < 2 * third ? level : ShedLevel::kNone; };
  };
  const Reading all = Read(frames, Always(ShedLevel::kNone));
  const Reading gap = Read(frames, middle(ShedLevel::kAllButFirst));
  EXPECT_LT(gap.findings, all.findings * 3 / 4);
  EXPECT_GT(gap.findings, all.findings / 2) << "the last third is read again";
  EXPECT_GT(gap.ledger.Of(ByteFate::kLostShed), 0u);
}

}  // namespace
}  // namespace gander::runtime
