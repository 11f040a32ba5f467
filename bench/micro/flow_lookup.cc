// SPDX-License-Identifier: Apache-2.0
// flow/: finding a flow among few and among many, making one in a full table, ending those that idled.
#include "flow/flow_table.h"
#include "micro/measure.h"

namespace gander::bench {
namespace {

struct SmallState {
  std::uint64_t words[8] = {};
  void Reset() noexcept { words[0] = 0; }
};
using Table = flow::FlowTable<SmallState>;

constexpr Duration kTimeout = Duration::Seconds(60);
constexpr Timestamp kStart{1'700'000'000 * kNanosPerSecond};
constexpr std::uint32_t kBurst = 32;
const auto kBegin = [] { return Table::Beginning{true, kTimeout}; };
const auto kIgnoreEnd = [](const Table::Ended&) {};

FiveTuple TupleOf(std::uint32_t i) {
  return {IpAddress::FromV4(0x0a000000u + (i >> 8)), IpAddress::FromV4(0xc6336407u),
          static_cast<std::uint16_t>(1024 + (i & 0xff)), 443, ip_proto::kTcp};
}

flow::Options Room(std::uint32_t flows) {
  flow::Options options;
  options.max_flows = flows;
  return options;
}

void Fill(Table& table, std::uint32_t flows) {
  for (std::uint32_t i = 0; i < flows; ++i)
    table.FindOrInsert(TupleOf(i), kStart, true, kTimeout, kIgnoreEnd);
}

// Every flow once, in an order no cache foresees.
std::vector<FiveTuple> Shuffled(std::uint32_t flows) {
  std::vector<FiveTuple> tuples;
  std::uint64_t at = 1;
  for (std::uint32_t i = 0; i < 1u << 16; ++i) {
    at = at * 6364136223846793005ULL + 1442695040888963407ULL;
    tuples.push_back(TupleOf(static_cast<std::uint32_t>(at >> 33) % flows));
  }
  return tuples;
}

void FlowFind(benchmark::State& state) {
  const auto flows = static_cast<std::uint32_t>(state.range(0));
  Table table(Room(flows));
  Fill(table, flows);
  const std::vector<FiveTuple> tuples = Shuffled(flows);
  for (auto _ : state) {
    for (const FiveTuple& t : tuples) {
      benchmark::DoNotOptimize(table.FindOrInsert(t, kStart, true, kTimeout, kIgnoreEnd).state);
    }
  }
  Report(state, tuples.size());
}
BENCHMARK(FlowFind)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

// As the worker does it: hashes of a burst, then index, then slots, then the flows.
void FlowFindBurst(benchmark::State& state) {
  const auto flows = static_cast<std::uint32_t>(state.range(0));
  Table table(Room(flows));
  Fill(table, flows);
  const std::vector<FiveTuple> tuples = Shuffled(flows);
  flow::FlowKey keys[kBurst];
  std::uint64_t hashes[kBurst];
  for (auto _ : state) {
    for (std::size_t at = 0; at < tuples.size(); at += kBurst) {
      for (std::uint32_t i = 0; i < kBurst; ++i) {
        keys[i] = flow::FlowKey::Of(tuples[at + i]);
        hashes[i] = table.Hash(keys[i]);
        table.PrefetchIndex(hashes[i]);
      }
      for (const std::uint64_t hash : hashes) benchmark::DoNotOptimize(table.PrefetchSlot(hash));
      for (std::uint32_t i = 0; i < kBurst; ++i) {
        benchmark::DoNotOptimize(
            table.FindOrInsert(keys[i], hashes[i], kStart, kBegin, kIgnoreEnd).state);
      }
    }
  }
  Report(state, tuples.size());
}
BENCHMARK(FlowFindBurst)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

// A flood of ever-new flows into a full table: each one costs another its place.
void FlowInsertIntoFull(benchmark::State& state) {
  const auto flows = static_cast<std::uint32_t>(state.range(0));
  Table table(Room(flows));
  Fill(table, flows);
  std::uint32_t next = flows;
  for (auto _ : state) {
    benchmark::DoNotOptimize(table.FindOrInsert(TupleOf(next++), kStart, true, kTimeout, kIgnoreEnd).state);
  }
  Report(state, 1);
}
BENCHMARK(FlowInsertIntoFull)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

void FlowExpire(benchmark::State& state) {
  const auto flows = static_cast<std::uint32_t>(state.range(0));
  Table table(Room(flows));
  Timestamp now = kStart;
  for (auto _ : state) {
    state.PauseTiming();
    for (std::uint32_t i = 0; i < flows; ++i) table.FindOrInsert(TupleOf(i), now, true, kTimeout, kIgnoreEnd);
    now = now + Duration::Seconds(200);
    state.ResumeTiming();
    table.Expire(now, kIgnoreEnd);
    if (table.size() != 0) return state.SkipWithError("not all have ended");
  }
  Report(state, flows);
}
BENCHMARK(FlowExpire)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

}  // namespace
}  // namespace gander::bench
