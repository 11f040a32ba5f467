// SPDX-License-Identifier: Apache-2.0
// The whole row, from frames to judged epochs, with every table small. The input is a sequence of records: a
// frame's length (2 bytes, big-endian), its link type (index into kLinks; 0x80: some of it was cut off), a
// time step (signed, in 100 ms), the frame. Every byte must have one fate in the end.
#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <vector>

#include "base/byte_reader.h"
#include "runtime/aggregator.h"
#include "runtime/epoch_clock.h"
#include "runtime/worker.h"
#include "support/paths.h"

namespace {

using namespace gander;

constexpr LinkType kLinks[] = {
    LinkType::kEthernet,  LinkType::kNull,       LinkType::kPpp,  LinkType::kRawOld,
    LinkType::kPppHdlc,   LinkType::kPppoe,      LinkType::kRaw,  LinkType::kCiscoHdlc,
    LinkType::kIeee80211, LinkType::kFrameRelay, LinkType::kLoop, LinkType::kLinuxSll,
    LinkType::kRadiotap,  LinkType::kIpv4,       LinkType::kIpv6, LinkType::kLinuxSll2};

void Check(bool holds) {
  if (!holds) std::abort();
}

std::shared_ptr<const config::Snapshot> SmallSnapshot() {
  config::Settings s;
  s.flow.max_flows = 8;
  s.stream.memory = 64 << 10;
  s.stream.memory_per_flow = 8 << 10;
  s.stream.gap_after_bytes = 4 << 10;
  s.decode.fragment_memory = 8 << 10;
  s.detect.epoch_paths = 4;
  s.detect.epoch_strands = 8;
  s.detect.epoch_tags = 64;
  s.detect.epoch_registers = 2;
  s.detect.epoch_traffic = s.detect.epoch_requests = s.detect.epoch_ids = 64;
  s.detect.dns_tunnel.epoch_names = s.detect.icmp_tunnel.epoch_pairs = s.detect.covert.epoch_openings = 64;
  s.detect.secrets.epoch_logins = s.detect.plant.epoch_functions = 64;
  s.detect.feed.epoch_feeds = s.detect.census.epoch_names = 64;
  s.detect.max_keys = 64;
  s.detect.memory = 1 << 20;  // with the usual tables, making them took 19 of 20 ms of a run
  s.runtime.max_events = 16;
  s.runtime.hold_flow_bytes = 64;
  s.report.events = "rendered";  // no sink takes them
  auto built = config::BuildSnapshot(std::move(s), test::SourcePath("rules"));
  Check(built.has_value());
  return *built;
}

std::vector<capture::Packet> PacketsIn(Bytes input) {
  std::vector<capture::Packet> packets;
  ByteReader in(input);
  Timestamp now{1'700'000'000 * kNanosPerSecond};
  while (in.remaining() >= 4) {
    const std::size_t length = in.U16();
    const std::uint8_t link = in.U8();
    now = now + Duration::Millis(static_cast<std::int8_t>(in.U8()) * 100);
    capture::Packet p;
    p.frame = in.Take(std::min(length, in.remaining()));
    p.wire_length = static_cast<std::uint32_t>(p.frame.size() + ((link & 0x80) != 0 ? 100 : 0));
    p.link = kLinks[link % std::size(kLinks)];
    p.time = now;
    p.number = packets.size() + 1;
    packets.push_back(p);
  }
  return packets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const config::Snapshot> snapshot = SmallSnapshot();
  const std::vector<capture::Packet> packets =
      PacketsIn(Bytes(reinterpret_cast<const std::byte*>(data), size));
  runtime::Worker worker(snapshot, HashKey{1, 2});
  runtime::Aggregator aggregator(snapshot, {"fuzz", true, 1}, nullptr, nullptr);
  runtime::EpochClock clock(Duration::Seconds(5), 32);
  std::vector<std::unique_ptr<runtime::SealedEpoch>> parts(1);
  capture::SourceCounters port;
  const auto seal = [&](Timestamp end, bool final) {
    auto next = parts[0] != nullptr ? std::move(parts[0]) : worker.NewEpoch();
    parts[0] = worker.Seal(clock.begin(), end, final, std::move(next));
    aggregator.OnEpoch(parts, port);
  };
  for (const capture::Packet& p : packets) {
    if (clock.MustSealBefore(p.time)) {
      seal(clock.SealEnd(p.time), false);
      clock.Advance(p.time);
    }
    clock.Count(p.time);
    ++port.received;
    port.received_bytes += p.wire_length;
    worker.Process({&p, 1});
  }
  seal(clock.latest(), true);
  const report::RunState state = aggregator.Finish();
  Check(state.ledger.packets == port.received);
  Check(state.ledger.received == port.received_bytes);
  Check(state.ledger.Sum() == state.ledger.received);
  Check(state.flows_active == 0);
  return 0;
}
