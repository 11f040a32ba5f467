// SPDX-License-Identifier: Apache-2.0
// gander-flood CAPTURE [--seconds S] [--rate PACKETS] [--calm S] [--queue PACKETS] [--dpdk] [--set KEY=VALUE]...
// Floods the live engine with CAPTURE, round and round from ever-new clients, at PACKETS a second, or as fast as a
// producer thread can, for S seconds; then sends at a walking pace. Through a bounded queue in memory, or (--dpdk)
// through a net_ring device. Says whether the ledger is exact, what was left out when and whether events told it, how
// long recovery took, and what memory did: resident bytes before the flood, at the end of each eighth of it, and behind
// it. JSON. Exit 1 when packets or bytes are unaccounted for.
#include <atomic>
#include <cstring>
#include <thread>

#include "arguments.h"
#include "pipeline.h"
#include "runtime/engine.h"
#include "soak/flood_source.h"
#include "timing.h"

namespace gander::bench {
namespace {

constexpr double kWalkingPace = 2000;  // packets a second while recovery is awaited
constexpr std::size_t kParts = 8;      // of the flood, at whose ends memory is looked at

struct Offered {
  std::uint64_t packets = 0, accepted = 0, accepted_bytes = 0;
  double flood_end = 0;
  std::vector<std::uint64_t> resident;
};

// Stamps with the wall clock: what a port would say.
Timestamp Now() {
  timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return {std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec};
}

// Blind spots as events tell them.
class SpotSink final : public report::Sink {
 public:
  explicit SpotSink(nlohmann::json& spots) : Sink("spots", "bench"), spots_(spots) {}
  std::size_t Write(const report::EventBatch& batch, std::size_t) noexcept override {
    for (std::size_t at = 0, end = 0; (end = batch.text.find('\n', at)) != std::string::npos; at = end + 1) {
      const auto event = nlohmann::json::parse(batch.text.substr(at, end - at), nullptr, false);
      if (event.value("event_type", "") == "blind_spot") spots_.push_back(event["blind_spot"]);
    }
    meter().Written(batch.lines.size(), batch.text.size());
    return batch.lines.size();
  }

