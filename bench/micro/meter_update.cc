// SPDX-License-Identifier: Apache-2.0
// sketch/ and detect/: what a finding costs behind the scanner.
#include "base/hash.h"
#include "corpus/random.h"
#include "detect/account/transfer_meter.h"
#include "micro/measure.h"
#include "sketch/distinct_set.h"

namespace gander::bench {
namespace {

std::vector<std::uint64_t> Tags(std::size_t n) {
  Random random(7);
  std::vector<std::uint64_t> tags(n);
  for (std::uint64_t& t : tags) t = random.Next();
  return tags;
}

// So many distinct tags into a fresh set: exact up to 256, registers beyond.
void SketchInsert(benchmark::State& state) {
  const std::vector<std::uint64_t> tags = Tags(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    sketch::DistinctSet set;
    for (const std::uint64_t tag : tags) benchmark::DoNotOptimize(set.Insert(tag));
  }
  Report(state, tags.size());
}
BENCHMARK(SketchInsert)->Arg(4)->Arg(32)->Arg(256)->Arg(100'000);

void SketchMerge(benchmark::State& state) {
  sketch::DistinctSet many;
  for (const std::uint64_t tag : Tags(10'000)) many.Insert(tag);
  sketch::DistinctSet total;
  for (auto _ : state) total.Merge(many);
  benchmark::DoNotOptimize(total);
  Report(state, 1);
}
BENCHMARK(SketchMerge);

// `range(0)` ways between hosts, findings of `range(1)` people on them in turns.
void MeterFinding(benchmark::State& state) {
  const auto ways = static_cast<std::uint32_t>(state.range(0));
  const std::vector<std::uint64_t> tags = Tags(static_cast<std::size_t>(state.range(1)));
  detect::TransferMeter meter({});
  detect::FlowFacts flow;
  flow.app_proto = "http";
  flow.tuple.destination = IpAddress::FromV4(0xc6336407u);
  flow.tuple.destination_port = 80;
  flow.tuple.protocol = ip_proto::kTcp;
  identify::Finding finding;
  finding.evidence = identify::Evidence::kCertain;
  finding.confidence = 99;
  std::uint32_t at = 0;
  for (auto _ : state) {
    flow.flow_id = at % ways + 1;
    flow.tuple.source = IpAddress::FromV4(0x0a000000u + at % ways);
    finding.tag = tags[at % tags.size()];
    meter.OnFinding(flow, finding);
    ++at;
  }
  if (meter.overflow().findings > 0) return state.SkipWithError("the meter's tables are full");
  Report(state, 1);
}
BENCHMARK(MeterFinding)
    ->ArgNames({"ways", "people"})
    ->Args({1, 1})
    ->Args({1, 100'000})
    ->Args({10'000, 100'000});

// What the aggregator does once an epoch for each further worker: all of a worker's tables added to those of another.
// `people` spread over `ways` pairs of hosts; the worker that was merged first has met half of them.
void MeterMerge(benchmark::State& state) {
  const auto ways = static_cast<std::uint32_t>(state.range(0));
  const std::vector<std::uint64_t> tags = Tags(static_cast<std::size_t>(state.range(1)));
  detect::Options both;  // as the aggregator's, which has room for all workers
  both.epoch_paths *= 2;
  both.epoch_strands *= 2;
  both.epoch_tags *= 2;
  both.epoch_registers *= 2;
  detect::TransferMeter first({}), second({}), sum(both);
  detect::FlowFacts flow;
  flow.app_proto = "http";
  flow.tuple.destination = IpAddress::FromV4(0xc6336407u);
  identify::Finding finding;
  finding.evidence = identify::Evidence::kCertain;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    flow.flow_id = i % ways + 1;
    flow.tuple.source = IpAddress::FromV4(0x0a000000u + static_cast<std::uint32_t>(i) % ways);
    finding.tag = tags[i];
    second.OnFinding(flow, finding);
    if (i % 2 == 0) first.OnFinding(flow, finding);
  }
  for (auto _ : state) {
    state.PauseTiming();
    sum.Clear();
    sum.Merge(first);
    state.ResumeTiming();
    sum.Merge(second);
  }
  Report(state, 1);
}
BENCHMARK(MeterMerge)
    ->ArgNames({"ways", "people"})
    ->Args({100, 10'000})
    ->Args({1'000, 100'000})
    ->Args({16'000, 200'000})
    ->Args({16'000, 245'000})    // a worker whose tables are full
    ->Args({8'000, 3'000'000})   // and one whose registers are, too
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gander::bench
