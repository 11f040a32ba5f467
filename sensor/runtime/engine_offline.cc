// SPDX-License-Identifier: Apache-2.0
// Captures: this thread reads and cuts epochs; with several workers it deals packets out by host pair.
#include <set>

#include "runtime/aggregator.h"
#include "runtime/dealer.h"
#include "runtime/engine.h"
#include "runtime/epoch_clock.h"

namespace gander::runtime {
namespace {

constexpr std::uint64_t kProgressBytes = 4 << 20;

// Fixed, so that estimates of distinct people repeat from run to run. Tags never leave the process.
constexpr HashKey kOfflineTagKey{0x6f66666c696e652dULL, 0x67616e6465722d31ULL};

std::string SourceNames(const std::vector<std::unique_ptr<capture::PacketSource>>& sources) {
  std::string names;
  for (const auto& s : sources) names += (names.empty() ? "" : ", ") + s->name();
  return names;
}

capture::SourceCounters Sum(const std::vector<std::unique_ptr<capture::PacketSource>>& sources) {
  capture::SourceCounters sum;
  for (const auto& s : sources) {
    const capture::SourceCounters c = s->counters();
    sum.received += c.received;
    sum.received_bytes += c.received_bytes;
  }
  return sum;
}

class ProgressReporter {
 public:
  explicit ProgressReporter(const RunRequest& request) : request_(request) {
    for (const auto& s : request.sources) total_ += s->progress().total;
  }
  void Update(const capture::PacketSource& source, std::uint64_t packets) {
    const std::uint64_t done = finished_ + source.progress().done;
    if (!request_.progress || done < next_) return;
    next_ = done + kProgressBytes;
    request_.progress({done, total_, packets, source.name()});
  }
  void Finished(const capture::PacketSource& source) { finished_ += source.progress().total; }

 private:
  const RunRequest& request_;
  std::uint64_t finished_ = 0, total_ = 0, next_ = 0;
};

// The one link type that a source of nothing but unreadable packets has; the error to say then.
Result<bool> CheckReadable(const report::RunState& state, const std::set<std::uint16_t>& links,
                           const std::string& name) {
  std::uint64_t unknown = 0;
  for (const report::NamedCounter& c : state.counters) {
    if (c.name == "unknown_link") unknown += c.value;
  }
  if (unknown == 0 || unknown != state.ledger.packets) return true;
  return Fail(name, 0,
              "link type " + std::to_string(*links.begin()) + " has no decoder: no packet could be read",
              "capture on an Ethernet, cooked, raw IP, PPP or 802.11 interface, or convert the file");
}

}  // namespace

Result<report::RunState> RunOffline(RunRequest request) {
  const config::Settings& settings = request.snapshot->settings;
  const std::string name = SourceNames(request.sources);
  const PoisonList poison(request.past);
  const RunContext context(request, poison, kOfflineTagKey);
  Aggregator aggregator(request.snapshot, {name, true, settings.runtime.workers, request.quarantine, request.state_key,
                         request.evidence, request.acknowledged, {}, {}, request.fleet, context.tag_key},
                        request.outputs.get(), request.metrics);
  aggregator.TakeUp(request.state);
  const std::unique_ptr<Dealer> dealer = MakeDealer(request.snapshot, settings.runtime.workers, context, aggregator);
  EpochClock clock(Duration::Seconds(settings.runtime.epoch_s), settings.runtime.epoch_packets);
  ProgressReporter progress(request);
  std::set<std::uint16_t> links;
  std::uint64_t packets = 0;
  const auto stopped = [&] {
    return request.stop != nullptr && request.stop->load(std::memory_order_relaxed);
  };

  for (const auto& source : request.sources) {
    while (!source->exhausted() && !stopped()) {
      const std::span<const capture::Packet> burst = source->Poll();
      std::size_t begin = 0;
      for (std::size_t i = 0; i < burst.size(); ++i) {
        if (clock.MustSealBefore(burst[i].time)) {
          dealer->Deal(burst.subspan(begin, i - begin), source->frames_outlive_poll());
          begin = i;
          dealer->Seal(
              {clock.begin(), clock.SealEnd(burst[i].time), false, clock.step_back(), Sum(request.sources)});
          clock.Advance(burst[i].time);
        }
        clock.Count(burst[i].time);
      }
      dealer->Deal(burst.subspan(begin), source->frames_outlive_poll());
      if (!burst.empty() && links.size() < 8) links.insert(static_cast<std::uint16_t>(burst[0].link));
      packets += burst.size();
      progress.Update(*source, packets);
    }
    progress.Finished(*source);
    if (const Error* problem = source->problem()) dealer->Warn(problem->ToString());
  }
  dealer->Seal({clock.begin(), clock.latest(), true, clock.step_back(), Sum(request.sources)});
  if (request.quarantine != nullptr) request.quarantine->Close();
  report::RunState state = aggregator.Finish();
  if (auto readable = CheckReadable(state, links, name); !readable) return Failure(readable.error());
  return state;
}

}  // namespace gander::runtime