 private:
  nlohmann::json& spots_;
};

void Produce(Replay& replay, FloodQueue& queue, double flood_s, double rate, double calm_s, Offered& offered) {
  const double begin = WallSeconds();
  // Ahead of the rate by no more than what is sent at once, so that a queue sees a stream and not heaps.
  const auto pace = [&] {
    while (rate > 0 && static_cast<double>(offered.packets) > (WallSeconds() - begin) * rate) {
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
  };
  offered.resident.push_back(ResidentBytes());
  const auto push = [&](const capture::Packet& packet) {
    ++offered.packets;
    if (!queue.Push(packet.frame, Now())) return;
    ++offered.accepted;
    offered.accepted_bytes += packet.wire_length;
  };
  while (WallSeconds() < begin + flood_s) {
    for (const capture::Packet& packet : replay.packets()) {
      if (offered.packets % 16 == 0) pace();
      push(packet);
      if (offered.packets % 4096 == 0 && WallSeconds() >= begin + flood_s) break;
    }
    replay.NextRound({0});
    const double part = flood_s / kParts;
    while (offered.resident.size() < kParts &&
           WallSeconds() >= begin + part * static_cast<double>(offered.resident.size())) {
      offered.resident.push_back(ResidentBytes());
    }
  }
  offered.flood_end = WallSeconds();
  offered.resident.push_back(ResidentBytes());
  for (std::size_t i = 0; WallSeconds() < offered.flood_end + calm_s; ++i) {
    push(replay.packets()[i % replay.packets().size()]);
    std::this_thread::sleep_for(std::chrono::duration<double>(1 / kWalkingPace));
  }
  queue.Close();
}

nlohmann::json Shedding(const report::RunState& state) {
  nlohmann::json spans = nlohmann::json::array();
  for (const report::Shedding& s : state.shedding) {
    spans.push_back({{"worker", s.worker},
                     {"begin_ns", s.begin.ns},
                     {"end_ns", s.end.ns},
                     {"highest", s.highest},
                     {"packets", s.packets},
                     {"bytes", s.bytes},
                     {"lost_packets", s.lost_packets},
                     {"over", s.over}});
  }
  return spans;
}

int Run(const Arguments& arguments) {
  const double flood_s = arguments.Number("--seconds", 10), calm_s = arguments.Number("--calm", 6);
  const auto capacity = static_cast<std::size_t>(arguments.Number("--queue", 4096));
  std::vector<std::string> set = arguments.Texts("--set");
  set.insert(set.end(), {"report.events=spots", "report.types=[blind_spot]"});
  const auto snapshot = LoadSnapshot(set, {});
  Replay replay(arguments.capture());
  auto queue =
      arguments.Has("--dpdk") ? OpenRingQueue(snapshot->settings.dpdk, capacity) : OpenMemoryQueue(capacity);
  runtime::RunRequest request;
  request.snapshot = snapshot;
  request.sources = queue->TakeSources();
  nlohmann::json spots = nlohmann::json::array();
  request.outputs = std::make_unique<report::Outputs>(report::Outputs::Options{.offline = false});
  request.outputs->Attach(std::make_unique<SpotSink>(spots), report::Layout::kEve, {});
  Offered offered;
  const double rate = arguments.Number("--rate", 0);
  const double cpu_begin = ThreadSeconds();
  std::thread producer([&] { Produce(replay, *queue, flood_s, rate, calm_s, offered); });
  auto state = runtime::RunLive(std::move(request));
  producer.join();
  if (!state) {
    std::fprintf(stderr, "%s\n", state.error().ToString().c_str());
    return 3;
  }
  const std::int64_t fateless =
      static_cast<std::int64_t>(state->ledger.received) - static_cast<std::int64_t>(state->ledger.Sum());
  const std::uint64_t refused = offered.packets - offered.accepted;
  const std::uint64_t lost = state->kernel_drops + state->interface_drops + state->no_buffer;
  // A queue in memory counts what it refuses as the sensor's loss; a ring device leaves that to whoever
  // sends.
  const bool exact = fateless == 0 && offered.accepted == state->ledger.packets &&
                     offered.accepted_bytes == state->ledger.received &&
                     (arguments.Has("--dpdk") || lost == refused);
  nlohmann::json fates = nlohmann::json::object();
  for (std::size_t i = 0; i < kByteFates; ++i) {
    const ByteFateName& name = NameOf(static_cast<ByteFate>(i));
    if (state->ledger.bytes[i] > 0)
      fates[std::string(name.category) + "." + name.reason] = state->ledger.bytes[i];
  }
  std::int64_t last_end = 0, first_begin = INT64_MAX;
  for (const report::Shedding& s : state->shedding) {
    last_end = std::max(last_end, s.end.ns);
    first_begin = std::min(first_begin, s.begin.ns);
  }
  const double flood_end_ns = static_cast<double>(Now().ns) - (WallSeconds() - offered.flood_end) * 1e9;
  const nlohmann::json result{
      {"capture", arguments.capture()},
      {"through", arguments.Has("--dpdk") ? "net_ring" : "memory"},
      {"offered_packets", offered.packets},
      {"flood_s", flood_s},
      {"accepted_packets", offered.accepted},
      {"refused_packets", refused},
      {"read_packets", state->ledger.packets},
      {"accepted_bytes", offered.accepted_bytes},
      {"read_bytes", state->ledger.received},
      {"capture_received", state->capture_received},
      {"counted_lost", lost},
      {"ring_full", state->ring_full},
      {"fateless_bytes", fateless},
      {"exact", exact},
      {"fates", fates},
      {"shedding", Shedding(*state)},
      {"blind_spots", spots},
      {"shedding_seconds", state->shedding_seconds},
      {"recovery_s", state->shedding.empty() ? 0.0 : (static_cast<double>(last_end) - flood_end_ns) / 1e9},
      {"overload", static_cast<double>(offered.packets) /
                       static_cast<double>(std::max<std::uint64_t>(1, offered.accepted))},
      {"resident", offered.resident},
      {"resident_end", ResidentBytes()},
      {"main_cpu_s", ThreadSeconds() - cpu_begin},
      {"warnings", state->warnings}};
  std::printf("%s\n", result.dump(1).c_str());
  return exact ? 0 : 1;
}

}  // namespace
}  // namespace gander::bench

int main(int argc, char** argv) {
  return gander::bench::Run(
      {argc, argv,
       "gander-flood CAPTURE [--seconds S] [--rate PACKETS] [--calm S] [--queue PACKETS] [--dpdk] [--set K=V]..."});
}
