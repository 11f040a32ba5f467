// SPDX-License-Identifier: Apache-2.0
// Interfaces and DPDK ports: one pinned worker a queue, the aggregator in the calling thread.
#include <algorithm>
#include <set>

#include "detect/state/random_key.h"
#include "runtime/collector.h"
#include "runtime/cores.h"
#include "runtime/engine.h"
#include "runtime/exchange.h"
#include "runtime/lane.h"
#include "runtime/rule_reloader.h"
#include "supervise/crash_handler.h"

namespace gander::runtime {
namespace {

// "eth0, eth1": a port once, however many queues it has.
std::string NamesOf(const std::vector<capture::Place>& places) {
  std::string names;
  std::set<std::string> seen;
  for (const capture::Place& p : places) {
    if (seen.insert(p.port).second) names += (names.empty() ? "" : ", ") + p.port;
  }
  return names;
}

std::size_t LanesFor(const std::vector<capture::Place>& places, std::uint32_t workers) {
  std::size_t queues = 1;
  for (const capture::Place& p : places) queues = std::max<std::size_t>(queues, p.queue + 1u);
  return workers > 1 ? workers : queues;
}

std::vector<Lane::Setup> SetUp(std::vector<std::unique_ptr<capture::PacketSource>> sources,
                               const std::vector<capture::Place>& places, const std::vector<int>& cores,
                               Redistribution plan, const Exchange* exchange, supervise::FlightPage* flight) {
  std::vector<Lane::Setup> setups(cores.size());
  for (std::size_t i = 0; i < setups.size(); ++i) {
    setups[i].index = static_cast<std::uint32_t>(i);
    if (flight != nullptr && i < supervise::kMaxWorkers) setups[i].seat = &flight->seats[i];
    setups[i].core = cores[i];
    if (exchange == nullptr) continue;
    setups[i].distributor =
        plan == Redistribution::kTunnels
            ? exchange->DistributorOf(i, Distributor::Scope::kTunnels, places.front().queues)
            : exchange->DistributorOf(i, Distributor::Scope::kAll, setups.size());
    setups[i].inward = exchange->InwardOf(i);
  }
  for (std::size_t i = 0; i < sources.size(); ++i) {
    setups[places[i].queue % setups.size()].sources.push_back(std::move(sources[i]));
  }
  return setups;
}

// Either all lanes are at work afterwards or none.
Result<bool> StartAll(const std::vector<std::unique_ptr<Lane>>& lanes, LaneCompany& company) {
  Result<bool> outcome = true;
  for (const auto& lane : lanes) lane->Start();
  for (const auto& lane : lanes) {
    if (auto ready = lane->Ready(); !ready && outcome) outcome = std::move(ready);
  }
  company.abort = !outcome;
  company.go = true;
  company.go.notify_all();
  return outcome;
}

}  // namespace

Result<report::RunState> RunLive(RunRequest request) {
  const config::RuntimeOptions& options = request.snapshot->settings.runtime;
  std::vector<capture::Place> places;
  for (const auto& source : request.sources) places.push_back(source->place());
  const std::size_t count = LanesFor(places, options.workers);
  const std::vector<int> allowed = AllowedCores();
  const auto cores = ChooseCores(options.cores, count, allowed);
  if (!cores) return Failure(cores.error());
  const auto plan = PlanRedistribution(options.redistribute, count, places);
  if (!plan) return Failure(plan.error());

  std::unique_ptr<Exchange> exchange;
  if (*plan != Redistribution::kNothing) {
    exchange = std::make_unique<Exchange>(count, options.ring_packets, options.ring_bytes);
  }
  LaneCompany company(static_cast<std::uint32_t>(count));
  company.stop = request.stop;
  const PoisonList poison(request.past);
  const RunContext context(request, poison, detect::RandomKey());
  std::vector<std::unique_ptr<Lane>> lanes;
  for (Lane::Setup& setup : SetUp(std::move(request.sources), places, *cores, *plan, exchange.get(), request.flight)) {
    lanes.push_back(std::make_unique<Lane>(request.snapshot, context, company, std::move(setup)));
  }
  if (auto started = StartAll(lanes, company); !started) return Failure(started.error());

  Aggregator aggregator(request.snapshot,
                        {NamesOf(places), false, static_cast<std::uint32_t>(count), request.quarantine,
                         request.state_key, request.evidence, request.acknowledged, std::move(request.on_state),
                         request.past, request.fleet, context.tag_key},
                        request.outputs.get(), request.metrics);
  aggregator.TakeUp(request.state);
  if (request.metrics != nullptr) request.metrics->SetReady(true);
  if (request.started) request.started();
  {
    const RuleReloader reloader(lanes, aggregator, std::move(request.reload), request.snapshot, context.tag_key);
    supervise::Seat* const seat = request.flight != nullptr ? &request.flight->seats[supervise::kJudge] : nullptr;
    const supervise::SeatTaken at_work(seat, supervise::kJudge);
    Collector(lanes, aggregator, Duration::Seconds(options.epoch_s)).Run(request.alive, seat);
    for (const auto& lane : lanes) lane->Join();
  }
  if (request.metrics != nullptr) request.metrics->SetReady(false);
  if (request.quarantine != nullptr) request.quarantine->Close();
  return aggregator.Finish();
}

}  // namespace gander::runtime
